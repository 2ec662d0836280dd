"""Paint commands as pure, invertible functions on a canvas."""

from __future__ import annotations

import itertools
import math
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from ganstudio.errors import UserError
from ganstudio.experiment import painting as paint
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import Extent, PaintCommand
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.targets import build
from ganstudio.targets.canvas import Canvas
from ganstudio.targets.commands import COMMANDS
from ganstudio.targets.painting import apply, blank, replay, revert
from ganstudio.targets.painting_target import PaintingTarget

COORDINATE = st.floats(-3, 3) | st.sampled_from([-1e6, 1e6, 0.0, 1.5])
POINT = st.tuples(COORDINATE, COORDINATE)
PRESSED = st.lists(st.tuples(COORDINATE, COORDINATE, st.floats(0, 1)), min_size=1, max_size=6).map(tuple)
SIZE = st.floats(1e-3, 1.0) | st.sampled_from([1e-9, 1e6])
STRENGTH = st.floats(0.01, 1)
RASTER = st.integers(0, 2**32 - 1).map(
    lambda seed: ArrayText.of(np.random.default_rng(seed).integers(0, 256, (5, 7)).astype(np.uint8))
)

BOTH = {
    paint.BrushStroke: st.builds(paint.BrushStroke, points=PRESSED, size=SIZE, strength=STRENGTH),
    paint.EraserStroke: st.builds(paint.EraserStroke, points=PRESSED, size=SIZE, strength=STRENGTH),
    paint.Rectangle: st.builds(paint.Rectangle, corner=POINT, opposite=POINT, strength=STRENGTH),
    paint.GaussianBlob: st.builds(paint.GaussianBlob, centre=POINT, sigma=SIZE, strength=STRENGTH),
    paint.Fill: st.builds(paint.Fill, strength=STRENGTH),
    paint.Clear: st.builds(paint.Clear),
    paint.Stamp: st.builds(paint.Stamp, raster=RASTER),
}
ONLY_2D = {
    paint.SprayStroke: st.builds(
        paint.SprayStroke, points=PRESSED, size=SIZE, strength=STRENGTH, seed=st.integers(0, 2**63 - 1)
    ),
    paint.StraightLine: st.builds(paint.StraightLine, start=POINT, end=POINT, size=SIZE, strength=STRENGTH),
    paint.Ellipse: st.builds(paint.Ellipse, corner=POINT, opposite=POINT, strength=STRENGTH),
    paint.Polygon: st.builds(
        paint.Polygon, vertices=st.lists(POINT, min_size=3, max_size=7).map(tuple), strength=STRENGTH
    ),
    paint.Transform: st.builds(
        paint.Transform,
        region=st.none() | st.tuples(POINT, POINT),
        shift=POINT,
        scale=st.floats(0.01, 100),
        angle=st.floats(-10, 10),
    ),
}
ONLY_1D = {
    paint.Curve: st.builds(paint.Curve, points=st.lists(POINT, min_size=2, max_size=7).map(tuple)),
    paint.Transform: st.builds(
        paint.Transform, region=st.none() | st.tuples(POINT, POINT), shift=POINT, scale=st.floats(0.01, 100)
    ),
}
SPEC, SPEC_1D = Painting(cells=32), Painting1D(cells=64)
PAINTINGS = st.one_of(
    st.lists(st.one_of(*BOTH.values(), *ONLY_2D.values()), max_size=6).map(
        lambda commands: Painting(cells=32, commands=tuple(commands))
    ),
    st.lists(st.one_of(*BOTH.values(), *ONLY_1D.values()), max_size=6).map(
        lambda commands: Painting1D(cells=64, commands=tuple(commands))
    ),
)


def painted(*commands: PaintCommand, cells: int = 64, extent: Extent | None = None) -> Canvas:
    canvas = blank(Painting(cells=cells, extent=extent or Extent()))
    for command in commands:
        canvas, _ = apply(command, canvas)
    return canvas


def drawn(*commands: PaintCommand, cells: int = 60) -> np.ndarray:
    canvas = blank(Painting1D(cells=cells))
    for command in commands:
        canvas, _ = apply(command, canvas)
    return canvas.density[0]


