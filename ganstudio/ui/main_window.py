"""The window: builds what is in it, wires it together, and closes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import preset
from ganstudio.session.recovery import RecoveryStore
from ganstudio.ui import logbook, menus, undo_actions
from ganstudio.ui.actions import Actions, shortcut_table
from ganstudio.ui.appearance import Appearance
from ganstudio.ui.banner import Messages
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.canvas.tools import ToolEntry
from ganstudio.ui.documents import FIRST_PRESET, Documents
from ganstudio.ui.exports import Exports, open_folder
from ganstudio.ui.file_drops import FileDrops
from ganstudio.ui.help import AboutWindow, ShortcutsWindow, rows_of
from ganstudio.ui.jobs import Jobs
from ganstudio.ui.lessons.lessons import Lessons
from ganstudio.ui.lessons.lessons_dock import LessonsDock
from ganstudio.ui.lessons.scenery import Scenery
from ganstudio.ui.lookout import Lookout
from ganstudio.ui.notices import Notices
from ganstudio.ui.panels.control_column import RECIPE, ControlColumn
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.run_commands import RunCommands
from ganstudio.ui.settings import WELCOMED, Settings
from ganstudio.ui.side_windows import SideWindows
from ganstudio.ui.status import StatusBar
from ganstudio.ui.studio import Studio
from ganstudio.ui.target_files import TargetFiles
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.theory.docks import TheoryDocks
from ganstudio.ui.toolbar import Toolbar
from ganstudio.ui.trainer_link import TrainerLink
from ganstudio.ui.trainer_thread import TrainerThread
from ganstudio.ui.training_run import RunState
from ganstudio.ui.views import Views
from ganstudio.ui.welcome import WelcomeCard


class MainWindow(QMainWindow):
    """Owns every part and no numbers."""

    closed = Signal()

    def __init__(
        self,
        settings: Settings,
        themes: ThemeController,
        make_trainer: Callable[[], TrainerLink] = TrainerThread,
        store: RecoveryStore | None = None,
    ) -> None:
        super().__init__()
        self.settings, self.themes = settings, themes
        self.studio = Studio(preset(FIRST_PRESET).experiment, make_trainer, self)
        self._is_shut_down = False
        self.setDockNestingEnabled(True)
        self.actions_ = Actions(self)
        self.actions_.fill(self.menuBar())
        self.toolbar = Toolbar(self.actions_)
        self.addToolBar(self.toolbar)
        self.stage = Stage(themes.current)
        self.jobs = Jobs()
        self.setCentralWidget(self.stage)
        self.messages = Messages(self.stage.view)
        self.messages.keep(self.jobs)  # in the window's own layout a job would move the stage
        self.welcome = WelcomeCard(self.stage.view)
        self.welcome.keep_above(self.messages)
        self.status = StatusBar()
        self.setStatusBar(self.status)
        self.controls = ControlColumn(self.studio.experiment, themes.current)
        self.controls_dock = QDockWidget("Controls", self)
        self.controls_dock.setObjectName("controls")
        self.controls_dock.setWidget(self.controls)
        self.docks = {name: PlotDock(entry, entry.create, themes.current, self) for name, entry in PLOTS.items()}
        self.theory = TheoryDocks(self.studio, self.stage, themes.current, self)
        docks = {**self.docks, **self.theory.docks}
        self.views = Views(self.studio, self.stage, self.controls, docks, self)
        self.documents = Documents(self.studio, self.views, settings, store or RecoveryStore(), self)
        self.lessons = self._make_lessons(docks)
        self.lookout = Lookout(self.studio, self)
        self.notices = Notices(
            self.messages, self.studio, self.documents, self.lookout, lambda: self.lessons.is_in_lesson
        )
        self.target_files = TargetFiles(self.studio, settings, self)
        self.exports = Exports(self.documents, self.jobs, self.messages, settings, self)
        self.exports.set_plots(self.docks, self.views.bring_up_to_date)
        self.appearance = Appearance(
            self, settings, themes, self.controls, self.controls_dock, tuple(docks.values()), self.views
        )
        self.appearance.keep_behind_controls(self.lessons.dock)
        self.side_windows = SideWindows(self.studio, settings, themes, make_trainer, self)
        self.run_commands = RunCommands(self.studio, settings, self.toolbar, self.status, self)
        self.drops = FileDrops(self, self.open_file)
        self._fill_menus()
        self.actions_.connect(self._handlers())
        self._wire()
        self.appearance.dress(
            *(self.actions_, self.toolbar, self.stage, self.controls, self.status, self.messages, self.welcome),
            self.lessons.dock,
        )
        self.appearance.theme_chosen.connect(lambda mode: self.actions_[f"theme_{mode}"].setChecked(True))
        self.actions_[f"theme_{themes.mode}"].setChecked(True)
        self.appearance.restore()
        self.welcome.setVisible(not settings.get(WELCOMED))
        self._on_lesson()
        self._show_document()

    def _make_lessons(self, docks: dict[str, PlotDock]) -> Lessons:
        commands = {**self.actions_, **self.stage.controls.tools}
        dock = LessonsDock(commands, self.themes.current, self)
        scenery = Scenery(self, self.stage, self.controls_dock, dock, docks)
        return Lessons(self.studio, self.documents, dock, scenery, self.settings, self)

    # -- opening and closing -------------------------------------------------------------------------------------

    def begin(self, path: Path | None = None) -> None:
        """Come alive: show the first experiment, or a file, and start the trainer."""
        self.stage.view.setFocus()
        self.studio.open()
        if path is not None:
            self.open_file(path)
        self.documents.offer_recovery()

    def open_file(self, path: Path) -> None:
        """Open whatever a file is: a session, or a target."""
        if path.suffix.lower() == ".gans":
            self.documents.open(path)
        else:
            self.target_files.load(path)

    def close_at_once(self) -> None:
        """Close without asking; what is unsaved is offered at the next start."""
        self.documents.keep_for_recovery()
        self._close_now()

    def shut_down(self) -> None:
        """End everything that runs; at most two seconds. Doing so twice is harmless."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self.side_windows.begin_to_close()
        self.lookout.close()
        self.jobs.close_all()
        self.target_files.close()
        self.exports.close()
        self.lessons.close()
        self.documents.close()
        self.studio.close()
        self.side_windows.close()
        self.settings.save()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_shut_down:
            event.accept()
            return
        event.ignore()
        self.documents.when_safe(self._close_now)

    def _close_now(self) -> None:
        self.lessons.leave()  # what is remembered is how the window was before
        self.appearance.remember()
        self.hide()  # what follows may take a second
        self.shut_down()
        self.close()
        self.closed.emit()  # Qt takes no notice of a hidden window's closing

    # -- wiring --------------------------------------------------------------------------------------------------

    def _wire(self) -> None:
        studio, run = self.studio, self.studio.run
        studio.value_refused.connect(self.controls.show_error)
        studio.experiment_changed.connect(self._on_experiment)
        run.state_changed.connect(self._on_state)
        self.status.watch(studio)
        self.stage.document.painting_changed.connect(studio.paint)
        self.stage.document.painting_previewed.connect(studio.preview_painting)
        self.stage.document.preview_cancelled.connect(studio.end_preview)
        self.controls.value_requested.connect(studio.set_value)
        self.controls.preset_requested.connect(studio.load_preset)
        self.controls.recipe_requested.connect(studio.load_recipe)
        self.lookout.seen.connect(self.controls.recipe.show_sight)
        self.controls.drawing_requested.connect(self.target_files.begin_painting)
        self.controls.file_requested.connect(self.target_files.choose_and_load)
        self.toolbar.preset_requested.connect(studio.load_preset)
        self.documents.changed.connect(self._show_document)
        self.target_files.message.connect(self.messages.say)
        self.target_files.tool_wanted.connect(self.stage.select_tool)
        self.theory.setting_wanted.connect(self._show_setting)
        self.lessons.dock.step.task.setting_requested.connect(self._show_setting)
        self.lessons.join(self.messages, self.toolbar, self.theory, self.welcome)
        self.lessons.changed.connect(self._on_lesson)
        for dock in self.docks.values():
            dock.export_requested.connect(partial(self.exports.ask, "plot"))
        self.stage.easel.tool_changed.connect(self._on_tool)
        self.welcome.dismissed.connect(lambda: self.settings.set(WELCOMED, True))
        strokes = self.stage.controls
        undo_actions.follow(studio.undo_group, self.actions_, (strokes.undo, strokes.redo))

    def _handlers(self) -> dict[str, Callable[[], object]]:
        studio, documents = self.studio, self.documents
        return {
            "new": documents.new,
            "open": documents.choose_and_open,
            "save": documents.save,
            "save_as": documents.save_as,
            "load_target": self.target_files.choose_and_load,
            "save_painting": self.target_files.save_painting,
            "export_generator": lambda: self.exports.ask("generator"),
            "export_samples": lambda: self.exports.ask("samples"),
            "export_view": lambda: self.exports.ask("view"),
            "quit": self.close,
            "undo": partial(self._after_cancelling, studio.undo_group.undo),
            "redo": partial(self._after_cancelling, studio.undo_group.redo),
            "play": studio.toggle,
            "step_iteration": lambda: studio.step_iterations(1),
            "step_discriminator": lambda: studio.step("discriminator"),
            "step_generator": lambda: studio.step("generator"),
            "walk": self.theory.walk,
            "step_many": self.run_commands.step_many,
            "recipes": partial(self._show_setting, RECIPE),
            **self.side_windows.handlers(),
            "restart": studio.restart,
            "new_seed": studio.new_seed,
            "speed_limit": self.run_commands.ask_speed,
            "previous_snapshot": partial(self.run_commands.scrub, -1),
            "next_snapshot": partial(self.run_commands.scrub, +1),
            "theme_system": partial(self.appearance.choose_theme, "system"),
            "theme_light": partial(self.appearance.choose_theme, "light"),
            "theme_dark": partial(self.appearance.choose_theme, "dark"),
            "switch_theme": self.appearance.switch_theme,
            "full_screen": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            "reset_layout": self.appearance.reset_layout,
            **self.lessons.handlers(),
            "train_discriminator": studio.train_discriminator,
            "what_one_sees": self.welcome.show,
            "shortcuts": self._show_shortcuts,
            "open_log": lambda: open_folder(logbook.folder()),
            "about": lambda: AboutWindow(self).show(),
        }

    def _fill_menus(self) -> None:
        menu = self.actions_.menu
        menus.fill_panels(menu("panels"), (self.controls_dock, *self.docks.values()))
        self.theory.fill(menu("theory"))
        menus.fill_exports(menu("export_plot"), self.docks, self.exports.ask)
        menus.fill_stage(self.actions_, self.stage)
        menus.fill_recent(menu("recent"), self.settings, self.documents.open)

    def _on_experiment(self, old: Experiment, new: Experiment) -> None:
        self.toolbar.show_experiment(new)
        self.welcome.show_dimension(new.target.dimension)
        self.status.show_stop(new.stop)

    def _on_tool(self, entry: ToolEntry) -> None:
        if entry.make is not None and self.welcome.isVisible():
            self.welcome.dismiss()  # it would lie where one paints

    def _on_lesson(self) -> None:
        for name in ("next_step", "last_step", "leave_lesson"):
            self.actions_[name].setEnabled(self.lessons.is_in_lesson)

    def _show_setting(self, path: str) -> None:
        self.controls_dock.show()
        self.controls_dock.raise_()
        self.controls.point_at(path)

    def _on_state(self, state: RunState) -> None:
        self.status.show_state(state)
        self.actions_.set_playing(self.studio.run.is_training)

    def _show_document(self) -> None:
        self.setWindowTitle(f"{self.documents.name}[*]")
        self.setWindowModified(self.documents.is_dirty)
        self.setWindowFilePath(str(self.documents.path or ""))
        self.actions_.menu("recent").menuAction().setEnabled(bool(self.settings.recent_files))

    def _after_cancelling(self, then: Callable[[], None]) -> None:
        self.stage.input.cancel()
        then()

    def _show_shortcuts(self) -> None:
        ShortcutsWindow((*shortcut_table(), *rows_of("Stage", self.stage.actions())), self).show()
