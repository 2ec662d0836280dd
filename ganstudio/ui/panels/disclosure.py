"""A line that shows or hides what is rarely needed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.icons import pixmap
from ganstudio.ui.theme import Theme

ICON = 16


class Disclosure(QWidget):
    """A flat button with a chevron, and the widget that it opens."""

    toggled = Signal(bool)

    def __init__(self, text: str, content: QWidget, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._content = content
        self._button = _OpenButton()
        self._button.setText(text)
        self._button.setCheckable(True)
        self._button.setProperty("role", "disclosure")
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.toggled.connect(self._toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        content.hide()
        self.set_theme(theme)

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._button.isChecked()

    def set_open(self, on: bool) -> None:
        """Show or hide the content."""
        self._button.setChecked(on)

    def set_theme(self, theme: Theme) -> None:
        """Draw the chevron in the colours of ``theme``."""
        self._theme = theme
        name = "chevron-down" if self.is_open else "chevron-right"
        self._button.setIcon(QIcon(pixmap(name, theme.muted, ICON, 2)))

    def _toggled(self, on: bool) -> None:
        self._content.setVisible(on)
        self.set_theme(self._theme)
        self.toggled.emit(on)


class _OpenButton(QToolButton):
    """Also takes Enter, and opens and closes by the arrow keys, as trees do."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)
