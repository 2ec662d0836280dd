"""Small things that lie over a larger one and keep to one of its edges."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

MARGIN = 12


class Anchor(QObject):
    """Keeps a child where it belongs while its parent is resized or its own content changes."""

    def __init__(self, widget: QWidget, alignment: Qt.AlignmentFlag, left: int = MARGIN, bottom: int = MARGIN) -> None:
        super().__init__(widget)
        self._widget = widget
        self._parent = widget.parentWidget() or widget
        self._alignment = alignment
        self._left, self._bottom = left, bottom
        widget.installEventFilter(self)
        self._parent.installEventFilter(self)
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
        widget.setGeometry(x, max(MARGIN, y), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if (watched is self._widget and kind in (QEvent.Type.LayoutRequest, QEvent.Type.Show)) or (
            watched is not self._widget and kind == QEvent.Type.Resize
        ):
            self.place()
        return False
