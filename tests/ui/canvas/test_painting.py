"""Real mouse events on the stage become the commands that the tools make of plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QInputDevice, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.painting import (
    BrushStroke,
    Clear,
    Curve,
    EraserStroke,
    Extent,
    Fill,
    GaussianBlob,
    Polygon,
    Rectangle,
    Stamp,
    Transform,
)
from ganstudio.experiment.targets import GaussianRing, Mixture1D, Moons, Painting, Painting1D
from ganstudio.targets import build


def points_of(command) -> list[tuple[float, float]]:
    return [(x, y) for x, y, _ in command.points]


def test_a_drag_with_the_brush_is_a_stroke_through_every_point(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    way = [(-0.5, 0.0), (-0.2, 0.3), (0.1, 0.1), (0.6, -0.4)]
    hand.drag(*way)
    (command,) = painted()
    assert isinstance(command, BrushStroke)
    assert command.size == stage.options.tip_size
    assert command.strength == 0.5
    np.testing.assert_allclose(points_of(command), [hand.data(*point) for point in way])


def test_every_tool_paints_what_its_unit_test_says(stage, hand, painted):
    stage.show_target(None, Painting())
    for name, kind in (("rectangle", Rectangle), ("blob", GaussianBlob), ("eraser", EraserStroke)):
        stage.select_tool(name)
        hand.drag((-0.5, -0.5), (0.2, 0.1), (0.4, 0.6))
        assert isinstance(painted()[-1], kind)
    rectangle = painted()[0]
    np.testing.assert_allclose((rectangle.corner, rectangle.opposite), (hand.data(-0.5, -0.5), hand.data(0.4, 0.6)))


def test_a_stroke_released_off_the_canvas_ends_there(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.press(1.0, 0.0)
    hand.move(1.4, 0.0)
    hand.move(9.0, 0.0)
    hand.release(9.0, 0.0)
    (command,) = painted()
    assert points_of(command)[-1] == pytest.approx(hand.data(9.0, 0.0))
    hand.move(0.0, 0.0)
    hand.move(0.5, 0.5)
    assert painted() == (command,)


def test_a_press_beside_the_axes_paints_nothing(stage, hand, painted, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    qtbot.mousePress(hand.viewport, Qt.MouseButton.LeftButton, pos=QPoint(4, 300))
    hand.move(0.0, 0.0)
    hand.release(0.0, 0.0)
    assert painted() == ()


@pytest.mark.parametrize("loss", [QEvent.Type.WindowDeactivate, QEvent.Type.UngrabMouse, QEvent.Type.FocusOut])
def test_losing_the_window_ends_the_stroke_and_keeps_it(stage, hand, painted, loss):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.press(0.0, 0.0)
    hand.move(0.4, 0.0)
    watched = hand.viewport if loss == QEvent.Type.UngrabMouse else stage.view
    event = QFocusEvent(loss) if loss == QEvent.Type.FocusOut else QEvent(loss)
    QApplication.sendEvent(watched, event)
    (command,) = painted()
    hand.move(0.9, 0.9)
    hand.release(0.9, 0.9)
    assert painted() == (command,)
    np.testing.assert_allclose(points_of(command), [hand.data(0.0, 0.0), hand.data(0.4, 0.0)])


def test_a_second_button_gives_the_stroke_up(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.press(0.0, 0.0)
    hand.move(0.4, 0.0)
    hand.press(0.4, 0.0, button=Qt.MouseButton.RightButton)
    hand.release(0.4, 0.0, button=Qt.MouseButton.RightButton)
    hand.move(0.6, 0.0)
    hand.release(0.6, 0.0)
    assert painted() == ()
    hand.drag((0.0, 0.0), (0.4, 0.0))
    assert len(painted()) == 1


def test_escape_gives_the_stroke_up_and_the_canvas_is_as_before(stage, hand, painted, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.drag((-0.5, 0.0), (0.5, 0.0))
    before = stage.document.canvas.density.copy()
    hand.press(0.0, 0.5)
    hand.move(0.4, 0.5)
    qtbot.waitUntil(lambda: not np.array_equal(stage.document.canvas.density, before))
    qtbot.keyClick(stage.view, Qt.Key.Key_Escape)
    hand.release(0.4, 0.5)
    assert len(painted()) == 1
    np.testing.assert_array_equal(stage.document.canvas.density, before)


def test_two_quick_strokes_are_two_although_qt_calls_the_second_a_double_click(stage, hand, painted, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.click(0.1, 0.1)
    qtbot.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.pixel(0.2, 0.2))
    hand.release(0.2, 0.2)
    assert len(painted()) == 2


def test_a_polygon_is_clicked_and_closed_by_a_double_click_or_enter(stage, hand, painted, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("polygon")
    for corner in ((-0.5, -0.5), (0.5, -0.5), (0.0, 0.5)):
        hand.click(*corner)
    qtbot.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.pixel(0.0, 0.5))
    hand.release(0.0, 0.5)
    for corner in ((-0.9, 0.8), (-0.7, 0.8), (-0.8, 1.0)):
        hand.click(*corner)
    qtbot.keyClick(stage.view, Qt.Key.Key_Return)
    first, second = painted()
    assert isinstance(first, Polygon)
    np.testing.assert_allclose(first.vertices, [hand.data(-0.5, -0.5), hand.data(0.5, -0.5), hand.data(0.0, 0.5)])
    assert len(second.vertices) == 3


def test_a_region_is_framed_and_dragged(stage, hand, painted):
    stage.show_target(None, Painting(commands=(GaussianBlob(centre=(-0.5, -0.5), sigma=0.1),)))
    stage.select_tool("select")
    hand.drag((-1.0, -1.0), (0.0, 0.0))
    hand.drag((-0.6, -0.4), (0.2, 0.3), (0.4, 0.6))
    moved = painted()[-1]
    assert isinstance(moved, Transform)
    assert moved.shift == pytest.approx((1.0, 1.0), abs=0.02)
    canvas = stage.document.canvas
    row, column = np.unravel_index(canvas.density.argmax(), canvas.density.shape)
    assert (canvas.x_centres()[column], canvas.y_centres()[row]) == pytest.approx((0.5, 0.5), abs=0.04)


def test_pen_pressure_reaches_the_stroke(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    pen = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
    )
    for kind, at, pressure, button in (
        (QEvent.Type.TabletPress, (0.0, 0.0), 0.25, Qt.MouseButton.LeftButton),
        (QEvent.Type.TabletMove, (0.3, 0.0), 0.75, Qt.MouseButton.NoButton),
        (QEvent.Type.TabletRelease, (0.6, 0.0), 0.0, Qt.MouseButton.LeftButton),
    ):
        position = QPointF(hand.pixel(*at))
        event = QTabletEvent(
            kind, pen, position, hand.viewport.mapToGlobal(position), pressure, 0, 0, 0, 0, 0,
            Qt.KeyboardModifier.NoModifier, button, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QApplication.sendEvent(hand.viewport, event)
        assert event.isAccepted()
    (command,) = painted()
    assert [pressure for *_, pressure in command.points] == pytest.approx([0.25, 0.75, 0.75])


def test_brush_keys_and_the_wheel_with_control_change_the_size_that_is_painted_with(stage, hand, painted, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    first = stage.options.tip_size
    qtbot.keyClick(stage.view, Qt.Key.Key_BracketRight)
    larger = stage.options.tip_size
    qtbot.keyClick(stage.view, Qt.Key.Key_BracketLeft)
    assert larger > first
    assert stage.options.tip_size == pytest.approx(first)
    position = QPointF(hand.pixel(0, 0))
    wheel = QWheelEvent(
        position, hand.viewport.mapToGlobal(position), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view = stage.view_rectangle()
    QApplication.sendEvent(hand.viewport, wheel)
    assert stage.options.tip_size > larger
    assert stage.view_rectangle() == view
    hand.drag((0, 0), (0.2, 0))
    assert painted()[0].size == stage.options.tip_size


def test_the_sliders_set_size_and_strength(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    stage.options.size_slider.setValue(100)
    stage.options.strength_slider.setValue(20)
    hand.drag((0, 0), (0.2, 0))
    assert painted()[0].size == pytest.approx(0.25 * 3.0)
    assert painted()[0].strength == pytest.approx(0.2)


def test_keys_take_up_tools(stage, qtbot):
    stage.show_target(None, Painting())
    stage.view.setFocus()
    for key, name in ((Qt.Key.Key_E, "eraser"), (Qt.Key.Key_G, "blob"), (Qt.Key.Key_H, "pan"), (Qt.Key.Key_B, "brush")):
        qtbot.keyClick(stage.view, key)
        assert stage.tool.name == name
    assert stage.controls.tools["brush"].isChecked()


def test_fill_and_clear_are_commands_like_any(stage, painted):
    stage.show_target(None, Painting())
    stage.controls.fill.trigger()
    stage.controls.clear.trigger()
    assert painted() == (Fill(strength=0.5), Clear())
    assert not stage.document.canvas.density.any()


def test_strokes_are_undone_and_done_again_one_by_one_without_end(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    canvases = [stage.document.canvas.density.copy()]
    for k in range(12):
        hand.drag((-1.0, -1.0 + 0.15 * k), (1.0, -1.0 + 0.15 * k))
        canvases.append(stage.document.canvas.density.copy())
    for canvas in reversed(canvases[:-1]):
        stage.controls.undo.trigger()
        np.testing.assert_array_equal(stage.document.canvas.density, canvas)
    assert painted() == ()
    assert not stage.controls.undo.isEnabled()
    for canvas in canvases[1:]:
        stage.controls.redo.trigger()
        np.testing.assert_array_equal(stage.document.canvas.density, canvas)
    assert not stage.controls.redo.isEnabled()


def test_a_new_stroke_after_an_undo_forgets_what_was_undone(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.drag((0, 0), (0.5, 0))
    stage.controls.undo.trigger()
    hand.drag((0, 0.5), (0.5, 0.5))
    assert len(painted()) == 1
    assert not stage.document.can_redo


def test_strokes_of_a_painting_that_was_loaded_can_be_undone(stage, show):
    commands = (Fill(strength=0.2), GaussianBlob(centre=(0, 0), sigma=0.3))
    show(stage, Painting(commands=commands))
    stage.controls.undo.trigger()
    assert stage.document.spec.commands == commands[:1]


def test_showing_the_painting_that_was_just_made_keeps_undo_and_redo(stage, hand):
    stage.document.painting_changed.connect(
        lambda spec: stage.show_target(build(spec) if spec.commands else None, spec)
    )
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.drag((0, 0), (0.5, 0))
    hand.drag((0, 0.5), (0.5, 0.5))
    stage.controls.undo.trigger()
    assert stage.document.can_undo
    assert stage.document.can_redo


def test_another_target_ends_the_history(stage, hand, show):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.drag((0, 0), (0.5, 0))
    show(stage, GaussianRing())
    assert not stage.controls.undo.isEnabled()
    assert stage.document.spec is None


def test_a_finished_stroke_is_told_once_and_an_unfinished_one_as_a_preview(stage, hand, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    changed, previewed = [], []
    stage.document.painting_changed.connect(changed.append)
    stage.document.painting_previewed.connect(previewed.append)
    hand.press(-0.5, 0.0)
    hand.move(0.0, 0.0)
    qtbot.waitUntil(lambda: len(previewed) == 1)
    assert not changed
    assert build(previewed[0]).sample(10, np.random.default_rng(0)).shape == (10, 2)
    hand.move(0.5, 0.0)
    hand.release(0.5, 0.0)
    assert len(changed) == 1
    assert changed[0] == stage.document.spec
    Painting.model_validate(changed[0].model_dump())


def test_a_stroke_that_was_previewed_and_given_up_says_so(stage, hand, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    hand.press(-0.5, 0.0)
    hand.move(0.0, 0.0)
    with qtbot.waitSignal(stage.document.painting_previewed):
        pass
    with qtbot.waitSignal(stage.document.preview_cancelled):
        qtbot.keyClick(stage.view, Qt.Key.Key_Escape)
    hand.release(0.0, 0.0)


def test_what_is_seen_during_a_stroke_is_what_release_makes(stage, hand, qtbot):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    seen = []
    stage.document.painting_previewed.connect(lambda _: seen.append(stage.document.canvas.density.copy()))
    hand.press(-0.5, 0.0)
    for k in range(40):
        hand.move(-0.5 + 0.025 * k, 0.3 * np.sin(k / 5))
    qtbot.waitUntil(lambda: bool(seen))
    hand.release(-0.5 + 0.025 * 39, 0.3 * np.sin(39 / 5))
    np.testing.assert_allclose(stage.document.canvas.density, seen[-1], atol=1e-5)


def test_the_first_stroke_on_a_preset_is_painted_on_top_of_it(stage, hand, painted, show):
    show(stage, Moons())
    view = stage.view_rectangle()
    before = build(Moons())
    stage.select_tool("brush")
    hand.drag((0.0, 1.0), (0.4, 1.0))
    stamp, stroke = painted()
    assert isinstance(stamp, Stamp)
    assert isinstance(stroke, BrushStroke)
    spec = stage.document.spec
    assert spec.extent == before.extent
    show(stage, spec)
    assert stage.view_rectangle() == pytest.approx(view)
    stage.controls.undo.trigger()
    assert painted() == (stamp,)
    assert not stage.document.can_undo
    edges = np.linspace(before.extent.x_min, before.extent.x_max, 25)
    difference = build(stage.document.spec).cell_masses(edges, edges) - before.cell_masses(edges, edges)
    assert np.abs(difference).sum() < 0.01


def test_a_first_stroke_given_up_leaves_the_preset(stage, hand, painted, qtbot, show):
    show(stage, Moons())
    stage.select_tool("brush")
    hand.press(0.0, 1.0)
    hand.move(0.3, 1.0)
    qtbot.keyClick(stage.view, Qt.Key.Key_Escape)
    hand.release(0.3, 1.0)
    assert stage.document.spec is None
    assert painted() == ()


def test_a_drawn_curve_is_the_density_and_stays_on_the_screen_where_it_was_drawn(stage, hand, painted, show):
    stage.document.painting_changed.connect(lambda spec: show(stage, spec))
    stage.show_target(None, Painting1D())
    stage.select_tool("curve")
    way = [(-2.0, 0.2), (-1.0, 0.8), (0.0, 0.8), (2.0, 0.2)]
    pixels = [hand.pixel(*point) for point in way]
    hand.drag(*way)
    (command,) = painted()
    assert isinstance(command, Curve)
    target = build(stage.document.spec)
    heights = np.exp(target.log_density(np.array([[x] for x, _ in way[1:3]])))
    for (x, _), height, pixel in zip(way[1:3], heights, pixels[1:3], strict=True):
        now = hand.pixel(x, float(height))
        assert abs(now.y() - pixel.y()) <= 3


def test_painting_on_a_1d_preset_keeps_its_density_and_its_axis(stage, hand, painted, show):
    show(stage, Mixture1D())
    stage.select_tool("brush")
    before, view = build(Mixture1D()), stage.view_rectangle()
    hand.drag((0.55, 0.3), (0.65, 0.3))
    assert [type(command) for command in painted()] == [Stamp, BrushStroke]
    stamped = build(stage.document.spec.model_copy(update={"commands": painted()[:1]}))
    edges = np.linspace(before.extent.x_min, before.extent.x_max, 60)
    assert np.abs(stamped.cell_masses(edges) - before.cell_masses(edges)).sum() < 0.01
    stage.controls.undo.trigger()
    show(stage, stage.document.spec)
    assert stage.view_rectangle() == pytest.approx(view, rel=1e-3)


def test_a_curve_on_a_canvas_of_another_height_is_as_high_as_it_was_drawn(stage, hand, painted):
    stage.show_target(None, Painting1D(extent=Extent(x_min=-3, x_max=3, y_min=0, y_max=4)))
    stage.select_tool("curve")
    hand.drag((-2.0, 0.5), (2.0, 0.5))
    assert painted()[0].points[0][1] == pytest.approx(2.0, abs=0.03)
    assert stage.document.canvas.density.max() == pytest.approx(0.5, abs=0.01)


def test_tools_that_mean_nothing_on_the_line_are_not_offered(stage, show):
    show(stage, Mixture1D())
    stage.select_tool("spray")
    assert stage.tool.name == "pan"
    assert not stage.controls.tools["spray"].isVisible()
    assert stage.controls.tools["curve"].isVisible()
    show(stage, Moons())
    assert stage.controls.tools["spray"].isVisible()
    assert not stage.controls.tools["curve"].isVisible()


def test_paint_is_seen_while_painting_and_the_layer_is_as_before_afterwards(stage, show):
    show(stage, Moons())
    assert not stage.chips.is_visible("density")
    stage.select_tool("brush")
    assert stage.chips.is_visible("density")
    assert stage.plane.density.isVisible()
    stage.select_tool("pan")
    assert not stage.chips.is_visible("density")
