"""Plots in docks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from ganstudio.colours import DARK, LIGHT
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.dock import PlotDock


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.docks = {name: PlotDock(entry, entry.create, LIGHT, window) for name, entry in PLOTS.items()}
    for dock in window.docks.values():
        window.addDockWidget(dock.default_area, dock)
    window.resize(500, 900)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_a_dock_is_known_by_the_name_of_its_plot(window):
    for name, dock in window.docks.items():
        assert dock.objectName() == f"plot_{name}"
        assert dock.windowTitle() == PLOTS[name].title
        assert dock.toolTip() == PLOTS[name].help
        assert dock.titleBarWidget() is dock.panel.header


def test_a_dock_can_be_moved_floated_and_closed(window):
    features = PlotDock.DockWidgetFeature
    for dock in window.docks.values():
        for feature in (
            features.DockWidgetMovable,
            features.DockWidgetFloatable,
            features.DockWidgetClosable,
        ):
            assert dock.features() & feature


def test_the_arrangement_is_restored(window, qtbot):
    saved = window.saveState(1)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.docks["jsd"])
    window.docks["losses"].close()
    assert window.restoreState(saved, 1)
    assert window.dockWidgetArea(window.docks["jsd"]) == Qt.DockWidgetArea.RightDockWidgetArea
    assert window.docks["losses"].isVisible()


def test_the_button_in_the_header_hides_the_dock(window, qtbot):
    dock = window.docks["losses"]
    dock.panel.header._close.click()
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    assert dock.isVisible()


def test_a_plot_wants_its_layers_only_while_it_can_be_seen(window, qtbot):
    dock, other = window.docks["outputs"], window.docks["scores"]
    qtbot.waitUntil(lambda: dock.on_screen)
    assert dock.wanted_layers() == ("histograms",)
    dock.close()
    assert dock.wanted_layers() == ()
    dock.show()
    qtbot.waitUntil(lambda: dock.on_screen)
    window.tabifyDockWidget(dock, other)
    other.raise_()
    qtbot.waitUntil(lambda: not dock.on_screen)
    assert dock.wanted_layers() == ()
    dock.raise_()
    qtbot.waitUntil(lambda: dock.wanted_layers() == ("histograms",))


def test_a_dock_passes_the_theme_on(window):
    dock = window.docks["jsd"]
    dock.set_theme(DARK)
    assert dock.panel.plot.backgroundBrush().color().name() == DARK.surface
