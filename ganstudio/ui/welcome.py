"""What one sees, in three lines, for somebody who sees it for the first time."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from ganstudio.ui.overlay import Anchor
from ganstudio.ui.theme import LIGHT, Theme

WIDTH = 236
BOTTOM = 46
"""Pixels that keep the plot's axis free."""

DOT, BAND = (12, 12), (24, 12)
LINES = {
    2: (
        ("real", DOT, "<b>real</b>: the target's samples"),
        ("generated", DOT, "<b>generated</b>: G's samples"),
        ("", BAND, "background: <b>what D says</b>"),
    ),
    1: (
        ("real", DOT, "<b>real</b>: the target's density"),
        ("generated", DOT, "<b>generated</b>: G's density"),
        ("discriminator", DOT, "<b>what D says</b>: right axis"),
    ),
}
"""For targets of each dimension: a colour of the theme, or "" for the field's, the size of its swatch, and a text."""


class WelcomeCard(QFrame):
    """A card in the corner of the stage; goes when it is dismissed and stays away."""

    dismissed = Signal()
    lessons_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._theme = LIGHT
        self._dimension = 2
        self._rows: list[tuple[QLabel, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for row in range(len(LINES[2])):
            swatch, label = QLabel(), QLabel()
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            self._rows.append((swatch, label))
            grid.addWidget(swatch, row, 0, Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(label, row, 1, 1, 2)
        hint = QLabel("<b>Space</b> trains, <b>B</b> draws.")
        hint.setWordWrap(True)
        lessons = QPushButton("First lesson")
        lessons.setToolTip("Short tours of the running model; the menu Learn has them all")
        lessons.clicked.connect(self.dismiss)
        lessons.clicked.connect(self.lessons_requested)
        button = QPushButton("Got it")
        button.clicked.connect(self.dismiss)
        for pressed in (lessons, button):
            pressed.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # it goes with its card; the keys stay with the stage
        buttons = QHBoxLayout()
        buttons.addWidget(lessons)
        buttons.addStretch(1)
        buttons.addWidget(button)
        grid.addWidget(hint, len(self._rows), 1, 1, 2)
        grid.addLayout(buttons, len(self._rows) + 1, 1, 1, 2)
        grid.setColumnMinimumWidth(0, BAND[0])
        grid.setColumnStretch(1, 1)
        self.set_theme(LIGHT)
        self._anchor = Anchor(self, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, bottom=BOTTOM)

    def show_dimension(self, dimension: int) -> None:
        """Tell what one sees of targets of this dimension, 1 or 2."""
        if dimension != self._dimension:
            self._dimension = dimension
            self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.setStyleSheet(
            f"#welcome {{ background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 8px; }}"
        )
        self._tell()

    def _tell(self) -> None:
        theme = self._theme
        ramp = (
            "qlineargradient(x1:0, y1:0, x2:1, y2:0, "
            f"stop:0 {theme.generated}, stop:0.5 {theme.neutral}, stop:1 {theme.real})"
        )
        for (swatch, label), (colour, size, text) in zip(self._rows, LINES[self._dimension], strict=True):
            label.setText(text)
            swatch.setFixedSize(*size)
            fill = getattr(theme, colour) if colour else ramp
            swatch.setStyleSheet(f"background: {fill}; border-radius: {6 if size == DOT else 3}px;")

    def keep_above(self, other: QWidget) -> None:
        """Make room for what comes and goes at the foot of the stage."""
        self._anchor.keep_above(other)

    def dismiss(self) -> None:
        """Go away."""
        self.hide()
        self.dismissed.emit()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self.heightForWidth(WIDTH))
