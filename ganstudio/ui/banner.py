"""Messages to the person at the window: a line at the foot of the stage, never a dialog in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.icons import icon, pixmap
from ganstudio.ui.overlay import Anchor
from ganstudio.ui.theme import LIGHT, Theme

Level = Literal["info", "warning", "error"]
Offer = tuple[str, Callable[[], object]]

ICONS: dict[str, str] = {"info": "info", "warning": "warning", "error": "warning"}
INFO_SECONDS = 8
OFFER_SECONDS = 10
CHARACTERS_A_SECOND = 6
"""A longer text stays longer: whoever is at something else reads it slowly."""
WIDTH = 560
MOST = 3
BOTTOM = 2


class Banner(QFrame):
    """One message, with what can be done about it."""

    def __init__(
        self, level: Level, text: str, offers: Sequence[Offer], theme: Theme, close: Callable[[], None]
    ) -> None:
        super().__init__()
        self.level: Level = level
        self.text = text
        self.setObjectName("banner")
        self._picture = QLabel()
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)  # a file's name may look like markup
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._dismiss = QToolButton()
        self._dismiss.setIconSize(QSize(16, 16))
        self._dismiss.setToolTip("Dismiss")
        self._dismiss.setAccessibleName("Dismiss")
        self._dismiss.clicked.connect(lambda _checked=False: close())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(label, 1)
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for title, act in offers:
            button = QPushButton(title)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # it goes when it is clicked; the keys stay where they were
            button.clicked.connect(lambda _checked=False: close())
            button.clicked.connect(lambda _checked=False, act=act: act())
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        colour = {"info": theme.accent, "warning": theme.warning, "error": theme.error}[self.level]
        self.setStyleSheet(
            f"#banner {{ background: {theme.raised}; border: 1px solid {theme.border}; border-left: 4px solid {colour};"
            " border-radius: 6px; }"
        )
        self._picture.setPixmap(pixmap(ICONS[self.level], colour, 20, self.devicePixelRatioF()))
        self._dismiss.setIcon(icon("close", theme))


class Messages(QWidget):
    """The messages that are on the screen, newest at the bottom, at the foot of the widget they lie over.

    There one line of them covers the names along an axis and nothing of the plot.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._shown: list[tuple[str, Banner]] = []
        self._kept: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._anchor = Anchor(self, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, bottom=BOTTOM)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said now."""
        return tuple(banner.text for _, banner in self._shown)

    def keep(self, widget: QWidget) -> None:
        """Keep a place above the messages for a widget that comes and goes by itself."""
        self._kept = widget
        self._layout.insertWidget(0, widget)
        widget.installEventFilter(self)
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is kept has come or gone."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        """Be there while there is anything to show."""
        is_kept_shown = self._kept is not None and not self._kept.isHidden()
        self.setVisible(bool(self._shown) or is_kept_shown)
        if not self.isHidden():
            self.raise_()
            self._layout.activate()
        self._anchor.place()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        for _, banner in self._shown:
            banner.set_theme(theme)

    def say(self, level: str, text: str, *offers: Offer, key: str = "") -> None:
        """Show a message; one with the same key, or the same text, gives way to it. Information goes by itself."""
        key = key or text
        self.withdraw(key)
        known: Level = level if level in ICONS else "info"  # type: ignore[assignment]
        banner = Banner(known, text, offers, self._theme, lambda: self.withdraw(key))
        self._shown.append((key, banner))
        self._layout.addWidget(banner)
        if len(self._shown) > MOST:
            self.withdraw(self._shown[0][0])
        if known == "info":
            seconds = max(OFFER_SECONDS if offers else INFO_SECONDS, len(text) / CHARACTERS_A_SECOND)
            QTimer.singleShot(round(seconds * 1000), banner, lambda: self._expire(banner))
        self._settle()

    def withdraw(self, key: str) -> None:
        """Take a message away, if it is there."""
        for entry in [entry for entry in self._shown if entry[0] == key]:
            self._shown.remove(entry)
            self._layout.removeWidget(entry[1])
            entry[1].hide()
            entry[1].deleteLater()
        self._settle()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, super().sizeHint().height())

    def _expire(self, banner: Banner) -> None:
        for key, shown in self._shown:
            if shown is banner:
                self.withdraw(key)
                return
