"""Strokes: the same whatever the speed of the mouse was, finished or while they are drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ganstudio.errors import UserError
from ganstudio.experiment import painting as paint
from ganstudio.experiment.painting import MAX_POINTS
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.targets.canvas import Canvas
from ganstudio.targets.commands import Stroke
from ganstudio.targets.painting import StrokePainter, apply, blank

Points = tuple[tuple[float, float, float], ...]
BLANK = blank(Painting(cells=96))
HALF_FULL, _ = apply(paint.Fill(strength=0.5), BLANK)


def result(stroke: Stroke, canvas: Canvas = BLANK) -> np.ndarray:
    return apply(stroke, canvas)[0].density


def sampled(corners: Points, number: int) -> Points:
    """The polyline through ``corners`` as ``number`` points, its corners among them."""
    array = np.array(corners)
    at = np.union1d(np.linspace(0, len(corners) - 1, number), np.arange(len(corners)))
    return tuple(
        (float(x), float(y), float(w))
        for x, y, w in zip(*(np.interp(at, np.arange(len(array)), column) for column in array.T), strict=True)
    )


COORDINATE = st.floats(-2.5, 2.5)
CORNERS = st.lists(st.tuples(COORDINATE, COORDINATE, st.floats(0, 1)), min_size=2, max_size=5).map(tuple)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(CORNERS, st.floats(0.02, 0.4), st.integers(2, 1000))
def test_a_path_sampled_finely_or_coarsely_gives_the_same_ink(corners: Points, size: float, number: int) -> None:
    for kind in (paint.BrushStroke, paint.EraserStroke):
        coarse = result(kind(points=corners, size=size, strength=0.5), HALF_FULL)
        fine = result(kind(points=sampled(corners, number), size=size, strength=0.5), HALF_FULL)
        np.testing.assert_allclose(fine, coarse, atol=1e-5)


def test_a_spray_has_its_dots_in_the_same_places_however_the_path_was_sampled() -> None:
    corners = ((-1.2, -1.0, 1.0), (0.9, 0.3, 0.5), (0.2, 1.1, 1.0))
    coarse = result(paint.SprayStroke(points=corners, size=0.2, seed=7))
    fine = result(paint.SprayStroke(points=sampled(corners, 500), size=0.2, seed=7))
    np.testing.assert_allclose(fine, coarse, atol=1e-5)
    assert not np.allclose(coarse, result(paint.SprayStroke(points=corners, size=0.2, seed=8)), atol=0.1)


def test_a_spray_leaves_separate_dots_within_its_radius() -> None:
    density = result(paint.SprayStroke(points=((-1, 0, 1), (1, 0, 1)), size=0.3, strength=0.6))
    row, column = np.nonzero(density > 0.1)
    y, x = BLANK.y_centres()[row], BLANK.x_centres()[column]
    assert np.abs(y).max() < 0.3 + 0.1
    assert np.abs(x).max() < 1.3 + 0.1
    assert y.max() > 0.15 > -0.15 > y.min()
    band = density[np.abs(BLANK.y_centres()) < 0.3]
    assert 0.2 < (band < 0.05).mean() < 0.9, "dots with empty space between them"


def test_the_middle_of_a_straight_stroke_has_its_strength_and_a_gaussian_across() -> None:
    density = result(paint.BrushStroke(points=((-1.2, 0.0, 1.0), (1.2, 0.0, 1.0)), size=0.15, strength=0.6))
    truth = 0.6 * np.exp(-0.5 * (BLANK.y_centres() / 0.15) ** 2)
    np.testing.assert_allclose(density[:, 48], truth, atol=1e-3)


def test_a_straight_line_is_a_brush_stroke_between_its_ends() -> None:
    line, _ = apply(paint.StraightLine(start=(-1, 0.3), end=(0.7, -0.2), size=0.1), BLANK)
    np.testing.assert_array_equal(
        line.density, result(paint.BrushStroke(points=((-1, 0.3, 1), (0.7, -0.2, 1)), size=0.1))
    )


@settings(deadline=None, max_examples=30, derandomize=True)
@given(CORNERS, st.floats(0.05, 0.4))
def test_a_stroke_drawn_backwards_is_the_same(corners: Points, size: float) -> None:
    # Pressure that jumps within less than the tip's width is resolved no finer than the nodes, a quarter of it.
    assume(all(np.hypot(*np.subtract(one[:2], other[:2])) >= size for one, other in pairwise(corners)))
    forwards = result(paint.BrushStroke(points=corners, size=size))
    backwards = result(paint.BrushStroke(points=corners[::-1], size=size))
    np.testing.assert_allclose(forwards, backwards, atol=5e-3)


def test_pressure_scales_the_strength() -> None:
    points = ((-1.0, 0.0, 1.0), (1.0, 0.0, 1.0))
    light = tuple((x, y, 0.25) for x, y, _ in points)
    full = result(paint.BrushStroke(points=points, size=0.1, strength=0.8))
    np.testing.assert_allclose(result(paint.BrushStroke(points=light, size=0.1, strength=0.8)), 0.25 * full, atol=0.02)
    np.testing.assert_allclose(
        result(paint.BrushStroke(points=light, size=0.1, strength=0.8)),
        result(paint.BrushStroke(points=points, size=0.1, strength=0.2)),
        atol=1e-6,
    )
    assert not result(paint.BrushStroke(points=((0, 0, 0.0), (1, 0, 0.0)), size=0.1)).any()


def test_passing_over_itself_makes_a_stroke_denser() -> None:
    once = result(paint.BrushStroke(points=((-1, 0, 1), (1, 0, 1)), size=0.1, strength=0.3))
    twice = result(paint.BrushStroke(points=((-1, 0, 1), (1, 0, 1), (-1, 0, 1)), size=0.1, strength=0.3))
    assert twice[48, 48] == pytest.approx(2 * once[48, 48], rel=1e-3)


def test_a_mouse_that_rests_adds_nothing() -> None:
    moving = ((-1.0, 0.0, 1.0), (0.0, 0.0, 1.0), (1.0, 0.5, 1.0))
    resting = (moving[0], *[moving[1]] * 50, *[moving[2]] * 50)
    np.testing.assert_allclose(
        result(paint.BrushStroke(points=resting, size=0.1)),
        result(paint.BrushStroke(points=moving, size=0.1)),
        atol=1e-6,
    )


def test_a_stroke_that_leaves_the_canvas_and_comes_back_is_cut_at_the_border() -> None:
    out_and_back = (
        (0.0, 0.0, 1.0),
        (50.0, 0.0, 1.0),
        (50.0, 50.0, 1.0),
        (-50.0, 50.0, 1.0),
        (-50.0, 0.0, 1.0),
        (0.0, 0.0, 1.0),
    )
    density = result(paint.BrushStroke(points=out_and_back, size=0.1, strength=0.5))
    across = result(paint.BrushStroke(points=((-9, 0, 1), (9, 0, 1)), size=0.1, strength=0.5))
    np.testing.assert_allclose(density[:, 70:], across[:, 70:], atol=1e-3)
    np.testing.assert_allclose(density[:, :26], across[:, :26], atol=1e-3)


@pytest.mark.parametrize("size", [1e-9, 1e6])
def test_absurd_tips_on_endless_paths_are_still_painted(size: float) -> None:
    zigzag = tuple((1e6 * (-1) ** n, 0.001 * (n % 7), 1.0) for n in range(300))
    for kind in (paint.BrushStroke, paint.SprayStroke):
        density = result(kind(points=zigzag, size=size))
        assert np.isfinite(density).all()
        assert density.max() > 0


@settings(deadline=None, max_examples=40, derandomize=True)
@given(CORNERS, st.floats(0.02, 0.4), st.sampled_from([paint.BrushStroke, paint.EraserStroke, paint.SprayStroke]))
def test_a_stroke_shown_while_it_is_drawn_is_the_finished_one(corners: Points, size: float, kind: type[Stroke]) -> None:
    points = sampled(corners, 20)
    painter = StrokePainter(HALF_FULL, kind(points=points[:1], size=size))
    for point in points[1:]:
        painter.add(*point)
    assert painter.command == kind(points=points, size=size)
    np.testing.assert_allclose(painter.canvas.density, result(painter.command, HALF_FULL), atol=1e-5)


def test_the_preview_tells_which_cells_changed() -> None:
    painter = StrokePainter(BLANK, paint.BrushStroke(points=((-1, -1, 1),), size=0.05))
    before = painter.canvas.density
    region = painter.add(-0.8, -1.0)
    after = painter.canvas.density
    elsewhere = np.ones(after.shape, bool)
    elsewhere[region.slices] = False
    np.testing.assert_array_equal(before[elsewhere], after[elsewhere])
    assert (before != after).any()
    assert (region.top - region.bottom) * (region.right - region.left) < after.size / 4


def test_the_preview_starts_with_the_whole_of_a_stroke_that_has_points_already() -> None:
    stroke = paint.BrushStroke(points=((-1, 0, 1), (0, 0.5, 1), (1, 0, 1)), size=0.1)
    np.testing.assert_allclose(StrokePainter(BLANK, stroke).canvas.density, result(stroke), atol=1e-6)


def test_a_stroke_of_more_points_than_a_command_takes_is_thinned() -> None:
    painter = StrokePainter(BLANK, paint.BrushStroke(points=((0, 0, 1),), size=0.1))
    painter._points *= MAX_POINTS
    painter.add(1.0, 1.0, 2.0)
    command = painter.command
    assert 2 <= len(command.points) <= MAX_POINTS
    assert command.points[-1] == (1.0, 1.0, 1.0)
    assert type(command).model_validate(command.model_dump()) == command


def test_there_is_no_spray_on_the_line() -> None:
    with pytest.raises(UserError, match="1-D"):
        StrokePainter(blank(Painting1D()), paint.SprayStroke(points=((0, 0, 1),), size=0.1))
