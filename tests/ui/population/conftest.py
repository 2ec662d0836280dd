"""Populations whose trainer says what a test lets it say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.ui.population.population_window import PopulationWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.side_window import Means
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import LIGHT

sys.path.insert(0, str(Path(__file__).parent.parent / "window"))
sys.path.insert(0, str(Path(__file__).parent))

from population_doubles import PopulationTrainers
from side_windows import make_thread, processes, studio

__all__ = ["make_thread", "processes", "studio"]


@pytest.fixture
def trainers() -> PopulationTrainers:
    """Those of the population."""
    return PopulationTrainers()


@pytest.fixture
def window(qtbot: QtBot, studio: Studio, trainers: PopulationTrainers) -> Iterator[PopulationWindow]:
    window = PopulationWindow(Means(studio, Settings(), trainers, LIGHT))
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    window.end()
