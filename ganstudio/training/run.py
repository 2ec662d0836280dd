"""One run of an experiment: its state, what it has measured, and how it goes on."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import differences
from ganstudio.gan.checkpoint import to_snapshot, to_state
from ganstudio.gan.device import device_of, moved
from ganstudio.gan.draws import (
    Normaliser,
    discriminator_draw,
    generator_draw,
    iteration_inputs,
)
from ganstudio.gan.game import Game, ema_decay, learning_rate, standardisation
from ganstudio.gan.state import Player, State
from ganstudio.gan.step import discriminator_update, generator_update, row
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.history import COLUMNS, History, HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.messages.timeline import Timeline
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.targets import build
from ganstudio.training.engine import EagerEngine, Engine

FIRST_STRIDE = 100
#: What must stay finite; V(D, G) is NaN by design where D is no probability.
CHECKED = tuple(name for name in COLUMNS[1:] if name not in ("value", "real_output", "generated_output"))


class NonFiniteError(ArithmeticError):
    """``quantity`` is infinite or NaN in the iteration that would have followed ``iteration``."""

    def __init__(self, quantity: str, iteration: int) -> None:
        super().__init__(f"{quantity.replace('_', ' ')} is not finite at iteration {iteration + 1}")
        self.quantity = quantity


class Run:
    """A game being played. Deterministic: the same experiment and calls give the same bits on the same machine.

    Raises:
        UserError: the experiment cannot be run (an empty painting, a device that is not there), or ``snapshot``
            does not fit it.
    """

    def __init__(self, experiment: Experiment, snapshot: Snapshot | None = None, engine: Engine | None = None) -> None:
        self.engine = engine or EagerEngine()
        self._device = device_of(experiment)
        self.game = Game.of(experiment)
        self.target = build(experiment.target)
        self._jsd: HistogramJsd | None = None
        self.history = History()
        self.timeline = Timeline()
        self._stride = FIRST_STRIDE
        if snapshot is None:
            self.centre, self.scale = standardisation(experiment)
            self.progress = Progress()
            self.state = self._on_device(self.game.initial_state())
        else:
            self.centre, self.scale = snapshot.centre, snapshot.scale
            self.progress = snapshot.progress
            self.state = self._on_device(to_state(snapshot, self.game))
        self.normaliser = Normaliser.of(self.centre, self.scale)
        self.timeline.append(self.snapshot())

    @property
    def experiment(self) -> Experiment:
        return self.game.experiment

    @property
    def generator(self) -> TrainedGenerator:
        """G as it is shown and measured now."""
        return TrainedGenerator.of(self.game, self.state, self.normaliser, self.experiment.measure.weights)

    def advance(self, count: int) -> None:
        """Play ``count`` iterations, measuring and keeping snapshots on the way.

        Raises:
            NonFiniteError: a number stopped being finite; the run stands right before that iteration.
        """
        end = self.progress.iteration + count
        while self.progress.iteration < end:
            self._play(min(end, self._next_stop()) - self.progress.iteration)
            if self.progress.iteration % self.experiment.measure.every == 0:
                self.measure()
            if self.progress.iteration % self._stride == 0:
                self._keep_snapshot()

    def update(self, player: Literal["discriminator", "generator"]) -> None:
        """A single update of one player; the iteration's number stays."""
        started = time.perf_counter()
        game, progress, optimizers = self.game, self.progress, self.experiment.optimizers
        if player == "discriminator":
            draw = discriminator_draw(game, self.target, self.normaliser, progress.discriminator_updates)
            rate = learning_rate(optimizers.discriminator, progress.iteration)
            state, on_discriminator = discriminator_update(game, self.state, moved(draw, self._device), rate)
            numbers = row(on_discriminator, None)
            progress = replace(progress, discriminator_updates=progress.discriminator_updates + 1)
        else:
            rate = learning_rate(optimizers.generator, progress.iteration)
            decay = ema_decay(self.experiment.training.ema_decay, progress.generator_updates)
            draw_g = moved(generator_draw(game, progress.generator_updates), self._device)
            state, on_generator = generator_update(game, self.state, draw_g, rate, decay)
            numbers = row(None, on_generator)
            progress = replace(progress, generator_updates=progress.generator_updates + 1)
        rows = _rows(numbers[None], progress.iteration - 1)
        _check_finite(rows, progress.iteration - 1, single=player)
        self.state = state
        self.progress = replace(progress, seconds=progress.seconds + time.perf_counter() - started)
        self.history.append(HistoryChunk(rows, np.empty((0, 5))))

    def measure(self) -> float:
        """Estimate the JSD now and write it down; nats. Uses its own stream: the trajectory does not notice."""
        settings = self.experiment.measure
        if self._jsd is None:
            self._jsd = HistogramJsd(self.target, settings.cells)
        rng = stream(self.experiment.seed, Purpose.MEASURE_LATENT, self.progress.iteration)
        estimate = self._jsd.estimate(self.generator.sample(settings.samples, rng))
        measured = np.array(
            [[self.progress.iteration, estimate.value, estimate.floor, estimate.low, estimate.high]], dtype=float
        )
        self.history.append(HistoryChunk(np.empty((0, len(COLUMNS))), measured))
        return float(estimate.value)

    def apply(self, experiment: Experiment) -> None:
        """Take over live changes between two iterations.

        Raises:
            UserError: a change is structural, or the new target has nothing to sample from; nothing was changed.
        """
        changes = differences(self.experiment, experiment)
        structural = [change.path for change in changes if not change.live]
        if structural:
            raise UserError(
                "cannot change while training; it needs the networks to be initialised again", field=structural[0]
            )
        target = build(experiment.target) if experiment.target != self.experiment.target else self.target
        if target is not self.target or experiment.measure.cells != self.experiment.measure.cells:
            self._jsd = None
        old = self.experiment.optimizers
        self.target = target
        self.game = Game.of(experiment)
        # Moments mean something else to another optimizer: it begins with none.
        if type(experiment.optimizers.generator) is not type(old.generator):
            self.state = self.state._replace(generator=_without_moments(self.state.generator))
        if type(experiment.optimizers.discriminator) is not type(old.discriminator):
            self.state = self.state._replace(discriminator=_without_moments(self.state.discriminator))

    def snapshot(self) -> Snapshot:
        """The whole state now."""
        return to_snapshot(self.state, self.progress, self.centre, self.scale)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this run; what was measured after it is forgotten.

        Raises:
            UserError: the snapshot does not fit the experiment; nothing was changed.
        """
        self.state = self._on_device(to_state(snapshot, self.game))
        self.progress = snapshot.progress
        self.centre, self.scale = snapshot.centre, snapshot.scale
        self.normaliser = Normaliser.of(self.centre, self.scale)
        self.history.truncate(snapshot.progress.iteration)
        self.timeline.truncate(snapshot.progress.iteration)

    def _play(self, count: int) -> None:
        started = time.perf_counter()
        before, training = self.progress, self.experiment.training
        inputs = []
        progress = before
        for _ in range(count):
            inputs.append(moved(iteration_inputs(self.game, self.target, self.normaliser, progress), self._device))
            progress = Progress(
                progress.iteration + 1,
                progress.discriminator_updates + training.discriminator_updates,
                progress.generator_updates + training.generator_updates,
                progress.seconds,
            )
        state, numbers = self.engine.advance(self.game, self.state, inputs)
        rows = _rows(numbers, before.iteration)
        try:
            _check_finite(rows, before.iteration)
        except NonFiniteError:
            self._play_to_the_last_finite(rows, count)
            raise
        self.state = state
        self.progress = replace(progress, seconds=before.seconds + time.perf_counter() - started)
        self.history.append(HistoryChunk(rows, np.empty((0, 5))))

    def _play_to_the_last_finite(self, rows: NDArray[np.float64], count: int) -> None:
        """Repeat the iterations before the first non-finite one: same inputs, same results."""
        finite = int(np.isfinite(rows[:, _CHECKED_COLUMNS]).all(1).argmin())
        if 0 < finite < count:
            self._play(finite)

    def _next_stop(self) -> int:
        """The next iteration at which something is measured or kept: the same whatever the burst."""
        here = self.progress.iteration
        strides = (self.experiment.measure.every, self._stride)
        return min((here // stride + 1) * stride for stride in strides)

    def _keep_snapshot(self) -> None:
        before = len(self.timeline)
        self.timeline.append(self.snapshot())
        if len(self.timeline) <= before:  # It was thinned: from now on half as often.
            self._stride *= 2

    def _on_device(self, state: State) -> State:
        return moved(state, self._device)


_CHECKED_COLUMNS = [COLUMNS.index(name) for name in CHECKED]


def _without_moments(player: Player) -> Player:
    return player._replace(moments=torch.zeros_like(player.moments), steps=torch.zeros_like(player.steps))


def _rows(numbers: torch.Tensor, iteration: int) -> NDArray[np.float64]:
    """History rows, (n, len(COLUMNS)), for iterations ``iteration`` + 1 and on."""
    values = numbers.detach().cpu().double().numpy()
    return np.column_stack([np.arange(iteration + 1, iteration + 1 + len(values)), values])


def _check_finite(rows: NDArray[np.float64], iteration: int, single: str | None = None) -> None:
    names = [name for name in CHECKED if single is None or name.startswith(single)]
    finite = np.isfinite(rows[:, [COLUMNS.index(name) for name in names]])
    if not finite.all():
        first = int(finite.all(1).argmin())
        raise NonFiniteError(names[int(finite[first].argmin())], iteration + first)