def mass(canvas: Canvas) -> float:
    return float(canvas.density.sum(dtype=np.float64) * canvas.cell[0] * canvas.cell[1])


@settings(deadline=None, max_examples=150, derandomize=True)
@given(PAINTINGS)
def test_taking_commands_back_restores_every_canvas_bit_for_bit(spec: Painting | Painting1D) -> None:
    canvas = blank(spec)
    before, inverses = [canvas], []
    for command in spec.commands:
        canvas, inverse = apply(command, canvas)
        before.append(canvas)
        inverses.append(inverse)
    for expected, inverse in zip(reversed(before[:-1]), reversed(inverses), strict=True):
        canvas = revert(inverse, canvas)
        np.testing.assert_array_equal(canvas.density, expected.density)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(PAINTINGS)
def test_ink_stays_between_empty_and_full(spec: Painting | Painting1D) -> None:
    canvas = replay(spec)
    assert canvas.density.dtype == np.float32
    assert canvas.density.min() >= 0
    assert canvas.density.max() <= 1


@settings(deadline=None, max_examples=100, derandomize=True)
@given(PAINTINGS, st.data())
def test_a_replay_is_the_commands_one_after_the_other_whatever_was_replayed_before(
    spec: Painting | Painting1D, data: st.DataObject
) -> None:
    canvases = [blank(spec)]
    for command in spec.commands:
        canvases.append(apply(command, canvases[-1])[0])
    for _ in range(4):  # forwards and back
        length = data.draw(st.integers(0, len(spec.commands)))
        part = spec.model_copy(update={"commands": spec.commands[:length]})
        np.testing.assert_array_equal(replay(part).density, canvases[length].density)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(PAINTINGS)
def test_a_painting_survives_json_and_replays_the_same(spec: Painting | Painting1D) -> None:
    again = type(spec).model_validate_json(spec.model_dump_json())
    assert again == spec
    canvas = blank(again)
    for command in again.commands:
        canvas, _ = apply(command, canvas)
    np.testing.assert_array_equal(canvas.density, replay(spec).density)


def test_every_command_there_is_can_be_applied_and_is_drawn_by_these_tests() -> None:
    kinds = set(get_args(get_args(PaintCommand)[0]))
    assert set(COMMANDS) == kinds
    assert {*BOTH, *ONLY_2D, *ONLY_1D} == kinds


def test_a_canvas_cannot_be_written_to_and_applying_leaves_it_alone() -> None:
    canvas = blank(SPEC)
    filled, _ = apply(paint.Fill(strength=0.5), canvas)
    assert not canvas.density.any()
    assert (filled.density == 0.5).all()
    with pytest.raises(ValueError, match="read-only"):
        filled.density[0, 0] = 1


def test_painting_again_makes_it_denser_up_to_full_and_the_eraser_undoes() -> None:
    blob = paint.GaussianBlob(centre=(0, 0), sigma=0.3, strength=0.5)
    peaks = [painted(*[blob] * times).density.max() for times in (1, 2, 3, 20)]
    np.testing.assert_allclose(peaks[:3], [0.5, 0.75, 0.875], rtol=0.01)
    assert peaks[3] <= 1
    wiped = painted(blob, paint.EraserStroke(points=((-2, 0, 1), (2, 0, 1)), size=2.0))
    assert wiped.density.max() < 0.02


def test_a_click_of_the_brush_is_a_gaussian_blob() -> None:
    click = painted(paint.BrushStroke(points=((0.2, -0.3, 1.0),), size=0.2, strength=0.6))
    blob = painted(paint.GaussianBlob(centre=(0.2, -0.3), sigma=0.2, strength=0.6))
    np.testing.assert_allclose(click.density, blob.density, atol=1e-7)


def test_a_blob_holds_the_mass_of_its_gaussian() -> None:
    canvas = painted(paint.GaussianBlob(centre=(0, 0), sigma=0.2, strength=0.8))
    assert mass(canvas) == pytest.approx(0.8 * 2 * math.pi * 0.2**2, rel=1e-3)


