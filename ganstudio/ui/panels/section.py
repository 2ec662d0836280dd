"""A section of the control column: a header that opens and closes it, and says what is inside."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.ui.icons import pixmap
from ganstudio.ui.theme import Theme

ICON = 16


class Section(QWidget):
    """A header and a body; the header of a closed section shows a summary of what is in it.

    One that ``always_sums_up`` does so while it is open too.
    """

    toggled = Signal(bool)

    def __init__(
        self, title: str, icon_name: str, body: QWidget, theme: Theme, *, always_sums_up: bool = False
    ) -> None:
        super().__init__()
        self._summary = ""
        self._always_sums_up = always_sums_up
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(12, 4, 12, 16)
        inside.addWidget(body)
        self.header = _Header(title, icon_name)
        self.header.toggled.connect(self._toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._body)
        self._body.hide()
        self.set_theme(theme)

    @property
    def is_open(self) -> bool:
        """Whether the body is shown."""
        return self.header.isChecked()

    def set_open(self, on: bool) -> None:
        """Show or hide the body."""
        self.header.setChecked(on)

    def set_summary(self, text: str) -> None:
        """What the header says while the section is closed, if not always."""
        self._summary = text
        self._show_summary()
        self.header.setAccessibleDescription(text)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in the colours of ``theme``."""
        self.header.set_theme(theme)

    def _toggled(self, on: bool) -> None:
        self._body.setVisible(on)
        self._show_summary()
        self.toggled.emit(on)

    def _show_summary(self) -> None:
        self.header.summary.set_text(self._summary if self._always_sums_up or not self.is_open else "")


class ElidedLabel(QLabel):
    """One line of text that ends in an ellipsis where there is no room for all of it; the tooltip has the whole."""

    def __init__(self, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight) -> None:
        super().__init__()
        self._text = ""
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self._text = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the text."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, elided, at its side."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self._side | Qt.AlignmentFlag.AlignVCenter, text)


class _Header(QPushButton):
    """Opens and closes: a click, Space, Enter, and the arrow keys as in a tree."""

    def __init__(self, title: str, icon_name: str) -> None:
        super().__init__()
        self.setProperty("role", "section")
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon_name = icon_name
        self._chevron, self._icon = QLabel(), QLabel()
        self.summary = ElidedLabel()
        self.summary.setProperty("role", "muted")
        name = QLabel(title)
        name.setProperty("role", "title")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        for widget in (self._chevron, self._icon, name):
            row.addWidget(widget)
        row.addWidget(self.summary, 1)
        for widget in (self._chevron, self._icon, name, self.summary):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self._draw_chevron)

    def sizeHint(self) -> QSize:
        """As high as its line."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for the title; the summary gives way."""
        return self._row.minimumSize()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._icon.setPixmap(pixmap(self._icon_name, theme.muted, ICON, 2))
        self._draw_chevron()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def _draw_chevron(self) -> None:
        name = "chevron-down" if self.isChecked() else "chevron-right"
        self._chevron.setPixmap(pixmap(name, self._theme.muted, ICON, 2))
