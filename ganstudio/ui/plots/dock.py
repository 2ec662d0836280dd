"""A plot that can be moved, tabbed, floated and closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QWidget

from ganstudio.messages.commands import Layer
from ganstudio.ui.plots.panel import PlotPanel
from ganstudio.ui.theme import Theme

AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


class PlotDock(QDockWidget):
    """A dock whose title bar is the header of its plot. ``saveState`` knows it as ``plot_`` and the plot's name."""

    def __init__(self, panel: PlotPanel, parent: QWidget | None = None) -> None:
        super().__init__(panel.title, parent)
        self.panel = panel
        self._on_screen = False
        self.setObjectName(f"plot_{panel.name}")
        self.setToolTip(panel.entry.help)
        self.toggleViewAction().setToolTip(panel.entry.help)
        self.setWidget(panel)
        self.setTitleBarWidget(panel.header)
        panel.header.show_close_button()
        panel.header.close_requested.connect(self.close)
        self.visibilityChanged.connect(self._remember_visibility)

    @property
    def default_area(self) -> Qt.DockWidgetArea:
        """The side of the window where it stands at first."""
        return AREAS[self.panel.entry.area]

    @property
    def on_screen(self) -> bool:
        """Whether the plot can be seen: shown, and not behind another tab."""
        return self._on_screen

    def wanted_layers(self) -> tuple[Layer, ...]:
        """What the plot wants of a frame while it can be seen."""
        return self.panel.wanted_layers() if self._on_screen else ()

    def wanted_latents(self) -> NDArray[np.float32] | None:
        """Latents that the plot wants to have mapped while it can be seen."""
        return self.panel.wanted_latents() if self._on_screen else None

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.panel.set_theme(theme)

    def _remember_visibility(self, visible: bool) -> None:
        self._on_screen = visible
