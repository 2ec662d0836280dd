"""A population in the trainer: plays it in bursts, measures it in between, and answers what is asked about it."""

from __future__ import annotations

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
from ganstudio.training.tempo import Tempo

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
        processes: int = 1,
    ) -> None:
        self.generation = command.generation
        self.run = PopulationRun(command.members, keep_history=keep_history, processes=processes)
        self.playing = False
        self._emit = emit
        self._tempo = Tempo()
        self._paced = paced and self.run.experiment.stop.jsd_below is None
        self._pace = Pace()
        self._measuring: Iterator[int] | None = None
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
        return self._tempo.rate.value

    @property
    def patience(self) -> float | None:
        """How long to wait for a command: for ever when there is nothing to do, not at all when training."""
        if self._measuring is not None:
            return 0.0
        if self.playing:
            return self._tempo.wait
        return PREPARING_SECONDS if self._engines.preparing else None

    def tend(self, *, playing: bool) -> None:
        """Take over an engine that is ready, or have one prepared."""
        self._engines.tend(playing=playing)

    def work(self) -> None:
        """Play one burst, and measure one member, where either is due."""
        if self.playing and not self._tempo.wait:
            self._tempo.burst(self._play_some)
        if self._measuring is not None:
            self._measure_one(self._measuring)

    def play(self, iterations: int | None) -> None:
        """Train until told otherwise, or for so many iterations."""
        self.playing = True
        self._tempo.begin(None if iterations is None else self.run.progress.iteration + iterations)
        self._emit(events.Playing(self.generation))

    def pause(self, reason: str = "") -> None:
        """Stand still; a measurement that is under way is brought to its end."""
        self.playing = False
        self._tempo.rest()
        self._emit(events.Paused(self.generation, self.run.progress, reason))

    def limit_speed(self, iterations_per_second: float | None) -> None:
        """Play at most so many iterations a second."""
        self._tempo.limit_to(iterations_per_second)

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
        self._finish_measuring()
        if self.run.measured_at != self.run.progress.iteration:
            self._measuring = self.run.measuring()
            self._finish_measuring()

    def close(self) -> None:
        """End what is under way."""
        self.playing = False
        self._measuring = None
        self._engines.close()
        self.run.close()

    def _play_some(self, most: int) -> int:
        """Play a part of a burst; how many iterations it was."""
        run, stop, every = self.run, self.run.experiment.stop, self._every()
        if not self._paced:
            self._finish_measuring()
        reason = self._reason_to_stop()
        if reason is not None:
            self.pause(reason)
            return 0
        before = run.progress.iteration
        run.advance(self._tempo.up_to_an_end(most, before, stop, every))
        count = run.progress.iteration - before
        self._pace.played(count)
        if self._measuring is None and run.progress.iteration % every == 0:
            self._measuring = run.measuring()
        return count

    def _every(self) -> int:
        return self.run.experiment.measure.every * (self._pace.spacing if self._paced else 1)

    def _reason_to_stop(self) -> str | None:
        """Why to stand still before the next iteration; '' when it was asked for, None to go on."""
        run, stop, broken = self.run, self.run.experiment.stop, self.run.broken
        if broken.all():
            return "no member is left whose numbers are finite"
        reason = self._tempo.reason_to_stop(run.progress, stop)
        if reason is None and stop.jsd_below is not None and bool(np.all(run.jsd[~broken] < stop.jsd_below)):
            return f"the JSD of every member is below {stop.jsd_below:g}"
        return reason

    def _finish_measuring(self) -> None:
        while self._measuring is not None:
            self._measure_one(self._measuring)

    def _measure_one(self, measuring: Iterator[int]) -> None:
        if next(measuring, None) is not None:
            return
        self._measuring = None
        run = self.run
        self._pace.look(run.measure_seconds, run.progress.seconds, self._tempo.limit)
        if run.measured_at is not None:
            self._emit(PopulationMeasured(self.generation, run.measured_at, run.jsd.copy(), run.floor))

    def _tell_engine(self, engine: str, preparing: bool, reason: str) -> None:
        progress, at = self.run.progress, self.run.placed
        self._emit(events.EngineChanged(self.generation, progress, engine, preparing, reason, at.name, at.reason))
