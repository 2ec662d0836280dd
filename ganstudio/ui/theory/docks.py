"""The panels of the theory as docks of a window."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory import THEORY
from ganstudio.ui.theory.panel import TheoryPanel


class TheoryDocks(QObject):
    """Makes a dock of every entry of ``THEORY`` and lets it take part in the window; closed until it is asked for."""

    def __init__(self, studio: Studio, stage: Stage, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.docks: dict[str, PlotDock] = {}
        for name, entry in THEORY.items():
            panel = entry.create(theme)
            if isinstance(panel, TheoryPanel):
                panel.attach(studio, stage)
            self.docks[name] = PlotDock(panel, window)

    def fill(self, menu: QMenu) -> None:
        """A switch for each dock, which also brings it to the front."""
        for dock in self.docks.values():
            action = dock.toggleViewAction()
            # Shown among tabs it would stay behind the others.
            action.triggered.connect(lambda checked, dock=dock: dock.raise_() if checked else None)
            menu.addAction(action)
