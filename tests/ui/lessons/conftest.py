"""Lessons in the window, with a trainer that says what a test lets it say, or with the real one in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.session.recovery import RecoveryStore
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import WELCOMED, Settings
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.trainer_link import TrainerLink
from ganstudio.ui.training_run import RunState

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "window"))  # its doubles of the trainer

Make = Callable[[Callable[[], TrainerLink]], MainWindow]


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Make]:
    """Make a window with such a trainer, and begin."""
    themes = ThemeController(qapp, "light")
    windows: list[MainWindow] = []

    def made(trainers: Callable[[], TrainerLink]) -> MainWindow:
        settings = Settings()
        settings.set(WELCOMED, True)
        window = MainWindow(settings, themes, trainers, RecoveryStore(tmp_path / "recovery"))
        qtbot.addWidget(window, before_close_func=lambda closing: closing.shut_down())
        windows.append(window)
        window.resize(1280, 720)
        window.show()
        window.begin()
        qtbot.waitUntil(lambda: window.studio.run.state is RunState.PAUSED)
        return window

    yield made
    for window in windows:
        window.shut_down()
    QGuiApplication.styleHints().disconnect(themes)
    themes.deleteLater()


@pytest.fixture
def trainers() -> object:
    """Makes scripted trainers; ``last`` is the one that the window has."""
    from doubles import Trainers

    return Trainers()


@pytest.fixture
def window(make: Make, trainers: Callable[[], TrainerLink]) -> MainWindow:
    """A window whose trainer says what a test lets it say."""
    return make(trainers)


@pytest.fixture
def live(make: Make) -> MainWindow:
    """A window whose trainer is the real one, in this process."""
    from local_trainer import LocalTrainer

    return make(LocalTrainer)
