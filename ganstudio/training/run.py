"""One run of an experiment: its state, what it has measured, and how it goes on."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import differences
from ganstudio.gan.checkpoint import to_snapshot, to_state
from ganstudio.gan.device import moved, placed
from ganstudio.gan.draws import (
    DiscriminatorDraw,
    GeneratorDraw,
    Normaliser,
    burst_inputs,
    discriminator_draw,
    generator_draw,
)
from ganstudio.gan.game import Game, ema_decay, learning_rate, standardisation
from ganstudio.gan.state import Player, State
from ganstudio.gan.step import discriminator_update, generator_update, row
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.history import COLUMNS, ENGINES, History, HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.messages.timeline import CAPACITY, Timeline
from ganstudio.targets import build
from ganstudio.training.collecting import uncollected
from ganstudio.training.engine import EagerEngine, Engine

if TYPE_CHECKING:
    from ganstudio.metrics.jsd import HistogramJsd, JsdEstimate

FIRST_STRIDE = 100
BURST = 64
"""The most iterations whose inputs are drawn at once, and ..."""
BURST_NUMBERS = 2**22
"""... about the most numbers among them: the largest batches and latents would take gigabytes otherwise."""
#: What must stay finite, with its column; V(D, G) is NaN by design where D is no probability.
CHECKED = {
    name: column
    for column, name in enumerate(COLUMNS)
    if name not in ("iteration", "value", "real_output", "generated_output")
}


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

    def __init__(
        self,
        experiment: Experiment,
        snapshot: Snapshot | None = None,
        engine: Engine | None = None,
        *,
        kept_snapshots: int = CAPACITY,
    ) -> None:
        self.engine = engine or EagerEngine()
        self.placed = placed(experiment)
        self._device = torch.device(self.placed.name)
        self.game = Game.of(experiment)
        self.target = build(experiment.target)
        self._jsd: HistogramJsd | None = None
        self.measure_spacing = 1
        """Only every so many-th of the measurements that are due is made; whoever drives the run may change it."""
        self.measure_seconds = 0.0
        """Time spent measuring, which is no training time."""
        self.history = History()
        self.timeline = Timeline(kept_snapshots)
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
        every = self.experiment.measure.every * self.measure_spacing
        while self.progress.iteration < end:
            here = self.progress.iteration
            self._play(min(end, here + burst_of(self.game), *_next_multiples(here, every, _stride(here))) - here)
            here = self.progress.iteration
            if here % every == 0:
                self.measure()
            if here % _stride(here) == 0:
                self.timeline.append(self.snapshot())

    def update(self, player: Literal["discriminator", "generator"]) -> None:
        """A single update of one player; the iteration's number stays."""
        started = time.perf_counter()
        game, progress, optimizers = self.game, self.progress, self.experiment.optimizers
        if player == "discriminator":
            draw = self._discriminator_draw()
            rate = learning_rate(optimizers.discriminator, progress.scheduled)
            opponent = self._generator_draw() if game.has_consensus else None
            state, on_discriminator = discriminator_update(game, self.state, draw, rate, opponent=opponent)
            numbers = row(on_discriminator, None)
            progress = replace(progress, discriminator_updates=progress.discriminator_updates + 1)
        else:
            rate = learning_rate(optimizers.generator, progress.scheduled)
            decay = ema_decay(self.experiment.training.ema_decay, progress.generator_updates)
            draw_g = self._generator_draw()
            opponent_d = self._discriminator_draw() if game.has_consensus else None
            state, on_generator = generator_update(game, self.state, draw_g, rate, decay, opponent=opponent_d)
            numbers = row(None, on_generator)
            progress = replace(progress, generator_updates=progress.generator_updates + 1)
        rows = history_rows(numbers[None], progress.iteration - 1)
        fault = _fault(rows, state, [name for name in CHECKED if name.startswith(player)])
        if fault is not None:
            raise NonFiniteError(fault.quantity, progress.iteration - 1)
        self.state = state
        self.progress = replace(
            progress,
            seconds=progress.seconds + time.perf_counter() - started,
            single_updates=progress.single_updates + 1,
        )
        self.history.append(HistoryChunk(rows))

    def measure(self) -> float:
        """Estimate the JSD now and write it down; nats. Uses its own stream: the trajectory does not notice."""
        started, settings = time.perf_counter(), self.experiment.measure
        if self._jsd is None:
            from ganstudio.metrics.jsd import HistogramJsd  # SciPy with it, which the first frame need not wait for

            self._jsd = HistogramJsd(self.target, settings.cells)
        rng = stream(self.experiment.seed, Purpose.MEASURE_LATENT, self.progress.iteration)
        estimate = self._jsd.estimate(self.generator.sample(settings.samples, rng))
        self.history.append(measured_chunk(estimate, self.progress.iteration))
        self.measure_seconds += time.perf_counter() - started
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
        if target is not self.target:
            self.progress = replace(self.progress, schedules_since=self.progress.iteration)
        old = self.experiment.optimizers
        self.target = target
        self.game = Game.of(experiment)
        # Moments mean something else to another optimizer: it begins with none.
        if type(experiment.optimizers.generator) is not type(old.generator):
            self.state = self.state._replace(generator=_without_moments(self.state.generator))
        if type(experiment.optimizers.discriminator) is not type(old.discriminator):
            self.state = self.state._replace(discriminator=_without_moments(self.state.discriminator))
        self.state = self.game.adapted(self.state)

    def snapshot(self) -> Snapshot:
        """The whole state now."""
        return to_snapshot(self.state, self.progress, self.centre, self.scale)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this run; what was measured after it is forgotten.

        Raises:
            UserError: the snapshot does not fit the experiment; nothing was changed.
        """
        self.state = self._on_device(to_state(snapshot, self.game))
        self.progress = snapshot.progress.reached_again_from(self.progress)
        self.centre, self.scale = snapshot.centre, snapshot.scale
        self.normaliser = Normaliser.of(self.centre, self.scale)
        self.history.truncate(snapshot.progress.iteration, snapshot.progress.single_updates)
        self.timeline.truncate(snapshot.progress.iteration)

    def _play(self, count: int) -> None:
        started = time.perf_counter()
        before, training = self.progress, self.experiment.training
        with uncollected():
            drawn = burst_inputs(self.game, self.target, self.normaliser, before, count)
            state, numbers = self.engine.advance(self.game, self.state, drawn.on(self._device))
            del drawn
        rows = history_rows(numbers, before.iteration)
        fault = _fault(rows, state, list(CHECKED))
        if fault is not None:
            if fault.after > 0:
                self._play(fault.after)  # same inputs, same results
            raise NonFiniteError(fault.quantity, before.iteration + fault.after)
        self.state = state
        self.progress = replace(before.after(count, training), seconds=before.seconds + time.perf_counter() - started)
        self.history.append(played_chunk(rows, self.engine.name))

    def _discriminator_draw(self) -> DiscriminatorDraw:
        """What D's next update draws."""
        progress = self.progress
        draw = discriminator_draw(
            self.game, self.target, self.normaliser, progress.discriminator_updates, iteration=progress.scheduled
        )
        return moved(draw, self._device)

    def _generator_draw(self) -> GeneratorDraw:
        """What G's next update draws."""
        progress = self.progress
        draw = generator_draw(
            self.game, self.target, self.normaliser, progress.generator_updates, iteration=progress.scheduled
        )
        return moved(draw, self._device)

    def _on_device(self, state: State) -> State:
        return moved(state, self._device)


