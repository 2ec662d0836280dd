"""Tools with plain events: what a gesture becomes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from ganstudio.experiment.painting import (
    MAX_POINTS,
    BrushStroke,
    Curve,
    Ellipse,
    EraserStroke,
    Extent,
    GaussianBlob,
    Polygon,
    Rectangle,
    SprayStroke,
    StraightLine,
    Transform,
)
from ganstudio.ui.canvas.freehand_tools import BrushTool, CurveTool, EraserTool, SprayTool
from ganstudio.ui.canvas.shape_tools import BlobTool, EllipseTool, LineTool, PolygonTool, RectangleTool
from ganstudio.ui.canvas.tool import Pointer, Settings, Tool
from ganstudio.ui.canvas.tools import TOOLS
from ganstudio.ui.canvas.transform_tool import TransformTool, mapped

SETTINGS = Settings(size=0.1, strength=0.4, extent=Extent())


def settings() -> Settings:
    return SETTINGS


def drag(tool: Tool, *points: tuple[float, float], shift: bool = False, alt: bool = False, reach: float = 0.05):
    first, *middle, last = (Pointer(x, y, shift=shift, alt=alt, reach=reach) for x, y in points)
    assert tool.press(first) is None
    for pointer in middle:
        tool.move(pointer)
    return tool.release(last)


def test_a_brush_stroke_keeps_every_point_and_the_tip_it_began_with():
    assert drag(BrushTool(settings), (0, 0), (0.1, 0), (0.2, 0.1)) == BrushStroke(
        points=((0, 0, 1), (0.1, 0, 1), (0.2, 0.1, 1)), size=0.1, strength=0.4
    )


def test_a_change_of_size_during_a_stroke_is_for_the_next_one():
    now = [SETTINGS]
    tool = BrushTool(lambda: now[0])
    tool.press(Pointer(0, 0))
    now[0] = replace(SETTINGS, size=0.9)
    command = tool.release(Pointer(1, 1))
    assert isinstance(command, BrushStroke)
    assert command.size == 0.1


def test_a_click_is_a_dab():
    command = drag(BrushTool(settings), (0.3, 0.4), (0.3, 0.4))
    assert isinstance(command, BrushStroke)
    assert command.points == ((0.3, 0.4, 1.0),)


def test_pen_pressure_is_kept_and_leaving_the_tablet_counts_as_the_last_pressure():
    tool = BrushTool(settings)
    tool.press(Pointer(0, 0, 0.2))
    tool.move(Pointer(1, 0, 0.6))
    command = tool.release(Pointer(2, 0, 0.0))
    assert isinstance(command, BrushStroke)
    assert [point[2] for point in command.points] == [0.2, 0.6, 0.6]


def test_a_stroke_of_too_many_points_is_thinned_and_still_ends_where_it_ended():
    tool = BrushTool(settings)
    tool.press(Pointer(0, 0))
    for k in range(1, MAX_POINTS + 500):
        tool.move(Pointer(k * 1e-4, 0))
    command = tool.release(Pointer(9.0, 1.0))
    assert isinstance(command, BrushStroke)
    assert len(command.points) <= MAX_POINTS
    assert command.points[0] == (0, 0, 1)
    assert command.points[-1] == (9.0, 1.0, 1)
    BrushStroke.model_validate(command.model_dump())


def test_what_lies_beyond_all_bounds_is_brought_to_them_so_the_record_stays_valid():
    command = drag(BrushTool(settings), (-5e7, 0), (5e7, 3))
    assert BrushStroke.model_validate(command.model_dump()).points == ((-1e6, 0, 1), (1e6, 3, 1))


def test_moving_without_pressing_draws_nothing():
    tool = BrushTool(settings)
    tool.move(Pointer(1, 1))
    assert tool.release(Pointer(1, 1)) is None
    assert tool.preview().command is None


def test_escape_gives_a_stroke_up():
    tool = EraserTool(settings)
    tool.press(Pointer(0, 0))
    tool.cancel()
    assert not tool.busy
    assert tool.release(Pointer(1, 1)) is None


def test_the_eraser_and_the_preview_of_a_stroke_are_what_release_gives():
    tool = EraserTool(settings)
    tool.press(Pointer(0, 0))
    tool.move(Pointer(1, 0))
    previewed = tool.preview().command
    assert tool.release(Pointer(1, 0)) == previewed
    assert isinstance(previewed, EraserStroke)


def test_each_spray_stroke_has_a_seed_of_its_own():
    seeds = iter([7, 8])
    tool = SprayTool(settings, lambda: next(seeds))
    first, second = drag(tool, (0, 0), (1, 0)), drag(tool, (0, 0), (1, 0))
    assert isinstance(first, SprayStroke)
    assert isinstance(second, SprayStroke)
    assert (first.seed, second.seed) == (7, 8)


def test_a_curve_never_goes_below_zero_and_needs_two_points():
    assert drag(CurveTool(settings), (0, 0.2), (0.5, -0.1), (1, 0.4)) == Curve(points=((0, 0.2), (0.5, 0), (1, 0.4)))
    assert drag(CurveTool(settings), (0, 0.2), (0, 0.2)) is None


def test_shapes_lie_between_press_and_release():
    assert drag(LineTool(settings), (0, 0), (1, 2)) == StraightLine(start=(0, 0), end=(1, 2), size=0.1, strength=0.4)
    assert drag(RectangleTool(settings), (0, 0), (1, 2)) == Rectangle(corner=(0, 0), opposite=(1, 2), strength=0.4)
    assert drag(EllipseTool(settings), (0, 0), (1, 2)) == Ellipse(corner=(0, 0), opposite=(1, 2), strength=0.4)


def test_shift_makes_squares_circles_and_lines_of_45_degrees():
    square = drag(RectangleTool(settings), (0, 0), (1, -2), shift=True)
    assert isinstance(square, Rectangle)
    assert square.opposite == (2, -2)
    circle = drag(EllipseTool(settings), (0, 0), (-1, 0.5), shift=True)
    assert isinstance(circle, Ellipse)
    assert circle.opposite == (-1, 1)
    line = drag(LineTool(settings), (0, 0), (1, 0.1), shift=True)
    assert isinstance(line, StraightLine)
    assert line.end == pytest.approx((math.hypot(1, 0.1), 0))


@pytest.mark.parametrize("make", [LineTool, RectangleTool, EllipseTool])
def test_a_click_makes_no_shape(make):
    assert drag(make(settings), (0.5, 0.5), (0.5, 0.5)) is None


def test_a_rectangle_without_width_is_none():
    assert drag(RectangleTool(settings), (0, 0), (0, 1)) is None


def test_on_the_line_a_level_drag_is_an_interval():
    tool = RectangleTool(lambda: replace(SETTINGS, dimension=1))
    assert isinstance(drag(tool, (0, 0.3), (1, 0.3)), Rectangle)


def test_a_blob_is_pressed_at_its_centre_and_dragged_to_its_sigma():
    assert drag(BlobTool(settings), (0, 0), (0.3, 0.4)) == GaussianBlob(centre=(0, 0), sigma=0.5, strength=0.4)


def test_on_the_line_only_the_way_along_x_is_sigma():
    blob = drag(BlobTool(lambda: replace(SETTINGS, dimension=1)), (1, 0.1), (1.3, 0.5))
    assert isinstance(blob, GaussianBlob)
    assert blob.sigma == pytest.approx(0.3)


def test_a_clicked_blob_takes_the_size_of_the_brush():
    blob = drag(BlobTool(settings), (1, 1), (1, 1))
    assert isinstance(blob, GaussianBlob)
    assert blob.sigma == 0.1


def click(tool: Tool, *points: tuple[float, float]):
    commands = []
    for x, y in points:
        commands += [tool.press(Pointer(x, y, reach=0.05)), tool.release(Pointer(x, y, reach=0.05))]
    return [command for command in commands if command is not None]


def test_a_polygon_closes_on_its_first_corner():
    assert click(PolygonTool(settings), (0, 0), (1, 0), (1, 1), (0.02, 0.02)) == [
        Polygon(vertices=((0, 0), (1, 0), (1, 1)), strength=0.4)
    ]


def test_a_polygon_closes_on_enter_but_not_with_two_corners():
    tool = PolygonTool(settings)
    click(tool, (0, 0), (1, 0))
    assert tool.confirm() is None
    assert tool.busy
    click(tool, (1, 1))
    assert tool.confirm() == Polygon(vertices=((0, 0), (1, 0), (1, 1)), strength=0.4)
    assert not tool.busy


def test_the_region_of_a_drag_is_moved_by_the_next_one_and_stays_selected_where_it_lands():
    tool = TransformTool(settings)
    assert drag(tool, (-1, -1), (0, 0)) is None
    assert tool.region == ((-1, -1), (0, 0))
    assert drag(tool, (-0.2, -0.3), (0.3, 0.1)) == Transform(region=((-1, -1), (0, 0)), shift=(0.5, 0.4))
    assert tool.region == ((-0.5, -0.6), (0.5, 0.4))


def test_a_corner_scales_around_the_middle():
    tool = TransformTool(settings)
    drag(tool, (-1, -1), (1, 1))
    command = drag(tool, (1, 1), (0.5, 0.5))
    assert isinstance(command, Transform)
    assert command.scale == pytest.approx(0.5)


def test_alt_turns_and_shift_turns_in_steps_of_15_degrees():
    tool = TransformTool(settings)
    drag(tool, (-1, -1), (1, 1))
    command = drag(tool, (0.5, 0), (0.45, 0.4), shift=True, alt=True)
    assert isinstance(command, Transform)
    assert math.degrees(command.angle) == pytest.approx(45)


def test_turning_past_half_a_turn_takes_the_short_way():
    tool = TransformTool(settings)
    drag(tool, (-1, -1), (1, 1))
    command = drag(tool, (-0.5, 0.1), (-0.5, -0.1), alt=True)
    assert isinstance(command, Transform)
    assert command.angle == pytest.approx(2 * math.atan2(0.1, 0.5))


def test_with_nothing_selected_the_middle_moves_the_whole_painting():
    tool = TransformTool(settings)
    assert drag(tool, (0, 0), (0.25, 0.5)) == Transform(region=None, shift=(0.25, 0.5))
    assert tool.region is None


def test_a_click_beside_the_region_lets_go_of_it():
    tool = TransformTool(settings)
    drag(tool, (-1, -1), (-0.5, -0.5))
    drag(tool, (1.2, 1.2), (1.2, 1.2))
    assert tool.region is None


def test_handles_are_where_the_transform_takes_them():
    tool = TransformTool(settings)
    drag(tool, (-1, -1), (0, 0))
    tool.press(Pointer(-0.2, -0.3, reach=0.05))
    tool.move(Pointer(0.3, 0.1))
    preview = tool.preview()
    assert preview.command == Transform(region=((-1, -1), (0, 0)), shift=(0.5, 0.4))
    corners = [(-0.5, -0.6), (0.5, -0.6), (0.5, 0.4), (-0.5, 0.4)]
    for drawn, expected in zip(preview.paths[0].points, corners, strict=True):
        assert drawn == pytest.approx(expected)


def test_the_tool_maps_points_as_the_raster_is_mapped():
    quarter = Transform(angle=math.pi / 2, scale=2.0, shift=(1.0, 0.0))
    assert mapped((1.0, 0.0), (0.0, 0.0), quarter) == pytest.approx((1.0, 2.0))


def test_names_and_keys_of_tools_are_each_their_own():
    assert len({entry.name for entry in TOOLS}) == len(TOOLS)
    assert len({entry.shortcut for entry in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("entry", [entry for entry in TOOLS if entry.make], ids=lambda entry: entry.name)
def test_every_tool_is_idle_at_first_and_after_giving_up(entry):
    tool = entry.make(settings)
    assert not tool.busy
    tool.press(Pointer(0.3, 0.2, reach=0.05))
    tool.move(Pointer(0.5, 0.4, reach=0.05))
    assert tool.busy
    tool.preview()
    tool.cancel()
    assert not tool.busy
