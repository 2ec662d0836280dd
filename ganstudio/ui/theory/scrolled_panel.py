"""A panel in a place that may be lower than what it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class ScrolledPanel(QScrollArea):
    """Gives a panel its own size, and more height where its parts need it: then it scrolls.

    A panel hides what it can do without where it is low; what is left has a least height, and would overlap below that.
    A resizable scroll area would ask for the preferred height of what wraps its text, and scroll where nothing has to.
    """

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        self.setMinimumSize(panel.minimumSize())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel.installEventFilter(self)
        self.setWidget(panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the panel choose what it shows in the new place, and then have what that needs."""
        super().resizeEvent(event)
        self._panel.resize(self.maximumViewportSize())
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The panel shows more, or less, than before."""
        if watched is self._panel and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = self.maximumViewportSize()
        width = room.width()
        if self._least_height(width) > room.height():
            width -= self.verticalScrollBar().sizeHint().width()
        self._panel.resize(width, max(room.height(), self._least_height(width)))

    def _least_height(self, width: int) -> int:
        layout = self._panel.layout()
        if layout is None:
            return 0
        return layout.minimumHeightForWidth(width) if layout.hasHeightForWidth() else layout.minimumSize().height()
