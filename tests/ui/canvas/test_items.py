"""Items of the stage, painted into a picture."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem

from ganstudio.ui.canvas.items import Cloud, Lines


def painted(item: Cloud | Lines, ratio: float = 1.0, *, shift: float = 0.0, opacity: float = 1.0) -> np.ndarray:
    """A picture of 60 × 40 points with the item on it, (40 · ratio, 60 · ratio, 4)."""
    picture = QImage(round(60 * ratio), round(40 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(0)
    painter = QPainter(picture)
    painter.translate(shift, 0.0)
    painter.setOpacity(opacity)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    return np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4).copy()


def ink(item: Cloud | Lines, ratio: float = 1.0) -> np.ndarray:
    """Where that picture has been drawn on, (40 · ratio, 60 · ratio)."""
    return painted(item, ratio)[..., 3].astype(float) / 255


def cloud_of(points: np.ndarray) -> Cloud:
    cloud = Cloud(0)
    cloud.set_colours(QColor(200, 30, 30), QColor("white"))
    cloud.set_points(points)
    return cloud


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("opacity", [1.0, 0.4])
def test_many_points_look_the_same_however_often_they_are_painted(
    qapp: QApplication, ratio: float, opacity: float
) -> None:
    cloud = cloud_of(np.random.default_rng(0).normal((30, 20), 8, (2000, 2)))
    first, second, third = (painted(cloud, ratio, opacity=opacity).astype(int) for _ in range(3))
    assert first.any()
    assert np.abs(first - second).max() <= 8  # of 255: colours are rounded once more for each dot that lies on others
    assert np.array_equal(second, third)


def test_many_points_are_painted_where_they_are_now(qapp: QApplication) -> None:
    points = np.random.default_rng(0).normal((15, 20), 4, (2000, 2))
    cloud = cloud_of(points)
    for _ in range(3):
        painted(cloud)
    assert np.array_equal(painted(cloud, shift=25), painted(cloud_of(points + np.array([25, 0]))))  # the view was moved
    for _ in range(2):
        painted(cloud)
    cloud.set_points(points + np.array([20, 0]))
    assert np.array_equal(painted(cloud), painted(cloud_of(points + np.array([20, 0]))))
    for _ in range(2):
        painted(cloud)
    cloud.set_colours(QColor("blue"), QColor("white"))
    assert (painted(cloud)[..., 0] > painted(cloud)[..., 2]).any()  # BGRA


@pytest.mark.parametrize("width", [1.0, 1.2, 2.0])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_line_drawn_as_segments_is_the_line(qapp: QApplication, width: float, ratio: float) -> None:
    x = np.array([5.0, 30.0, 55.0, np.nan, 10.0, 50.0])
    y = np.array([5.0, 20.0, 5.0, np.nan, 30.0, 34.0])
    segments, path = Lines(0), Lines(0)
    for lines in (segments, path):
        lines.set_pen(QColor("black"), width)
        lines.set_line(x, y)
    path._segments = path._segments[:0]
    drawn, wanted = ink(segments, ratio), ink(path, ratio)
    assert drawn.sum() == pytest.approx(wanted.sum(), rel=0.1)
    assert (drawn > 0.5)[wanted == 0].sum() == 0
    assert (drawn == 0)[wanted > 0.5].sum() <= 4 * ratio  # at the corner, which segments do not join
    assert ink(segments)[10:28, 28:32].any() and not ink(segments)[22:28, 20:40].any()  # the pen was lifted


def test_the_dashes_of_a_line_run_on_from_point_to_point(qapp: QApplication) -> None:
    lines = Lines(0)
    lines.set_pen(QColor("black"), 1.0, Qt.PenStyle.DashLine)
    lines.set_line(np.linspace(5.0, 55.0, 201), np.full(201, 20.5))
    row = ink(lines)[20, 5:55] > 0.5
    assert 0 < row.sum() < 50
    assert np.count_nonzero(np.diff(row.astype(int))) > 4


def test_a_line_without_points_leaves_nothing_of_the_last(qapp: QApplication) -> None:
    lines = Lines(0)
    lines.set_pen(QColor("black"), 1.0)
    lines.set_line(np.array([5.0, 55.0]), np.array([5.0, 35.0]))
    lines.set_line(np.empty(0), np.empty(0))
    assert not ink(lines).any()
