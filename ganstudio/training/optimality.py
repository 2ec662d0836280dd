r"""Training D to optimality: G stands still, D is updated until V gains no more.

    max over D of V(D, G) = V(D*, G) = −log 4 + 2 JSD(p_data ‖ p_g)        Goodfellow et al. 2014, theorem 1

V is taken on one large evaluation batch, the same throughout and no part of the run's own draws, and stratified: each
sample stands for its share of its cell's mass, in the cells and with the masses that the JSD is made of. So the chance
that put more samples here than there is in neither number, or in both alike. Every ``EVALUATE``
updates it is read; training ends at the first reading at which the best V so far has not gained ``least_gain`` nats
within ``patience`` updates. The rule counts updates, not seconds: the same run ends at the same update anywhere.
"""

from __future__ import annotations

import math
import time

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.gan.trained_discriminator import TrainedDiscriminator
from ganstudio.messages.commands import TrainDiscriminator
from ganstudio.messages.events import Optimality
from ganstudio.metrics.histogram import CellGrid, CellMasses
from ganstudio.training.run import Run

Points = NDArray[np.float32]

EVALUATE = 50
"""Updates between two readings of V."""
EVALUATION_SAMPLES = 10_000
"""About so many on each side, ..."""
JSD_SAMPLES = 200_000
"""... of so many, which fill the cells."""
JSD_CELLS = {1: 400, 2: 80}
"""Finer than the measure beside training: here G stands still, so there is time, and D sees what cells would hide."""

_NORMAL_95 = 1.96


class DiscriminatorTraining:
    """One such training; ``advance`` it until ``latest.finished``.

    Raises:
        UserError: D is no probability of single samples under this experiment, or a number of the command is out of
            range.
    """

    def __init__(self, run: Run, command: TrainDiscriminator, generation: int) -> None:
        if not run.game.objective.is_classifier:
            raise UserError(
                "V is defined where D is a probability, as with non-saturating or minimax", field="objective"
            )
        if not run.game.judges_alone:
            raise UserError(
                "V is that of a D which judges each sample by itself; switch packing and minibatch features off",
                field="discriminator",
            )
        if command.max_updates < 1 or command.patience < 1 or not (command.least_gain >= 0):
            raise UserError("updates and patience must be at least 1, the gain at least 0", field="train D")
        from ganstudio.metrics.jsd import HistogramJsd  # SciPy with it, as in :meth:`Run.measure`

        self._run, self._command, self._generation = run, command, generation
        histogram = HistogramJsd(run.target, JSD_CELLS[run.game.dimension])
        real, generated = _samples(run)
        counts = histogram.grid.counts(generated)
        self._jsd = histogram.estimate_counts(counts)
        self._real = _Stratified(real, histogram.grid, histogram.masses)
        self._generated = _Stratified(generated, histogram.grid, CellMasses(counts / JSD_SAMPLES, JSD_SAMPLES))
        self._updates = 0
        value, error = self._value()
        self._best, self._best_at = value, 0
        self.latest = self._told(value, error)

    def advance(self, seconds: float) -> None:
        """Update D for about ``seconds``, at least once.

        Raises:
            NonFiniteError: a number stopped being finite; the run stands right before that update.
        """
        end = time.perf_counter() + seconds
        while not self.latest.finished:
            self._run.update("discriminator")
            self._updates += 1
            if self._updates % EVALUATE == 0 or self._updates == self._command.max_updates:
                self._read()
            if time.perf_counter() >= end:
                return

    def end(self, reason: str) -> None:
        """Stop here, with a last reading."""
        self.latest = self._told(*self._value(), finished=True, reason=reason)

    def _read(self) -> None:
        value, error = self._value()
        if value >= self._best + self._command.least_gain:
            self._best, self._best_at = value, self._updates
        reason = ""
        if self._updates - self._best_at >= self._command.patience:
            reason = "V gains no more"
        elif self._updates >= self._command.max_updates:
            reason = f"reached {self._updates:,} updates"
        self.latest = self._told(value, error, finished=bool(reason), reason=reason)

    def _told(self, value: float, error: float, *, finished: bool = False, reason: str = "") -> Optimality:
        target, low, high = (-math.log(4) + 2 * jsd for jsd in (self._jsd.value, self._jsd.low, self._jsd.high))
        return Optimality(
            self._generation,
            self._run.progress,
            self._updates,
            value,
            error,
            target,
            low,
            high,
            target - value,
            finished,
            reason,
        )

    def _value(self) -> tuple[float, float]:
        """V on the evaluation batch, and half of its 95 % band, in nats."""
        run = self._run
        discriminator = TrainedDiscriminator.of(run.game, run.state, run.normaliser)
        on_real, on_generated = (
            discriminator(side.points).astype(np.float64) for side in (self._real, self._generated)
        )
        real, real_variance = self._real.mean(-np.logaddexp(0, -on_real))  # log D
        generated, generated_variance = self._generated.mean(-np.logaddexp(0, on_generated))  # log(1 − D)
        return real + generated, _NORMAL_95 * math.sqrt(real_variance + generated_variance)


class _Stratified:
    """Some of many samples, of every cell about its share and at least one: means take each cell with its own mass.

        mean = Σ_c m_c f̄_c        variance = Σ_c m_c² s_c² / n_c + Σ_c m_c (f̄_c − mean)² / N

    n_c samples of cell c are kept; N is how many its mass m_c was counted from, without end where it is exact.
    """

    def __init__(self, samples: Points, grid: CellGrid, masses: CellMasses) -> None:
        place = grid.places(samples)
        counts = np.bincount(place, minlength=grid.count)
        by_cell = np.argsort(place, kind="stable")
        rank = np.arange(len(samples)) - np.repeat(np.cumsum(counts) - counts, counts)
        kept = by_cell[rank < np.ceil(EVALUATION_SAMPLES * masses.values)[place[by_cell]]]
        self.points = samples[kept]
        self._place = place[kept]
        self._counts = np.bincount(self._place, minlength=grid.count)
        there = np.where(self._counts > 0, masses.values, 0.0)
        self._masses = there / there.sum()  # a cell that none of so many fell into is next to nothing
        self._counted_from = masses.samples or math.inf

    def mean(self, values: NDArray[np.float64]) -> tuple[float, float]:
        """The mean of values (n,) at the points, and its variance."""
        at_least = np.maximum(self._counts, 1)
        means, squares = (np.bincount(self._place, values**power, len(self._counts)) / at_least for power in (1, 2))
        mean = float(self._masses @ means)
        within = self._masses**2 * np.maximum(squares - means**2, 0.0) / at_least
        between = self._masses @ (means - mean) ** 2 / self._counted_from
        return mean, float(within.sum() + between)


def _generator(run: Run) -> TrainedGenerator:
    """G with the parameters that D plays against, not their average."""
    return TrainedGenerator.of(run.game, run.state, run.normaliser, "current")


def _samples(run: Run) -> tuple[Points, Points]:
    """Real and generated ones, (JSD_SAMPLES, dimension) each, the same whenever G is the same."""
    experiment = run.experiment
    real = run.target.sample(JSD_SAMPLES, stream(experiment.seed, Purpose.OPTIMALITY_REAL))
    return real, _generator(run).sample(JSD_SAMPLES, stream(experiment.seed, Purpose.OPTIMALITY_LATENT))
