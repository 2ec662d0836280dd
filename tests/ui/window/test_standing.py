"""Going back along the timeline in the window: everything over iterations shows where the run stands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from doubles import Trainers, progress_at, snapshot_at
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.history import COLUMNS, HistoryChunk
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.timeline_bar import MARGIN

OVER_ITERATIONS = ("losses", "value", "scores", "gradients", "jsd")


def trained(first: int, last: int) -> HistoryChunk:
    """D is ahead until iteration 200; at 900 the run has long been at its equilibrium. Each number tells its row."""
    at = np.arange(first, last + 1, dtype=np.float64)
    rows = np.repeat(at[:, None] / 1000, len(COLUMNS), axis=1)
    rows[:, 0] = at
    advantage = np.where(at <= 200, 0.4, 0.0)
    rows[:, COLUMNS.index("real_output")] = 0.5 + advantage
    rows[:, COLUMNS.index("generated_output")] = 0.5 - advantage
    when = at[at % 50 == 0]
    jsd = np.where(when <= 200, 0.6, 0.01) + when / 1e5
    return HistoryChunk(rows, np.stack((when, jsd, np.full_like(when, 0.01), jsd, jsd), axis=1))


@pytest.fixture
def train(window: MainWindow, trainers: Trainers) -> Callable[[int], None]:
    """Train to an iteration, at once, and stand still."""

    def trained_to(iteration: int) -> None:
        run, trainer = window.studio.run, trainers.last
        first, trainer.iteration = run.progress.iteration + 1, iteration
        at = progress_at(iteration)
        trainer.say(e.Playing(trainer.generation))
        trainer.say(e.HistoryGrew(trainer.generation, at, trained(first, iteration), 500.0))
        trainer.say(e.SnapshotTaken(trainer.generation, snapshot_at(iteration)))
        trainer.say(e.Paused(trainer.generation, at))
        run.tick()

    return trained_to


@pytest.fixture
def far(qtbot: QtBot, window: MainWindow, train: Callable[[int], None]) -> MainWindow:
    """A run that stands at iteration 900, with a snapshot at each hundred; all plots over iterations are there."""
    for name in OVER_ITERATIONS:
        window.docks[name].show()
        assert window.docks[name].panel is not None
    for iteration in range(100, 1000, 100):
        train(iteration)
    qtbot.waitUntil(lambda: window.studio.phases.now.current == "equilibrium")
    for name in OVER_ITERATIONS:
        window.views.bring_up_to_date(name)
    return window


def arrive(window: MainWindow, trainers: Trainers) -> None:
    """The trainer goes where it was told last."""
    trainer = trainers.last
    at = trainer.sent_of(c.Restore)[-1].snapshot.progress
    trainer.iteration = at.iteration
    trainer.say(e.Restored(trainer.generation, at))
    window.studio.run.tick()


def marks(window: MainWindow) -> set[float | None]:
    return {window.docks[name].panel._standing.iteration for name in OVER_ITERATIONS}


def headers(window: MainWindow) -> dict[str, list[str]]:
    return {name: [shown.text for shown in window.docks[name].panel.header.readouts] for name in OVER_ITERATIONS}


def test_dragging_the_knob_back_moves_marks_headers_and_phase(
    qtbot: QtBot, far: MainWindow, trainers: Trainers
) -> None:
    assert marks(far) == {None}
    newest, bar = headers(far), far.status.timeline
    scale, y = (bar.width() - 2 * MARGIN) / 900, bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(MARGIN + round(900 * scale), y))
    for iteration, phase in ((700, "equilibrium"), (300, "G following"), (100, "D ahead")):
        qtbot.mouseMove(bar, QPoint(MARGIN + round(iteration * scale), y))
        arrive(far, trainers)
        assert far.studio.run.progress.iteration == iteration
        assert marks(far) == {iteration}
        shown = headers(far)
        assert shown["losses"] == [figure(iteration / 1000)] * 2
        assert shown["value"] == [figure(iteration / 1000)]
        assert shown["jsd"][0].startswith(f"{(0.6 if iteration <= 200 else 0.01) + iteration / 1e5:.4f} ±")
        assert far.status.phase.text() == f"phase: {phase}"
        assert phase in far.stage._phase.text() or not far.stage._phase.text()
        assert far.docks["losses"].panel._strip.phases.current == phase
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(MARGIN + round(100 * scale), y))
    qtbot.keyClick(bar, Qt.Key.Key_End)
    arrive(far, trainers)
    assert marks(far) == {None}
    assert headers(far) == newest
    assert far.status.phase.text() == "phase: equilibrium"


def test_arrow_keys_go_back_to_before_training(qtbot: QtBot, far: MainWindow, trainers: Trainers) -> None:
    bar = far.status.timeline
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    arrive(far, trainers)
    assert marks(far) == {800}
    qtbot.keyClick(bar, Qt.Key.Key_Home)
    arrive(far, trainers)
    assert marks(far) == {0}
    assert far.status.phase.text() == "phase: before training"
    assert headers(far)["losses"] == ["—", "—"]


def test_training_on_from_an_earlier_snapshot_takes_marks_and_what_came_after_away(
    qtbot: QtBot, far: MainWindow, trainers: Trainers, train: Callable[[int], None]
) -> None:
    bar = far.status.timeline
    qtbot.keyClick(bar, Qt.Key.Key_Home)
    arrive(far, trainers)
    train(150)
    assert marks(far) == {None}
    assert far.status.phase.text() == "phase: D ahead"  # and not for a moment that of the run that is gone
    assert headers(far)["losses"] == [figure(0.15)] * 2
    qtbot.waitUntil(lambda: far.docks["losses"].panel._points["generator_loss"][0][-1] == 150)


def test_a_single_update_and_a_pause_at_the_newest_iteration_show_no_mark(far: MainWindow, trainers: Trainers) -> None:
    told: list[int | None] = []
    far.studio.standing.changed.connect(told.append)
    far.actions_["play"].trigger()
    far.actions_["play"].trigger()
    trainer = trainers.last
    trainer.say(e.Playing(trainer.generation), e.Paused(trainer.generation, progress_at(900)))
    far.studio.run.tick()
    far.studio.step("discriminator")
    single = trained(900, 900).rows.copy()
    single[:, COLUMNS.index("generator_loss")] = np.nan
    trainer.say(e.HistoryGrew(trainer.generation, progress_at(900), HistoryChunk(single), 1.0))
    far.studio.run.tick()
    assert told == []
    assert marks(far) == {None}


def test_a_plot_that_is_made_or_shown_later_has_the_mark(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, train: Callable[[int], None]
) -> None:
    dock = window.docks["gradients"]
    dock.hide()
    train(100)
    train(200)
    qtbot.keyClick(window.status.timeline, Qt.Key.Key_Left)
    arrive(window, trainers)
    dock.show()
    dock.raise_()
    qtbot.waitUntil(lambda: dock.on_screen)
    assert dock.panel._standing.iteration == 100
    assert [shown.text for shown in dock.panel.header.readouts] == [figure(0.1)] * 2


def test_a_run_that_was_put_aside_comes_back_with_its_mark(qtbot: QtBot, far: MainWindow, trainers: Trainers) -> None:
    qtbot.keyClick(far.status.timeline, Qt.Key.Key_Left)
    arrive(far, trainers)
    kept = []
    far.studio.put_aside(kept.append)
    far.studio.run.tick()
    far.studio.run.begin(far.studio.experiment)
    far.studio.run.tick()
    assert marks(far) == {None}
    assert headers(far)["losses"] == []
    far.studio.take_back(kept[0])
    far.studio.run.tick()
    assert marks(far) == {800}
    assert far.status.phase.text() == "phase: equilibrium"
    qtbot.waitUntil(lambda: headers(far)["losses"] == [figure(0.8)] * 2)


def test_another_run_has_no_mark(qtbot: QtBot, far: MainWindow, trainers: Trainers) -> None:
    qtbot.keyClick(far.status.timeline, Qt.Key.Key_Left)
    arrive(far, trainers)
    far.studio.restart()
    far.studio.run.tick()
    assert marks(far) == {None}
    assert far.status.phase.text() == "phase: before training"
