"""Panels that need the height of a whole column share the place of the controls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from ganstudio.colours import LIGHT
from ganstudio.ui import layout
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.theory import THEORY

LEFT = ("divergences", "generative", "approximation")


def test_they_stand_as_tabs_beside_the_controls_which_stay_in_front(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QWidget())
    window.resize(1280, 720)
    controls = QDockWidget("Controls", window)
    controls.setObjectName("controls")
    entries = [PLOTS["jsd"], PLOTS["losses"], *(THEORY[name] for name in LEFT)]
    docks = {entry.name: PlotDock(entry, entry.create, LIGHT, window) for entry in entries}
    layout.arrange(window, controls, tuple(docks.values()))
    with qtbot.waitExposed(window):
        window.show()
    assert controls.isVisible() and not any(docks[name].isVisible() for name in LEFT)
    for name in LEFT:
        docks[name].show()
    assert set(window.tabifiedDockWidgets(controls)) == {docks[name] for name in LEFT}
    for name in LEFT:
        assert window.dockWidgetArea(docks[name]) == Qt.DockWidgetArea.LeftDockWidgetArea
        docks[name].raise_()
        qtbot.waitUntil(lambda name=name: docks[name].on_screen)
        assert docks[name].height() > 400
    assert docks["jsd"].isVisible() and not window.tabifiedDockWidgets(docks["jsd"])
