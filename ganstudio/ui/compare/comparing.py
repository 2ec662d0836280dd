"""The window's way to a comparison: made when it is wanted first, closed with the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import Theme, ThemeController
from ganstudio.ui.trainer_link import TrainerLink

if TYPE_CHECKING:
    from ganstudio.ui.compare.compare_window import CompareWindow


class Comparing(QObject):
    """Holds the window of comparisons, once there is one."""

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
        self.window: CompareWindow | None = None
        themes.theme_changed.connect(self._wear)

    def show(self) -> None:
        """Show the window, in front."""
        if self.window is None:
            from ganstudio.ui.compare.compare_window import CompareWindow  # most sessions never want it

            self.window = CompareWindow(
                self._studio, self._settings, self._make_trainer, self._themes.current, self._parent
            )
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def begin_to_close(self) -> None:
        """Let its trainers end while others are waited for: together they have two seconds."""
        if self.window is not None and self.window.comparison is not None:
            self.window.comparison.begin_to_close()

    def close(self) -> None:
        """Close it, and end its trainers within two seconds."""
        if self.window is not None:
            self.window.close()
            self.window.end()  # a window that is hidden is not closed again

    def _wear(self, theme: Theme) -> None:
        if self.window is not None:
            self.window.set_theme(theme)
