"""The column of tools at the left of the stage."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

ICON = 18
BUTTON = 28
LEAST = 24
"""Height of a button where the window is low: the strip is higher than anything else beside the stage."""


def _follow(group: tuple[QAction, ...], separator: QFrame | None) -> None:
    if separator is not None:
        separator.setVisible(any(action.isVisible() for action in group))


class ToolStrip(QWidget):
    """Buttons for actions, in groups."""

    def __init__(self, groups: tuple[tuple[QAction, ...], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[QAction, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(1)
        for number, group in enumerate(groups):
            separator = self._separator() if number else None
            if separator is not None:
                column.addWidget(separator)
            for action in group:
                column.addWidget(self._button(action))
                action.changed.connect(partial(_follow, group, separator))
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def button(self, action: QAction) -> QToolButton:
        """The button of an action."""
        return self._buttons[action]

    def _button(self, action: QAction) -> QToolButton:
        button = _ToolButton(self)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON, ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text())
        self._buttons[action] = button
        # A button whose action does not apply to these targets gives up its place.
        action.changed.connect(lambda: button.setVisible(action.isVisible()))
        return button

    def _separator(self) -> QFrame:
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFixedHeight(5)
        line.setForegroundRole(self.palette().ColorRole.Mid)
        line.setFrameShadow(QFrame.Shadow.Plain)
        return line


class _ToolButton(QToolButton):
    """A square; where there are too many of them, lower."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(BUTTON)
        self.setMaximumHeight(BUTTON)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(BUTTON, BUTTON)

    def minimumSizeHint(self) -> QSize:
        return QSize(BUTTON, LEAST)
