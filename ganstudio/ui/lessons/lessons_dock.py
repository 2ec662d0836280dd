"""The dock of the lessons: their list, or the one that is played."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QStackedWidget, QWidget

from ganstudio.ui.lessons.lesson_list import LessonList
from ganstudio.ui.lessons.step_view import StepView
from ganstudio.ui.theme import Theme

NARROWEST = 300


class LessonsDock(QDockWidget):
    """Stands in the place of the controls, which stay behind it as a tab."""

    def __init__(self, commands: Mapping[str, QAction], theme: Theme, window: QWidget) -> None:
        super().__init__("Lessons", window)
        self.setObjectName("lessons")
        self.list = LessonList(theme)
        self.step = StepView(commands, theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.step)
        self._stack.setMinimumWidth(NARROWEST)
        self.setWidget(self._stack)
        self.toggleViewAction().setToolTip("Short tours of the running model, step by step")

    def show_list(self) -> None:
        """The list of lessons."""
        self._stack.setCurrentWidget(self.list)

    def show_lesson(self) -> None:
        """The lesson that is played."""
        self._stack.setCurrentWidget(self.step)

    @property
    def shows_lesson(self) -> bool:
        """Whether a lesson is shown, not the list."""
        return self._stack.currentWidget() is self.step

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.list.set_theme(theme)
        self.step.set_theme(theme)
