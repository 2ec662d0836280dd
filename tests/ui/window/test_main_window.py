"""The window as a person meets it, with a trainer that says what a test lets it say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from doubles import Trainers, chunk, progress_at, snapshot_at, train
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ganstudio.experiment.painting import GaussianBlob
from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting, Points
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.session import codec
from ganstudio.session.recovery import RecoveryStore
from ganstudio.session.session import Session
from ganstudio.ui import file_dialogs, layout
from ganstudio.ui.actions import ACTIONS
from ganstudio.ui.export_dialog import FORMS, Wish
from ganstudio.ui.file_dialogs import Answer
from ganstudio.ui.help import ShortcutsWindow
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import WELCOMED, Settings
from ganstudio.ui.theme import DARK, ThemeController
from ganstudio.ui.training_run import RunState

BLOB = GaussianBlob(centre=(0.0, 0.0), sigma=0.3)
Make = Callable[[], MainWindow]


@pytest.fixture
def trainers() -> Trainers:
    return Trainers()


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[ThemeController]:
    themes = ThemeController(qapp, "light")
    yield themes
    QGuiApplication.styleHints().disconnect(themes)
    themes.deleteLater()


@pytest.fixture
def make(qtbot: QtBot, trainers: Trainers, themes: ThemeController, tmp_path: Path) -> Iterator[Make]:
    windows: list[MainWindow] = []

    def window() -> MainWindow:
        made = MainWindow(Settings(), themes, trainers, RecoveryStore(tmp_path / "recovery"))
        qtbot.addWidget(made, before_close_func=lambda closing: closing.shut_down())
        windows.append(made)
        made.resize(1280, 720)
        made.show()
        made.begin()
        made.studio.run.tick()
        return made

    yield window
    for made in windows:
        made.shut_down()


@pytest.fixture
def window(make: Make) -> MainWindow:
    return make()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """What a person will say when asked about unsaved work; the test fails when nobody expected the question."""
    prepared: list[Answer] = []
    monkeypatch.setattr(file_dialogs, "what_about_unsaved", lambda parent, name: prepared.pop(0))
    return prepared


def save_as(qtbot: QtBot, window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *arguments: path)
    window.actions_["save_as"].trigger()
    window.studio.run.tick()
    qtbot.waitUntil(lambda: window.documents.path == path)


def offer(window: MainWindow, text: str) -> QPushButton:
    """The button of a message."""
    return next(button for button in window.messages.findChildren(QPushButton) if button.text() == text)


# -- arriving --------------------------------------------------------------------------------------------------------


def test_the_first_start_shows_a_preset_and_starts_the_trainer_but_does_not_train(
    window: MainWindow, trainers: Trainers
) -> None:
    assert window.studio.experiment == preset("gaussians").experiment
    assert len(trainers.last.sent_of(c.Start)) == 1
    assert trainers.last.sent_of(c.Play) == []
    assert window.toolbar.presets.currentText() == "Two gaussians"


def test_the_card_for_newcomers_goes_when_it_is_dismissed_and_stays_away(qtbot: QtBot, make: Make) -> None:
    window = make()
    assert window.welcome.isVisible()
    button = window.welcome.findChild(QPushButton)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not window.welcome.isVisible()
    assert Settings().get(WELCOMED)
    window.close()
    again = make()
    assert not again.welcome.isVisible()
    again.actions_["what_one_sees"].trigger()
    assert again.welcome.isVisible()


def test_the_stage_keeps_the_most_space_on_a_small_screen(qtbot: QtBot, window: MainWindow) -> None:
    window.appearance.reset_layout()
    qtbot.waitUntil(lambda: window.stage.width() > 0)
    right = max(dock.width() for dock in window.docks.values() if dock.isVisible())
    assert window.width() == 1280
    assert window.height() == 720
    assert window.stage.width() > window.controls_dock.width()
    assert window.stage.width() > right


# -- running ---------------------------------------------------------------------------------------------------------


def test_space_plays_and_pauses_whatever_has_the_focus(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    for widget in (window.stage.view, window.toolbar.presets, window.toolbar.play, window.status.timeline):
        widget.setFocus()
        sent = len(trainers.last.sent)
        qtbot.keyClick(widget, Qt.Key.Key_Space)
        kinds = [type(command) for command in trainers.last.sent[sent:] if not isinstance(command, c.RequestFrame)]
        assert kinds in ([c.Play], [c.Pause]), widget


def test_space_in_a_text_field_is_a_space(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert field.text() == " "
    assert trainers.last.sent_of(c.Play) == []


def test_the_play_button_says_what_pressing_it_does_now(window: MainWindow) -> None:
    window.actions_["play"].trigger()
    assert window.actions_["play"].text() == "&Pause"
    window.actions_["play"].trigger()
    assert window.actions_["play"].text() == "&Play"


def test_progress_and_speed_are_shown(window: MainWindow, trainers: Trainers) -> None:
    train(window.studio.run, trainers.last, 12480)
    assert window.status.iteration.text() == "iteration 12,480"
    assert window.status.rate.text() == "500 it/s"
    assert window.status.state.text() == "training"


def test_a_stop_condition_shows_a_progress_bar(window: MainWindow, trainers: Trainers) -> None:
    assert window.status.stop.isHidden()
    window.studio.set_value("stop.iterations", 1000)
    train(window.studio.run, trainers.last, 250)
    assert not window.status.stop.isHidden()
    assert window.status.stop.value() == 250
    assert window.status.stop.format() == "25 % of 1,000"
    window.studio.set_value("stop.iterations", None)
    assert window.status.stop.isHidden()


def test_a_chosen_speed_limit_reaches_the_trainer_and_the_next_start(
    make: Make, window: MainWindow, trainers: Trainers
) -> None:
    window.toolbar.speed_requested.emit(30.0)
    assert trainers.last.sent_of(c.LimitSpeed)[-1] == c.LimitSpeed(30.0)
    window.close()
    make()
    assert trainers.last.sent_of(c.LimitSpeed)[0] == c.LimitSpeed(30.0)


def test_a_hidden_window_asks_for_no_frames(window: MainWindow) -> None:
    assert window.views.look() is not None
    window.hide()
    assert window.views.look() is None


def test_only_layers_that_can_be_seen_are_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.docks["outputs"].on_screen)
    request = window.views.look()
    assert request is not None
    assert {"generated", "field", "histograms"} <= set(request.layers)
    window.docks["outputs"].hide()
    request = window.views.look()
    assert request is not None
    assert "histograms" not in request.layers


def test_a_plot_that_was_hidden_is_up_to_date_when_it_is_shown(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    dock = window.docks["losses"]
    qtbot.waitUntil(lambda: dock.on_screen)
    dock.hide()
    assert not dock.on_screen
    train(window.studio.run, trainers.last, 100)
    qtbot.waitUntil(lambda: "losses" in window.views.stale)
    assert dock.panel.empty_text()
    dock.show()
    dock.raise_()
    qtbot.waitUntil(lambda: not dock.panel.empty_text())


def test_the_data_of_a_plot_that_cannot_be_seen_are_exported_whole(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, tmp_path: Path
) -> None:
    window.docks["gradients"].hide()
    train(window.studio.run, trainers.last, 20)
    with qtbot.waitSignal(window.exports.exported):
        window.exports.export(FORMS["plot"], Wish(tmp_path / "g.csv", "csv"), "gradients")
    assert len((tmp_path / "g.csv").read_text().splitlines()) == 21


def test_a_plot_without_data_is_not_exported_as_an_empty_table(window: MainWindow, tmp_path: Path) -> None:
    window.exports.export(FORMS["plot"], Wish(tmp_path / "g.csv", "csv"), "gradients")
    assert not (tmp_path / "g.csv").exists()
    assert any("has no data yet" in label.text() for label in window.messages.findChildren(QLabel))


def test_not_a_number_offers_the_way_back(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    train(window.studio.run, trainers.last, 100)
    trainers.last.say(e.NonFinite(trainers.last.generation, progress_at(130), "generator_loss"))
    window.studio.run.tick()
    assert window.studio.run.state is RunState.PAUSED
    assert "generator loss" in window.messages.texts[-1]
    assert "130" in window.messages.texts[-1]
    qtbot.mouseClick(offer(window, "Go back to the last good snapshot"), Qt.MouseButton.LeftButton)
    assert trainers.last.sent_of(c.Restore)[-1].snapshot.progress.iteration == 100


def test_a_trainer_that_died_is_told_of(window: MainWindow, trainers: Trainers) -> None:
    train(window.studio.run, trainers.last, 100)
    trainers.last.died.emit("it was ended by SIGKILL")
    assert "SIGKILL" in window.messages.texts[-1]
    assert "iteration 100" in window.messages.texts[-1]


def test_a_stop_condition_that_held_is_told_of(window: MainWindow, trainers: Trainers) -> None:
    trainers.last.say(e.Paused(trainers.last.generation, progress_at(10), "reached 10 iterations"))
    window.studio.run.tick()
    assert window.messages.texts == ("Training stopped by itself: reached 10 iterations.",)


def test_dragging_along_the_timeline_goes_to_snapshots(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    for iteration in (100, 200, 300):
        train(window.studio.run, trainers.last, iteration)
    bar = window.status.timeline
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 3, bar.height() // 2))
    assert trainers.last.sent_of(c.Restore)[-1].snapshot.progress.iteration == 100


# -- settings --------------------------------------------------------------------------------------------------------


def test_a_structural_change_says_so_and_can_be_undone_from_the_message(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    train(window.studio.run, trainers.last, 100)
    window.controls.value_requested.emit("generator.widths", (16,))
    assert window.messages.texts == ("The networks were initialised again: generator ▸ widths changed.",)
    qtbot.mouseClick(offer(window, "Undo"), Qt.MouseButton.LeftButton)
    assert window.studio.experiment == preset("gaussians").experiment


def test_choosing_a_preset_in_the_toolbar_loads_it(window: MainWindow) -> None:
    box = window.toolbar.presets
    box.activated.emit(box.findText(preset("ring").title))
    assert window.studio.experiment == preset("ring").experiment
    window.studio.set_value("seed", 5)
    assert box.currentIndex() == -1
    assert box.placeholderText() == "own experiment"


def test_drawing_ones_own_empties_the_canvas_and_takes_a_brush(window: MainWindow) -> None:
    window.controls.drawing_requested.emit(2)
    assert window.studio.experiment.target == Painting()
    assert window.stage.tool.name == "brush"
    window.actions_["play"].trigger()
    assert any("draw something" in text for text in window.messages.texts)


def test_a_finished_stroke_becomes_the_target(window: MainWindow) -> None:
    window.controls.drawing_requested.emit(2)
    window.stage.document.execute(BLOB)
    target = window.studio.experiment.target
    assert isinstance(target, Painting)
    assert target.commands == (BLOB,)
    window.actions_["undo"].trigger()
    assert window.studio.experiment.target == Painting()
    window.actions_["redo"].trigger()
    assert window.stage.document.spec == target


# -- actions ---------------------------------------------------------------------------------------------------------


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    seen: dict[str, str] = {}
    for action in {*window.findChildren(QAction), *window.actions()}:
        for keys in action.shortcuts():
            name = keys.toString()
            assert name not in seen, f"{name}: {seen.get(name)} and {action.text()}"
            seen[name] = action.text()


def test_every_action_has_help_and_stands_in_a_menu(window: MainWindow) -> None:
    in_menus = {action for name in ("file", "export", "edit", "run", "view", "theme", "help")
                for action in window.actions_.menu(name).actions()}  # fmt: skip
    for spec in ACTIONS:
        assert len(spec.help) > 8, spec.name
        assert window.actions_[spec.name] in in_menus, spec.name


def test_the_window_of_shortcuts_lists_every_action_and_can_be_searched(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["shortcuts"].trigger()
    dialog = window.findChild(ShortcutsWindow)
    assert dialog is not None
    qtbot.addWidget(dialog)
    groups = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
    rows = {group.child(at).text(0): group.child(at) for group in groups for at in range(group.childCount())}
    assert len(rows) >= len(ACTIONS)
    assert rows["Play"].text(1) == "Space"
    assert rows["Brush"].text(1) == "B"
    qtbot.keyClicks(dialog.search, "snapshot")
    assert not rows["Previous snapshot"].isHidden()
    assert rows["Play"].isHidden()


# -- documents -------------------------------------------------------------------------------------------------------


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


# -- looks -----------------------------------------------------------------------------------------------------------


def test_the_arrangement_of_docks_outlives_the_window(make: Make) -> None:
    window = make()
    window.docks["jsd"].hide()
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, window.docks["losses"])
    window.close()
    again = make()
    assert again.docks["jsd"].isHidden()
    assert again.dockWidgetArea(again.docks["losses"]) == Qt.DockWidgetArea.BottomDockWidgetArea
    again.actions_["reset_layout"].trigger()
    assert not again.docks["jsd"].isHidden()
    assert again.dockWidgetArea(again.docks["losses"]) == Qt.DockWidgetArea.RightDockWidgetArea


def test_an_arrangement_of_another_version_is_not_restored(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make()
    window.docks["jsd"].hide()
    window.close()
    monkeypatch.setattr(layout, "VERSION", layout.VERSION + 1)
    assert not make().docks["jsd"].isHidden()


def test_a_chosen_theme_is_worn_at_once_and_remembered(window: MainWindow, themes: ThemeController) -> None:
    window.actions_["theme_dark"].trigger()
    assert themes.current == DARK
    assert Settings().theme == "dark"
    window.actions_["switch_theme"].trigger()
    assert Settings().theme == "light"
    assert window.actions_["theme_light"].isChecked()


def test_every_plot_can_be_hidden_from_the_view_menu(window: MainWindow) -> None:
    panels = window.actions_.menu("panels").actions()
    assert len(panels) == 1 + len(window.docks)
    for action in panels:
        action.trigger()
    assert all(dock.isHidden() for dock in (window.controls_dock, *window.docks.values()))
