"""A trainer of populations in this process, that says what a test lets it say."""

from __future__ import annotations

import numpy as np
from doubles import ScriptedTrainer, Trainers, progress_at
from numpy.typing import NDArray

from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.population import (
    PopulationFrame,
    PopulationMeasured,
    PopulationStarted,
    RequestPopulationFrame,
    StartPopulation,
)


class PopulationTrainer(ScriptedTrainer):
    """Starts and plays by itself; frames and measurements come when a test says so."""

    members = 0
    dimension = 2

    def send(self, command: c.Command) -> None:
        super().send(command)
        if isinstance(command, StartPopulation):
            self.generation, self.members = command.generation, len(command.members)
            self.dimension = type(command.members[0].target).dimension
            self.say(PopulationStarted(self.generation, self.members, "eager"))
        if isinstance(command, c.Play):
            self.say(e.Playing(self.generation))
        if isinstance(command, c.Pause):
            self.say(e.Paused(self.generation, progress_at(self.iteration)))

    def jsd(self) -> NDArray[np.float64]:
        """Another one for each member, the first the best."""
        return np.linspace(0.01, 0.6, self.members)

    def shows(self, iteration: int, *, broken: tuple[int, ...] = (), seed: int = 0) -> None:
        """The answer to a request for a frame."""
        self.iteration = iteration
        points = np.random.default_rng(seed).normal(size=(self.members, 50, self.dimension)).astype(np.float32)
        jsd, gone = self.jsd(), np.zeros(self.members, bool)
        gone[list(broken)] = True
        jsd[gone] = np.nan
        self.say(PopulationFrame(self.generation, progress_at(iteration), points, jsd, gone, 120.0))

    def measures(self, iteration: int) -> None:
        """All members were measured."""
        self.say(PopulationMeasured(self.generation, iteration, self.jsd(), 0.002))

    @property
    def asked(self) -> int:
        """How often a frame was asked for."""
        return len(self.sent_of(RequestPopulationFrame))


class PopulationTrainers(Trainers):
    """Makes them, and knows them all."""

    kind = PopulationTrainer

    @property
    def last(self) -> PopulationTrainer:
        trainer = self.made[-1]
        assert isinstance(trainer, PopulationTrainer)
        return trainer
