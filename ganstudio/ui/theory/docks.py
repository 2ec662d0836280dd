"""The panels of the theory as docks of a window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.messages.toys import Toy
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.plots.panel import PlotPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory import THEORY
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.scrolled_panel import ScrolledPanel
from ganstudio.ui.theory.toys import ToysPanel


class TheoryDocks(QObject):
    """Makes a dock of every entry of ``THEORY`` and lets it take part in the window; closed until it is asked for."""

    setting_wanted = Signal(str)  # path in the experiment

    def __init__(self, studio: Studio, stage: Stage, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._stage = studio, stage
        self.docks = {
            name: PlotDock(entry, partial(self._make, entry), theme, window, frame=ScrolledPanel)
            for name, entry in THEORY.items()
        }

    def walk(self) -> None:
        """The next line of a slow walk, where it can be read."""
        dock = self.docks["walk"]
        if not dock.on_screen:
            dock.show()
            dock.raise_()
        self._studio.walk_on()

    def play_toy(self, toy: Toy) -> None:
        """Play a toy game where it can be seen."""
        dock = self.docks["toys"]
        dock.show()
        dock.raise_()
        if isinstance(dock.panel, ToysPanel):
            dock.panel.play(toy)

    def _make(self, entry: PlotEntry, theme: Theme) -> PlotPanel:
        panel = entry.create(theme)
        if isinstance(panel, TheoryPanel):
            panel.attach(self._studio, self._stage)
            panel.setting_wanted.connect(self.setting_wanted)
        return panel

    def fill(self, menu: QMenu) -> None:
        """A switch for each dock, which also brings it to the front."""
        for dock in self.docks.values():
            action = dock.toggleViewAction()
            # Shown among tabs it would stay behind the others.
            action.triggered.connect(lambda checked, dock=dock: dock.raise_() if checked else None)
            menu.addAction(action)