def test_rectangles_ellipses_and_polygons_cover_their_areas() -> None:
    rectangle = painted(paint.Rectangle(corner=(0.31, -1.02), opposite=(-0.7, 0.4), strength=0.5))
    assert mass(rectangle) == pytest.approx(0.5 * 1.01 * 1.42, rel=1e-6)
    ellipse = painted(paint.Ellipse(corner=(-1.2, -0.5), opposite=(0.9, 0.7), strength=0.5))
    assert mass(ellipse) == pytest.approx(0.5 * math.pi * 1.05 * 0.6, rel=1e-3)
    triangle = painted(paint.Polygon(vertices=((-1, -1), (1.1, -0.7), (0.3, 1.3)), strength=0.5))
    area = abs((1.1 + 1) * (1.3 + 1) - (0.3 + 1) * (-0.7 + 1)) / 2
    assert mass(triangle) == pytest.approx(0.5 * area, rel=2e-3)


def test_a_polygon_that_crosses_itself_is_filled_even_odd() -> None:
    angles = np.pi / 2 + 4 * np.pi * np.arange(5) / 5
    star = painted(paint.Polygon(vertices=tuple((math.cos(a), math.sin(a)) for a in angles), strength=1.0), cells=128)
    middle = star.density[64, 64]
    tip = star.density[int((0.8 + 1.5) / 3 * 128), 64]
    assert (middle, tip) == (0, 1)


def test_a_polygon_partly_outside_is_cut_at_the_border() -> None:
    canvas = painted(paint.Polygon(vertices=((-9, -9), (0, -9), (0, 9), (-9, 9)), strength=1.0))
    assert (canvas.density[:, :32] == 1).all()
    assert not canvas.density[:, 32:].any()


@pytest.mark.parametrize(
    "command",
    [
        paint.BrushStroke(points=((7, 7, 1), (9, 7, 1)), size=0.1),
        paint.SprayStroke(points=((7, 7, 1), (9, 7, 1)), size=0.1),
        paint.Rectangle(corner=(5, 5), opposite=(6, 6)),
        paint.Polygon(vertices=((5, 5), (6, 5), (6, 6))),
        paint.GaussianBlob(centre=(1e6, 1e6), sigma=1.0),
        paint.Transform(region=((5, 5), (6, 6)), shift=(1, 1)),
    ],
)
def test_what_is_done_off_the_canvas_changes_nothing(command: PaintCommand) -> None:
    canvas = painted(paint.Fill(strength=0.3))
    after, inverse = apply(command, canvas)
    np.testing.assert_array_equal(after.density, canvas.density)
    assert inverse.nbytes == 0


def test_a_move_by_whole_cells_is_exact_and_adds_where_it_lands() -> None:
    blob = painted(paint.GaussianBlob(centre=(-0.75, 0), sigma=0.1))
    cell = blob.cell[0]
    moved, _ = apply(paint.Transform(region=((-1.5, -1.5), (0, 1.5)), shift=(16 * cell, 0)), blob)
    np.testing.assert_allclose(moved.density[:, 16:48], blob.density[:, :32], atol=1e-6)
    assert not moved.density[:, :8].any()


@pytest.mark.parametrize("transform", [paint.Transform(shift=(0.213, -0.111)), paint.Transform(angle=0.7)])
def test_moving_and_turning_keep_the_mass(transform: paint.Transform) -> None:
    shape = painted(paint.Ellipse(corner=(-0.9, -0.4), opposite=(0.6, 0.3)))
    moved, _ = apply(transform, shape)
    assert mass(moved) == pytest.approx(mass(shape), rel=0.01)


@pytest.mark.parametrize("scale", [0.3, 0.6, 1.4])
def test_scaling_keeps_the_darkness_so_the_mass_goes_with_the_area(scale: float) -> None:
    shape = painted(paint.Ellipse(corner=(-0.9, -0.6), opposite=(0.9, 0.6)))
    scaled, _ = apply(paint.Transform(scale=scale), shape)
    assert mass(scaled) == pytest.approx(scale**2 * mass(shape), rel=0.02)


