"""Estimators of the JSD side by side, each an entry of one table: what they have in common is the truth they seek.

None sees all. The histogram's cells hide what is narrower than a cell; densities from samples are smoothed; D may not
have learnt. Where they agree, the number can be trusted; where one stands apart, its docstring says why that may be.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudio.metrics.held_out import HeldOut
from ganstudio.metrics.jsd import LN2, HistogramJsd
from ganstudio.metrics.model import Model
from ganstudio.metrics.variational import Bound, bound, perfect_bound
from ganstudio.targets.distribution import TargetDistribution

Points = NDArray[np.floating]

MAX_DENSITY_SAMPLES = 50_000
"""Samples a side from which densities are estimated: a second."""

FEWEST = 100
"""Samples below which a density from half of them says nothing."""

_NORMAL_95 = 1.96
_NORMAL_UPPER = 1.645


@dataclass(frozen=True)
class Reading:
    """One estimate of the JSD, in nats.

    Attributes:
        value: at most ln 2; a little below 0 for a perfect generator, and a bound by a bad D may be far below, which
            says no more than that D does worse than answering ½.
        floor: what a perfect generator reads with these sample sizes (its 95 % quantile), at least 0.
        low, high: a 95 % band of the sampling noise, low ≤ value ≤ high. Of a bound it is the bound's own noise; where
            densities are estimated, ``high`` also takes in what smoothing costs a perfect generator.
        samples: generated samples; ``real_samples`` those of p_data, None where that is known exactly.
        bound: "lower" where the expectation never exceeds the truth, however good the generator or D.
    """

    value: float
    floor: float
    low: float
    high: float
    samples: int
    real_samples: int | None
    bound: Literal["lower"] | None = None


@dataclass(frozen=True)
class Material:
    """What the estimators work on; what several of them need is made once.

    ``real`` and ``null`` are two fresh samples of p_data, as many as ``points``: the second stands in for the perfect
    generator. All three are in random order. ``model`` is what made the points, None for those of a stranger.
    """

    points: Points
    real: Points
    null: Points
    target: TargetDistribution
    histogram: HistogramJsd
    seed: int = 0
    model: Model | None = None

    @cached_property
    def held_out(self) -> HeldOut | None:
        """Densities of real and generated samples; None with too few of them."""
        return self._densities(self.points)

    @cached_property
    def perfect(self) -> HeldOut | None:
        """The same for a perfect generator."""
        return self._densities(self.null)

    @property
    def density_samples(self) -> int:
        """Samples a side that the densities are made from."""
        return min(len(self.points), len(self.real), MAX_DENSITY_SAMPLES)

    def _densities(self, generated: Points) -> HeldOut | None:
        n = self.density_samples
        return HeldOut.of(self.real[:n], generated[:n], self.target, self.seed) if n >= FEWEST else None


@dataclass(frozen=True)
class Estimator:
    """An entry of the table. ``read`` gives None where it does not apply."""

    title: str
    help: str
    read: Callable[[Material], Reading | None]


def _histogram(material: Material) -> Reading:
    estimate = material.histogram.estimate(material.points)
    return Reading(
        estimate.value,
        estimate.floor,
        estimate.low,
        estimate.high,
        estimate.samples,
        material.histogram.masses.samples,
    )


def _kde(material: Material) -> Reading | None:
    if material.held_out is None or material.perfect is None:
        return None
    return _by_densities(material.held_out.kde_bound(), material.perfect.kde_bound(), material.density_samples)


def _exact_density(material: Material) -> Reading | None:
    if material.held_out is None or material.perfect is None:
        return None
    found, perfect = material.held_out.exact_bound(), material.perfect.exact_bound()
    return None if found is None or perfect is None else _by_densities(found, perfect, material.density_samples)


def _discriminator(material: Material) -> Reading | None:
    if material.model is None or material.model.logits is None or min(len(material.points), len(material.real)) < 2:
        return None
    on_real, on_generated = (
        np.asarray(material.model.logits(np.asarray(side, np.float32)), np.float64)
        for side in (material.real, material.points)
    )
    found, perfect = bound(on_real, on_generated), perfect_bound(on_real)
    floor, half = max(0.0, perfect.value + _NORMAL_UPPER * perfect.error), _NORMAL_95 * found.error
    low, high = found.value - half, min(LN2, found.value + half)
    return Reading(found.value, floor, low, high, len(on_generated), len(on_real), bound="lower")


def _latent_map(material: Material) -> Reading | None:
    masses = material.histogram.masses
    if material.model is None or masses.samples is not None:
        return None
    # scipy.stats' quasi Monte Carlo takes a while to import, and only sessions need it.
    from ganstudio.metrics.latent_map import mapped_masses

    mapped = mapped_masses(material.model, material.histogram.grid, seed=material.seed)
    found = mapped.divergence(masses.values)
    floor = mapped.noise(masses.values) * material.histogram.floor(mapped.samples)
    value = max(found.value, -found.half)
    low = min(value, max(0.0, value - found.half))
    return Reading(value, floor, low, min(LN2, value + found.half), mapped.samples, None)


def _by_densities(found: Bound, perfect: Bound, samples: int) -> Reading:
    """A bound by estimated densities; ``perfect`` is the same for a perfect generator, simulated once."""
    # Smoothing costs about as much here as it does there, so the band is longer upwards by that much.
    shortfall = max(0.0, -perfect.value)
    half = _NORMAL_95 * found.error
    low, high = found.value - half, max(0.0, min(LN2, found.value + half + shortfall))
    # The simulation is itself as noisy as what it stands for: hence √2.
    floor = max(0.0, perfect.value + math.sqrt(2) * _NORMAL_UPPER * perfect.error)
    return Reading(found.value, floor, min(low, high), high, samples, samples, bound="lower")


ESTIMATORS: dict[str, Estimator] = {
    "histogram": Estimator(
        "Histogram",
        "counts in cells against p_data's exact cell masses, corrected for bias; blind to what is inside a cell",
        _histogram,
    ),
    "kde": Estimator(
        "Held-out density",
        "both densities by kernels on half of the samples, judged on the others; never above the truth on average",
        _kde,
    ),
    "exact_density": Estimator(
        "Exact density",
        "p_data's own density against kernels for p_g, by Monte Carlo; never above the truth on average",
        _exact_density,
    ),
    "discriminator": Estimator(
        "Discriminator's bound",
        "(V + log 4) / 2 of the session's own D on fresh samples; never above the truth on average, and negative "
        "while D does worse than answering ½",
        _discriminator,
    ),
    "latent_map": Estimator(
        "Latent map",
        "latent mass carried through G onto the cells by evenly spread latents; nearly without noise",
        _latent_map,
    ),
}


def read_all(material: Material) -> dict[str, Reading]:
    """Every estimator that applies, by its name."""
    readings = ((name, estimator.read(material)) for name, estimator in ESTIMATORS.items())
    return {name: reading for name, reading in readings if reading is not None}
