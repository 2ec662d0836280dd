"""Where the docks stand at first, and putting them back there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganstudio.ui.plots.dock import PlotDock

VERSION = 1
"""Of the arrangement: one saved by a program that had other docks is not restored."""
CONTROLS_WIDTH = 320
PLOTS_WIDTH = 350
LOW_SCREEN = 860
"""Below this height the last two groups of plots share their place, so that each can be read."""


def arrange(window: QMainWindow, controls: QDockWidget, plots: Sequence[PlotDock]) -> None:
    """Put every dock where it belongs: controls to the left, groups of plots below one another, tabs in a group."""
    for dock in (controls, *plots):
        dock.setFloating(False)
        window.removeDockWidget(dock)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, controls)
    groups = _groups(plots, low=window.height() < LOW_SCREEN)
    for group in groups:
        window.addDockWidget(group[0].default_area, group[0])
        for dock in group[1:]:
            window.tabifyDockWidget(group[0], dock)
    controls.show()
    for dock in plots:
        dock.setVisible(dock.panel.entry.shown)
    for group in groups:
        group[0].raise_()
    right = [group[0] for group in groups if group[0].default_area == Qt.DockWidgetArea.RightDockWidgetArea]
    window.resizeDocks([controls], [CONTROLS_WIDTH], Qt.Orientation.Horizontal)
    if right:
        window.resizeDocks(right[:1], [PLOTS_WIDTH], Qt.Orientation.Horizontal)
        window.resizeDocks(right, [1] * len(right), Qt.Orientation.Vertical)


def _groups(plots: Sequence[PlotDock], *, low: bool) -> list[list[PlotDock]]:
    groups: dict[tuple[Qt.DockWidgetArea, str], list[PlotDock]] = {}
    for dock in plots:
        groups.setdefault((dock.default_area, dock.panel.entry.group), []).append(dock)
    found = list(groups.values())
    if low and len(found) > 3:
        last = found.pop()
        found[-1] = found[-1] + last
    return found
