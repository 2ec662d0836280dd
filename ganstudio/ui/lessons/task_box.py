"""Something to do: the step's task in words, the settings and commands it names at hand, and help with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.setting import Record
from ganstudio.lessons import action as actions
from ganstudio.lessons.lesson import Step
from ganstudio.ui.flow_layout import FlowLayout
from ganstudio.ui.forms.record_form import RecordForm
from ganstudio.ui.lessons.check_words import setting_label
from ganstudio.ui.lessons.prose import Prose
from ganstudio.ui.theme import Theme

A_FEW = 5
"""So many iterations are made one by one."""


class TaskBox(QFrame):
    """The settings are the window's own: set here or there, it is the same."""

    value_requested = Signal(str, object)  # path, value
    setting_requested = Signal(str)  # path: where is it?
    doing_requested = Signal()

    def __init__(self, commands: Mapping[str, QAction], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("task")
        self._commands = commands
        self._experiment = Experiment()
        self._paths: tuple[str, ...] = ()
        self.form: RecordForm | None = None
        self.text = Prose()
        self.buttons: list[QToolButton] = []
        self.do_it = QPushButton("Do it for me")
        self.do_it.setToolTip("Let the program do it while you watch; press again to stop")
        self.do_it.clicked.connect(self.doing_requested)
        self.where = QToolButton()
        self.where.setText("Where?")
        self.where.setProperty("role", "small")
        self.where.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.where.setToolTip("Show the setting where it stands in the controls")
        self.where.clicked.connect(lambda: self.setting_requested.emit(next(iter(self._paths), "")))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 10, 8)
        self._column.setSpacing(6)
        title = QLabel("To do")
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.where)
        self._column.addLayout(head)
        self._column.addWidget(self.text)
        self._row = QWidget()
        self._flow = FlowLayout(self._row, spacing=6)
        self._flow.addWidget(self.do_it)
        self._column.addWidget(self._row)
        self.set_theme(theme)

    def show_step(self, step: Step, experiment: Experiment) -> None:
        """The task of this step."""
        self.setVisible(bool(step.do or step.actions))
        self.text.show_markdown(step.do)
        self.do_it.setVisible(bool(step.actions))
        self._experiment = experiment
        set_paths = [doing.path for doing in step.actions if isinstance(doing, actions.SetValue)]
        self._paths = tuple(dict.fromkeys(set_paths))
        self.where.setVisible(bool(self._paths))
        self._make_form()
        self._make_buttons(step)

    def show_experiment(self, experiment: Experiment) -> None:
        """Its settings as they are now."""
        self._experiment = experiment
        if self.form is not None:
            self.form.show_record(experiment)

    def show_error(self, path: str, message: str) -> None:
        """Mark a setting whose value was refused, where it is shown here."""
        if self.form is not None:
            self.form.show_error(path, message)

    def show_doing(self, *, doing: bool, ready: bool) -> None:
        """Whether the program does it, and whether it could."""
        self.do_it.setText("Stop" if doing else "Do it for me")
        self.do_it.setEnabled(doing or ready)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.setStyleSheet(
            f"#task {{ background: {theme.surface}; border: 1px solid {theme.border};"
            f" border-left: 4px solid {theme.accent}; border-top-right-radius: 6px; border-bottom-right-radius: 6px; }}"
        )

    def _make_form(self) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if not self._paths:
            return
        # The path of a record is that of its kind: "objective" is chosen as "objective.kind".
        only = [path for known in self._paths for path in (known, f"{known}.kind")]
        labels = {path: setting_label(path.removesuffix(".kind")) for path in only}
        exact = [path for path in only if not self._is_record(path)]
        self.form = RecordForm(self._experiment, only=exact, check=self._check, labels=labels)
        self.form.value_requested.connect(self.value_requested)
        self._column.insertWidget(2, self.form)

    def _is_record(self, path: str) -> bool:
        """Whether the path names a group of settings, all of which would be shown."""
        value: Any = self._experiment
        for name in path.split("."):
            value = getattr(value, name, None)
        return isinstance(value, Record)

    def _check(self, path: str, value: Any) -> object:
        return with_value(self._experiment, path, value)

    def _make_buttons(self, step: Step) -> None:
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        names = dict.fromkeys(command_of(doing) for doing in step.actions)
        for name in names:
            if name not in self._commands:
                continue
            button = QToolButton()
            button.setProperty("role", "task")
            button.setDefaultAction(self._commands[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(self._commands[name].text().replace("&", ""))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._flow.insert_widget(len(self.buttons), button)
            button.show()
            self.buttons.append(button)


def command_of(doing: actions.Action) -> str:
    """The name of the window's command by which a person does this; "" where it is no command."""
    if isinstance(doing, actions.Play):
        return "step_iteration" if doing.iterations <= A_FEW and not doing.until_checked else "play"
    if isinstance(doing, actions.SingleUpdates):
        return f"step_{doing.player}"
    return _COMMANDS.get(type(doing), "")


_COMMANDS: dict[type, str] = {
    actions.TrainToOptimality: "train_discriminator",
    actions.Restart: "restart",
    actions.NewSeed: "new_seed",
    actions.Paint: "brush",
}