def burst_of(game: Game, members: int = 1) -> int:
    """How many iterations to draw for at once."""
    experiment, training = game.experiment, game.experiment.training
    dropout = game.generator.dropout_width + 2 * game.discriminator.dropout_width
    drawn = members * training.batch_size * (experiment.latent.dimension + game.dimension + dropout)
    foreseen = experiment.updates.unrolled_steps
    updates = training.discriminator_updates + training.generator_updates * (1 + foreseen)
    return max(1, min(BURST, BURST_NUMBERS // (drawn * updates)))


def _next_multiples(here: int, *strides: int) -> Iterator[int]:
    """The next iterations at which something is measured or kept: the same whatever the burst."""
    return ((here // stride + 1) * stride for stride in strides)


def _stride(iteration: int) -> int:
    """Iterations between two snapshots around here; it doubles with the run, as the timeline's spread does."""
    stride = FIRST_STRIDE
    while iteration > stride * CAPACITY:
        stride *= 2
    return stride


def _without_moments(player: Player) -> Player:
    return player._replace(moments=torch.zeros_like(player.moments), steps=torch.zeros_like(player.steps))


def measured_chunk(estimate: JsdEstimate, iteration: int) -> HistoryChunk:
    """What history is told of a measurement."""
    row = [iteration, estimate.value, estimate.floor, estimate.low, estimate.high]
    return HistoryChunk(measures=np.array([row], dtype=float))


def played_chunk(rows: NDArray[np.float64], engine: str) -> HistoryChunk:
    """What history is told of iterations, one for each of :func:`history_rows`, and of the engine that played them."""
    played_by = ENGINES.index(engine if engine in ENGINES else EagerEngine.name)  # others are eager
    return HistoryChunk(rows, engines=np.array([[rows[0, 0], played_by]]))


def history_rows(numbers: torch.Tensor, iteration: int) -> NDArray[np.float64]:
    """History rows, (n, len(COLUMNS)), for iterations ``iteration`` + 1 and on."""
    values = numbers.detach().cpu().double().numpy()
    return np.column_stack([np.arange(iteration + 1, iteration + 1 + len(values)), values])


class _Fault(NamedTuple):
    """What stopped being finite, and after how many good iterations of a burst."""

    after: int
    quantity: str


def _fault(rows: NDArray[np.float64], state: State, quantities: list[str]) -> _Fault | None:
    finite = np.isfinite(rows[:, [CHECKED[name] for name in quantities]])
    if not finite.all():
        first = int(finite.all(1).argmin())
        return _Fault(first, quantities[int(finite[first].argmin())])
    # An optimizer can break parameters by itself (√ of a variance that rounding made negative): losses show it late.
    for name in ("discriminator", "generator"):
        parameters = getattr(state, name).parameters
        # The sum shows whatever is not finite, in less time; it can be too large itself.
        if not math.isfinite(float(parameters.sum())) and not bool(parameters.isfinite().all()):
            return _Fault(len(rows) - 1, f"{name}_parameters")
    return None
