"""Warnings about what looks good and is not: each a sentence with the numbers that betray it.

Every flag compares the points with samples of p_data that were drawn beside them, so it knows nothing that depends on
modes being well separated. Thresholds are five standard deviations, and besides what a person would call a difference:
a perfect sampler raises none of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import chi2

from ganstudio.metrics.coverage import ModeCoverage, mode_coverage
from ganstudio.metrics.estimators import Reading
from ganstudio.targets.distribution import TargetDistribution

Points = NDArray[np.floating]

SURE = 5.0
"""Standard deviations."""

MAX_NEIGHBOURS = 10_000

_TINY = 1e-7
"""Probability of a chi-square as large as this under a perfect sampler."""


@dataclass(frozen=True)
class Evidence:
    """What the flags look at: the points' numbers, and in ``real_…`` those of ``real_n`` samples of p_data.

    Attributes:
        modes, real_modes: coverage, None for a target without modes.
        weights: (K,) the modes' true shares; empty without modes.
        repeated: share of points that are exact repetitions of others.
        gap: median distance of a point to the nearest other one, data units; None with fewer than two.
        estimates: readings of the JSD by their names.
    """

    n: int
    real_n: int
    dimension: int
    modes: ModeCoverage | None
    real_modes: ModeCoverage | None
    weights: tuple[float, ...]
    repeated: float
    real_repeated: float
    gap: float | None
    real_gap: float | None
    estimates: Mapping[str, Reading]

    @classmethod
    def of(cls, points: Points, real: Points, target: TargetDistribution, estimates: Mapping[str, Reading]) -> Evidence:
        """Gather it from points and samples of p_data, (n, dimension) and (m, dimension), in random order."""
        found = mode_coverage(points, target)
        weights: tuple[float, ...] = ()
        if found is not None:
            given = target.mode_weights
            weights = (1 / found.total,) * found.total if given is None else tuple(np.asarray(given).tolist())
        near = min(len(points), len(real), MAX_NEIGHBOURS)
        alike = min(len(points), len(real))
        return cls(
            n=len(points),
            real_n=len(real),
            dimension=points.shape[1],
            modes=found,
            real_modes=mode_coverage(real, target),
            weights=weights,
            repeated=_repeated(points[:alike]),
            real_repeated=_repeated(real[:alike]),
            gap=_gap(points[:near]),
            real_gap=_gap(real[:near]),
            estimates=estimates,
        )


def warnings(evidence: Evidence) -> tuple[str, ...]:
    """The sentences that apply, most telling first."""
    return tuple(said for flag in _FLAGS if (said := flag(evidence)) is not None)


def _missing(evidence: Evidence) -> str | None:
    modes = evidence.modes
    if modes is None:
        return None
    missing = [
        k
        for k, (count, weight) in enumerate(zip(modes.counts, evidence.weights, strict=True))
        # Chance of finding none there: at most e^−16.
        if count == 0 and evidence.n * weight * modes.perfect_hq_fraction > 16
    ]
    if not missing:
        return None
    lost = sum(evidence.weights[k] for k in missing)
    return (
        f"{len(missing)} of {modes.total} modes have no sample within 3σ (number {_listed(missing)}, counted from 1): "
        f"{_percent(lost)} of p_data is missing."
    )


def _thin(evidence: Evidence) -> str | None:
    """Captured by the papers' definition, yet by next to nothing."""
    modes = evidence.modes
    if modes is None:
        return None
    thin = []
    for k, (count, weight) in enumerate(zip(modes.counts, evidence.weights, strict=True)):
        expected = evidence.n * weight * modes.perfect_hq_fraction
        if 0 < count < 0.25 * expected and expected - count > SURE * math.sqrt(expected):
            thin.append(k)
    if not thin:
        return None
    share = sum(modes.counts[k] for k in thin) / evidence.n
    due = sum(evidence.weights[k] for k in thin)
    return (
        f"{len(thin)} of the {modes.captured} modes that count as captured hold less than a quarter of their samples "
        f"(number {_listed(thin)}): {_percent(share)} of all samples, where p_data has {_percent(due)}."
    )


def _too_good(evidence: Evidence) -> str | None:
    found, real = evidence.modes, evidence.real_modes
    if found is None or real is None:
        return None
    pooled = (found.hq_fraction * evidence.n + real.hq_fraction * evidence.real_n) / (evidence.n + evidence.real_n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / evidence.n + 1 / evidence.real_n))
    if found.hq_fraction - real.hq_fraction <= SURE * error:
        return None
    return (
        f"High-quality samples are {_percent(found.hq_fraction)}, more than the {_percent(real.hq_fraction)} of "
        "p_data's own: the clusters are narrowed, which is no triumph."
    )


