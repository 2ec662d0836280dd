"""The window as a person meets it, with a trainer that says what a test lets it say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from doubles import Trainers, offer, progress_at, train
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QEnterEvent, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from ganstudio.experiment.painting import GaussianBlob
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import recipe
from ganstudio.experiment.targets import Painting
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.population import StartPopulation
from ganstudio.ui import layout
from ganstudio.ui.actions import ACTIONS
from ganstudio.ui.compare.compare_window import CompareWindow
from ganstudio.ui.help import ShortcutsWindow
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.menu_tips import show_tips
from ganstudio.ui.population.population_window import PopulationWindow
from ganstudio.ui.settings import WELCOMED, Settings
from ganstudio.ui.theme import DARK, ThemeController
from ganstudio.ui.training_run import RunState

BLOB = GaussianBlob(centre=(0.0, 0.0), sigma=0.3)
Make = Callable[[], MainWindow]


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


def test_the_card_for_newcomers_tells_what_one_sees_on_the_line(window: MainWindow) -> None:
    def told() -> str:
        return " ".join(label.text() for label in window.welcome.findChildren(QLabel))

    assert "background" in told()
    window.studio.load_preset("gaussian-1d")
    assert "background" not in told()
    assert "right axis" in told()
    window.studio.load_preset("ring")
    assert "background" in told()


def test_the_card_for_newcomers_makes_room_for_what_is_said_meanwhile(window: MainWindow) -> None:
    before = window.welcome.geometry()
    window.messages.say("warning", "An unsaved session was not saved when the program ended. " * 5, key="recovery")
    assert window.messages.geometry().intersects(before)
    assert not window.messages.geometry().intersects(window.welcome.geometry())
    assert window.stage.view.rect().contains(window.welcome.geometry())
    window.messages.withdraw("recovery")
    assert window.welcome.geometry() == before


def test_a_click_on_what_a_message_offers_leaves_the_keys_with_the_stage(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.stage.view.hasFocus)
    window.messages.say("warning", "It stopped.", ("Go back", lambda: None))
    qtbot.mouseClick(offer(window, "Go back"), Qt.MouseButton.LeftButton)
    assert window.messages.texts == ()
    assert window.stage.view.hasFocus()


def test_a_job_under_way_does_not_move_the_stage(window: MainWindow) -> None:
    before = window.stage.view.geometry()
    window.jobs.show()
    window.stage.layout().activate()  # type: ignore[union-attr]
    assert window.jobs.isVisible()
    assert window.stage.view.geometry() == before
    assert window.stage.view.rect().contains(window.messages.geometry())
    window.jobs.hide()
    assert not window.messages.isVisible()


def test_the_stage_keeps_the_most_space_on_a_small_screen(qtbot: QtBot, window: MainWindow) -> None:
    window.appearance.reset_layout()
    qtbot.waitUntil(lambda: window.stage.width() > 0)
    right = max(dock.width() for dock in window.docks.values() if dock.isVisible())
    assert window.width() == 1280
    assert window.height() == 720
    assert window.stage.width() > window.controls_dock.width()
    assert window.stage.width() > right


def test_a_tool_under_the_mouse_does_not_take_the_place_of_the_timeline(window: MainWindow) -> None:
    brush = window.stage.controls.tools["brush"]
    button = next(button for button in window.stage.strip.findChildren(QToolButton) if button.defaultAction() is brush)
    here = QPointF(button.rect().center())
    QApplication.sendEvent(button, QEnterEvent(here, here, here))
    assert window.status.currentMessage() == ""
    assert window.status.timeline.isVisible()


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
    in_menus = {action for name in ("file", "export", "edit", "run", "view", "theme", "learn", "help")
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
    assert "density" in rows["Brush"].text(2)
    qtbot.keyClicks(dialog.search, "snapshot")
    assert not rows["Previous snapshot"].isHidden()
    assert rows["Play"].isHidden()


def test_what_an_entry_of_a_menu_is_for_stands_beside_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.actions_.menu("theory")
    menu.popup(QPoint(0, 0))
    entry = menu.actionGeometry(menu.actions()[0]).center()
    QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, entry, menu.mapToGlobal(entry)))
    assert "D trained to optimality" in QToolTip.text()
    tip = next(widget for widget in QApplication.topLevelWidgets() if widget.inherits("QTipLabel"))
    assert not tip.geometry().intersects(menu.geometry())
    assert tip.width() < 400
    menu.close()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_an_entry_of_a_menu_without_a_tooltip_does_not_repeat_its_text(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    show_tips(menu)
    menu.addAction("Export &plot")
    menu.popup(QPoint(0, 0))
    entry = menu.actionGeometry(menu.actions()[0]).center()
    QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, entry, menu.mapToGlobal(entry)))
    assert QToolTip.text() == ""


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


def test_a_recipe_is_applied_from_the_column_and_undone_from_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    before = window.studio.experiment
    window.actions_["recipes"].trigger()
    panel = window.controls.recipe
    qtbot.waitUntil(panel.list.isVisible)
    qtbot.keyClick(panel.list, Qt.Key.Key_Home)
    assert window.studio.experiment is before
    qtbot.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    assert recipe("plain-2014").changes(window.studio.experiment) == ()
    assert panel.summary() == "Plain GAN (2014)"
    assert window.actions_["undo"].text() == "&Undo recipe “Plain GAN (2014)”"
    window.actions_["undo"].trigger()
    assert window.studio.experiment == before
    assert panel.summary() == "Studio default"


def test_a_comparison_is_opened_from_the_menu_and_closed_with_the_window(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    window.actions_["compare"].trigger()
    compare = window.side_windows.made["compare"]
    assert isinstance(compare, CompareWindow)
    assert compare.isVisible()
    qtbot.mouseClick(compare.play, Qt.MouseButton.LeftButton)
    assert len(trainers.made) == 3
    window.appearance.switch_theme()
    assert compare.columns[0].cloud.backgroundBrush().color().name() == DARK.surface
    window.close_at_once()
    assert not compare.isVisible()
    assert all(trainer.stopped for trainer in trainers.made)


def test_a_population_is_opened_from_the_menu_and_closed_with_the_window(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    assert window.side_windows.made == {}
    window.actions_["population"].trigger()
    population = window.side_windows.made["population"]
    assert isinstance(population, PopulationWindow)
    assert population.isVisible()
    qtbot.mouseClick(population.play, Qt.MouseButton.LeftButton)
    assert len(trainers.made) == 2
    assert trainers.last.sent_of(StartPopulation)[0].members[0].target == window.studio.experiment.target
    window.appearance.switch_theme()
    window.close_at_once()
    assert not population.isVisible()
    assert all(trainer.stopped for trainer in trainers.made)


def test_a_plot_behind_another_tab_is_made_when_it_is_looked_at_first(window: MainWindow) -> None:
    hidden = [dock for dock in window.docks.values() if not dock.on_screen]
    assert hidden
    assert all(dock.made_panel is None for dock in hidden)
    hidden[0].raise_()
    assert hidden[0].made_panel is not None
