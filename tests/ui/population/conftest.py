"""Populations whose trainer says what a test lets it say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.experiment.presets import preset
from ganstudio.ui.population.population_window import PopulationWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import LIGHT

sys.path.insert(0, str(Path(__file__).parent.parent / "window"))
sys.path.insert(0, str(Path(__file__).parent))

from doubles import Trainers
from population_doubles import PopulationTrainers


@pytest.fixture
def trainers() -> PopulationTrainers:
    """Those of the population."""
    return PopulationTrainers()


@pytest.fixture
def studio(qapp: QApplication) -> Iterator[Studio]:
    studio = Studio(preset("ring8").experiment, Trainers())
    studio.open()
    studio.run.tick()
    yield studio
    studio.close()
    studio.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, studio: Studio, trainers: PopulationTrainers) -> Iterator[PopulationWindow]:
    window = PopulationWindow(studio, Settings(), trainers, LIGHT, None)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    window.end()
