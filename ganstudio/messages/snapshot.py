"""The whole state of a run at one moment, as named arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Progress:
    """How far a run is. All randomness of an update follows from the seed and the number of that update.

    ``seconds`` is training time, pauses excluded; it never influences the trajectory.
    """

    iteration: int = 0
    discriminator_updates: int = 0
    generator_updates: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Snapshot:
    """State tensors by name (``generator/parameters``, ``discriminator/moments``, ``ema`` …), and how far the run was.

    ``centre`` and ``scale`` are the normalisation of the run: data = centre + scale · normalised.
    """

    progress: Progress
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    arrays: dict[str, Array] = field(default_factory=dict)
