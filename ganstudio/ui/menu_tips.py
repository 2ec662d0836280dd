"""What the entries of a menu are for, beside the menu: where Qt puts tooltips they cover the entries below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QAction, QHelpEvent, Qt
from PySide6.QtWidgets import QMenu, QToolTip

from ganstudio.ui.forms.tooltip import wrapped


def show_tips(menu: QMenu) -> None:
    """Let the entries of ``menu`` that have a tooltip show it, to the right of the menu."""
    menu.setToolTipsVisible(True)
    _Beside(menu)


class _Beside(QObject):
    """Answers the menu's wish for a tooltip; lives as long as the menu."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        menu.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent) or not isinstance(watched, QMenu):
            return super().eventFilter(watched, event)
        action = watched.actionAt(event.pos())
        tip = _own_tip(action)
        if not tip:
            QToolTip.hideText()
            return True
        entry = watched.actionGeometry(action)
        beside = watched.mapToGlobal(QPoint(watched.width(), entry.top()))
        QToolTip.showText(beside, tip if Qt.mightBeRichText(tip) else wrapped(tip), watched, entry)
        return True


def _own_tip(action: QAction | None) -> str:
    """What was said of an entry; Qt would have one of which nothing was said tell its own text once more."""
    return "" if action is None or action.toolTip() == action.iconText() else action.toolTip()
