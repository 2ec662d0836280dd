"""A trained pair of networks as plain functions of arrays: all that measures need to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.networks import Latent

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """What generated the samples, where that is known.

    Attributes:
        generate: latents (n, latent.dimension) float32 to samples (n, dimension) in data coordinates.
        latent: the latent space.
        seed: the run's; it fixes the centres of a mixture prior.
        logits: D's raw outputs (n,) on points (n, dimension) in data coordinates, where D is trained to be a
            probability (D = σ(logit)); None for critics and regressors.
    """

    generate: Callable[[Floats], Floats]
    latent: Latent
    seed: int
    logits: Callable[[Floats], Floats] | None = None
