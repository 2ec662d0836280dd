"""The small stage of the toy games, with the program's own mathematics behind it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from ganstudio.colours import DARK, LIGHT
from ganstudio.messages.commands import PlayToy
from ganstudio.messages.toys import BilinearGame, DiracGan, Toy
from ganstudio.training.toy_play import toy_played
from ganstudio.ui.theory import THEORY
from ganstudio.ui.theory import toy_choices as choices
from ganstudio.ui.theory.toys import LEAST_PREVIEW, PREVIEW, ToysPanel
from ganstudio.ui.training_run import RunState


class Desk:
    """A panel, and a trainer that answers when it is told to."""

    def __init__(self, panel: ToysPanel) -> None:
        self.panel = panel
        self.asked: list[PlayToy] = []
        panel.play_requested.connect(self.asked.append)

    def answer(self) -> None:
        """Answer everything, and what is asked thereupon."""
        done = 0
        while done < len(self.asked):
            self.panel.show_played(toy_played(self.asked[done], 1))
            done += 1
        self.asked.clear()


@pytest.fixture
def desk(qtbot) -> Desk:
    panel = THEORY["toys"].create(LIGHT)
    assert isinstance(panel, ToysPanel)
    qtbot.addWidget(panel)
    made = Desk(panel)
    panel.set_iterations(60)
    panel.resize(360, 440)
    with qtbot.waitExposed(panel):
        panel.show()
    return made


def mouse(panel: ToysPanel, kind: QEvent.Type, theta: float, psi: float, buttons: Qt.MouseButton) -> None:
    viewport = panel.plot.viewport()
    at = QPointF(panel.plot.mapFromScene(panel.view.mapViewToScene(QPointF(theta, psi))))
    button = buttons if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    everywhere = QPointF(viewport.mapToGlobal(at.toPoint()))
    modifiers = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(viewport, QMouseEvent(kind, at, everywhere, button, buttons, modifiers))


def test_nothing_is_played_before_somebody_looks(qtbot):
    panel = THEORY["toys"].create(LIGHT)
    qtbot.addWidget(panel)
    desk = Desk(panel)
    panel.set_toy(Toy(DiracGan("hinge")))
    assert desk.asked == []
    assert "as soon as the trainer is there" in panel.empty_text()
    with qtbot.waitExposed(panel):
        panel.show()
    assert [command.toy for command in desk.asked] == [Toy(DiracGan("hinge"))]


def test_the_plane_shows_field_trajectory_and_eigenvalues(desk: Desk):
    desk.answer()
    panel = desk.panel
    assert panel.empty_text() == ""
    names, rows = panel.table()
    assert names == ("iteration", "theta", "psi", "norm")
    assert rows.shape == (61, 4)
    np.testing.assert_allclose(rows[0], [0, 1, 1, np.sqrt(2)])
    np.testing.assert_allclose(panel._line.getData()[0], rows[:, 1])
    assert len(panel._arrows.getData()[0]) > 500
    assert "1 ± 0.1i" in panel.eigenvalues.text()
    assert "|λ| 1.004988\ndriven away" in panel.eigenvalues.text()
    assert "norm after 60" in panel.header.text()


def test_a_preset_is_played_and_shown_in_every_setting(desk: Desk):
    desk.answer()
    panel = desk.panel
    at = next(at for at, preset in enumerate(choices.PRESETS) if preset.title == "GAN + R1")
    panel.settings.preset.setCurrentIndex(at)
    panel.settings.preset.activated.emit(at)
    assert panel.toy == Toy(DiracGan(r1=1.0))
    assert panel.settings.penalty.currentText() == "R1"
    assert "playing …" in panel.header.text()  # what is still drawn is not that
    assert panel.eigenvalues.text() == ""
    assert panel.settings.number.value() == 1.0
    desk.answer()
    assert "converges" in panel.eigenvalues.text()


def test_settings_change_the_game(desk: Desk):
    desk.answer()
    panel = desk.panel
    panel.settings.rule.entered.emit("alternating")
    panel.settings.penalty.entered.emit("instance_noise")
    panel.settings.number.setValue(0.5)
    panel.settings.step_size.setValue(0.1)
    assert panel.toy == Toy(DiracGan(instance_noise=0.5), "alternating", 0.1)
    assert panel.settings.preset.currentIndex() == -1  # none of the table
    desk.answer()
    panel.settings.penalty.entered.emit("none")
    panel.settings.game.entered.emit("bilinear")
    assert panel.toy == Toy(BilinearGame(), "alternating", 0.1)
    desk.answer()
    assert "circles" in panel.eigenvalues.text()
    items = panel.settings.penalty.model()
    enabled = {
        panel.settings.penalty.itemData(row)
        for row in range(panel.settings.penalty.count())
        if items.flags(items.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled
    }
    assert enabled == {"none", "consensus"}


def test_a_press_on_the_plane_starts_from_there_and_a_drag_moves_it(desk: Desk):
    desk.answer()
    panel = desk.panel
    mouse(panel, QEvent.Type.MouseButtonPress, -1.0, 0.5, Qt.MouseButton.LeftButton)
    assert panel.start == pytest.approx((-1.0, 0.5), abs=0.05)
    mouse(panel, QEvent.Type.MouseMove, 0.5, -1.0, Qt.MouseButton.LeftButton)
    assert len(desk.asked) == 1  # the second waits for the answer to the first
    desk.answer()
    assert panel.start == pytest.approx((0.5, -1.0), abs=0.05)
    assert panel.table()[1][0, 1:3] == pytest.approx(panel.start)


def test_while_it_is_dragged_only_the_beginning_is_played_and_all_of_it_when_it_is_let_go(desk: Desk):
    panel = desk.panel
    panel.set_iterations(300)
    desk.answer()
    field = panel._arrows.getData()[0]
    mouse(panel, QEvent.Type.MouseButtonPress, -1.0, 0.5, Qt.MouseButton.LeftButton)
    assert (desk.asked[0].iterations, desk.asked[0].grid) == (PREVIEW, 0)
    desk.answer()
    assert len(panel.table()[1]) == PREVIEW + 1
    np.testing.assert_array_equal(panel._arrows.getData()[0], field)
    mouse(panel, QEvent.Type.MouseButtonRelease, -1.0, 0.5, Qt.MouseButton.NoButton)
    assert desk.asked[0].iterations == 300 and desk.asked[0].grid > 0
    desk.answer()
    assert len(panel.table()[1]) == 301


def test_the_mouse_reads_off_the_nearest_point_of_the_trajectory(desk: Desk):
    desk.answer()
    panel = desk.panel
    theta, psi = panel.table()[1][10, 1:3]
    mouse(panel, QEvent.Type.MouseMove, theta, psi, Qt.MouseButton.NoButton)
    assert "it. 10" in panel.header.text()
    mouse(panel, QEvent.Type.MouseMove, 0.0, 0.0, Qt.MouseButton.NoButton)
    assert "norm after 60" in panel.header.text()


def test_the_plane_grows_with_the_trajectory_and_the_field_with_it(desk: Desk):
    panel = desk.panel
    panel.set_toy(Toy(BilinearGame(), "simultaneous", 0.25))
    desk.answer()
    farthest = np.abs(panel.table()[1][:, 1:3]).max()
    assert farthest > 2
    (_, right), _ = panel.view.viewRange()
    assert right >= farthest
    assert np.nanmax(panel._arrows.getData()[0]) > 2.2


def test_numbers_beyond_all_bounds_are_drawn_as_far_as_they_can_be(desk: Desk):
    panel = desk.panel
    panel.set_iterations(3000)
    panel.set_toy(Toy(BilinearGame(), "simultaneous", 5.0))
    desk.answer()
    assert "norm after 3,000 ∞" in panel.header.text()
    assert np.isfinite(panel._line.getData()[0]).all()
    assert panel.grab().width() == panel.width()


def test_where_the_field_has_a_kink_there_are_no_eigenvalues(desk: Desk):
    desk.panel.set_toy(Toy(DiracGan("wasserstein", wgan_gp=0.35)))
    desk.answer()
    assert "kink" in desk.panel.eigenvalues.text()


def test_a_trainer_that_died_is_asked_again(desk: Desk):
    desk.asked.clear()
    desk.panel._on_state(RunState.STARTING)
    assert len(desk.asked) == 1
    desk.answer()
    assert desk.panel.empty_text() == ""


@pytest.mark.parametrize("height", [220, 440])
def test_the_settings_give_way_to_the_plane(desk: Desk, qtbot, height: int):
    desk.panel.resize(340, height)
    desk.answer()
    assert desk.panel.below.isVisible() == (height == 440)
    assert desk.panel.settings.preset.isVisible()
    desk.panel.set_theme(DARK)
    qtbot.waitUntil(lambda: desk.panel.view.height() > 80)


def test_in_a_narrow_panel_both_axes_have_a_scale(desk: Desk):
    desk.panel.resize(330, 440)
    desk.panel.set_toy(Toy(BilinearGame(), "simultaneous", 0.15))
    desk.answer()
    for side, (low, high) in zip(("bottom", "left"), desk.panel.view.viewRange(), strict=True):
        axis = desk.panel.plot.getAxis(side)
        length = desk.panel.view.width() if side == "bottom" else desk.panel.view.height()
        assert len(axis.tickValues(low, high, length)[0][1]) >= 2, side


def test_another_run_is_of_no_concern(desk: Desk):
    desk.answer()
    desk.panel.clear()
    assert desk.panel.empty_text() == ""


def test_a_slow_trainer_is_asked_for_less_while_dragging_and_a_fast_one_for_more(desk: Desk):
    panel = desk.panel
    panel.set_iterations(300)
    for _ in range(20):
        panel._adapt_preview(1.0)
    assert panel._preview == LEAST_PREVIEW
    for _ in range(20):
        panel._adapt_preview(0.001)
    assert panel._preview == 300
