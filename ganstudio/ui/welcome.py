"""What one sees, in three lines, for somebody who sees it for the first time."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from ganstudio.ui.overlay import Anchor
from ganstudio.ui.theme import LIGHT, Theme

WIDTH = 236
BOTTOM = 46
"""Pixels that keep the plot's axis free."""

LINES = (
    ("real", "dot", "<b>real</b>: the target's samples"),
    ("generated", "dot", "<b>generated</b>: G's samples"),
    ("", "field", "background: <b>what D says</b>"),
)


class WelcomeCard(QFrame):
    """A card in the corner of the stage; goes when it is dismissed and stays away."""

    dismissed = Signal()
    lessons_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._swatches: list[tuple[QLabel, str, str]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for row, (colour, shape, text) in enumerate(LINES):
            swatch = QLabel()
            swatch.setFixedSize(12, 12) if shape == "dot" else swatch.setFixedSize(24, 12)
            self._swatches.append((swatch, colour, shape))
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
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
        buttons = QHBoxLayout()
        buttons.addWidget(lessons)
        buttons.addStretch(1)
        buttons.addWidget(button)
        grid.addWidget(hint, len(LINES), 1, 1, 2)
        grid.addLayout(buttons, len(LINES) + 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        self.set_theme(LIGHT)
        self._anchor = Anchor(self, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, bottom=BOTTOM)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.setStyleSheet(
            f"#welcome {{ background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 8px; }}"
        )
        ramp = (
            "qlineargradient(x1:0, y1:0, x2:1, y2:0, "
            f"stop:0 {theme.generated}, stop:0.5 {theme.neutral}, stop:1 {theme.real})"
        )
        for swatch, colour, shape in self._swatches:
            fill = getattr(theme, colour) if colour else ramp
            swatch.setStyleSheet(f"background: {fill}; border-radius: {6 if shape == 'dot' else 3}px;")

    def dismiss(self) -> None:
        """Go away."""
        self.hide()
        self.dismissed.emit()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self.heightForWidth(WIDTH))
