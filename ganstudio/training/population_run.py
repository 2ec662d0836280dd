"""A population being trained: the states of all members, what was measured of them, and who has broken."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.gan.checkpoint import to_snapshot
from ganstudio.gan.device import moved, placed
from ganstudio.gan.game import standardisation
from ganstudio.gan.members import Members, chosen, member_of
from ganstudio.gan.priors import Floats, sample_prior
from ganstudio.gan.state import State
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.history import History
from ganstudio.messages.population import Burst
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.training.collecting import uncollected
from ganstudio.training.population_draws import PopulationDraws
from ganstudio.training.population_engine import EagerPopulation, PopulationEngine
from ganstudio.training.run import CHECKED, burst_of, history_rows, measured_chunk, played_chunk

if TYPE_CHECKING:
    from ganstudio.metrics.jsd import HistogramJsd

_REPORTED = [column - 1 for column in CHECKED.values()]
"""What must stay finite, among the numbers of a row without its iteration."""


class PopulationRun:
    """Many games being played as one; member i goes the way of a single run of its experiment.

    A member whose numbers stop being finite is *broken*: it stands still right before that, and the others go on.
    With ``keep_history`` every iteration of every member is written down; otherwise only what is measured. A compiled
    engine may use so many ``processes``.

    Raises:
        UserError: the experiments cannot be one population, or cannot be run.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        engine: PopulationEngine | None = None,
        *,
        keep_history: bool = False,
        processes: int = 1,
    ) -> None:
        self.members = Members.of(experiments)
        self.processes = processes
        self.engine = engine or EagerPopulation()
        self.experiment = self.members.common.experiment
        self.placed = placed(self.experiment)
        self._device = torch.device(self.placed.name)
        self._draws = PopulationDraws(self.members, [standardisation(experiment) for experiment in experiments])
        self.target = self._draws.target
        self.state: State = moved(self.members.initial_state(), self._device)
        self.progress = Progress()
        """How far those members are that are not broken."""
        self.faults: dict[int, tuple[Progress, str]] = {}
        """Where each broken member stands, and what of it would not have been finite."""
        self.histories = tuple(History(in_file=False) for _ in experiments)
        self._keep_history = keep_history
        self.jsd: NDArray[np.float64] = np.full(len(experiments), np.nan)
        """Of each member, (members,) in nats, as measured last; NaN of broken ones, and before it was measured."""
        self.measured_at: int | None = None
        self.measure_seconds = 0.0
        self._jsd: HistogramJsd | None = None
        self._looked_at: list[Floats] | None = None
        """The latents of the last look, of each member."""

    def __len__(self) -> int:
        return len(self.members)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return tuple(game.experiment for game in self.members.games)

    @property
    def broken(self) -> NDArray[np.bool_]:
        """Which members stand still for good, (members,)."""
        broken = np.zeros(len(self), bool)
        broken[list(self.faults)] = True
        return broken

    @property
    def floor(self) -> float:
        """What a perfect generator would read, nats."""
        return float(self._estimator().floor(self.experiment.measure.samples))

    def advance(self, count: int) -> None:
        """Play ``count`` iterations of every member that is not broken; measures nothing."""
        end = self.progress.iteration + count
        most = burst_of(self.members.common, len(self))
        while self.progress.iteration < end and len(self.faults) < len(self):
            started = time.perf_counter()
            self._play(min(most, end - self.progress.iteration))
            seconds = self.progress.seconds + time.perf_counter() - started
            self.progress = replace(self.progress, seconds=seconds)

    def close(self) -> None:
        """Nobody is going to play any more, though it may still be looked at: end what the engine has started."""
        self.engine.close()

    def measure(self) -> NDArray[np.float64]:
        """Estimate the JSD of every member now and write it down, (members,)."""
        for _ in self.measuring():
            pass
        return self.jsd

    def measuring(self) -> Iterator[int]:
        """The same, member by member: what is measured is the state of now, whatever is played meanwhile.

        Each member draws from its own stream: its estimate is that of a single run at that iteration.
        """
        return self._measuring(self.state, self.progress)

    def generator(self, number: int) -> TrainedGenerator:
        """G of a member as it is shown and measured now."""
        return self._generator(self.state, number)

    def points(self, count: int) -> Floats:
        """``count`` samples of each member from fixed latents of its own, (members, count, dimension)."""
        if self._looked_at is None or len(self._looked_at[0]) != count:  # drawn once, for many looks a second
            self._looked_at = [
                sample_prior(one.latent, count, stream(one.seed, Purpose.LOOK_LATENT), one.seed)
                for one in self.experiments
            ]
        return np.stack([self.generator(number)(latents) for number, latents in enumerate(self._looked_at)])

    def snapshot(self, number: int) -> Snapshot:
        """The whole state of a member, from which a single run can go on."""
        progress = self.faults[number][0] if number in self.faults else self.progress
        centre, scale = self._draws.normalisations[number]
        own: State = member_of(self.state, number)
        return to_snapshot(own, progress, centre, scale)

    def _measuring(self, state: State, progress: Progress) -> Iterator[int]:
        settings = self.experiment.measure
        jsd = np.full(len(self), np.nan)
        for number in range(len(self)):
            started = time.perf_counter()
            if number not in self.faults:
                generator = self._generator(state, number)
                rng = stream(generator.game.experiment.seed, Purpose.MEASURE_LATENT, progress.iteration)
                estimate = self._estimator().estimate(generator.sample(settings.samples, rng))
                jsd[number] = estimate.value
                self.histories[number].append(measured_chunk(estimate, progress.iteration))
            self.measure_seconds += time.perf_counter() - started
            yield number
        jsd[list(self.faults)] = np.nan
        self.jsd, self.measured_at = jsd, progress.iteration

    def _generator(self, state: State, number: int) -> TrainedGenerator:
        game = self.members.games[number]
        weights = self.experiment.measure.weights
        return TrainedGenerator.of(game, member_of(state, number), self._draws.normalisers[number], weights)

    def _estimator(self) -> HistogramJsd:
        if self._jsd is None:
            from ganstudio.metrics.jsd import HistogramJsd  # SciPy with it, as in :meth:`Run.measure`

            self._jsd = HistogramJsd(self.target, self.experiment.measure.cells)
        return self._jsd

    def _play(self, count: int) -> None:
        """Play so many iterations; where members break, up to there, and then on without them."""
        if not count or len(self.faults) == len(self):
            return
        with uncollected():
            state, rows = self.engine.advance(self._draws, self.state, Burst(self.progress, count, tuple(self.faults)))
        found = self._faults_of(state, rows)
        if not found:
            self._accept(state, rows)
            return
        first = min(after for after, _ in found.values())
        self._play(first)  # same inputs, same results
        for number, (after, quantity) in found.items():
            if after == first and number not in self.faults:
                self.faults[number] = (self.progress, quantity)
                self.jsd[number] = np.nan
        self._play(count - first)

    def _faults_of(self, state: State, rows: Tensor) -> dict[int, tuple[int, str]]:
        """Of members that have just broken: after how many good iterations, and what was not finite."""
        names = list(CHECKED)
        finite = np.isfinite(rows.cpu().numpy())[..., _REPORTED]  # (iterations, members, names)
        found: dict[int, tuple[int, str]] = {}
        for number in np.flatnonzero(~finite.all((0, 2)) & ~self.broken):
            after = int(finite[:, number].all(1).argmin())
            found[int(number)] = (after, names[int(finite[after, number].argmin())])
        # An optimizer can break parameters by itself: losses show it late.
        for name in ("discriminator", "generator"):
            parameters = getattr(state, name).parameters
            # The sum shows whatever is not finite, in less time; it can be too large itself.
            if bool(parameters.sum(1).isfinite().all()):
                continue
            whole = parameters.isfinite().all(1).cpu().numpy()
            for number in np.flatnonzero(~whole & ~self.broken):
                found.setdefault(int(number), (len(rows) - 1, f"{name}_parameters"))
        return found

    def _accept(self, state: State, rows: Tensor) -> None:
        before = self.progress
        if self.faults:
            state = chosen(torch.from_numpy(~self.broken).to(self._device), state, self.state)
        self.state = state
        self.progress = before.after(len(rows), self.experiment.training)
        if self._keep_history:
            for number in range(len(self)):
                if number not in self.faults:
                    own = history_rows(rows[:, number], before.iteration)
                    self.histories[number].append(played_chunk(own, self.engine.name))
