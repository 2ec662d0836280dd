"""The list of lessons: those that ship with the program and those of a folder of one's own, with what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganstudio.errors import UserError
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.library import Shelf
from ganstudio.ui.lessons.check_row import Tick
from ganstudio.ui.lessons.check_words import subscripted
from ganstudio.ui.panels.panel import heading, note
from ganstudio.ui.scroll_content import ScrollContent
from ganstudio.ui.theme import Theme

INTRODUCTION = (
    "Short tours of the running model. Each loads its own experiments; your own session is kept aside meanwhile and "
    "comes back as it was."
)


@dataclass(frozen=True)
class Entry:
    """A lesson on the list, and how many of its steps were done."""

    lesson: Lesson
    done: int

    @property
    def is_complete(self) -> bool:
        """Whether all of it was done."""
        return self.done == len(self.lesson.steps)


class LessonList(QWidget):
    """Shows the shelves it is given."""

    lesson_requested = Signal(object, object)  # Lesson, Path of its folder or None for a shipped one
    folder_requested = Signal()
    folder_forgotten = Signal()
    reload_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cards: list[LessonCard] = []
        self.faults: list[QLabel] = []
        self._inside = ScrollContent()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(12, 4, 12, 8)
        self._list.setSpacing(4)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidget(self._inside)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside.setAutoFillBackground(False)
        self.scroll_area.viewport().setAutoFillBackground(False)
        self.open_folder = QPushButton("Open a lesson folder…")
        self.open_folder.setToolTip(
            "Lessons of your own: a folder with a folder for each, see resources/lessons/README.md"
        )
        self.open_folder.clicked.connect(self.folder_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.scroll_area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.addWidget(self.open_folder)
        column.addLayout(foot)

    def show_shelves(
        self, shipped: Iterable[Entry], faults: Iterable[UserError], own: Shelf | None, own_entries: Iterable[Entry]
    ) -> None:
        """Show these lessons; ``own`` is the folder of the person's own, where one is open."""
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.cards, self.faults = [], []
        self._list.addWidget(note(INTRODUCTION))
        for number, entry in enumerate(shipped, start=1):
            self._add_card(entry, None, number)
        self._add_faults(faults)
        if own is not None:
            self._add_own(own, own_entries)
        self._list.addStretch(1)

    def show_own(self) -> None:
        """Scroll to the folder of one's own."""
        QTimer.singleShot(0, self, lambda: self.scroll_area.verticalScrollBar().setValue(2**20))

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        for card in self.cards:
            card.set_theme(theme)

    def _add_own(self, own: Shelf, entries: Iterable[Entry]) -> None:
        title = heading(own.folder.name or str(own.folder))
        title.setToolTip(str(own.folder))
        self._list.addWidget(title)
        for number, entry in enumerate(entries, start=1):
            self._add_card(entry, own.folder, number)
        self._add_faults(own.faults)
        for text, tip, signal in (
            ("Read the folder again", "After a change of its files", self.reload_requested),
            (
                "Close the folder",
                "Take these lessons off the list; nothing on the disk is touched",
                self.folder_forgotten,
            ),
        ):
            button = QPushButton(text)
            button.setToolTip(tip)
            button.clicked.connect(signal)
            self._list.addWidget(button)

    def _add_card(self, entry: Entry, folder: Path | None, number: int) -> None:
        card = LessonCard(entry, number, self._theme)
        card.clicked.connect(lambda: self.lesson_requested.emit(entry.lesson, folder))
        self.cards.append(card)
        self._list.addWidget(card)

    def _add_faults(self, faults: Iterable[UserError]) -> None:
        for fault in faults:
            label = QLabel(str(fault))
            label.setProperty("role", "error")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self.faults.append(label)
            self._list.addWidget(label)


class LessonCard(QAbstractButton):
    """One lesson: its number and title, a sentence, and how much of it was done."""

    def __init__(self, entry: Entry, number: int, theme: Theme) -> None:
        super().__init__()
        self.entry = entry
        self._theme = theme
        lesson = entry.lesson
        self.tick = Tick(theme)
        self.tick.set_on(entry.is_complete)
        title = QLabel(f"{number}. {subscripted(lesson.title)}")
        title.setProperty("role", "title")
        summary = QLabel(subscripted(lesson.summary))
        count = len(lesson.steps)
        steps = QLabel(f"{count} steps" if entry.done in (0, count) else f"{entry.done} of {count} steps done")
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.tick, 0, 0, Qt.AlignmentFlag.AlignTop)
        for row, label in enumerate((title, summary, steps)):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            if label is not title:
                label.setProperty("role", "muted")
            grid.addWidget(label, row, 1)
        grid.setColumnStretch(1, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip("Begin this lesson, or go on where you left it")
        self.setAccessibleName(lesson.title)
        self.setAccessibleDescription(f"{lesson.summary} {steps.text()}")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.tick.set_theme(theme)
        self.update()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(240, 60) if layout is None else layout.sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return 60 if layout is None else layout.heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        marked = self.hasFocus()
        painter.setPen(QColor(theme.accent if marked else theme.border))
        painter.setBrush(QColor(theme.raised if self.underMouse() or self.isDown() else theme.surface))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