def _width(evidence: Evidence) -> str | None:
    found, real = evidence.modes, evidence.real_modes
    if found is None or real is None or found.sigma_ratio is None or not real.sigma_ratio:
        return None
    ratio = found.sigma_ratio / real.sigma_ratio
    freedom = [evidence.dimension * sum(max(0, count - 1) for count in side.counts) for side in (found, real)]
    error = math.sqrt(sum(1 / (2 * max(1, degrees)) for degrees in freedom))
    if abs(ratio - 1) <= max(0.05, SURE * error):
        return None
    word = "narrower" if ratio < 1 else "wider"
    return f"The clusters are {word} than the target's: σ ratio {ratio:.2f}, where 1 is right."


def _offset(evidence: Evidence) -> str | None:
    found, real = evidence.modes, evidence.real_modes
    if found is None or real is None:
        return None
    counts, real_counts = np.array(found.counts), np.array(real.counts)
    both = (counts > 0) & (real_counts > 0)
    if not both.any():
        return None
    squared = ((np.array(found.drifts) - np.array(real.drifts))[both] ** 2).sum(axis=1)  # (modes,), in σ²
    variance = 1 / counts[both] + 1 / real_counts[both]  # of each coordinate, in σ²; a little less is true
    weight = counts[both] / counts[both].sum()
    distance = math.sqrt(max(0.0, float((weight * (squared - evidence.dimension * variance)).sum())))
    sure = float((squared / variance).sum()) > float(chi2.isf(_TINY, evidence.dimension * int(both.sum())))
    if not sure or distance < 0.1:
        return None
    worst = int(np.flatnonzero(both)[squared.argmax()])
    return (
        f"The clusters are off their centres by {distance:.2f} σ on average (most in mode {worst + 1}, by "
        f"{math.sqrt(squared.max()):.2f} σ)."
    )


def _scattered(evidence: Evidence) -> str | None:
    """Modes are captured by scattering points all over the place."""
    found, real = evidence.modes, evidence.real_modes
    if found is None or real is None or 2 * found.captured < found.total:
        return None
    if found.hq_fraction >= 0.5 * real.hq_fraction or evidence.n < 20:
        return None
    return (
        f"{found.captured} of {found.total} modes count as captured, yet only {_percent(found.hq_fraction)} of the "
        f"samples lie near any mode; of p_data's own {_percent(real.hq_fraction)} do."
    )


def _repeats(evidence: Evidence) -> str | None:
    more = evidence.repeated - evidence.real_repeated
    if more <= 0.005 or more * min(evidence.n, evidence.real_n) < 10:
        return None
    return (
        f"{_percent(evidence.repeated)} of the points repeat others exactly (of samples of p_data "
        f"{_percent(evidence.real_repeated)} do): a finite support, such as memorised points."
    )


def _clumped(evidence: Evidence) -> str | None:
    if evidence.gap is None or not evidence.real_gap or min(evidence.n, evidence.real_n) < 100:
        return None
    ratio = evidence.gap / evidence.real_gap
    if ratio >= 0.5:
        return None
    return (
        f"The points lie closer together than those of p_data: the median distance to the nearest is {ratio:.2g} of "
        "theirs, as of samples that fill only points or lines."
    )


def _hidden(evidence: Evidence) -> str | None:
    """The histogram sees nothing of what differs inside a cell."""
    seen, bounds = evidence.estimates["histogram"], ("exact_density", "kde")
    at_least = max((evidence.estimates[name].low for name in bounds if name in evidence.estimates), default=0.0)
    if at_least <= seen.high + 0.03:
        return None
    return (
        f"The histogram reads a JSD of {seen.value:.3f}, yet it is at least {at_least:.3f} by estimated densities: the "
        "samples differ from p_data inside the cells."
    )


_FLAGS: tuple[Callable[[Evidence], str | None], ...] = (
    _missing,
    _thin,
    _scattered,
    _too_good,
    _width,
    _offset,
    _repeats,
    _clumped,
    _hidden,
)


def _repeated(points: Points) -> float:
    return 1 - len(np.unique(points, axis=0)) / len(points)


def _gap(points: Points) -> float | None:
    if len(points) < 2:
        return None
    distances = np.asarray(cKDTree(points).query(points, [2])[0])
    return float(np.median(distances))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _listed(modes: list[int], most: int = 8) -> str:
    text = ", ".join(str(k + 1) for k in modes[:most])
    return text if len(modes) <= most else f"{text}, …"
