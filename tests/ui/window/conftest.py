"""Windows with a trainer that says what a test lets it say; doubles are importable by name, here and in children."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.session.recovery import RecoveryStore
from ganstudio.ui import file_dialogs
from ganstudio.ui.file_dialogs import Answer
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.theme import ThemeController

sys.path.insert(0, str(Path(__file__).parent))

from doubles import Trainers

Make = Callable[[], MainWindow]


@pytest.fixture
def trainers() -> Trainers:
    return Trainers()


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[ThemeController]:
    themes = ThemeController(qapp, "light")
    yield themes
    QGuiApplication.styleHints().disconnect(themes)
    themes.deleteLater()


@pytest.fixture
def make(qtbot: QtBot, trainers: Trainers, themes: ThemeController, tmp_path: Path) -> Iterator[Make]:
    windows: list[MainWindow] = []

    def window() -> MainWindow:
        made = MainWindow(Settings(), themes, trainers, RecoveryStore(tmp_path / "recovery"))
        qtbot.addWidget(made, before_close_func=lambda closing: closing.shut_down())
        windows.append(made)
        made.resize(1280, 720)
        made.show()
        made.begin()
        made.studio.run.tick()
        return made

    yield window
    for made in windows:
        made.shut_down()


@pytest.fixture
def window(make: Make) -> MainWindow:
    return make()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """What a person will say when asked about unsaved work; the test fails when nobody expected the question."""
    prepared: list[Answer] = []
    monkeypatch.setattr(file_dialogs, "what_about_unsaved", lambda parent, name: prepared.pop(0))
    return prepared