def test_a_turn_is_counter_clockwise_about_the_middle_of_the_region() -> None:
    blob = painted(paint.GaussianBlob(centre=(1.0, 0.0), sigma=0.15))
    turned, _ = apply(paint.Transform(angle=math.pi / 2), blob)
    row, column = np.unravel_index(turned.density.argmax(), turned.density.shape)
    assert turned.y_centres()[row] == pytest.approx(1.0, abs=0.05)
    assert turned.x_centres()[column] == pytest.approx(0.0, abs=0.05)


def test_a_turn_keeps_its_shape_on_a_canvas_that_is_not_square() -> None:
    extent = Extent(x_min=0, x_max=4, y_min=0, y_max=2)
    line = painted(paint.StraightLine(start=(1.4, 1), end=(2.6, 1), size=0.08), extent=extent, cells=128)
    assert line.density.shape == (64, 128)
    turned, _ = apply(paint.Transform(angle=math.pi / 2), line)
    upright = painted(paint.StraightLine(start=(2, 0.4), end=(2, 1.6), size=0.08), extent=extent, cells=128)
    np.testing.assert_allclose(turned.density, upright.density, atol=0.03)


def test_a_stamp_is_averaged_onto_the_raster() -> None:
    fine = np.random.default_rng(0).integers(0, 256, (300, 300)).astype(np.uint8)
    canvas = painted(paint.Stamp(raster=ArrayText.of(fine)))
    assert canvas.density.mean() == pytest.approx(fine.mean() / 255, rel=1e-5)
    coarse = np.array([[0, 255], [51, 0]], np.uint8)
    canvas = painted(paint.Stamp(raster=ArrayText.of(coarse)))
    np.testing.assert_allclose(canvas.density[[0, 0, -1, -1], [0, -1, 0, -1]], [0, 1, 0.2, 0])


def test_a_stamp_of_numbers_that_are_none_stamps_nothing_there() -> None:
    raster = np.array([[np.nan, np.inf], [-3.0, 0.5]], np.float32)
    canvas = painted(paint.Stamp(raster=ArrayText.of(raster)))
    np.testing.assert_allclose(canvas.density[[0, 0, -1, -1], [0, -1, 0, -1]], [0, 1, 0, 0.5])


def test_a_drawn_curve_is_interpolated_and_its_last_pass_wins() -> None:
    density = drawn(paint.Curve(points=((-3, 0.0), (3, 1.0))))
    np.testing.assert_allclose(density, (np.arange(60) + 0.5) / 60, atol=1e-6)
    density = drawn(paint.Curve(points=((-3, 0.2), (3, 0.2), (0, 0.8))))
    assert density[10] == pytest.approx(0.2)
    assert density[45] == pytest.approx(0.2 + 0.6 * (1 - 15.5 / 30))


def test_a_curve_keeps_what_it_does_not_pass_and_is_cut_at_the_border() -> None:
    density = drawn(paint.Fill(strength=0.4), paint.Curve(points=((0, 2.0), (9, 2.0))))
    np.testing.assert_allclose(density[:30], 0.4)
    np.testing.assert_allclose(density[30:], 1.0)


def test_a_curve_within_one_cell_sets_that_cell() -> None:
    density = drawn(paint.Curve(points=((0.01, 0.3), (0.02, 0.7))))
    assert density[30] == pytest.approx(0.7)
    assert np.count_nonzero(density) == 1


def test_heights_of_a_curve_refer_to_the_extent() -> None:
    spec = Painting1D(
        extent=Extent(x_min=0, x_max=1, y_min=0, y_max=4), cells=16, commands=(paint.Curve(points=((0, 2), (1, 2))),)
    )
    np.testing.assert_allclose(replay(spec).density, 0.5)


def test_in_one_dimension_the_height_of_the_mouse_does_not_matter_to_the_brush() -> None:
    flat = drawn(paint.BrushStroke(points=((-1, 0, 1), (1, 0, 1)), size=0.2))
    slanted = drawn(paint.BrushStroke(points=((-1, -70, 1), (1, 9, 1)), size=0.2))
    np.testing.assert_allclose(flat, slanted, atol=1e-6)
    x = -3 + 6 * (np.arange(60) + 0.5) / 60
    dabs = sum(0.25 * np.exp(-0.5 * ((x - end) / 0.2) ** 2) for end in (-1, 1))
    truth = 0.5 * (ndtr((x + 1) / 0.2) - ndtr((x - 1) / 0.2)) + dabs
    np.testing.assert_allclose(flat, truth, atol=2e-3)


