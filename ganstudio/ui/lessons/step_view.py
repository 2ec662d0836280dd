"""A lesson as it is played: the step's text and formula, what there is to do, how its checks stand, and the way on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment import Experiment
from ganstudio.lessons.lesson import Step
from ganstudio.lessons.progress import LessonProgress
from ganstudio.ui.forms.formula_view import FormulaView
from ganstudio.ui.icons import icon
from ganstudio.ui.lessons.check_row import CheckRow
from ganstudio.ui.lessons.progress_dots import ProgressDots
from ganstudio.ui.lessons.prose import Prose, Wrapped
from ganstudio.ui.lessons.task_box import TaskBox
from ganstudio.ui.panels.section import ElidedLabel
from ganstudio.ui.style import restyle
from ganstudio.ui.theme import Theme

LOWEST = 96
"""Pixels that the text has at least, in a low window."""


class StepView(QWidget):
    """Shows what it is told; wishes go out as signals. What there is to do stays in sight, only the text scrolls."""

    step_requested = Signal(int)
    next_lesson_requested = Signal()
    again_requested = Signal()
    leave_requested = Signal()
    skip_requested = Signal()

    def __init__(self, commands: Mapping[str, QAction], theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._place: LessonProgress | None = None
        self._step: Step | None = None
        self._has_next_lesson = False
        self._done: frozenset[int] = frozenset()
        self.lesson_title = ElidedLabel(Qt.AlignmentFlag.AlignLeft)
        self.lesson_title.setProperty("role", "muted")
        self.again = self._tool("restart", "Begin this step again")
        self.leave = self._tool("close", "Leave the lesson: your own session comes back as it was")
        self.title, self.prose, self.formula = Wrapped(), Prose(), FormulaView(theme)
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setWeight(font.Weight.DemiBold)
        self.title.setFont(font)
        self.task = TaskBox(commands, theme)
        self.checks: list[CheckRow] = []
        self.note, self.skip = QLabel(), QPushButton("Begin anew instead")
        self.skip.setToolTip("Do not wait for the earlier steps: a new run begins here")
        self.back, self.next = QPushButton("Back"), QPushButton("Next")
        self.back.setToolTip("The step before (Ctrl+PgUp)")
        self.next.setToolTip("On (Ctrl+PgDown), whether the step is ticked off or not")
        self.dots = ProgressDots(theme)
        self._lay_out()
        self._connect()

    # -- what is shown -------------------------------------------------------------------------------------------

    def show_step(
        self, place: LessonProgress, experiment: Experiment, done: Iterable[int], *, has_next_lesson: bool
    ) -> None:
        """Another step, or the same again."""
        step = place.step
        self._place, self._step, self._has_next_lesson = place, step, has_next_lesson
        self.lesson_title.set_text(f"Step {place.at + 1} of {len(place.lesson.steps)} · {place.lesson.title}")
        self.title.setText(step.title)
        self.prose.show_markdown(f"{place.lesson.introduction}\n\n{step.text}" if place.at == 0 else step.text)
        self.formula.show_formula(step.formula)
        self.task.show_step(step, experiment)
        for row in self.checks:
            self._checks.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.checks = [CheckRow(check, self._theme) for check in step.checks]
        for row in self.checks:
            self._checks.addWidget(row)
        self.show_state(place, done, doing=False, ready=False, catching_up=None)
        self.scroll_area.verticalScrollBar().setValue(0)

    def show_state(
        self, place: LessonProgress, done: Iterable[int], *, doing: bool, ready: bool, catching_up: int | None
    ) -> None:
        """How the step stands, and what the program is doing."""
        if place.step is not self._step:
            return
        self._place, self._done = place, frozenset(done)
        values = place.values or (None,) * len(self.checks)
        for number, (row, value) in enumerate(zip(self.checks, values, strict=True)):
            row.show_state(value, place.held(number), ticked=number in place.ticked)
        self.task.show_doing(doing=doing, ready=ready)
        self.note.setVisible(catching_up is not None)
        self.skip.setVisible(catching_up is not None)
        if catching_up is not None:
            earlier = place.lesson.steps[catching_up].title
            self.note.setText(f"On the way here the program does step {catching_up + 1}, “{earlier}” …")
        steps = place.lesson.steps
        last = place.at == len(steps) - 1
        self.dots.show_steps((step.title for step in steps), place.at, self._done)
        self.back.setEnabled(place.at > 0)
        self.next.setText(("Next lesson" if self._has_next_lesson else "Finish") if last else "Next")
        self._emphasise(self.next, on=place.step_done or not place.step.checks)

    def show_experiment(self, old: Experiment, new: Experiment) -> None:
        """The settings of the task as they are now."""
        self.task.show_experiment(new)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        for part in (self.formula, self.task, self.dots):
            part.set_theme(theme)
        for row in self.checks:
            row.set_theme(theme)
        self.again.setIcon(icon("restart", theme))
        self.leave.setIcon(icon("close", theme))

    # -- inside --------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """To the next step, or from the last to the next lesson."""
        if self._place is None:
            return
        if self._place.at + 1 < len(self._place.lesson.steps):
            self.step_requested.emit(self._place.at + 1)
        else:
            self.next_lesson_requested.emit()

    def go_back(self) -> None:
        """To the step before."""
        if self._place is not None and self._place.at > 0:
            self.step_requested.emit(self._place.at - 1)

    def _connect(self) -> None:
        self.again.clicked.connect(self.again_requested)
        self.leave.clicked.connect(self.leave_requested)
        self.skip.clicked.connect(self.skip_requested)
        self.next.clicked.connect(self.go_on)
        self.back.clicked.connect(self.go_back)
        self.dots.step_requested.connect(self.step_requested)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 6, 0)
        head.setSpacing(2)
        head.addWidget(self.lesson_title, 1)
        head.addWidget(self.again)
        head.addWidget(self.leave)
        inside = QWidget()
        text = QVBoxLayout(inside)
        text.setContentsMargins(12, 2, 12, 4)
        text.setSpacing(6)
        text.addWidget(self.title)
        text.addWidget(self.prose)
        text.addWidget(self.formula)
        text.addStretch(1)
        self.scroll_area = _Reading(inside)
        self.note.setWordWrap(True)
        self._checks = QVBoxLayout()
        self._checks.setSpacing(4)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.dots)
        foot.addStretch(1)
        foot.addWidget(self.next)
        below = QVBoxLayout()
        below.setContentsMargins(12, 0, 12, 8)
        below.setSpacing(8)
        below.addWidget(self.note)
        below.addWidget(self.skip, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.task)
        below.addLayout(self._checks)
        below.addStretch(1)
        below.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.scroll_area)
        column.addLayout(below, 1)

    def _tool(self, picture: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture, self._theme))
        button.setIconSize(QSize(16, 16))
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(":")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _emphasise(self, button: QPushButton, *, on: bool) -> None:
        role = "primary" if on else ""
        if button.property("role") != role:
            button.setProperty("role", role)
            restyle(button)


class _Reading(QScrollArea):
    """As high as what is in it, so that what follows stands right below; it scrolls where there is less room."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(LOWEST)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:
        # As if there were a scroll bar: one that comes and goes would change the height, and so come and go.
        width = self.width() - self.verticalScrollBar().sizeHint().width()
        return QSize(self.width(), max(LOWEST, self._inside.heightForWidth(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
