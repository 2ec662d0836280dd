"""How the window looks: theme, arrangement, and remembering both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganstudio.ui import layout
from ganstudio.ui.dock_tabs import DockTabs
from ganstudio.ui.panels.control_column import ControlColumn
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.settings import CONTROLS, GEOMETRY, LAYOUT, THEME, Settings
from ganstudio.ui.theme import Mode, Theme, ThemeController
from ganstudio.ui.views import Views

FIRST_SIZE = QSize(1280, 800)


class Themed(Protocol):
    """Whatever is drawn in the colours of a theme."""

    def set_theme(self, theme: Theme) -> None:
        """Take over its colours."""


class Appearance(QObject):
    """Dresses the parts of a window, arranges its docks, and finds both again at the next start."""

    theme_chosen = Signal(str)  # Mode

    def __init__(
        self,
        window: QMainWindow,
        settings: Settings,
        themes: ThemeController,
        controls: ControlColumn,
        controls_dock: QDockWidget,
        plots: Sequence[PlotDock],
        views: Views,
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._themes, self._views = window, settings, themes, views
        self._controls, self._controls_dock, self._plots = controls, controls_dock, tuple(plots)
        self._parts: tuple[Themed, ...] = ()
        self._behind: tuple[QDockWidget, ...] = ()
        DockTabs(window)
        themes.theme_changed.connect(self._wear)

    def keep_behind_controls(self, *docks: QDockWidget) -> None:
        """These share the place of the controls as tabs, and are closed at first."""
        self._behind = docks
        for dock in docks:
            dock.hide()

    def dress(self, *parts: Themed) -> None:
        """Let these parts follow the theme from now on."""
        self._parts = parts
        self._wear(self._themes.current)

    def choose_theme(self, mode: Mode) -> None:
        """Light, dark, or as the system; remembered."""
        self._settings.set(THEME, mode)
        self._themes.set_mode(mode)
        self.theme_chosen.emit(mode)

    def switch_theme(self) -> None:
        """From light to dark and back."""
        self.choose_theme("light" if self._themes.current.name == "dark" else "dark")

    def reset_layout(self) -> None:
        """Put every dock back where it was at first."""
        layout.arrange(self._window, self._controls_dock, self._plots)
        for dock in self._behind:
            layout.put_behind(self._window, self._controls_dock, dock)

    def restore(self) -> None:
        """As it was left, or as it is at first."""
        window = self._window
        window.resize(FIRST_SIZE.boundedTo(window.screen().availableSize()))
        window.restoreGeometry(self._settings.get(GEOMETRY))
        self.reset_layout()
        window.restoreState(self._settings.get(LAYOUT), layout.VERSION)
        self._views.recall(self._settings)
        try:
            state = json.loads(self._settings.get(CONTROLS) or "{}")
        except ValueError:
            return
        if isinstance(state, dict):
            self._controls.restore({str(title): bool(is_open) for title, is_open in state.items()})

    def remember(self) -> None:
        """Keep it for the next start."""
        self._settings.set(GEOMETRY, self._window.saveGeometry())
        self._settings.set(LAYOUT, self._window.saveState(layout.VERSION))
        self._settings.set(CONTROLS, json.dumps(self._controls.state()))
        self._views.remember(self._settings)

    def _wear(self, theme: Theme) -> None:
        for part in (*self._parts, *self._plots):
            part.set_theme(theme)
