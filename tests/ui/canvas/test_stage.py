"""The stage shows targets and frames, layer by layer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QSlider

from ganstudio.experiment.targets import Gaussian, GaussianGrid, GaussianRing, Mixture1D, Moons, Painting
from ganstudio.messages.events import Field, Frame
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build
from ganstudio.ui.canvas.layers import LayerState, default_states
from ganstudio.ui.canvas.polylines import cell_centres
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.theme import DARK, LIGHT


def wheel(hand, x: float, y: float, delta: int) -> None:
    position = QPointF(hand.pixel(x, y))
    QApplication.sendEvent(
        hand.viewport,
        QWheelEvent(
            position, hand.viewport.mapToGlobal(position), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def test_a_target_is_shown_whole_with_equal_axes(stage, show):
    show(stage, GaussianRing())
    x_min, x_max, y_min, y_max = stage.view_rectangle()
    extent = build(GaussianRing()).extent
    assert x_min <= extent.x_min
    assert x_max >= extent.x_max
    assert y_min <= extent.y_min
    assert y_max >= extent.y_max
    assert stage.view.pixel[0] == pytest.approx(stage.view.pixel[1], rel=1e-6)
    assert len(stage.plane.real.points()) == 2000


def test_axes_stay_when_frames_and_same_sized_targets_come(stage, hand, show, plane_frame):
    show(stage, GaussianRing())
    hand.press(0.0, 0.0)
    hand.move(0.3, 0.2)
    hand.release(0.3, 0.2)
    wheel(hand, 0.1, 0.1, 120)
    view = stage.view_rectangle()
    far = plane_frame()
    stage.show_frame(Frame(1, Progress(1), 1.0, generated=np.full((5, 2), 1e5, np.float32), field=far.field))
    show(stage, GaussianRing(count=5))
    stage.show_frame(plane_frame(seed=1))
    assert stage.view_rectangle() == view
    show(stage, GaussianGrid())
    assert stage.view_rectangle() != view


def test_panning_moves_what_is_under_the_hand_with_it(stage, hand, show):
    show(stage, Moons())
    start, end = hand.pixel(0.0, 0.0), hand.pixel(0.4, 0.3)
    held = stage.view.data_position(QPointF(start))
    hand.drag((0.0, 0.0), (0.4, 0.3))
    under = stage.view.data_position(QPointF(end))
    assert (under.x(), under.y()) == pytest.approx((held.x(), held.y()), abs=1e-9)


def test_the_middle_button_pans_with_any_tool(stage, hand, painted):
    stage.show_target(None, Painting())
    stage.select_tool("brush")
    before = stage.view_rectangle()
    hand.press(0.0, 0.0, button=Qt.MouseButton.MiddleButton)
    hand.move(0.4, 0.3)
    hand.release(0.4, 0.3, button=Qt.MouseButton.MiddleButton)
    assert stage.view_rectangle()[0] < before[0]
    assert painted() == ()


def test_the_wheel_zooms_around_the_mouse_and_fit_brings_everything_back(stage, hand, qtbot, show):
    show(stage, Moons())
    whole = stage.view_rectangle()
    pixel = QPointF(hand.pixel(0.5, 0.4))
    before = stage.view.data_position(pixel)
    with qtbot.waitSignal(stage.view_changed):
        wheel(hand, 0.5, 0.4, 120)
    after = stage.view.data_position(pixel)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))
    assert stage.view_rectangle()[1] < whole[1]
    stage.fit()
    assert stage.view_rectangle() == pytest.approx(whole)


def test_keys_zoom_and_fit(stage, qtbot, show):
    show(stage, Moons())
    whole = stage.view_rectangle()
    stage.view.setFocus()
    qtbot.keyClick(stage.view, Qt.Key.Key_Plus)
    assert stage.view_rectangle()[1] < whole[1]
    qtbot.keyClick(stage.view, Qt.Key.Key_0)
    assert stage.view_rectangle() == pytest.approx(whole)


def test_generated_samples_keep_their_order_from_frame_to_frame(stage, show, plane_frame):
    show(stage, Moons())
    for seed in (0, 1):
        frame = plane_frame(seed=seed)
        stage.show_frame(frame)
        np.testing.assert_array_equal(stage.plane.generated.points(), frame.generated)


def test_samples_that_are_not_numbers_do_no_harm(stage, hand, show, plane_frame):
    show(stage, Moons())
    frame = plane_frame()
    generated = frame.generated.copy()
    generated[0] = np.nan
    generated[1] = np.inf
    field = Field(np.full((16, 16), np.nan, np.float32), frame.field.view)
    stage.show_frame(Frame(1, Progress(1), 1.0, generated=generated, field=field))
    assert len(stage.plane.generated.points()) == 198
    stage.grab()


def test_hover_reads_the_value_of_the_field_at_cell_centres(stage, hand, show, plane_frame):
    show(stage, Gaussian(sigma=0.5))
    frame = plane_frame(view=stage.view_rectangle())
    stage.show_frame(frame)
    x, y = cell_centres(frame.field.view, 16, 16)
    target = build(Gaussian(sigma=0.5))
    for row, column in ((5, 5), (8, 11), (12, 3)):
        stage._hover(float(x[column]), float(y[row]))
        assert float(stage.read_out.text("d")) == pytest.approx(float(frame.field.values[row, column]), abs=6e-4)
        expected = float(np.exp(target.log_density(np.array([[x[column], y[row]]]))[0]))
        assert float(stage.read_out.text("p").replace("−", "-")) == pytest.approx(expected, abs=6e-4)


def test_hover_follows_the_mouse_and_new_frames_and_is_empty_when_it_left(stage, hand, show):
    show(stage, Moons())
    hand.move(0.4, 0.2)
    assert float(stage.read_out.text("x")) == pytest.approx(hand.data(0.4, 0.2)[0], abs=6e-4)
    assert stage.read_out.text("d") == "–"
    view = stage.view_rectangle()
    for value in (0.25, 0.75):
        stage.show_frame(Frame(1, Progress(1), 1.0, field=Field(np.full((8, 8), value, np.float32), view)))
        assert stage.read_out.text("d") == f"{value:.3f}"
    hand.move(50.0, 0.0)
    assert stage.read_out.text("x") == "–"


def test_a_density_that_was_counted_is_marked(stage, monkeypatch):
    target = build(Moons())
    monkeypatch.setattr(type(target), "has_density", False)
    stage.show_target(target, Moons())
    stage._hover(0.0, 0.5)
    assert stage.read_out.text("p").startswith("≈")


def test_switching_a_chip_changes_what_is_wanted_and_what_is_shown(stage, qtbot, show):
    show(stage, Moons())
    assert stage.wanted_layers() == ("generated", "field")
    with qtbot.waitSignal(stage.layers_changed):
        qtbot.mouseClick(stage.chips.chip("gradients"), Qt.MouseButton.LeftButton)
    assert stage.wanted_layers() == ("generated", "field", "gradients")
    assert stage.plane.gradients.isVisible()
    qtbot.mouseClick(stage.chips.chip("field"), Qt.MouseButton.LeftButton)
    assert "field" in stage.wanted_layers()  # the contour still needs it
    qtbot.mouseClick(stage.chips.chip("contour"), Qt.MouseButton.LeftButton)
    assert "field" not in stage.wanted_layers()
    assert not stage.plane.field.isVisible()


def test_the_slider_of_a_chip_fades_its_layer_and_switches_it_on(stage, qtbot):
    chip = stage.chips.chip("density")
    menu = chip.opacity_menu()
    slider = menu.findChild(QSlider, "opacity")
    slider.setValue(30)
    assert stage.plane.density.opacity() == pytest.approx(0.3)
    assert stage.chips.is_visible("density")
    assert chip.isChecked()
    menu.deleteLater()


def test_layer_states_come_back(stage):
    states = tuple(LayerState(state.name, not state.visible, 0.5) for state in default_states())
    stage.restore_layers(states)
    assert stage.layer_states() == states
    assert stage.plane.gradients.isVisible()
    assert stage.plane.gradients.opacity() == 0.5
    assert not stage.plane.real.isVisible()


def test_a_layer_that_is_switched_on_shows_what_the_last_frame_had(stage, show, plane_frame):
    show(stage, Moons())
    stage.chips.set_visible("contour", False)
    stage.show_frame(plane_frame())
    stage.chips.set_visible("contour", True)
    assert not stage.plane.contour.boundingRect().isNull()


def test_the_longest_arrow_is_read_only_while_arrows_are_shown(stage, show, plane_frame):
    show(stage, Moons())
    frame = plane_frame()
    stage.show_frame(frame)
    assert stage.read_out.text("gradient") == ""
    stage.chips.set_visible("gradients", True)
    stage.show_frame(frame)
    longest = float(np.hypot(frame.gradients[:, 2], frame.gradients[:, 3]).max())
    assert float(stage.read_out.text("gradient").replace("−", "-")) == pytest.approx(longest, rel=1e-2)


@pytest.mark.parametrize(("longest", "text"), [(1.4412, "1.44"), (0.003817, "0.00382"), (2.71e-6, "2.71e−6")])
def test_the_longest_arrow_reads_as_a_plain_number_where_it_can(stage, longest, text):
    stage.read_out.show_gradient(longest)
    assert stage.read_out.text("gradient") == text


def test_clearing_forgets_the_model_but_not_the_target(stage, show, plane_frame):
    show(stage, Moons())
    stage.show_frame(plane_frame())
    stage.clear_frame()
    assert len(stage.plane.generated.points()) == 0
    assert stage.plane.field.boundingRect().isNull()
    assert len(stage.plane.real.points()) == 2000


def test_a_frame_of_the_last_target_that_comes_late_is_not_shown(stage, show, plane_frame):
    show(stage, Mixture1D())
    stage.show_frame(plane_frame())
    assert len(stage.plane.generated.points()) == 0
    stage.grab()


def test_on_the_line_densities_and_d_have_an_axis_each(stage, show, line_frame):
    show(stage, Mixture1D())
    stage.restore_layers(tuple(LayerState(state.name, True, 1.0) for state in default_states(1)))
    frame = line_frame()
    stage.show_frame(frame)
    assert stage.view.plotItem.getAxis("right").isVisible()
    for layer in ("real", "density", "generated", "field", "gradients", "latent_grid", "contour"):
        assert stage.line.items[layer].isVisible()
        assert not stage.line.items[layer].boundingRect().isNull()
        assert not stage.plane.items[layer].isVisible()
    field = stage.line.field.boundingRect()
    assert (field.top(), field.bottom()) == pytest.approx((0.0, 1.0))
    x, _ = cell_centres(frame.field.view, 1, 64)
    stage._hover(float(x[20]), 0.1)
    assert float(stage.read_out.text("d")) == pytest.approx(float(frame.field.values[0, 20]), abs=6e-4)
    show(stage, Moons())
    assert not stage.view.plotItem.getAxis("right").isVisible()


def test_on_the_line_histograms_have_the_area_that_lies_in_view(stage, show, line_frame):
    show(stage, Mixture1D())
    frame = line_frame()
    stage.show_frame(frame)
    edges, heights = stage.line._histogram(frame.generated[:, 0])
    inside = np.mean((frame.generated >= edges[0]) & (frame.generated <= edges[-1]))
    assert float((heights * np.diff(edges)).sum()) == pytest.approx(float(inside))


def test_defaults_follow_the_dimension_but_choices_stay(stage, show):
    show(stage, Mixture1D())
    assert stage.chips.is_visible("density")
    show(stage, Moons())
    assert not stage.chips.is_visible("density")
    stage.chips.set_visible("real", False)
    show(stage, Mixture1D())
    assert not stage.chips.is_visible("real")
    assert stage.chips.is_visible("density")
    show(stage, Moons())
    assert not stage.chips.is_visible("real")


def test_the_density_axis_stays_for_small_changes_and_steps_for_large_ones(stage, show):
    show(stage, Mixture1D(sigma=0.15))
    view = stage.view_rectangle()
    show(stage, Mixture1D(sigma=0.16))
    assert stage.view_rectangle()[2:] == view[2:]
    show(stage, Mixture1D(sigma=0.02))
    assert stage.view_rectangle()[3] > 3 * view[3]


def test_themes_change_every_colour_in_place(stage, show, plane_frame):
    show(stage, Moons())
    stage.show_frame(plane_frame())
    light = stage.grab().toImage()
    stage.set_theme(DARK)
    dark = stage.grab().toImage()
    corner = QPoint(120, 60)
    assert light.pixelColor(corner).lightness() > 200
    assert dark.pixelColor(corner).lightness() < 80
    stage.set_theme(LIGHT)
    assert stage.grab().toImage().pixelColor(corner) == light.pixelColor(corner)


def test_an_empty_stage_says_what_to_do_until_there_is_something(stage, hand, show):
    assert "brush" in stage._hint.text()
    assert stage._hint.isVisible()
    stage.select_tool("brush")
    assert "press and drag" in stage._hint.text()
    hand.drag((0.0, 0.0), (0.4, 0.0))
    assert not stage._hint.isVisible()
    stage.controls.undo.trigger()
    assert stage._hint.isVisible()
    show(stage, Moons())
    assert not stage._hint.isVisible()


def test_every_button_and_chip_has_a_name_and_a_tip(stage):
    for action in [*stage.controls.tools.values(), stage.controls.fit, stage.controls.undo, stage.controls.fill]:
        assert action.toolTip()
        assert stage.strip.button(action).accessibleName()
    for state in default_states():
        assert stage.chips.chip(state.name).toolTip()
        assert stage.chips.chip(state.name).accessibleName()


def test_a_density_that_is_hidden_is_not_computed_before_it_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = build(GaussianRing())
    asked = []
    monkeypatch.setattr(target, "density_raster", lambda *cells: asked.append(cells))
    stage.show_target(target, GaussianRing())
    assert not stage.chips.is_visible("density")
    assert asked == []
    stage.chips.set_visible("density", True)
    assert len(asked) == 1
    stage.chips.set_visible("density", False)
    stage.chips.set_visible("density", True)
    assert len(asked) == 1
