"""Pointing at z, and seeing where G puts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import UniformPrior
from ganstudio.experiment.targets import Mixture1D, Moons
from ganstudio.messages.events import Frame, Mapped
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory.latent_pad import LatentPadPanel
from ganstudio.ui.theory.latent_path import STEPS

Make = Callable[..., LatentPadPanel]
SIZE = (340, 420)


def experiment(dimension: int = 2, **settings: object) -> Experiment:
    changed = with_value(Experiment(), "latent.dimension", dimension)
    for path, value in settings.items():
        changed = with_value(changed, path.replace("__", "."), value)
    return changed


def mapped(panel: LatentPadPanel, dimension: int = 2) -> Frame:
    """An answer of a G that doubles z, and of a D that is certain of every fifth."""
    latents = panel.wanted_latents()
    assert latents is not None
    points = 2 * np.resize(latents[:, :dimension], (len(latents), dimension)).astype(np.float32)
    answers = np.linspace(0.0, 1.0, len(latents), dtype=np.float32)
    return Frame(1, Progress(), 0.0, mapped=Mapped(points, answers))


def pixel(panel: LatentPadPanel, x: float, y: float) -> QPoint:
    return panel.plot.mapFromScene(panel.view.mapViewToScene(QPointF(x, y)))


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    stage = Stage(LIGHT)
    qtbot.addWidget(stage)
    stage.resize(700, 600)
    with qtbot.waitExposed(stage):
        stage.show()
    return stage


@pytest.fixture
def pad(make: Make, studio: Studio, stage: Stage) -> LatentPadPanel:
    panel = make("latent_pad", SIZE)
    panel.attach(studio, stage)
    return panel


def test_a_press_brings_z_there_and_asks_for_its_image(pad: LatentPadPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.looks_changed):
        qtbot.mousePress(pad.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel(pad, 1.0, -1.5))
    np.testing.assert_allclose(pad.path.start, [1.0, -1.5], atol=0.05)
    latents = pad.wanted_latents()
    assert latents is not None
    np.testing.assert_allclose(latents[0], pad.path.start, rtol=1e-6)
    assert pad.images.text("z", "latent").startswith(f"{pad.path.start[0]:.2f}")


def test_a_drag_takes_z_along_and_a_movement_without_a_button_does_not(pad: LatentPadPanel, qtbot: QtBot) -> None:
    viewport = pad.plot.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=pixel(pad, 0.0, 0.0))
    for at in ((0.4, 0.2), (1.2, 0.8), (-1.0, 1.4)):
        qtbot.mouseMove(viewport, pixel(pad, *at))
        np.testing.assert_allclose(pad.path.start, at, atol=0.05)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pixel(pad, -1.0, 1.4))
    qtbot.mouseMove(viewport, pixel(pad, 0.0, -1.0))
    np.testing.assert_allclose(pad.path.start, [-1.0, 1.4], atol=0.05)


def test_a_press_on_z_prime_takes_hold_of_it(pad: LatentPadPanel, qtbot: QtBot) -> None:
    pad.bring("start", (-1.0, 0.0))
    pad.bring("end", (1.0, 1.0))
    viewport = pad.plot.viewport()
    near = pixel(pad, 1.0, 1.0) + QPoint(4, 3)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=near)
    point = pad.view.mapSceneToView(pad.plot.mapToScene(near))
    np.testing.assert_allclose(pad.path.end, [point.x(), point.y()], atol=1e-6)
    np.testing.assert_allclose(pad.path.start, [-1.0, 0.0])
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=near)


def test_handles_stay_on_the_pad(pad: LatentPadPanel) -> None:
    pad.bring("start", (99.0, -99.0))
    np.testing.assert_allclose(pad.path.start, [pad.domain.reach, -pad.domain.reach])


def test_arrow_keys_nudge_z(pad: LatentPadPanel, qtbot: QtBot) -> None:
    pad.bring("start", (0.0, 0.0))
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    qtbot.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_allclose(pad.path.start, [0.02 * pad.domain.reach, 0.2 * pad.domain.reach])


def test_the_stage_is_marked_where_g_puts_z_and_the_numbers_say_so(pad: LatentPadPanel, stage: Stage) -> None:
    stage.show_target(build(Moons()), Moons())
    pad.bring("start", (0.5, 0.25))
    pad.bring("end", (-0.5, 1.0))
    pad.show_frame(mapped(pad))
    marks = pad._marks_on_stage
    assert marks is not None
    np.testing.assert_allclose(marks.places(), [[1.0, 0.5], [-1.0, 2.0]], rtol=1e-6)
    assert pad.images.text("z", "x = G(z)") == "1.00, 0.50"
    assert pad.images.text("z′", "x = G(z)") == "−1.00, 2.00"
    assert pad.images.text("z", "D(x)") == "0.000"
    assert "0.000" in pad.header.text()
    np.testing.assert_allclose(pad.way.points(), [[0.0, 2 / (2 + STEPS)]], atol=1e-6)
    pad.set_path(replace(pad.path, share=0.5))
    pad.show_frame(mapped(pad))
    np.testing.assert_allclose(marks.places()[2], [0.0, 1.25], atol=1e-6)
    pad.set_on_screen(False)
    assert len(marks.places()) == 0


def test_on_the_line_a_mark_stands_on_the_x_axis_and_is_joined_to_its_z(
    make: Make, studio: Studio, stage: Stage
) -> None:
    stage.show_target(build(Mixture1D()), Mixture1D())
    lines = np.column_stack([np.linspace(-2, 2, 41), np.linspace(-1, 1, 41)]).astype(np.float32)
    stage.show_frame(Frame(1, Progress(), 0.0, latent_map=lines))
    panel = make("latent_pad", SIZE)
    panel.attach(studio, stage)
    panel.show_experiment(experiment(1))
    panel.bring("start", (0.5,))
    panel.bring("end", (-1.0,))
    panel.show_frame(mapped(panel, 1))
    marks = panel._marks_on_stage
    assert marks is not None
    np.testing.assert_allclose(marks.places(), [[1.0, 0.0], [-2.0, 0.0]], atol=1e-6)
    joined = marks._feet.boundingRect()
    axis = stage.line.latent_axis
    assert joined.top() == pytest.approx(axis.height)
    assert joined.right() == pytest.approx(max(axis.foot(0.5), 1.0))
    assert joined.left() == pytest.approx(min(axis.foot(-1.0), -2.0))


def test_one_latent_dimension_has_p_z_as_a_curve_and_handles_on_its_axis(make: Make) -> None:
    panel = make("latent_pad", SIZE)
    panel.show_experiment(experiment(1))
    panel.bring("start", (0.7, 5.0))
    np.testing.assert_allclose(panel.path.start, [0.7])
    np.testing.assert_allclose(panel.domain.handles()[0], [0.7, 0.0])
    assert panel.domain.heights[1] > 1 / np.sqrt(2 * np.pi)  # the top of the normal density


def test_longer_latents_offer_their_coordinates_and_hold_the_others(make: Make, qtbot: QtBot) -> None:
    panel = make("latent_pad", SIZE)
    assert not panel.settings.draw.isVisible()
    panel.show_experiment(experiment(5))
    assert panel.settings.draw.isVisible()
    assert panel.wanted_axes() == (0, 1)
    panel.settings._first.setValue(4)
    assert panel.wanted_axes() == (3, 1) and panel.path.axes == (3, 1)
    panel.settings._second.setValue(4)  # the other box gives way
    assert panel.wanted_axes() == (4, 3)
    before = panel.path
    qtbot.mouseClick(panel.settings.draw, Qt.MouseButton.LeftButton)
    assert panel.path.start[[4, 3]] == pytest.approx(before.start[[4, 3]])
    assert not np.allclose(panel.path.start[:3], before.start[:3])


def test_the_slider_and_the_animation_move_along_the_way(pad: LatentPadPanel, qtbot: QtBot) -> None:
    pad.settings.slider.setValue(50)
    assert pad.path.share == 0.25
    assert pad.images.text("z(t)", "latent") != ""
    qtbot.mouseClick(pad.settings.play, Qt.MouseButton.LeftButton)
    assert pad.settings.play.text() == "Stop"
    qtbot.waitUntil(lambda: pad.path.share > 0.27)
    pad.settings.slider.setValue(10)  # a hand on the slider stops it
    assert pad.settings.play.text() == "Interpolate" and pad.path.share == 0.05
    qtbot.mouseClick(pad.settings.play, Qt.MouseButton.LeftButton)
    pad.set_on_screen(False)
    assert not pad._timer.isActive()


def test_the_lines_images_can_be_shown_from_here(pad: LatentPadPanel, stage: Stage, qtbot: QtBot) -> None:
    assert not pad.settings.lines.isChecked()
    qtbot.mouseClick(pad.settings.lines, Qt.MouseButton.LeftButton, pos=QPoint(8, pad.settings.lines.height() // 2))
    assert stage.chips.is_visible("latent_grid")
    stage.chips.set_visible("latent_grid", False)
    assert not pad.settings.lines.isChecked()
    stage.show_target(build(Mixture1D()), Mixture1D())  # on the line they are there at first
    assert pad.settings.lines.isChecked()


def test_another_latent_space_begins_anew_and_another_prior_of_its_size_does_not(make: Make) -> None:
    panel = make("latent_pad", SIZE)
    panel.bring("start", (0.5, 0.5))
    panel.show_experiment(experiment(2, latent__prior="uniform"))
    np.testing.assert_allclose(panel.path.start, [0.5, 0.5])
    assert panel.domain.reach == UniformPrior().bound
    panel.show_experiment(experiment(2))
    panel.bring("start", (2.5, 0.5))
    panel.show_experiment(experiment(2, latent__prior="uniform"))  # which has nothing out there
    np.testing.assert_allclose(panel.path.start, [UniformPrior().bound, 0.5])
    panel.show_experiment(experiment(3))
    assert panel.path.dimension == 3


def test_an_answer_for_another_panel_and_another_run_are_not_shown(pad: LatentPadPanel) -> None:
    frame = mapped(pad)
    assert frame.mapped is not None
    pad.show_frame(Frame(1, Progress(), 0.0))
    pad.show_frame(replace(frame, mapped=Mapped(frame.mapped.points[:5], frame.mapped.probabilities[:5])))
    assert pad.images.text("z", "D(x)") == "—"
    pad.show_frame(frame)
    pad.clear()
    assert pad.images.text("z", "D(x)") == "—"


def test_where_d_stays_near_a_half_its_axis_is_nearer(pad: LatentPadPanel) -> None:
    frame = mapped(pad)
    assert frame.mapped is not None
    near = 0.5 + 0.04 * (frame.mapped.probabilities - 0.5)
    pad.show_frame(replace(frame, mapped=Mapped(frame.mapped.points, near)))
    _, (low, high) = pad.way.getViewBox().viewRange()
    assert 0.4 < low < 0.48 and 0.52 < high < 0.6
    pad.show_frame(frame)
    _, (low, high) = pad.way.getViewBox().viewRange()
    assert low < 0.0 and high > 1.0


def test_the_way_can_be_copied_as_numbers(pad: LatentPadPanel) -> None:
    assert len(pad.table()[1]) == 0
    pad.show_frame(mapped(pad))
    names, rows = pad.table()
    assert names == ("t", "z1", "z2", "x1", "x2", "D")
    assert rows.shape == (STEPS, 6)
    np.testing.assert_allclose(rows[:, 3:5], 2 * rows[:, 1:3], rtol=1e-6)


def test_a_great_circle_can_be_chosen_where_there_is_one(make: Make) -> None:
    panel = make("latent_pad", SIZE)
    menu = panel.menu()
    menu.actions()[0].trigger()
    assert panel.path.way == "great circle"
    menu.close()
    panel.show_experiment(experiment(1))
    single = panel.menu()
    assert not single.actions()[0].isEnabled()
    single.close()


def test_it_is_dressed_in_every_theme(pad: LatentPadPanel) -> None:
    pad.show_frame(mapped(pad))
    pad.set_theme(DARK)
    pad.grab()
    pad.set_theme(LIGHT)
    pad.grab()
