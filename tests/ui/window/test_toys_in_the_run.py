"""Toy games are played by the trainer, beside whatever run there is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from doubles import Trainers
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.toys import Toy
from ganstudio.ui.training_run import RunState, TrainingRun

COMMAND = c.PlayToy(Toy(), 7)


def played(generation: int) -> e.ToyPlayed:
    return e.ToyPlayed(generation, 7, Toy(), np.zeros((2, 1, 2)), np.zeros((0, 2)), np.zeros((0, 2)), None, None)


@pytest.fixture
def trainers() -> Trainers:
    return Trainers()


@pytest.fixture
def run(qtbot: QtBot, trainers: Trainers) -> Iterator[TrainingRun]:
    made = TrainingRun(trainers)
    yield made
    made.close()


def test_without_a_run_a_trainer_is_started_for_it(run: TrainingRun, trainers: Trainers, qtbot: QtBot) -> None:
    run.asides.play_toy(COMMAND)
    assert trainers.last.sent == [COMMAND]
    with qtbot.waitSignal(run.asides.toy_played, timeout=2000) as told:
        trainers.last.say(played(0))
    assert told.args[0].request == 7


def test_the_answer_arrives_although_another_run_has_begun(run: TrainingRun, trainers: Trainers) -> None:
    told: list[e.ToyPlayed] = []
    run.asides.toy_played.connect(told.append)
    run.begin(Experiment())
    run.asides.play_toy(COMMAND)
    run.begin(Experiment())
    trainers.last.say(played(run.generation - 1))
    run.tick()
    assert [event.request for event in told] == [7]


def test_a_trainer_that_dies_without_a_run_is_not_missed(run: TrainingRun, trainers: Trainers) -> None:
    run.asides.play_toy(COMMAND)
    trainers.last.died.emit("it was ended")
    assert len(trainers.made) == 1
    run.begin(Experiment())
    run.tick()
    assert len(trainers.made) == 2
    assert run.state is RunState.PAUSED
