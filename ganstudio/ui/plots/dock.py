"""A plot that can be moved, tabbed, floated and closed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDockWidget, QWidget

from ganstudio.messages.commands import Layer
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.panel import PlotPanel
from ganstudio.ui.theme import Theme

AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


class PlotDock(QDockWidget):
    """A dock whose title bar is the header of its plot. ``saveState`` knows it as ``plot_`` and the plot's name.

    The panel is made when it is wanted first: most are never looked at, and a dozen plots take as long to make as the
    rest of the window.
    """

    made = Signal()  # the panel is there, and knows nothing yet
    export_requested = Signal(str)  # name of the plot

    def __init__(
        self,
        entry: PlotEntry,
        make: Callable[[Theme], PlotPanel],
        theme: Theme,
        parent: QWidget | None = None,
        *,
        frame: Callable[[PlotPanel], QWidget] | None = None,
    ) -> None:
        """``frame`` makes what the panel stands in, where it does not fill the dock by itself."""
        super().__init__(entry.title, parent)
        self.entry = entry
        self._make, self._theme, self._frame = make, theme, frame
        self._panel: PlotPanel | None = None
        self._on_screen = False
        self.setObjectName(f"plot_{entry.name}")
        self.setToolTip(entry.help)
        self.toggleViewAction().setToolTip(entry.help)
        self.visibilityChanged.connect(self._remember_visibility)

    @property
    def panel(self) -> PlotPanel:
        """The plot; made by the first who asks."""
        if self._panel is None:
            panel = self._panel = self._make(self._theme)
            self.setWidget(panel if self._frame is None else self._frame(panel))
            self.setTitleBarWidget(panel.header)
            panel.header.show_close_button()
            panel.header.close_requested.connect(self.close)
            panel.export_requested.connect(self.export_requested)
            self.made.emit()
        return self._panel

    @property
    def made_panel(self) -> PlotPanel | None:
        """The plot, if it was made."""
        return self._panel

    @property
    def default_area(self) -> Qt.DockWidgetArea:
        """The side of the window where it stands at first."""
        return AREAS[self.entry.area]

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
        self._theme = theme
        if self._panel is not None:
            self._panel.set_theme(theme)

    def _remember_visibility(self, visible: bool) -> None:
        self._on_screen = visible
        if visible:
            self.panel.set_on_screen(True)
        elif self._panel is not None:
            self._panel.set_on_screen(False)
