"""Two widgets side by side where there is room for both, else one below the other."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

SIDE_BY_SIDE = 560
"""Pixels of width from which two columns are readable."""


class Columns(QWidget):
    """Turns its layout when it is made wider or narrower."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(16)
        self._widgets = (left, right)
        for widget in self._widgets:
            self._layout.addWidget(widget, 1)

    @property
    def is_side_by_side(self) -> bool:
        """Whether there is room for both."""
        return self._layout.direction() == QBoxLayout.Direction.LeftToRight

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider of the two, whatever the direction is now, so that it can always turn back."""
        narrowest = max(widget.minimumSizeHint().width() for widget in self._widgets)
        return QSize(narrowest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn."""
        super().resizeEvent(event)
        wide = event.size().width() >= SIDE_BY_SIDE
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._layout.direction():
            self._layout.setDirection(direction)
