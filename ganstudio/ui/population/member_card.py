"""One member, large: what it makes now, and what sets it apart; from here it goes into the window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.ui.panels.section import ElidedLabel
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.population.small_stage import SmallStage
from ganstudio.ui.theme import Theme

NONE = "Point at a cell, or click it"


class MemberCard(QWidget):
    """Shows the member that is pointed at, or else the one that is chosen."""

    wanted = Signal()  # its experiment, in the window

    def __init__(self, stage: SmallStage, theme: Theme) -> None:
        super().__init__()
        self.title = QLabel(NONE)
        self.title.setProperty("role", "title")
        self.state = ElidedLabel(Qt.AlignmentFlag.AlignRight)
        self.state.setProperty("role", "muted")
        self.picture = _Picture(stage, theme)
        self.take = QPushButton("Take into the window")
        self.take.setToolTip("Click a cell first")
        self.take.setEnabled(False)
        self.take.clicked.connect(self.wanted)
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.title)
        heading.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(heading)
        column.addWidget(self.picture, 1)
        column.addWidget(self.take)
        self.set_theme(theme)

    def show_member(self, name: str, points: NDArray[np.floating] | None, jsd: float, broken_by: int | None) -> None:
        """What there is of a member; ``broken_by`` is the iteration by which its numbers were no longer finite."""
        self.title.setText(name or NONE)
        said = f"JSD {figure(jsd)} nats" if np.isfinite(jsd) else ""
        if broken_by is not None:
            said = f"diverged by iteration {broken_by:,}: its numbers are no longer finite"
        self.state.set_text(said if name else "")
        self.picture.show_points(points)

    def offer(self, name: str) -> None:
        """Say which member would be taken into the window; '' none."""
        self.take.setEnabled(bool(name))
        self.take.setToolTip(
            f"Make the experiment of “{name}” that of the window, and begin it there from the start. What the window "
            "has now comes back with Undo."
            if name
            else "Click a cell first"
        )

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self.state.setFont(tabular(self.font(), scale=0.95))
        self.picture.set_theme(theme)


class _Picture(QWidget):
    def __init__(self, stage: SmallStage, theme: Theme) -> None:
        super().__init__()
        self._stage, self._theme = stage, theme
        self._points: NDArray[np.floating] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 140)

    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    def show_points(self, points: NDArray[np.floating] | None) -> None:
        if points is not self._points:
            self._points = points
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._stage.picture(self.size(), self.devicePixelRatioF(), self._points))
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
