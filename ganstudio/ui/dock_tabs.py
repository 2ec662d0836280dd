"""The tabs of docks that share a place: whole titles, however many there are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMainWindow, QMenu, QTabBar

ALL_TABS = "Arrows and the mouse wheel reach the tabs that do not fit; a right click lists them all"


class DockTabs(QObject):
    """Lets a window's rows of tabs scroll where Qt would shorten titles until nothing is left of them.

    Qt makes the rows as docks meet, and gives no notice but that the window has a child more.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)
        for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._take(bar)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A row of tabs was made."""
        if event.type() == QEvent.Type.ChildPolished:
            child = event.child()  # type: ignore[attr-defined]  # a QChildEvent, by its type
            if isinstance(child, QTabBar):
                self._take(child)
        return super().eventFilter(watched, event)

    def _take(self, bar: QTabBar) -> None:
        if bar.contextMenuPolicy() == Qt.ContextMenuPolicy.CustomContextMenu:
            return  # known already
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.setUsesScrollButtons(True)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(lambda at, bar=bar: menu_of(bar).popup(bar.mapToGlobal(at)))
        bar.setToolTip(ALL_TABS)


def menu_of(bar: QTabBar) -> QMenu:
    """All tabs of a row, the present one checked; gone when it closes."""
    menu = QMenu(bar)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for index in range(bar.count()):
        action = menu.addAction(bar.tabText(index).replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(index == bar.currentIndex())
        action.triggered.connect(lambda _checked, index=index: bar.setCurrentIndex(index))
    return menu
