"""Items of the stage, painted into a picture."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem

from ganstudio.ui.canvas.items import Lines


def ink(lines: Lines, ratio: float = 1.0) -> np.ndarray:
    """Where a picture of 60 × 40 points has been drawn on, (40 · ratio, 60 · ratio)."""
    picture = QImage(round(60 * ratio), round(40 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(0)
    painter = QPainter(picture)
    lines.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4)
    return pixels[..., 3].astype(float) / 255


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
