"""The slow walk and the data-flow graph as docks of the window, with the program's own trainer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_trainer import LiveTrainer, small
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.session.recovery import RecoveryStore
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.theory.flow_panel import FlowPanel
from ganstudio.ui.theory.walk_panel import WalkPanel


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    themes = ThemeController(qapp, "light")
    made = MainWindow(Settings(), themes, LiveTrainer, RecoveryStore(tmp_path / "recovery"))
    qtbot.addWidget(made, before_close_func=lambda closing: closing.shut_down())
    made.resize(1280, 720)
    made.show()
    made.begin()
    made.studio.change(small(), "generator")
    made.studio.run.tick()
    yield made
    made.shut_down()
    QGuiApplication.styleHints().disconnect(themes)
    themes.deleteLater()


def test_its_key_opens_the_walk_and_goes_on_line_by_line(qtbot: QtBot, window: MainWindow) -> None:
    dock, walk = window.theory.docks["walk"], window.studio.walk
    assert not dock.isVisible()
    for line in range(3):
        qtbot.keyClick(window.stage.view, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
        window.studio.run.tick()
        assert walk.place is not None and walk.at == line
    qtbot.waitUntil(lambda: dock.on_screen)
    assert window.studio.run.progress.iteration == 1


def test_both_fit_into_a_small_window(qtbot: QtBot, window: MainWindow) -> None:
    window.theory.docks["flow"].show()
    window.actions_["walk"].trigger()
    window.studio.run.tick()
    qtbot.waitUntil(lambda: window.theory.docks["flow"].on_screen and window.theory.docks["walk"].on_screen)
    assert (window.width(), window.height()) == (1280, 720)
    panel = window.theory.docks["walk"].panel
    assert isinstance(panel, WalkPanel)
    assert panel.listing.isVisible() and panel.next_button.isVisible()


def test_a_part_of_the_graph_brings_its_controls_to_the_front(qtbot: QtBot, window: MainWindow) -> None:
    window.theory.docks["flow"].show()
    window.actions_["walk"].trigger()
    panel = window.theory.docks["flow"].panel
    assert isinstance(panel, FlowPanel)
    qtbot.waitUntil(lambda: window.controls.visibleRegion().isEmpty())  # the walk lies in front
    qtbot.mouseClick(panel.graph.nodes["step_D"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.controls.visibleRegion().isEmpty() and window.controls.spotlight.isVisible())
    assert window.controls.state()["Optimizers"]


def test_frames_hold_what_the_graph_draws_only_while_it_can_be_seen(qtbot: QtBot, window: MainWindow) -> None:
    request = window.views.look()
    assert request is not None and "latent_grid" not in request.layers
    window.theory.docks["flow"].show()
    qtbot.waitUntil(lambda: window.theory.docks["flow"].on_screen)
    request = window.views.look()
    assert request is not None and "latent_grid" in request.layers
