"""Small things that lie over a larger one and keep to one of its edges."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QWidget

MARGIN = 12
APART = 6
"""Pixels between two that lie over the same widget."""

_COMES_OR_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class Anchor(QObject):
    """Keeps a child where it belongs while its parent is resized or its own content changes."""

    def __init__(self, widget: QWidget, alignment: Qt.AlignmentFlag, left: int = MARGIN, bottom: int = MARGIN) -> None:
        super().__init__(widget)
        self._widget = widget
        self._parent = widget.parentWidget() or widget
        self._alignment = alignment
        self._left, self._bottom = left, bottom
        self._below: QWidget | None = None
        widget.installEventFilter(self)
        self._parent.installEventFilter(self)
        self.place()

    def keep_above(self, other: QWidget) -> None:
        """Make room for another child of the same parent at its foot, while that is shown where this one would be."""
        self._below = other
        other.installEventFilter(self)
        self.place()

    def place(self) -> None:
        """Put it there now, no wider than its parent allows."""
        widget, parent = self._widget, self._parent
        width = min(widget.sizeHint().width(), parent.width() - self._left - MARGIN)
        height = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
        x, y = self._left, MARGIN
        if self._alignment & Qt.AlignmentFlag.AlignHCenter:
            x = (parent.width() - width) // 2
        elif self._alignment & Qt.AlignmentFlag.AlignRight:
            x = parent.width() - width - MARGIN
        if self._alignment & Qt.AlignmentFlag.AlignBottom:
            y = parent.height() - height - self._bottom
        place = QRect(x, max(MARGIN, y), width, height)
        below = self._below
        if below is not None and not below.isHidden() and below.geometry().intersects(place):
            place.moveTop(max(MARGIN, below.y() - APART - height))
        widget.setGeometry(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._widget:
            news = kind in (QEvent.Type.LayoutRequest, QEvent.Type.Show)
        elif watched is self._below:
            news = kind in _COMES_OR_MOVES
        else:
            news = kind == QEvent.Type.Resize
        if news:
            self.place()
        return False
