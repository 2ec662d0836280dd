"""The engine of a population is chosen and prepared as that of a run, for as many members as are computed at once."""

from __future__ import annotations

from typing import Any

import pytest
from small_experiment import small
from test_engine_choice import FakePreparation, compilers

from ganstudio.experiment.population import PopulationSpec
from ganstudio.messages import commands, events
from ganstudio.messages.population import StartPopulation
from ganstudio.training import engine_choice
from ganstudio.training.engine_choice import population_engine_for
from ganstudio.training.population_engine import group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.structure import key
from ganstudio.training.trainer import Trainer

__all__ = ["compilers"]

MEMBERS = PopulationSpec(base=small(), seeds=4).members()


def test_a_population_that_plays_is_compiled_beside_it_and_goes_on_compiled(
    compilers: list[FakePreparation],
) -> None:
    told: list[Any] = []
    trainer = Trainer(told.append, engine="auto")
    trainer.handle(StartPopulation(1, MEMBERS))
    trainer.handle(commands.Play(20))
    population = trainer.population
    assert population.run.engine.name == "eager"
    trainer.work()
    population.tend(playing=True)
    (preparation,) = compilers
    assert preparation.key == key(population.run.experiment, group_size(population.run.members))
    preparation.finished = True
    population.tend(playing=True)
    assert population.run.engine.name == "compiled"
    while trainer.playing:
        trainer.work()
    assert population.run.progress.iteration == 20
    changes = [(event.engine, event.preparing) for event in told if isinstance(event, events.EngineChanged)]
    assert changes == [("eager", False), ("eager", True), ("compiled", False)]


def test_an_engine_that_was_chosen_before_the_population_began_is_its_own(compilers: list[FakePreparation]) -> None:
    for choice, prepared in (("eager", 0), ("compiled", 1)):
        trainer = Trainer(lambda event: None, engine="auto")
        trainer.handle(commands.ChooseEngine(choice))
        trainer.handle(StartPopulation(1, MEMBERS))
        trainer.population.tend(playing=True)
        assert len(compilers) == prepared


def test_leaving_a_population_ends_its_compiler(compilers: list[FakePreparation]) -> None:
    trainer = Trainer(lambda event: None, engine="compiled")
    trainer.handle(StartPopulation(1, MEMBERS))
    trainer.population.tend(playing=False)
    (preparation,) = compilers
    trainer.handle(commands.Start(small(), 2))
    assert preparation.cancelled


@pytest.mark.parametrize(
    ("choice", "iterations", "engine"),
    [("eager", None, "eager"), ("auto", 100, "eager"), ("auto", None, "compiled"), ("compiled", 1, "compiled")],
)
def test_on_the_command_line_the_length_decides(
    compilers: list[FakePreparation], choice: commands.EngineChoice, iterations: int | None, engine: str
) -> None:
    members = PopulationRun(MEMBERS).members
    assert population_engine_for(members, choice, iterations).engine.name == engine
    assert len(compilers) == (engine == "compiled")


def test_where_nothing_can_be_compiled_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_choice, "fault", lambda device: "no compiler here")
    chosen = population_engine_for(PopulationRun(MEMBERS).members, "compiled", None)
    assert (chosen.engine.name, chosen.reason) == ("eager", "no compiler here")
