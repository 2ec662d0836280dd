"""The one place for colours: one meaning, one colour, in light and in dark.

Real is blue and generated is orange everywhere; the field of D runs between the same two through neutral at ½.
The pairs are told apart by colour-blind people (after Okabe and Ito) and differ in lightness, so in grey too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ganstudio.ui.style import stylesheet

Mode = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``, named by what they mean."""

    name: Literal["light", "dark"]
    window: str  # behind everything
    surface: str  # plots, the stage, fields
    raised: str  # buttons, section headers
    border: str
    text: str
    muted: str  # secondary text, axes
    grid: str
    accent: str  # what can be pressed now
    accent_text: str
    error: str
    warning: str
    success: str
    real: str
    generated: str
    neutral: str  # D = ½
    discriminator: str  # losses and gradients of D
    generator: str  # losses and gradients of G
    value: str  # V(D, G)
    jsd: str
    density: str  # p_data


LIGHT = Theme(
    name="light",
    window="#f4f5f7",
    surface="#ffffff",
    raised="#e9ebef",
    border="#cfd3da",
    text="#1b1f27",
    muted="#5a6270",
    grid="#e3e6eb",
    accent="#2563c9",
    accent_text="#ffffff",
    error="#b3261e",
    warning="#8a5a00",
    success="#1f7a45",
    real="#0072b2",
    generated="#e07000",
    neutral="#f3f1ee",
    discriminator="#7b3fa0",
    generator="#159073",
    value="#3a4456",
    jsd="#a3205c",
    density="#4b5f7a",
)
DARK = Theme(
    name="dark",
    window="#16181d",
    surface="#1d2026",
    raised="#2a2e37",
    border="#3a3f4a",
    text="#e8eaee",
    muted="#9aa3b2",
    grid="#2c3039",
    accent="#6ea8fe",
    accent_text="#0d1117",
    error="#ff8a80",
    warning="#f2c063",
    success="#6fd09a",
    real="#56b4e9",
    generated="#ff9a3c",
    neutral="#2a2b30",
    discriminator="#c792ea",
    generator="#4fd1ae",
    value="#c3cad6",
    jsd="#f47fb0",
    density="#8fa6c6",
)


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
