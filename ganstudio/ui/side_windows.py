"""Windows beside the main one, with trainers of their own: made when they are wanted first, closed with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pkgutil import resolve_name

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ganstudio.ui.settings import Settings
from ganstudio.ui.side_window import Means, SideWindow
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import Theme, ThemeController
from ganstudio.ui.trainer_link import TrainerLink

SIDE_WINDOWS = {
    "compare": "ganstudio.ui.compare.compare_window:CompareWindow",
    "population": "ganstudio.ui.population.population_window:PopulationWindow",
}
"""Their classes, as ``module:Class``, by the name of the action that shows them: most sessions never want one."""


class SideWindows(QObject):
    """Holds those that were made."""

    def __init__(
        self,
        studio: Studio,
        settings: Settings,
        themes: ThemeController,
        make_trainer: Callable[[], TrainerLink],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._studio, self._settings, self._themes, self._make_trainer = studio, settings, themes, make_trainer
        self._parent = window
        self.made: dict[str, SideWindow] = {}
        """By the names in ``SIDE_WINDOWS``."""
        themes.theme_changed.connect(self._wear)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the action of each name does."""
        return {name: partial(self.show, name) for name in SIDE_WINDOWS}

    def show(self, name: str) -> None:
        """Show a window, in front."""
        if name not in self.made:
            kind = resolve_name(SIDE_WINDOWS[name])
            means = Means(self._studio, self._settings, self._make_trainer, self._themes.current)
            self.made[name] = kind(means, self._parent)
        window = self.made[name]
        window.show()
        window.raise_()
        window.activateWindow()

    def begin_to_close(self) -> None:
        """Let all their trainers end while others are waited for: together they have two seconds."""
        for window in self.made.values():
            window.begin_to_close()

    def close(self) -> None:
        """Close them, and end their trainers within two seconds."""
        for window in self.made.values():
            window.close()
            window.end()  # a window that is hidden is not closed again

    def _wear(self, theme: Theme) -> None:
        for window in self.made.values():
            window.set_theme(theme)