def test_blob_rectangle_eraser_and_move_work_in_one_dimension() -> None:
    density = drawn(paint.Rectangle(corner=(-1, 5), opposite=(1, 9), strength=0.5))
    np.testing.assert_allclose(density, np.r_[np.zeros(20), np.full(20, 0.5), np.zeros(20)], atol=1e-7)
    moved = drawn(paint.Rectangle(corner=(-1, 5), opposite=(1, 9), strength=0.5), paint.Transform(shift=(1, 77)))
    np.testing.assert_allclose(moved, np.r_[np.zeros(30), np.full(20, 0.5), np.zeros(10)], atol=1e-6)
    assert drawn(paint.GaussianBlob(centre=(0, 9), sigma=0.5, strength=0.9)).max() == pytest.approx(0.9, rel=0.01)
    erased = drawn(paint.Fill(strength=0.5), paint.EraserStroke(points=((0, 0, 1),), size=0.3))
    assert erased[30] < 0.01 < 0.49 < erased[0]


@pytest.mark.parametrize(
    ("spec", "command"),
    [
        (SPEC_1D, paint.SprayStroke(points=((0, 0, 1),), size=0.1)),
        (SPEC_1D, paint.StraightLine(start=(0, 0), end=(1, 1), size=0.1)),
        (SPEC_1D, paint.Ellipse(corner=(0, 0), opposite=(1, 1))),
        (SPEC_1D, paint.Polygon(vertices=((0, 0), (1, 1), (0, 1)))),
        (SPEC_1D, paint.Transform(angle=0.1)),
        (SPEC, paint.Curve(points=((0, 0), (1, 1)))),
    ],
)
def test_a_command_without_meaning_in_a_dimension_is_refused(spec: Any, command: PaintCommand) -> None:
    with pytest.raises(UserError) as caught:
        apply(command, blank(spec))
    assert caught.value.field == "target.commands"


def test_an_empty_painting_says_what_to_do() -> None:
    for commands in ((), (paint.Fill(), paint.Clear())):
        with pytest.raises(UserError, match="the painting is empty: draw something first") as caught:
            build(Painting(commands=commands))
        assert caught.value.field == "target.commands"


def test_a_painting_s_density_is_its_ink_over_its_mass() -> None:
    canvas = painted(
        paint.GaussianBlob(centre=(0.3, 0.2), sigma=0.3), paint.Rectangle(corner=(-1, -1), opposite=(0, 0))
    )
    target = PaintingTarget(canvas)
    points = np.stack(np.meshgrid(canvas.x_centres(), canvas.y_centres()), axis=-1).reshape(-1, 2)
    density = np.exp(target.log_density(points)).reshape(canvas.density.shape)
    np.testing.assert_allclose(density, canvas.density / mass(canvas), rtol=1e-6)


def test_replaying_a_longer_painting_applies_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    from ganstudio.targets import painting as module

    applied: list[PaintCommand] = []
    original = module.apply
    monkeypatch.setattr(
        module, "apply", lambda command, canvas: (applied.append(command), original(command, canvas))[1]
    )
    strokes = tuple(paint.GaussianBlob(centre=(x / 10, 0.123), sigma=0.1) for x in range(10))
    spec = Painting(cells=48, commands=strokes[:9])
    module.replay(spec)
    assert applied == list(strokes[:9])
    applied.clear()
    # As it arrives from another process: equal, but other objects.
    longer = Painting.model_validate_json(spec.model_copy(update={"commands": strokes}).model_dump_json())
    module.replay(longer)
    assert applied == [strokes[9]]
    applied.clear()
    module.replay(spec)
    assert applied == [], "going back is done with inverses"


def test_two_paintings_of_one_size_do_not_disturb_each_other() -> None:
    one = Painting(cells=40, commands=(paint.Fill(strength=0.25),))
    other = Painting(cells=40, commands=(paint.Fill(strength=0.75),))
    for spec, _ in itertools.product((one, other), range(2)):
        assert (replay(spec).density == spec.commands[0].strength).all()  # type: ignore[union-attr]
