"""Where the docks stand at first, and putting them back there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganstudio.ui.plots.dock import PlotDock

VERSION = 2
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
    # What stands at the bottom stands below controls, which scroll, and stage: the plots keep their height.
    window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
    groups = _groups(plots, low=window.height() < LOW_SCREEN)
    for group in groups:
        first: QDockWidget = group[0]
        if group[0].default_area == Qt.DockWidgetArea.LeftDockWidgetArea:
            first = controls  # beside them as tabs: what stands there needs the height of the whole column
        else:
            window.addDockWidget(group[0].default_area, first)
        for dock in group:
            if dock is not first:
                window.tabifyDockWidget(first, dock)
    controls.show()
    for dock in plots:
        dock.setVisible(dock.entry.shown)
    for group in groups:
        group[0].raise_()
    controls.raise_()
    right = [group[0] for group in groups if group[0].default_area == Qt.DockWidgetArea.RightDockWidgetArea]
    window.resizeDocks([controls], [CONTROLS_WIDTH], Qt.Orientation.Horizontal)
    if right:
        window.resizeDocks(right[:1], [PLOTS_WIDTH], Qt.Orientation.Horizontal)
        window.resizeDocks(right, [1] * len(right), Qt.Orientation.Vertical)


def put_behind(window: QMainWindow, front: QDockWidget, dock: QDockWidget) -> None:
    """Let ``dock`` share the place of ``front`` as a tab; it stays as open or closed as it is."""
    is_open = not dock.isHidden()
    dock.setFloating(False)
    window.addDockWidget(window.dockWidgetArea(front), dock)
    window.tabifyDockWidget(front, dock)
    dock.setVisible(is_open)
    front.raise_()


def _groups(plots: Sequence[PlotDock], *, low: bool) -> list[list[PlotDock]]:
    groups: dict[tuple[Qt.DockWidgetArea, str], list[PlotDock]] = {}
    for dock in plots:
        groups.setdefault((dock.default_area, dock.entry.group), []).append(dock)
    found = list(groups.values())
    side = [group for group in found if group[0].default_area == Qt.DockWidgetArea.RightDockWidgetArea]
    if low and len(side) > 3:
        last = side.pop()
        side[-1] += last
        found.remove(last)
    return found
