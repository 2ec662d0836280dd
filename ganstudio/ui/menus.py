"""What the menus hold beyond the table of actions: switches for the docks, exports by plot, tools, recent files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMenu

from ganstudio.ui.actions import Actions
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.settings import Settings


def fill_panels(menu: QMenu, docks: Iterable[QDockWidget]) -> None:
    """A switch for each dock."""
    for dock in docks:
        menu.addAction(dock.toggleViewAction())


def fill_exports(menu: QMenu, plots: Mapping[str, PlotDock], export: Callable[[str, str], object]) -> None:
    """An entry for each plot."""
    for name, dock in plots.items():
        menu.addAction(f"{dock.entry.title}…", partial(export, "plot", name))


def fill_stage(actions: Actions, stage: Stage) -> None:
    """Tools into Edit, zooming into View."""
    edit, view = actions.menu("edit"), actions.menu("view")
    edit.addSeparator()
    edit.addActions([*stage.controls.tools.values(), stage.controls.fill, stage.controls.clear])
    view.addSeparator()
    view.addActions([stage.controls.fit, stage.controls.zoom_in, stage.controls.zoom_out])


def fill_recent(menu: QMenu, settings: Settings, open_file: Callable[[Path], object]) -> None:
    """The recent files, as they are whenever the menu opens."""

    def fill() -> None:
        menu.clear()
        for path in settings.recent_files:
            entry = QAction(path.name.replace("&", "&&"), menu)
            entry.setToolTip(str(path))
            entry.triggered.connect(partial(open_file, path))
            menu.addAction(entry)
        menu.addSeparator()
        menu.addAction("Clear the list", settings.clear_recent_files)

    menu.aboutToShow.connect(fill)
