"""Files as a person meets them at the window: saving, opening, closing, dropping, recovering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from doubles import Trainers, chunk, offer, snapshot_at, train
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.experiment.painting import GaussianBlob
from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting, Points
from ganstudio.messages import commands as c
from ganstudio.session import codec
from ganstudio.session.recovery import RecoveryStore
from ganstudio.session.session import Session
from ganstudio.ui import file_dialogs
from ganstudio.ui.file_dialogs import Answer
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings

BLOB = GaussianBlob(centre=(0.0, 0.0), sigma=0.3)
Make = Callable[[], MainWindow]


def save_as(qtbot: QtBot, window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *arguments: path)
    window.actions_["save_as"].trigger()
    window.studio.run.tick()
    qtbot.waitUntil(lambda: window.documents.path == path)


def test_the_title_names_the_file_and_marks_what_is_unsaved(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.windowTitle() == "untitled[*]"
    assert not window.isWindowModified()
    train(window.studio.run, trainers.last, 10)
    assert window.isWindowModified()
    save_as(qtbot, window, tmp_path / "mine.gans", monkeypatch)
    assert window.windowTitle() == "mine.gans[*]"
    assert not window.isWindowModified()
    window.studio.set_value("optimizers.generator.learning_rate", 0.01)
    assert window.isWindowModified()
    window.studio.undo_stack.undo()
    assert not window.isWindowModified()


def test_what_was_saved_can_be_opened_again(
    qtbot: QtBot, make: Make, window: MainWindow, trainers: Trainers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.studio.set_value("seed", 7)
    window.studio.run.tick()
    trainers.last.iteration = 0
    train(window.studio.run, trainers.last, 30)
    window.stage.chips.set_visible("latent_grid", True)
    save_as(qtbot, window, tmp_path / "mine.gans", monkeypatch)
    saved = codec.read(tmp_path / "mine.gans")
    assert saved.thumbnail is not None
    window.close()
    again = make()
    again.open_file(tmp_path / "mine.gans")
    qtbot.waitUntil(lambda: again.documents.path is not None)
    start = trainers.last.sent_of(c.Start)[-1]
    assert start.experiment.seed == 7
    assert start.snapshot is not None
    assert start.snapshot.progress.iteration == 30
    assert np.array_equal(start.snapshot.arrays["generator/parameters"], np.full(3, 30, np.float32))
    assert len(again.studio.run.history.rows) == 30
    assert again.stage.chips.is_visible("latent_grid")
    assert not again.isWindowModified()
    assert Settings().recent_files == (tmp_path / "mine.gans",)


def test_opening_a_session_never_shows_it_as_modified(
    qtbot: QtBot, make: Make, window: MainWindow, trainers: Trainers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.studio.set_value("seed", 7)
    window.studio.run.tick()
    trainers.last.iteration = 0
    train(window.studio.run, trainers.last, 30)
    save_as(qtbot, window, tmp_path / "mine.gans", monkeypatch)
    window.close()
    again = make()
    seen: list[tuple[str, bool]] = []
    again.documents.changed.connect(lambda: seen.append((again.windowTitle(), again.isWindowModified())))
    again.open_file(tmp_path / "mine.gans")
    qtbot.waitUntil(lambda: again.documents.path is not None)
    again.studio.run.tick()
    assert ("mine.gans[*]", False) in seen
    assert ("mine.gans[*]", True) not in seen


def test_a_broken_file_is_refused_and_the_open_session_stays(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "bad.gans").write_bytes(b"this is no session")
    before = window.studio.experiment
    window.open_file(tmp_path / "bad.gans")
    qtbot.waitUntil(lambda: bool(window.messages.texts))
    assert "bad.gans" in window.messages.texts[0]
    assert window.studio.experiment is before
    assert window.documents.path is None


def test_a_recent_file_that_is_gone_leaves_the_list(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.settings.add_recent_file(tmp_path / "gone.gans")
    window.documents.open(tmp_path / "gone.gans")
    qtbot.waitUntil(lambda: bool(window.messages.texts))
    assert window.settings.recent_files == ()


def test_the_list_of_recent_files_opens_them(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    codec.write(Session(preset("ring").experiment), tmp_path / "a & b.gans")
    window.settings.add_recent_file(tmp_path / "a & b.gans")
    menu = window.actions_.menu("recent")
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "a && b.gans"
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: window.studio.experiment == preset("ring").experiment)


def test_closing_without_anything_worth_keeping_does_not_ask(
    window: MainWindow, trainers: Trainers, answers: list[Answer]
) -> None:
    train(window.studio.run, trainers.last, 10)
    window.close()
    assert not window.isVisible()
    assert trainers.last.stopped


def test_closing_asks_about_strokes_and_cancel_keeps_the_window(
    window: MainWindow, trainers: Trainers, answers: list[Answer]
) -> None:
    window.controls.drawing_requested.emit(2)
    window.stage.document.execute(BLOB)
    answers.append(Answer.CANCEL)
    window.close()
    assert answers == []
    assert window.isVisible()
    assert not trainers.last.stopped
    answers.append(Answer.DISCARD)
    window.close()
    assert not window.isVisible()


def test_closing_asks_about_long_training(window: MainWindow, trainers: Trainers, answers: list[Answer]) -> None:
    train(window.studio.run, trainers.last, 9_000)  # 90 seconds
    answers.append(Answer.DISCARD)
    window.close()
    assert answers == []
    assert not window.isVisible()


def test_saving_on_closing_saves_and_then_closes(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, answers: list[Answer], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    window.controls.drawing_requested.emit(2)
    window.stage.document.execute(BLOB)
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *arguments: tmp_path / "kept.gans")
    answers.append(Answer.SAVE)
    window.close()
    assert window.isVisible()
    window.studio.run.tick()
    window.studio.run.tick()
    qtbot.waitUntil(lambda: not window.isVisible())
    target = codec.read(tmp_path / "kept.gans").experiment.target
    assert isinstance(target, Painting)
    assert target.commands == (BLOB,)
    assert trainers.last.stopped


def test_opening_asks_before_strokes_are_lost(
    qtbot: QtBot, window: MainWindow, answers: list[Answer], tmp_path: Path
) -> None:
    codec.write(Session(preset("ring").experiment), tmp_path / "ring.gans")
    window.controls.drawing_requested.emit(2)
    window.stage.document.execute(BLOB)
    answers.append(Answer.CANCEL)
    window.open_file(tmp_path / "ring.gans")
    assert isinstance(window.studio.experiment.target, Painting)
    answers.append(Answer.DISCARD)
    window.open_file(tmp_path / "ring.gans")
    qtbot.waitUntil(lambda: window.studio.experiment == preset("ring").experiment)


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where, buttons, keys = QPoint(600, 300), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_session_dropped_on_the_window_is_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    codec.write(Session(preset("ring").experiment), tmp_path / "ring.gans")
    drop(window, tmp_path / "ring.gans")
    qtbot.waitUntil(lambda: window.studio.experiment == preset("ring").experiment)
    assert window.documents.path == tmp_path / "ring.gans"


def test_points_dropped_on_the_window_become_the_target(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    points = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    np.save(tmp_path / "cloud.npy", points)
    drop(window, tmp_path / "cloud.npy")
    qtbot.waitUntil(lambda: isinstance(window.studio.experiment.target, Points))
    target = window.studio.experiment.target
    assert isinstance(target, Points)
    assert np.array_equal(target.points.array(), points)


def test_the_columns_of_a_wide_table_are_chosen_by_a_person(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    from ganstudio.ui.target_files import ColumnsDialog

    (tmp_path / "wide.csv").write_text("a,b,c\n1,2,3\n4,5,6\n7,8,10\n")
    drop(window, tmp_path / "wide.csv")
    qtbot.waitUntil(lambda: window.findChild(ColumnsDialog) is not None)
    dialog = window.findChild(ColumnsDialog)
    assert dialog is not None
    dialog.first.setCurrentText("c")
    dialog.second.setCurrentText("a")
    dialog.accept_choice()
    qtbot.waitUntil(lambda: isinstance(window.studio.experiment.target, Points))
    target = window.studio.experiment.target
    assert isinstance(target, Points)
    assert target.columns == ("c", "a")
    assert target.points.array().tolist() == [[3, 1], [6, 4], [10, 7]]


def test_a_file_that_is_no_target_is_refused(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("nothing here\nbut words\n")
    before = window.studio.experiment
    drop(window, tmp_path / "notes.csv")
    qtbot.waitUntil(lambda: bool(window.messages.texts))
    assert "notes.csv" in window.messages.texts[0]
    assert window.studio.experiment is before


def test_a_painting_can_be_saved_and_loaded_alone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *arguments: tmp_path / "p.json")
    monkeypatch.setattr(file_dialogs, "file_to_open", lambda *arguments: tmp_path / "p.json")
    window.actions_["save_painting"].trigger()
    assert "no painting" in window.messages.texts[0]
    window.controls.drawing_requested.emit(2)
    window.stage.document.execute(BLOB)
    window.actions_["save_painting"].trigger()
    qtbot.waitUntil((tmp_path / "p.json").exists)
    window.studio.load_preset("ring")
    window.actions_["load_target"].trigger()
    qtbot.waitUntil(lambda: window.studio.experiment.target == Painting(commands=(BLOB,)))


# -- recovery --------------------------------------------------------------------------------------------------------


def test_what_a_program_that_died_had_kept_is_offered_and_recovered(
    qtbot: QtBot, make: Make, trainers: Trainers, tmp_path: Path
) -> None:
    before = RecoveryStore(tmp_path / "recovery")
    before.save(Session(preset("ring").experiment, snapshot_at(40), chunk(1, 40)), None)
    before.close()  # as the system does for a process that died
    window = make()
    qtbot.waitUntil(lambda: bool(window.messages.texts))
    assert "was not saved" in window.messages.texts[0]
    qtbot.mouseClick(offer(window, "Recover"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.studio.experiment == preset("ring").experiment)
    snapshot = trainers.last.sent_of(c.Start)[-1].snapshot
    assert snapshot is not None
    assert snapshot.progress.iteration == 40
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: RecoveryStore(tmp_path / "recovery").pending() == ())


def test_unsaved_work_is_kept_now_and_then_and_let_go_when_the_program_ends_well(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, tmp_path: Path, answers: list[Answer]
) -> None:
    folder = tmp_path / "recovery"
    window.documents.autosave()
    assert not folder.exists()
    train(window.studio.run, trainers.last, 10)
    window.documents.autosave()
    window.studio.run.tick()
    qtbot.waitUntil(lambda: len(list(folder.glob("*.json"))) == 1)
    session = codec.read(next(folder.glob("*.gans")))
    assert session.snapshot is not None
    assert session.snapshot.progress.iteration == 10
    window.close()
    assert list(folder.iterdir()) == []


def test_ending_at_once_keeps_what_is_unsaved_for_the_next_start(
    window: MainWindow, trainers: Trainers, tmp_path: Path
) -> None:
    train(window.studio.run, trainers.last, 10)
    window.close_at_once()
    assert not window.isVisible()
    assert trainers.last.stopped
    (found,) = RecoveryStore(tmp_path / "recovery").pending()
    session = codec.read(found.path)
    assert session.snapshot is not None
    assert session.snapshot.progress.iteration == 10
