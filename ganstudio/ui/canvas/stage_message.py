"""Words over the plot that never take the mouse: a hint while it is empty, and a banner at its upper edge."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.ui.theme import Theme


class StageMessage(QLabel):
    """Follows the size of what it lies over."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        over.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))
        self._place()

    def _place(self) -> None:
        raise NotImplementedError


class Banner(StageMessage):
    """One line at the upper edge: training paused itself, a trainer was started again."""

    def show_text(self, text: str) -> None:
        """Say this; empty says nothing."""
        self._show(text)

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self.setStyleSheet(
            f"background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};"
            "border-radius: 10px; padding: 3px 10px;"
        )

    def _place(self) -> None:
        over = self._over
        width = min(self.sizeHint().width(), over.width() - 24)
        self.setGeometry((over.width() - width) // 2, 10, width, self.sizeHint().height())


class Hint(StageMessage):
    """What to do first, in the middle of an empty stage."""

    def show_text(self, text: str, more: str = "") -> None:
        """A sentence, and what to do about it; empty says nothing."""
        self._show(f"<p style='font-size: large'>{text}</p><p>{more}</p>".replace("\n", "<br>") if text else "")

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self.setStyleSheet(f"background: transparent; color: {theme.muted};")

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
