"""The trainer and a population: what it is told, and what it tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_experiment import small

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.population import Axis, PopulationSpec
from ganstudio.messages import commands, events
from ganstudio.messages.population import (
    PopulationFrame,
    PopulationMeasured,
    PopulationStarted,
    RequestPopulationFrame,
    StartPopulation,
)
from ganstudio.training import population_service
from ganstudio.training.pace import Pace
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.population_service import PopulationService
from ganstudio.training.trainer import Trainer

EVERY = 20
BASE = small(measure__every=EVERY)


class Listener:
    """A trainer and all its events."""

    def __init__(self, *script: Any) -> None:
        self.events: list[Any] = []
        self.trainer = Trainer(self.events.append)
        for command in script:
            self.trainer.handle(command)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def work(self) -> None:
        """Until there is nothing to do."""
        while self.trainer.playing or (self.trainer.population.is_busy):
            self.trainer.work()


def start(base: Experiment = BASE, generation: int = 1) -> StartPopulation:
    return StartPopulation(generation, PopulationSpec(base=base, seeds=4).members())


def test_it_says_that_it_began_and_measures_the_beginning() -> None:
    told = Listener(start())
    told.work()
    assert told.of(PopulationStarted) == [PopulationStarted(1, 4, "eager")]
    (measured,) = told.of(PopulationMeasured)
    assert measured.iteration == 0
    assert measured.jsd.shape == (4,)
    assert np.isfinite(measured.jsd).all()
    assert measured.floor > 0
    assert not told.of(events.Failed)


def test_it_plays_as_many_iterations_as_asked_for_and_pauses() -> None:
    told = Listener(start(), commands.Play(50))
    told.work()
    assert told.of(events.Playing) == [events.Playing(1)]
    (paused,) = told.of(events.Paused)
    assert (paused.progress.iteration, paused.reason) == (50, "")
    iterations = [event.iteration for event in told.of(PopulationMeasured)]
    assert iterations[0] == 0
    assert iterations == sorted(set(iterations))
    assert all(iteration % EVERY == 0 for iteration in iterations)


def test_a_pause_stops_it_and_play_goes_on() -> None:
    told = Listener(start(), commands.Play())
    while told.trainer.population.run.progress.iteration < 5:
        told.trainer.work()
    told.trainer.handle(commands.Pause())
    assert not told.trainer.playing
    here = told.trainer.population.run.progress.iteration
    told.trainer.work()
    assert told.trainer.population.run.progress.iteration == here
    told.trainer.handle(commands.Pause())
    assert len(told.of(events.Paused)) == 1
    told.trainer.handle(commands.Play(3))
    told.work()
    assert told.of(events.Paused)[-1].progress.iteration == here + 3


def test_a_frame_has_the_points_of_every_member() -> None:
    told = Listener(start(), commands.Play(10))
    told.work()
    told.trainer.handle(RequestPopulationFrame(1, 30))
    (frame,) = told.of(PopulationFrame)
    assert frame.progress.iteration == 10
    assert frame.points.shape == (4, 30, 2)
    assert frame.points.dtype == np.float32
    assert frame.jsd.tolist() == told.of(PopulationMeasured)[-1].jsd.tolist()
    assert frame.broken.tolist() == [False] * 4
    assert frame.iterations_per_second > 0


def test_a_frame_of_another_population_is_not_answered() -> None:
    told = Listener(start(generation=2), RequestPopulationFrame(1, 30))
    assert not told.of(PopulationFrame)
    assert not told.of(events.Failed)


@pytest.mark.parametrize("points", [0, -1, 1001])
def test_a_frame_of_too_many_points_is_refused(points: int) -> None:
    told = Listener(start(), RequestPopulationFrame(1, points))
    (failed,) = told.of(events.Failed)
    assert failed.user
    assert failed.message.startswith("points")
    assert f"must be between 1 and 1,000, not {points:,}" in failed.message


def test_members_that_are_no_population_are_refused_and_name_the_field() -> None:
    told = Listener(StartPopulation(1, (BASE, with_value(BASE, "generator.widths", [3]))))
    (failed,) = told.of(events.Failed)
    assert failed.user
    assert failed.message.startswith("generator.widths: ")
    assert not told.of(PopulationStarted)
    told.trainer.handle(start(generation=2))
    assert told.of(PopulationStarted)


def test_a_member_that_breaks_is_said_and_the_others_go_on() -> None:
    base = small(
        measure__every=EVERY, objective="least_squares", optimizers__discriminator="sgd", optimizers__generator="sgd"
    )
    axis = Axis(path="optimizers.discriminator.learning_rate", values=(0.01, 0.02, 10.0, 0.03))
    told = Listener(StartPopulation(1, PopulationSpec(base=base, rows=axis).members()), commands.Play(150))
    told.work()
    told.trainer.handle(RequestPopulationFrame(1, 10))
    (frame,) = told.of(PopulationFrame)
    assert frame.broken.tolist() == [False, False, True, False]
    assert np.isfinite(frame.points).all()
    assert np.isnan(frame.jsd).tolist() == [False, False, True, False]
    assert np.isnan(told.of(PopulationMeasured)[-1].jsd).tolist() == [False, False, True, False]
    assert told.of(events.Paused)[-1].progress.iteration == 150
    assert not told.of(events.NonFinite)


def test_it_ends_when_no_member_is_left() -> None:
    base = small(objective="least_squares", optimizers__discriminator="sgd", optimizers__generator="sgd")
    told = Listener(start(with_value(base, "optimizers.discriminator.learning_rate", 10.0)), commands.Play())
    told.work()
    assert "no member is left" in told.of(events.Paused)[-1].reason


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("stop.iterations", 12, "reached 12 iterations"),
        ("stop.seconds", 1e-3, "trained for 0.001 s"),
        ("stop.jsd_below", 0.7, "the JSD of every member is below 0.7"),
    ],
)
def test_stop_conditions_hold_for_all_members(path: str, value: float, reason: str) -> None:
    told = Listener(start(with_value(BASE, path, value)), commands.Play())
    told.work()
    assert told.of(events.Paused)[-1].reason == reason


class SlowMeasuring(Pace):
    """As where a measurement takes as long as all the training since the one before."""

    def measured(self, cost: float, training: float) -> None:
        super().measured(1.0, 1.0)


@pytest.mark.parametrize(
    ("jsd_below", "paced", "due"),
    [(None, True, False), (None, False, True), (1e-6, True, True)],
    ids=["in the window", "without a pace", "with an end by the JSD"],
)
def test_what_is_measured_depends_on_the_clock_only_where_somebody_watches(
    monkeypatch: pytest.MonkeyPatch, jsd_below: float | None, paced: bool, due: bool
) -> None:
    monkeypatch.setattr(population_service, "Pace", SlowMeasuring)
    told: list[Any] = []
    base = with_value(BASE, "stop.jsd_below", jsd_below)
    service = PopulationService(start(base), told.append, paced=paced)
    service.play(10 * EVERY)
    while service.is_busy:
        service.work()
    iterations = [event.iteration for event in told if isinstance(event, PopulationMeasured)]
    assert (iterations == list(range(0, 10 * EVERY + 1, EVERY))) is due


def test_a_population_that_stops_by_its_jsd_stops_at_the_measurement_that_says_so() -> None:
    probe = PopulationRun(start().members)
    probe.advance(2 * EVERY)
    target = float(probe.measure().max()) + 1e-9
    base = with_value(BASE, "stop.jsd_below", target)
    told = Listener(start(base), commands.Play())
    told.work()
    (paused,) = told.of(events.Paused)
    assert "below" in paused.reason
    assert paused.progress.iteration % EVERY == 0
    assert paused.progress.iteration <= 2 * EVERY


def test_a_run_takes_the_place_of_a_population_and_the_other_way_round() -> None:
    told = Listener(start(), commands.Start(small(), 2), commands.Play(3))
    while told.trainer.playing:
        told.trainer.work()
    assert told.trainer.run.progress.iteration == 3
    with pytest.raises(RuntimeError, match="no population"):
        _ = told.trainer.population
    told.trainer.handle(start(generation=3))
    with pytest.raises(RuntimeError, match="no run"):
        _ = told.trainer.run
    told.trainer.handle(commands.Play(2))
    told.work()
    assert told.of(events.Paused)[-1].generation == 3


def test_a_speed_limit_is_kept_by_playing_one_iteration_at_a_time() -> None:
    told = Listener(start(), commands.LimitSpeed(1e6), commands.Play(4))
    told.trainer.work()
    assert told.trainer.population.run.progress.iteration == 1
    told.work()
    assert told.trainer.population.run.progress.iteration == 4


def test_an_exception_becomes_one_event_and_the_population_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Listener(start(), commands.Play())

    def fail(count: int) -> None:
        raise ValueError("out of order")

    monkeypatch.setattr(told.trainer.population.run, "advance", fail)
    told.work()
    (failed,) = told.of(events.Failed)
    assert failed.message == "ValueError: out of order"
    assert not failed.user
    assert not told.trainer.playing


def test_an_engine_can_be_chosen_while_it_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganstudio.training.engine_choice.fault", lambda device: "there is no compiler")
    told = Listener(start(), commands.ChooseEngine("compiled"), commands.Play(2))
    told.trainer.population.tend(playing=True)
    assert told.of(events.EngineChanged)[-1].reason == "there is no compiler"
    told.work()
    assert told.trainer.population.run.engine.name == "eager"
