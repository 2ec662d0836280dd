"""What is wrong with single modes: each in a word, against samples of p_data at the same place.

The yardstick is ``mode_coverage`` of samples of p_data, so nothing here depends on modes being well separated.
Thresholds are several standard deviations: a perfect sampler is hardly ever blamed.

missing     no HQ sample, where a perfect sampler would miss it with a chance of at most e^−16.
thin        less than a quarter of the HQ samples that are due.
off centre  its mean HQ sample is not where p_data's is (χ², one in 100,000), by at least .15 σ.
narrowed    the samples spread at least 10 % less than p_data's there (four standard deviations).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import bdtr, chdtri  # of scipy.stats, which takes a second to import, only these are needed

from ganstudio.metrics.coverage import ModeCoverage, mode_coverage
from ganstudio.targets.distribution import TargetDistribution

Fault = Literal["missing", "thin", "off centre", "narrowed"]
FAULTS: tuple[Fault, ...] = ("missing", "thin", "off centre", "narrowed")

YARDSTICK_SAMPLES = 20_000
_SEED = 0x9E3779B9
_CERTAIN = 16.0
_DUE = 0.25
_SURE = 4.0
_NARROWED = 0.1
_TINY = 1e-5
_VISIBLE = 0.15
_SURE_OF_ALL, _TINY_OF_ALL = 5.0, 1e-6
"""For numbers that are pooled over modes, and looked at again and again."""


@dataclass(frozen=True)
class Verdict:
    """What is wrong with samples at the modes.

    Attributes:
        faults: (K,) of each mode, the gravest first; empty where nothing is.
        too_good: more samples are HQ than of p_data's own, by more than noise: the clusters are narrowed.
        narrowed: σ ratio of all modes together over that of p_data, where it is below 1 by more than noise; else None.
    """

    faults: tuple[tuple[Fault, ...], ...]
    too_good: bool
    narrowed: float | None

    def modes(self, fault: Fault) -> tuple[int, ...]:
        """Indices of the modes with this fault."""
        return tuple(mode for mode, faults in enumerate(self.faults) if fault in faults)


def yardstick(target: TargetDistribution) -> ModeCoverage | None:
    """Coverage of the modes by ``YARDSTICK_SAMPLES`` samples of p_data, always the same; None without modes."""
    if target.modes is None:
        return None
    return mode_coverage(target.sample(YARDSTICK_SAMPLES, np.random.default_rng(_SEED)), target)


def verdict(found: ModeCoverage, real: ModeCoverage, n: int, dimension: int) -> Verdict:
    """Judge ``found``, of ``n`` samples, by the yardstick ``real`` of the same target."""
    hq = real.hq_fraction
    faults: list[tuple[Fault, ...]] = []
    for mode, count in enumerate(found.counts):
        due = n * hq * real.shares[mode]
        if count == 0:
            faults.append(("missing",) if due > _CERTAIN else ())
            continue
        said: list[Fault] = []
        if count < _DUE * due and due - count > _SURE * math.sqrt(due):
            said.append("thin")
        if _is_off(found, real, mode, dimension):
            said.append("off centre")
        if _is_narrow(found, real, mode, dimension):
            said.append("narrowed")
        faults.append(tuple(said))
    outside = n - sum(found.counts)
    too_good = found.hq_fraction > hq and float(bdtr(outside, n, 1 - hq)) < _TINY_OF_ALL
    ratio = None
    if found.sigma_ratio is not None and real.sigma_ratio:
        ratio = found.sigma_ratio / real.sigma_ratio
        freedom = [dimension * sum(max(0, count - 1) for count in side.counts) for side in (found, real)]
        noise = math.sqrt(sum(1 / (2 * max(1, degrees)) for degrees in freedom))
        if 1 - ratio <= max(0.05, _SURE_OF_ALL * noise):
            ratio = None
    return Verdict(tuple(faults), too_good, ratio)


def _is_off(found: ModeCoverage, real: ModeCoverage, mode: int, dimension: int) -> bool:
    if not real.counts[mode]:
        return False
    away = math.dist(found.drifts[mode], real.drifts[mode])
    variance = 1 / found.counts[mode] + 1 / real.counts[mode]  # of each coordinate, in σ²
    return away > _VISIBLE and away**2 / variance > float(chdtri(dimension, _TINY))


def _is_narrow(found: ModeCoverage, real: ModeCoverage, mode: int, dimension: int) -> bool:
    spread, usual = found.sigma_ratios[mode], real.sigma_ratios[mode]
    if spread is None or not usual:
        return False
    freedom = [dimension * (side.counts[mode] - 1) for side in (found, real)]
    noise = math.sqrt(sum(1 / (2 * degrees) for degrees in freedom))
    return 1 - spread / usual > max(_NARROWED, _SURE * noise)
