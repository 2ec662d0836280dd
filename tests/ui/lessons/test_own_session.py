"""A lesson never traps: one's own session is kept aside, and comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from doubles import Trainers, train
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from ganstudio.experiment.painting import GaussianBlob
from ganstudio.experiment.presets import preset
from ganstudio.lessons.lesson import Lesson
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.session import codec
from ganstudio.session.recovery import RecoveryStore
from ganstudio.session.session import Session
from ganstudio.ui import file_dialogs
from ganstudio.ui.file_dialogs import Answer
from ganstudio.ui.main_window import MainWindow

Trained = Callable[[int], None]


def lesson(window: MainWindow, number: int) -> Lesson:
    window.lessons.reload()
    return window.lessons.shipped[number - 1]


def enter(qtbot: QtBot, window: MainWindow, number: int) -> None:
    window.lessons.open(lesson(window, number))
    qtbot.waitUntil(lambda: window.lessons.is_in_lesson and window.lessons.run.is_ready)


def train_the_lesson(window: MainWindow, trainers: Trainers) -> None:
    trainers.last.iteration = 0
    train(window.studio.run, trainers.last, 40)


def dock_places(window: MainWindow) -> dict[str, tuple[bool, QRect]]:
    """Of each dock whether it is open, and where it stands if it can be seen."""
    docks = window.findChildren(QDockWidget)
    seen = {dock.objectName(): not dock.visibleRegion().isEmpty() for dock in docks}
    return {
        dock.objectName(): (not dock.isHidden(), dock.geometry() if seen[dock.objectName()] else QRect())
        for dock in docks
    }


@pytest.fixture
def saved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Path:
    """A session file of one's own, open and unchanged."""
    path = tmp_path / "mine.gans"
    codec.write(Session(preset("ring").experiment), path)
    window.documents.open(path)
    qtbot.waitUntil(lambda: window.documents.path == path)
    window.studio.run.tick()
    return path


