"""Measuring takes about a tenth of the time at most where somebody watches, and is exact where nobody does."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from small_experiment import small as tiny

from ganstudio.experiment import Experiment
from ganstudio.messages import commands, events
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.training.engine import EagerEngine
from ganstudio.training.pace import LIMIT, Pace
from ganstudio.training.run import Run
from ganstudio.training.trainer import Trainer

small = partial(
    tiny, generator__widths=[8], discriminator__widths=[8], discriminator__fourier_features=16, measure__every=2
)


def measured_share(cost: float, training: float, count: int) -> float:
    """The share that measuring takes of a long run, each costing this much and due after so much training."""
    pace, costs, trained = Pace(), 0.0, 0.0
    for number in range(count):
        spent = training * pace.spacing
        pace.measured(cost, spent)
        if number >= count // 2:
            costs, trained = costs + cost, trained + spent
    return costs / (costs + trained)


@pytest.mark.parametrize("cost", [0.001, 0.05, 0.4, 3.0, 100.0])
def test_the_share_of_measuring_settles_at_a_tenth_at_most(cost: float) -> None:
    assert measured_share(cost, 0.5, 60) <= LIMIT


def test_cheap_measurements_are_all_made() -> None:
    pace = Pace()
    for _ in range(20):
        pace.measured(0.01, 1.0)
    assert pace.spacing == 1


def test_measurements_come_closer_again_once_they_are_cheap() -> None:
    pace = Pace()
    for _ in range(6):
        pace.measured(1.0, 1.0)
    assert pace.spacing == 32
    for _ in range(10):
        pace.measured(0.001, 1.0)
    assert pace.spacing == 1


def test_the_first_measurement_may_be_slow_because_it_prepares() -> None:
    pace = Pace()
    pace.measured(5.0, 0.1)
    assert pace.spacing == 1
    assert pace.share > 0.9


def test_spaced_measurements_are_some_of_those_due_and_the_same_to_the_last_bit() -> None:
    exact, spaced = Run(small()), Run(small())
    spaced.measure_spacing = 4
    exact.advance(24)
    spaced.advance(11)
    spaced.advance(13)
    assert list(exact.history.measure("iteration")) == list(range(2, 25, 2))
    assert list(spaced.history.measure("iteration")) == [8, 16, 24]
    assert np.array_equal(exact.history.measures[3::4], spaced.history.measures)
    assert np.array_equal(exact.history.rows, spaced.history.rows)
    assert exact.measure_seconds > 0 and spaced.measure_seconds > 0


class Script:
    """The far end of a link: plays so many iterations, then goes away."""

    def __init__(self, experiment: Experiment, iterations: int, *first: commands.Command) -> None:
        self._script: list[commands.Command] = [*first, commands.Start(experiment, 1), commands.Play(iterations)]
        self.sent: list[object] = []
        self._paused = False

    def send(self, message: object) -> None:
        self.sent.append(message)
        self._paused = self._paused or isinstance(message, events.Paused)

    def receive(self, timeout: float | None = 0.0) -> commands.Command | None:
        if self._script:
            return self._script.pop(0)
        if self._paused:
            raise EOFError
        return None

    def measured_at(self) -> list[float]:
        chunks = [event.chunk for event in self.sent if isinstance(event, events.HistoryGrew)]
        return list(np.concatenate([chunk.measures[:, 0] for chunk in chunks]))


@pytest.fixture
def slow_measurements(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each took a minute."""
    measure = Run.measure

    def slow(run: Run) -> float:
        run.measure_seconds += 60.0
        return measure(run)

    monkeypatch.setattr(Run, "measure", slow)


class Clock:
    """Time that passes by work alone: 1 ms an iteration, 10 ms a measurement, and what is waited for a command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        play, measure = EagerEngine.advance, HistogramJsd.estimate

        def slow_play(engine: EagerEngine, game: Any, state: Any, inputs: Any) -> Any:
            self.now += 0.001 * inputs.size
            return play(engine, game, state, inputs)

        def slow_measure(jsd: HistogramJsd, points: Any) -> Any:
            self.now += 0.010
            return measure(jsd, points)

        monkeypatch.setattr(EagerEngine, "advance", slow_play)
        monkeypatch.setattr(HistogramJsd, "estimate", slow_measure)
        monkeypatch.setattr("time.perf_counter", lambda: self.now)


class Waiting(Script):
    """A far end that is waited for."""

    clock: Clock

    def receive(self, timeout: float | None = 0.0) -> commands.Command | None:
        command = super().receive(timeout)
        if command is None and timeout:
            self.clock.now += timeout
        return command


def test_under_a_speed_limit_measuring_is_compared_with_the_time_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    limited = Waiting(small(), 40, commands.LimitSpeed(10.0))
    limited.clock = clock
    Trainer(limited.send).serve(limited)
    assert clock.now == pytest.approx(4.0, abs=0.2)  # the limit holds
    assert limited.measured_at() == list(range(0, 41, 2))
    grown = [event for event in limited.sent if isinstance(event, events.HistoryGrew)]
    assert grown[-1].measure_share == pytest.approx(0.010 / 0.200)
    assert grown[-1].measure_spacing == 1

    unlimited = Waiting(small(), 40)
    unlimited.clock = clock
    Trainer(unlimited.send).serve(unlimited)
    assert unlimited.measured_at()[:4] == [0, 2, 4, 8]
    assert [event for event in unlimited.sent if isinstance(event, events.HistoryGrew)][-1].measure_spacing > 1


def test_a_limit_that_does_not_hold_back_leaves_the_pace_to_training(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Waiting(small(), 40, commands.LimitSpeed(100_000.0))
    link.clock = Clock(monkeypatch)
    Trainer(link.send).serve(link)
    assert link.measured_at()[:4] == [0, 2, 4, 8]


def test_another_speed_measures_as_asked_until_its_own_pace_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    trainer = Trainer([].append)
    trainer.handle(commands.Start(small(), 1))
    trainer.run.measure_spacing = 64
    trainer.handle(commands.LimitSpeed(10.0))
    assert trainer.run.measure_spacing == 1
    trainer.run.measure_spacing = 64
    trainer.handle(commands.LimitSpeed(10.0))
    assert trainer.run.measure_spacing == 64  # the same again is no news


@pytest.mark.usefixtures("slow_measurements")
def test_a_trainer_that_is_watched_measures_slow_things_more_seldom_and_says_what_they_cost() -> None:
    link = Script(small(), 40)
    Trainer(link.send).serve(link)
    assert link.measured_at() == [0, 2, 4, 8, 16, 32]
    assert max(event.measure_share for event in link.sent if isinstance(event, events.HistoryGrew)) > 0.9


@pytest.mark.usefixtures("slow_measurements")
def test_a_run_that_stops_by_its_jsd_is_measured_as_the_experiment_says() -> None:
    link = Script(small(stop__jsd_below=1e-9), 20)
    Trainer(link.send).serve(link)
    assert link.measured_at() == list(range(0, 21, 2))


@pytest.mark.usefixtures("slow_measurements")
def test_a_trainer_that_is_driven_directly_measures_exactly_when_due() -> None:
    sent: list[object] = []
    trainer = Trainer(sent.append)
    trainer.handle(commands.Start(small(), 1))
    trainer.handle(commands.Play(20))
    while trainer.playing:
        trainer.work()
    assert list(trainer.run.history.measure("iteration")) == list(range(0, 21, 2))
