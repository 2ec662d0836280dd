"""What stands around a lesson: the plots beside the stage and the layers on it, as its step names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganstudio.lessons.lesson import Step
from ganstudio.ui import layout
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.plots.dock import PlotDock

LESSON_WIDTH = 356
PLOTS_WIDTH = 330


class Scenery:
    """Arranges the window for a step, and puts everything back where it was."""

    def __init__(
        self,
        window: QMainWindow,
        stage: Stage,
        controls: QDockWidget,
        lessons: QDockWidget,
        plots: Mapping[str, PlotDock],
    ) -> None:
        self._window, self._stage, self._controls, self._lessons = window, stage, controls, lessons
        self._plots = dict(plots)
        self._kept: QByteArray | None = None
        self._kept_tool = ""
        self._shown: tuple[str, ...] = ()

    def enter(self) -> None:
        """Keep the arrangement, and put the lesson in the place of the controls."""
        if self._kept is not None:
            return
        self._kept, self._kept_tool = self._window.saveState(layout.VERSION), self._stage.tool.name
        self._shown = ()
        self._stage.select_tool("pan")
        for dock in (self._controls, self._lessons):
            dock.setFloating(False)
            self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
            dock.show()
        self._window.tabifyDockWidget(self._controls, self._lessons)
        self._lessons.raise_()

    def show(self, step: Step) -> None:
        """The plots and layers of a step, and no others; what it does not name stays as it is."""
        if step.plots and step.plots != self._shown:
            self._shown = step.plots
            self._stack([self._plots[name] for name in step.plots if name in self._plots])
        if step.layers:
            states = self._stage.layer_states()
            self._stage.restore_layers(tuple(replace(state, visible=state.name in step.layers) for state in states))

    def leave(self) -> None:
        """Everything as it was."""
        if self._kept is None:
            return
        kept, self._kept = self._kept, None
        self._stage.select_tool(self._kept_tool)
        self._window.restoreState(kept, layout.VERSION)

    def _stack(self, wanted: list[PlotDock]) -> None:
        """One below the other at the right; all others hidden, behind the last where somebody asks for one."""
        window = self._window
        window.setUpdatesEnabled(False)
        for dock in self._plots.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        for dock in wanted:
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock, Qt.Orientation.Vertical)
            dock.show()
        for dock in self._plots.values():
            if wanted and dock not in wanted:  # with no place of its own it would lie over the others when shown
                window.tabifyDockWidget(wanted[-1], dock)
        window.resizeDocks([self._lessons, *wanted[:1]], [LESSON_WIDTH, PLOTS_WIDTH], Qt.Orientation.Horizontal)
        window.resizeDocks(wanted, [1] * len(wanted), Qt.Orientation.Vertical)
        window.setUpdatesEnabled(True)