def test_leaving_brings_back_the_experiment_the_run_the_history_and_what_can_be_undone(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    studio = window.studio
    studio.set_value("training.batch_size", 64)
    studio.run.tick()
    train(studio.run, trainers.last, 120)
    studio.set_value("optimizers.generator.learning_rate", 0.0123)
    before = studio.experiment
    rows, timeline = studio.run.history.rows[:], studio.run.timeline.iterations
    undo_texts = [studio.undo_stack.text(at) for at in range(studio.undo_stack.count())]
    places, layers = dock_places(window), window.stage.layer_states()

    enter(qtbot, window, 8)
    assert studio.experiment == window.lessons.run.step.experiment
    assert studio.experiment.target.dimension == 1
    assert studio.undo_stack.count() == 0
    train_the_lesson(window, trainers)
    studio.set_value("training.batch_size", 32)

    window.lessons.leave()
    studio.run.tick()
    assert studio.experiment == before
    assert studio.run.progress.iteration == 120
    assert np.array_equal(studio.run.history.rows, rows)
    assert studio.run.timeline.iterations == timeline
    assert [studio.undo_stack.text(at) for at in range(studio.undo_stack.count())] == undo_texts
    assert window.stage.layer_states() == layers
    assert dock_places(window) == places
    resumed = trainers.last.sent_of(c.Start)[-1]
    assert resumed.snapshot is not None and resumed.snapshot.progress.iteration == 120

    window.actions_["undo"].trigger()
    assert studio.experiment.optimizers.generator.learning_rate != 0.0123


def test_a_run_that_was_gone_back_in_still_has_its_future(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    run = window.studio.run
    for iteration in (100, 200, 300):
        train(run, trainers.last, iteration)
    run.go_to(100)
    trainers.last.iteration = 100
    trainers.last.say(e.Restored(trainers.last.generation, run.timeline.nearest(100).progress))
    run.tick()
    enter(qtbot, window, 1)
    window.lessons.leave()
    run.tick()
    assert run.timeline.iterations[-1] == 300
    assert run.position is not None and run.position.progress.iteration == 100
    assert run.history.column("iteration")[-1] == 300


def test_the_real_run_goes_on_bit_for_bit_after_a_lesson(qtbot: QtBot, live: MainWindow) -> None:
    studio = live.studio
    studio.load_preset("gaussian-1d")

    def trained(count: int) -> dict[str, np.ndarray]:
        goal = studio.run.progress.iteration + count
        studio.step_iterations(count)
        qtbot.waitUntil(lambda: studio.run.progress.iteration == goal and not studio.run.is_training, timeout=20_000)
        sessions: list[Session] = []
        studio.run.request_session(sessions.append)
        qtbot.waitUntil(lambda: bool(sessions))
        assert sessions[0].snapshot is not None
        return dict(sessions[0].snapshot.arrays)

    trained(40)
    straight = trained(20)
    studio.restart()
    qtbot.waitUntil(lambda: studio.run.progress.iteration == 0)
    trained(40)
    enter(qtbot, live, 2)
    live.lessons.run.do()
    qtbot.waitUntil(lambda: live.lessons.run.progress is not None and live.lessons.run.progress.step_done)
    live.lessons.leave()
    assert studio.run.progress.iteration == 40
    with_a_lesson_between = trained(20)
    assert all(np.array_equal(straight[name], with_a_lesson_between[name]) for name in straight)


def test_a_session_without_anything_to_train_on_comes_back_as_well(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    window.target_files.begin_painting(2)
    assert window.studio.target is None
    before = window.studio.experiment
    enter(qtbot, window, 1)
    assert window.studio.target is not None
    window.lessons.leave()
    assert window.studio.experiment == before
    assert window.studio.target is None


def test_the_title_says_so_and_comes_back(qtbot: QtBot, window: MainWindow, trainers: Trainers, saved: Path) -> None:
    train(window.studio.run, trainers.last, 50)
    assert window.isWindowModified()
    enter(qtbot, window, 2)
    assert window.windowTitle() == "Lesson: Noise in, data out[*]"
    assert not window.isWindowModified()
    window.lessons.open(lesson(window, 3))
    assert window.windowTitle() == "Lesson: The discriminator is a classifier[*]"
    window.lessons.leave()
    assert window.windowTitle() == "mine.gans[*]"
    assert window.isWindowModified()
    assert window.documents.path == saved


def test_saving_a_lesson_asks_for_a_name_and_never_takes_that_of_ones_own_file(
    qtbot: QtBot, window: MainWindow, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = saved.read_bytes()
    enter(qtbot, window, 1)
    suggested: list[Path] = []
    chosen = [saved, tmp_path / "lesson.gans"]

    def ask(parent: object, title: str, suggestion: Path, kinds: str) -> Path:
        suggested.append(suggestion)
        return chosen.pop(0)

    monkeypatch.setattr(file_dialogs, "file_to_save", ask)
    window.actions_["save"].trigger()
    assert "file of your own session" in window.messages.texts[-1]
    assert saved.read_bytes() == mine
    window.actions_["save"].trigger()
    window.studio.run.tick()
    qtbot.waitUntil((tmp_path / "lesson.gans").exists)
    qtbot.waitUntil(lambda: window.documents.path == tmp_path / "lesson.gans")
    assert suggested[0].name == "Lesson What a generative model is.gans"
    assert codec.read(tmp_path / "lesson.gans").experiment == window.lessons.run.step.experiment
    window.lessons.leave()
    assert window.documents.path == saved
    assert saved.read_bytes() == mine


def test_closing_in_a_lesson_asks_about_ones_own_work_and_saves_that(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(window.studio.run, trainers.last, 80)
    enter(qtbot, window, 4)
    train_the_lesson(window, trainers)
    asked: list[str] = []
    answers = [Answer.CANCEL, Answer.SAVE]
    monkeypatch.setattr(file_dialogs, "what_about_unsaved", lambda parent, name: asked.append(name) or answers.pop(0))
    window.close()
    assert window.isVisible()
    assert window.lessons.is_in_lesson
    with qtbot.waitSignal(window.closed):
        window.close()
    assert asked == ["mine.gans", "mine.gans"]
    kept = codec.read(saved)
    assert kept.experiment == preset("ring").experiment
    assert kept.snapshot is not None and kept.snapshot.progress.iteration == 80


def test_closing_in_a_lesson_asks_nothing_when_only_the_lesson_was_trained(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "what_about_unsaved", lambda parent, name: pytest.fail("asked"))
    enter(qtbot, window, 4)
    train_the_lesson(window, trainers)
    with qtbot.waitSignal(window.closed):
        window.close()


def test_what_is_remembered_of_the_window_is_not_the_lessons_arrangement(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    layers = window.stage.layer_states()
    enter(qtbot, window, 2)
    assert window.stage.layer_states() != layers
    with qtbot.waitSignal(window.closed):
        window.close()
    assert window.stage.layer_states() == layers
    assert not window.docks["losses"].isHidden()


def test_a_program_that_dies_in_a_lesson_leaves_ones_own_session_to_recover(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, saved: Path, tmp_path: Path
) -> None:
    train(window.studio.run, trainers.last, 70)
    enter(qtbot, window, 4)
    train_the_lesson(window, trainers)
    window.documents.autosave()
    window.close_at_once()
    found = RecoveryStore(tmp_path / "recovery").pending()
    assert len(found) == 1
    assert found[0].origin == saved
    kept = codec.read(found[0].path)
    assert kept.experiment == preset("ring").experiment
    assert kept.snapshot is not None and kept.snapshot.progress.iteration == 70


def test_opening_a_file_in_a_lesson_leaves_it_first(
    qtbot: QtBot, window: MainWindow, saved: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.gans"
    codec.write(Session(preset("moons").experiment), other)
    enter(qtbot, window, 4)
    window.documents.open(other)
    qtbot.waitUntil(lambda: window.documents.path == other)
    assert not window.lessons.is_in_lesson
    assert window.studio.experiment == preset("moons").experiment
    assert window.documents.name == "other.gans"


def test_a_stroke_of_ones_own_is_asked_about_even_from_within_a_lesson(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.target_files.begin_painting(2)
    window.stage.execute(GaussianBlob(centre=(0.0, 0.0), sigma=0.3))
    enter(qtbot, window, 1)
    asked: list[str] = []
    monkeypatch.setattr(file_dialogs, "what_about_unsaved", lambda parent, name: asked.append(name) or Answer.CANCEL)
    window.actions_["new"].trigger()
    assert asked == ["untitled"]
    assert window.lessons.is_in_lesson


def test_the_brush_in_hand_and_what_it_revealed_come_back(qtbot: QtBot, window: MainWindow) -> None:
    window.stage.select_tool("polygon")
    assert window.stage.chips.is_visible("density")
    enter(qtbot, window, 8)  # on the line, where there are no polygons
    assert window.stage.tool.name == "pan"
    window.lessons.leave()
    assert window.stage.tool.name == "polygon"
    window.stage.select_tool("pan")
    assert not window.stage.chips.is_visible("density")


def test_the_keyboard_leaves_a_lesson(qtbot: QtBot, window: MainWindow) -> None:
    enter(qtbot, window, 1)
    qtbot.keyClick(window, Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
    assert not window.lessons.is_in_lesson
    assert not window.actions_["leave_lesson"].isEnabled()
