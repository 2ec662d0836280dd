"""Comparisons whose trainers say what a test lets them say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.ui.compare.compare_window import CompareWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.side_window import Means
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import LIGHT

sys.path.insert(0, str(Path(__file__).parent.parent / "window"))

from doubles import Trainers
from side_windows import make_thread, processes, studio

__all__ = ["make_thread", "processes", "studio"]


@pytest.fixture
def trainers() -> Trainers:
    """Those of the comparison."""
    return Trainers()


@pytest.fixture
def window(qtbot: QtBot, studio: Studio, trainers: Trainers) -> Iterator[CompareWindow]:
    window = CompareWindow(Means(studio, Settings(), trainers, LIGHT), cores=2)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
