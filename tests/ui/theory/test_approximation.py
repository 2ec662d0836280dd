"""Universal approximation in the window, with the program's own fits behind it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from ganstudio.colours import DARK
from ganstudio.messages.approximation import Approximation
from ganstudio.messages.commands import Approximate
from ganstudio.messages.events import Approximated
from ganstudio.ui.theory.approximation import ApproximationPanel
from ganstudio.ui.training_run import RunState

SMALL = Approximation(widths=(2, 4, 8), depths=(1, 2), iterations=100)


def answer(command: Approximate, iteration: int, *, rows: int = 8, reason: str = "") -> Approximated:
    """An event as the trainer would send it: each wider, deeper or later one is a tenth closer."""
    shapes = command.approximation.shapes
    read_at = np.arange(0, iteration + 1, 20)
    off = np.array([[0.4 / (depth * width) / (1 + at) for depth, width in shapes] for at in range(len(read_at))])
    optimal = np.linspace(0, 1, rows * 8, dtype=np.float32).reshape(rows, 8)
    optimal[0, 0] = np.nan
    return Approximated(
        generation=0,
        request=command.request,
        approximation=command.approximation,
        iteration=iteration,
        finished=iteration >= command.approximation.iterations or bool(reason),
        reason=reason,
        view=(-3.0, 3.0, -3.0, 3.0),
        optimal=optimal,
        fits=np.stack([np.full((rows, 8), 0.5, np.float32)] * len(shapes)),
        parameters=tuple(3 * depth * width for depth, width in shapes),
        read_at=read_at,
        errors=np.stack([off, 2 * off, off**2], axis=2),
    )


class Desk:
    """A panel, and what it asks for."""

    def __init__(self, panel: ApproximationPanel) -> None:
        self.panel = panel
        self.asked: list[Approximate] = []
        self.stops: list[None] = []
        panel.fit_requested.connect(self.asked.append)
        panel.stop_requested.connect(lambda: self.stops.append(None))

    def press(self) -> None:
        QTest.mouseClick(self.panel.settings.button, Qt.MouseButton.LeftButton)

    def say(self, iteration: int, **more: object) -> None:
        self.panel.show_approximated(answer(self.asked[-1], iteration, **more))


@pytest.fixture
def desk(make) -> Desk:
    panel = make("approximation", (320, 600))
    assert isinstance(panel, ApproximationPanel)
    panel.set_approximation(SMALL)
    return Desk(panel)


def test_before_a_fit_it_says_what_will_appear(desk: Desk):
    assert "Press Fit" in desk.panel.empty_text()
    assert desk.panel.table()[1].shape == (0, 7)
    assert desk.asked == []


def test_the_button_begins_a_fit_and_ends_it(desk: Desk):
    desk.press()
    assert [command.approximation for command in desk.asked] == [SMALL]
    assert desk.panel.settings.button.text() == "Stop"
    desk.say(40)
    assert "40 / 100" in desk.panel.header.text()
    desk.press()
    assert len(desk.stops) == 1 and len(desk.asked) == 1
    desk.say(60, reason="stopped")
    assert desk.panel.settings.button.text() == "Fit"
    assert not desk.panel.is_running


def test_every_reading_of_every_network_is_in_the_table(desk: Desk):
    desk.press()
    desk.say(100)
    names, rows = desk.panel.table()
    assert names == ("iteration", "depth", "width", "parameters", "l2", "sup", "lost_value")
    assert rows.shape == (6 * 6, 7)
    np.testing.assert_allclose(rows[-1], [100, 2, 8, 48, 0.4 / 16 / 6, 0.8 / 16 / 6, (0.4 / 16 / 6) ** 2])


def test_errors_are_drawn_over_the_width_for_each_depth(desk: Desk):
    desk.press()
    desk.say(100)
    x, y = desk.panel._curves[1].getData()
    np.testing.assert_allclose(10**x, [2, 4, 8])
    np.testing.assert_allclose(10**y, [0.4 / (2 * width) / 6 for width in (2, 4, 8)])
    assert desk.panel._curves[0].isVisible() and not desk.panel._curves[2].isVisible()
    assert [reference.text for reference in desk.panel.references] == ["1 deep", "2 deep"]


def test_another_error_and_the_way_it_fell_can_be_drawn(desk: Desk):
    desk.press()
    desk.say(100)
    desk.panel.measure.entered.emit("2")
    np.testing.assert_allclose(10 ** desk.panel._curves[0].getData()[1], [(0.4 / w / 6) ** 2 for w in (2, 4, 8)])
    desk.panel.views.buttons["iteration"].click()
    x, y = desk.panel._curves[2].getData()
    assert x.tolist() == [0, 20, 40, 60, 80, 100]
    depth, _ = SMALL.shapes[desk.panel.selected]
    np.testing.assert_allclose(10**y, [(0.4 / (depth * 8) / (1 + at)) ** 2 for at in range(6)])


def test_a_click_on_a_small_picture_or_on_its_dot_looks_at_that_network(desk: Desk):
    desk.press()
    desk.say(100)
    middle = desk.panel.pictures.place(1).center().toPoint()
    QTest.mouseClick(desk.panel.pictures, Qt.MouseButton.LeftButton, pos=middle)
    assert desk.panel.selected == 1
    assert "1 × 4" in desk.panel.header.text()
    x, y = (values[2] for values in desk.panel._curves[1].getData())
    at = desk.panel.plot.mapFromScene(desk.panel.view.mapViewToScene(QPointF(x, y)))
    QTest.mouseClick(desk.panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.panel.selected == 5


def test_settings_make_another_approximation_and_one_that_goes_on_begins_anew(desk: Desk):
    settings = desk.panel.settings
    settings.activation.entered.emit("tanh")
    settings.loss.entered.emit("logit")
    settings.pair.entered.emit("run")
    settings.widths.entered.emit("w ≤ 64")
    settings.depths.entered.emit("d 1")
    settings.iterations.setValue(500)
    settings.seed.setValue(3)
    wanted = Approximation("run", (2, 4, 8, 16, 32, 64), (1,), "tanh", "logit", 500, seed=3)
    assert desk.panel.approximation == wanted and desk.asked == []
    desk.press()
    settings.activation.entered.emit("sine")
    assert [command.approximation for command in desk.asked] == [wanted, replace(wanted, activation="sine")]


def test_an_answer_to_an_older_request_is_no_answer(desk: Desk):
    desk.press()
    late = answer(desk.asked[0], 100)
    desk.panel.settings.seed.setValue(1)
    desk.panel.show_approximated(late)
    assert "Press Fit" in desk.panel.empty_text() and desk.panel.is_running


def test_fewer_networks_move_the_look_to_one_that_is_there(desk: Desk):
    desk.press()
    desk.say(100)
    desk.panel.select(5)
    desk.panel.settings.depths.entered.emit("d 1")
    desk.press()
    desk.say(100)
    assert desk.panel.selected == 2
    assert desk.panel.grab().width() == 320


def test_a_line_is_drawn_with_curves_instead_of_pictures(desk: Desk):
    before = desk.panel.pictures.sizeHint().height()
    desk.press()
    desk.say(100, rows=1)
    assert desk.panel.pictures.sizeHint().height() < before
    desk.panel.set_theme(DARK)
    assert desk.panel.grab().height() == 600


def test_each_small_picture_says_what_it_is(desk: Desk, qtbot):
    desk.press()
    desk.say(100)
    text = desk.panel.pictures.describe(4)
    assert text.startswith("2 hidden layers of 4, 24 parameters") and "nats" in text
    at: QPoint = desk.panel.pictures.place(4).center().toPoint()
    QApplication.sendEvent(
        desk.panel.pictures, QHelpEvent(QEvent.Type.ToolTip, at, desk.panel.pictures.mapToGlobal(at))
    )
    qtbot.waitUntil(lambda: QToolTip.text() == text)
    QToolTip.hideText()


def test_a_trainer_that_is_gone_ends_the_waiting(desk: Desk):
    desk.press()
    desk.panel._on_state(RunState.FAILED)
    assert not desk.panel.is_running


@pytest.mark.parametrize("height", [300, 600])
def test_where_there_is_little_room_the_pictures_keep_it(desk: Desk, height: int):
    desk.panel.resize(320, height)
    assert desk.panel.plot.isVisible() == (height == 600)
    assert desk.panel.pictures.isVisible()


def test_in_a_window_the_trainer_is_asked_and_its_answers_shown(make, studio, trainers):
    panel = make("approximation", (320, 600))
    panel.attach(studio, None)
    panel.fit()
    sent = [command for command in trainers.last.sent if isinstance(command, Approximate)]
    assert len(sent) == 1
    trainers.last.say(answer(sent[0], 60))
    studio.run.tick()
    assert panel.empty_text() == ""
    panel.stop_requested.emit()
    assert type(trainers.last.sent[-1]).__name__ == "StopApproximating"
