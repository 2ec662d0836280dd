"""A population in the trainer: plays it in bursts, measures it in between, and answers what is asked about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ganstudio.errors import UserError
from ganstudio.messages import commands, events
from ganstudio.messages.population import (
    MOST_POINTS,
    PopulationFrame,
    PopulationMeasured,
    PopulationStarted,
    RequestPopulationFrame,
    StartPopulation,
)
from ganstudio.training.engine_choice import OF_POPULATIONS, EngineKeeper
from ganstudio.training.pace import Pace
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.rate import Rate

BURST_SECONDS = 0.010
PREPARING_SECONDS = 0.5

Emit = Callable[[Any], None]


class PopulationService:
    """One population, from its start until something else is started. Call :meth:`work` again and again.

    Measurements are spaced out where they would take more than a tenth of the time, and made member by member between
    bursts, so that nobody waits for them. Not so without ``paced``, nor where the population stops by its JSD: every
    one that is due is made, before the next iteration, so that what is measured depends on no clock.

    Raises:
        UserError: the members cannot be one population; names the field.
    """

    def __init__(
        self,
        command: StartPopulation,
        emit: Emit,
        choice: commands.EngineChoice = "eager",
        *,
        keep_history: bool = False,
        paced: bool = True,
    ) -> None:
        self.generation = command.generation
        self.run = PopulationRun(command.members, keep_history=keep_history)
        self.playing = False
        self._emit = emit
        self._play_until: int | None = None
        self._speed_limit: float | None = None
        self._not_before = 0.0
        self._rate = Rate()
        self._paced = paced and self.run.experiment.stop.jsd_below is None
        self._pace = Pace()
        self._measuring: Iterator[int] | None = None
        self._measured_at = (0.0, 0.0)  # seconds of measuring and of training at the last measurement
        self._engines = EngineKeeper(choice, self._tell_engine, OF_POPULATIONS)
        self._emit(PopulationStarted(self.generation, len(self.run), self.run.engine.name))
        self._engines.attach(self.run)
        self._measuring = self.run.measuring()

    @property
    def is_busy(self) -> bool:
        """Whether there is something to do without being asked."""
        return self.playing or self._measuring is not None

    @property
    def iterations_per_second(self) -> float:
        """Of all members together: an iteration of all counts as one."""
        return self._rate.value

    @property
    def patience(self) -> float | None:
        """How long to wait for a command: for ever when there is nothing to do, not at all when training."""
        if self._measuring is not None:
            return 0.0
        if self.playing:
            return max(0.0, self._not_before - time.perf_counter())
        return PREPARING_SECONDS if self._engines.preparing else None

    def tend(self, *, playing: bool) -> None:
        """Take over an engine that is ready, or have one prepared."""
        self._engines.tend(playing=playing)

    def work(self) -> None:
        """Play one burst, and measure one member, where either is due."""
        if self.playing and time.perf_counter() >= self._not_before:
            self._burst()
        if self._measuring is not None:
            self._measure_one(self._measuring)

    def play(self, iterations: int | None) -> None:
        """Train until told otherwise, or for so many iterations."""
        self._play_until = None if iterations is None else self.run.progress.iteration + iterations
        self.playing = True
        self._not_before = time.perf_counter()
        self._rate.start()
        self._emit(events.Playing(self.generation))

    def pause(self, reason: str = "") -> None:
        """Stand still; a measurement that is under way is brought to its end."""
        self.playing = False
        self._play_until = None
        self._rate.rest()
        self._emit(events.Paused(self.generation, self.run.progress, reason))

    def limit_speed(self, iterations_per_second: float | None) -> None:
        """Play at most so many iterations a second."""
        self._speed_limit = iterations_per_second
        self._not_before = time.perf_counter()

    def choose_engine(self, choice: commands.EngineChoice) -> None:
        """Another engine from now on."""
        self._engines.choose(choice)

    def frame(self, request: RequestPopulationFrame) -> PopulationFrame | None:
        """A look at all members now; None for a request about another population.

        Raises:
            UserError: the number of points is out of range.
        """
        if request.generation != self.generation:
            return None
        if not 1 <= request.points <= MOST_POINTS:
            raise UserError(f"must be between 1 and {MOST_POINTS:,}, not {request.points:,}", field="points")
        run = self.run
        return PopulationFrame(
            self.generation,
            run.progress,
            run.points(request.points),
            run.jsd.copy(),
            run.broken,
            self.iterations_per_second,
        )

    def measure(self) -> None:
        """Measure every member where it stands now, and tell."""
        if self._measuring is not None:
            self._finish_measuring(self._measuring)
        if self.run.measured_at != self.run.progress.iteration:
            self._finish_measuring(self.run.measuring())

    def close(self) -> None:
        """End what is under way."""
        self.playing = False
        self._measuring = None
        self._engines.close()

    def _burst(self) -> None:
        run, started = self.run, time.perf_counter()
        done, elapsed = 0, 0.0
        while done == 0 or (elapsed < BURST_SECONDS and self._speed_limit is None):
            if self._measuring is not None and not self._paced:
                self._finish_measuring(self._measuring)
            reason = self._reason_to_stop()
            if reason is not None:
                self.pause(reason)
                return
            before = run.progress.iteration
            run.advance(self._stride(done, elapsed))
            count = run.progress.iteration - before
            done += count
            self._rate.count(count)
            elapsed = time.perf_counter() - started
            if self._measuring is None and run.progress.iteration % self._every() == 0:
                self._measuring = run.measuring()
        if self._speed_limit is not None:
            # What a slow moment cost is caught up, but not more than a tenth of a second of it.
            self._not_before = max(self._not_before, started - 0.1) + done / self._speed_limit

    def _every(self) -> int:
        return self.run.experiment.measure.every * (self._pace.spacing if self._paced else 1)

    def _stride(self, done: int, elapsed: float) -> int:
        """How many iterations to play at once: as many as there is time for, none beyond a stop or a measurement."""
        if done == 0 or self._speed_limit is not None:
            return 1
        here, every = self.run.progress.iteration, self._every()
        ends = [end for end in (self._play_until, self.run.experiment.stop.iterations) if end is not None]
        ends.append((here // every + 1) * every)
        fitting = int((BURST_SECONDS - elapsed) * done / elapsed)
        return max(1, min(fitting, 2 * done, *(end - here for end in ends)))

    def _reason_to_stop(self) -> str | None:
        """Why to stand still before the next iteration; '' when it was asked for, None to go on."""
        run, stop = self.run, self.run.experiment.stop
        here, broken = run.progress.iteration, run.broken
        if broken.all():
            return "no member is left whose numbers are finite"
        if self._play_until is not None and here >= self._play_until:
            return ""
        if stop.iterations is not None and here >= stop.iterations:
            return f"reached {stop.iterations:,} iterations"
        if stop.seconds is not None and run.progress.seconds >= stop.seconds:
            return f"trained for {stop.seconds:g} s"
        if stop.jsd_below is not None and bool(np.all(run.jsd[~broken] < stop.jsd_below)):
            return f"the JSD of every member is below {stop.jsd_below:g}"
        return None

    def _measure_one(self, measuring: Iterator[int]) -> None:
        if next(measuring, None) is None:
            self._measuring = None
            self._measured()

    def _finish_measuring(self, measuring: Iterator[int]) -> None:
        for _ in measuring:
            pass
        self._measuring = None
        self._measured()

    def _measured(self) -> None:
        run = self.run
        before, now = self._measured_at, (run.measure_seconds, run.progress.seconds)
        self._pace.measured(now[0] - before[0], now[1] - before[1])
        self._measured_at = now
        if run.measured_at is not None:
            self._emit(PopulationMeasured(self.generation, run.measured_at, run.jsd.copy(), run.floor))

    def _tell_engine(self, engine: str, preparing: bool, reason: str) -> None:
        progress, at = self.run.progress, self.run.placed
        self._emit(events.EngineChanged(self.generation, progress, engine, preparing, reason, at.name, at.reason))
