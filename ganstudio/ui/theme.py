"""The colours of :mod:`ganstudio.colours` for Qt, and who follows the system or what the user chose."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ganstudio.colours import DARK, LIGHT, Theme
from ganstudio.ui.style import stylesheet

__all__ = ["DARK", "LIGHT", "Mode", "Theme", "ThemeController", "field_lookup_table", "palette"]

Mode = Literal["system", "light", "dark"]


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for the Fusion style."""
    colours = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.accent_text,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Dark: theme.border,
        QPalette.ColorRole.Light: theme.surface,
    }
    for role, colour in roles.items():
        colours.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        faded = QColor(theme.muted)
        faded.setAlpha(140)
        colours.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return colours


def field_lookup_table(theme: Theme) -> NDArray[np.uint8]:
    """(256, 4) RGBA for D(x) from 0 (generated) over ½ (neutral) to 1 (real)."""
    colours = [QColor(colour) for colour in (theme.generated, theme.neutral, theme.real)]
    stops = np.array([(colour.red(), colour.green(), colour.blue()) for colour in colours], np.float64)
    at = np.linspace(0.0, 1.0, 256)
    channels = [np.interp(at, (0.0, 0.5, 1.0), stops[:, channel]) for channel in range(3)]
    return np.stack([*channels, np.full(256, 255.0)], axis=1).round().astype(np.uint8)


class ThemeController(QObject):
    """Follows the system, or what the user chose; tells every view when the theme changes."""

    theme_changed = Signal(object)  # Theme

    def __init__(self, application: QApplication, mode: Mode = "system") -> None:
        super().__init__(application)
        self._application = application
        self._mode: Mode = mode
        self._theme = self._wanted()
        application.setStyle("Fusion")
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    @property
    def current(self) -> Theme:
        """The theme that is shown now."""
        return self._theme

    @property
    def mode(self) -> Mode:
        """What was chosen: a theme, or to follow the system."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Show this theme, or follow the system, from now on."""
        self._mode = mode
        self._refresh()

    def _wanted(self) -> Theme:
        if self._mode == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._mode == "dark" else LIGHT

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted != self._theme:
            self._theme = wanted
            self._apply()
            self.theme_changed.emit(wanted)

    def _apply(self) -> None:
        self._application.setPalette(palette(self._theme))
        self._application.setStyleSheet(stylesheet(self._theme))
