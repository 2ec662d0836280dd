"""Panels of the theory on the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.colours import LIGHT
from ganstudio.experiment import Experiment
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory import THEORY
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.trainer_link import TrainerLink

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "window"))  # its doubles of the trainer


@pytest.fixture
def make(qtbot: QtBot) -> Callable[..., TheoryPanel]:
    """Make a panel by name and show it, ``size`` pixels large."""

    def made(name: str, size: tuple[int, int] = (340, 220)) -> TheoryPanel:
        panel = THEORY[name].create(LIGHT)
        assert isinstance(panel, TheoryPanel)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show_experiment(Experiment())
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    return made


@pytest.fixture
def trainers() -> Callable[[], object]:
    """Makes the trainers of ``studio``; ``last`` is the one that it has."""
    from doubles import Trainers

    return Trainers()


@pytest.fixture
def studio(trainers: Callable[..., TrainerLink]) -> Studio:
    """A studio whose trainer says what a test lets it say."""
    made = Studio(Experiment(), trainers)
    made.open()
    made.run.tick()
    return made
