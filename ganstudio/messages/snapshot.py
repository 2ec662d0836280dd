"""The whole state of a run at one moment, as named arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.experiment import Training

Array = NDArray[np.generic]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Progress:
    """How far a run is. All randomness of an update follows from the seed and the number of that update.

    ``single_updates`` are those taken since the iteration, which the next one leaves behind. ``seconds`` is training
    time, pauses excluded. Neither influences the trajectory. ``schedules_since`` is the iteration at which the target
    last changed, 0 where it never did: schedules count from there, for what is new is to be learned at full pace.
    """

    iteration: int = 0
    discriminator_updates: int = 0
    generator_updates: int = 0
    seconds: float = 0.0
    single_updates: int = 0
    schedules_since: int = 0

    @property
    def scheduled(self) -> int:
        """Iterations that schedules have seen."""
        return self.iteration - self.schedules_since

    def reached_again_from(self, later: Progress) -> Progress:
        """This, as the run stands that went back here from ``later``: a target that came in between is new now."""
        if later.schedules_since <= self.schedules_since:
            return self
        return replace(self, schedules_since=self.iteration)

    def after(self, iterations: int, training: Training) -> Progress:
        """So many iterations of ``training`` later; the time that they take is not known yet."""
        return replace(
            self,
            iteration=self.iteration + iterations,
            discriminator_updates=self.discriminator_updates + iterations * training.discriminator_updates,
            generator_updates=self.generator_updates + iterations * training.generator_updates,
            single_updates=0,
        )


@dataclass(frozen=True)
class Snapshot:
    """State tensors by name (``generator/parameters``, ``discriminator/moments``, ``ema`` …), and how far the run was.

    ``centre`` and ``scale`` are the normalisation of the run: data = centre + scale · normalised.
    """

    progress: Progress
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    arrays: dict[str, Array] = field(default_factory=dict)
