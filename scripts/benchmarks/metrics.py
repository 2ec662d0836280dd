"""How near the estimators of the JSD come to divergences that are known, how they scatter, and what they cost.

The truths: gaussians by quadrature, modes and squares in closed form. D is the optimal one here, so its bound shows the
noise of the estimator and not the skill of a network; for gaussians G is a linear map. ``kde`` and ``exact_density``
share their densities, which are made in the time of the first: of the samples, and of a perfect generator's.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from result import Result

from ganstudio.experiment.networks import Latent
from ganstudio.experiment.painting import Extent
from ganstudio.experiment.targets import GaussianGrid, GaussianRing
from ganstudio.metrics.estimators import ESTIMATORS, Material
from ganstudio.metrics.jsd import LN2, HistogramJsd
from ganstudio.metrics.model import Model
from ganstudio.targets import TargetDistribution, build
from ganstudio.targets.mixture import IsotropicMixture
from ganstudio.targets.raster import RasterDistribution

Points = NDArray[np.floating]

SIZES = {2_500: 0.01, 50_000: 0.003}
"""Samples a side, and how far from the truth the default estimator may be."""

DEFAULT = "histogram"
CELLS = 30


@dataclass(frozen=True)
class Truth:
    """Two distributions whose divergence is known."""

    name: str
    jsd: float
    target: TargetDistribution
    sample: Callable[[int, np.random.Generator], Points]
    model: Model | None = None


def measure(options: argparse.Namespace) -> list[Result]:
    """Print the table estimator × truth × n; the results are the worst bias and the time of each estimator."""
    rows = [("estimator", "truth", "JSD", "n", "bias", "spread", "ms")]
    worst: dict[tuple[str, int], float] = defaultdict(float)
    seconds: dict[tuple[str, int], list[float]] = defaultdict(list)
    for truth in truths():
        histogram = HistogramJsd(truth.target, CELLS)
        for n in SIZES:
            histogram.floor(n)  # simulated once for each n, and then known
            found = _readings(truth, histogram, n, max(2, options.rounds))
            for name, readings in found.items():
                values = np.array([value for value, _ in readings])
                spent = [each for _, each in readings]
                bias = float(values.mean()) - truth.jsd
                numbers = (f"{truth.jsd:.5f}", f"{n:,}", f"{bias:+.5f}", f"{values.std(ddof=1):.5f}")
                rows.append((name, truth.name, *numbers, f"{1000 * np.median(spent):.0f}"))
                worst[name, n] = max(worst[name, n], abs(bias))
                seconds[name, n] += spent
    _print(rows)
    results = []
    for (name, n), bias in sorted(worst.items()):
        aim = SIZES[n] if name == DEFAULT else None
        results.append(Result("metrics", f"{name}, n = {n:,}: worst bias", bias, "nats", aim, "lower"))
        results.append(Result("metrics", f"{name}, n = {n:,}: time", float(np.median(seconds[name, n])), "s"))
    return results


def truths() -> tuple[Truth, ...]:
    """FIELD's ground truths."""
    shifts = {0.0: 0.0, 0.5: 0.030311, 1.0: 0.111421, 2.0: 0.336831, 3.0: 0.526777, 4.0: 0.632720}
    gaussians = [_gaussian(f"gaussian, shift {shift:g}", 1.0, shift, jsd) for shift, jsd in shifts.items()]
    ring, grid = build(GaussianRing()), build(GaussianGrid())
    return (
        *gaussians,
        _gaussian("gaussian, twice as wide", 2.0, 0.0, 0.173315),
        _modes("ring, 4 of 8 modes", ring, 4, 0.21576),
        _modes("grid, 25 of 25 modes", grid, 25, 0.0),
        _modes("grid, 24 of 25 modes", grid, 24, 0.01407),
        *(_square(share) for share in (0.5, 1.0)),
    )


def _gaussian(name: str, scale: float, shift: float, jsd: float) -> Truth:
    half = 4.4
    extent = Extent(x_min=-half, x_max=half, y_min=-half, y_max=half)
    target = IsotropicMixture(np.zeros((1, 2)), 1.0, extent)
    generated = IsotropicMixture(np.array([[shift, 0.0]]), scale, extent)

    def generate(latents: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.float32(scale) * latents + np.array([shift, 0], np.float32)

    def logits(points: NDArray[np.float32]) -> NDArray[np.float32]:
        return (target.log_density(points) - generated.log_density(points)).astype(np.float32)

    return Truth(name, jsd, target, generated.sample, Model(generate, Latent(), 0, logits))


def _modes(name: str, target: TargetDistribution, kept: int, jsd: float) -> Truth:
    if target.modes is None or target.sigma is None:
        raise ValueError("a target of modes is needed")
    return Truth(name, jsd, target, IsotropicMixture(target.modes[:kept], target.sigma, target.extent).sample)


def _square(share: float) -> Truth:
    """The unit square, moved along x by a share of its side; edges of cells lie on its edges."""
    region, extent = Extent(x_min=0, x_max=1, y_min=0, y_max=1), Extent(x_min=-1, x_max=2, y_min=-1, y_max=2)
    target = RasterDistribution(np.ones((1, 1)), region, extent)

    def sample(n: int, rng: np.random.Generator) -> Points:
        return target.sample(n, rng) + np.array([share, 0], np.float32)

    return Truth(f"unit square, moved by {share:g}", share * LN2, target, sample)


def _readings(truth: Truth, histogram: HistogramJsd, n: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Value and seconds of each estimator in each round."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        real, null = (truth.target.sample(n, rng) for _ in range(2))
        material = Material(truth.sample(n, rng), real, null, truth.target, histogram, seed, truth.model)
        for name, estimator in ESTIMATORS.items():
            started = time.perf_counter()
            reading = estimator.read(material)
            if reading is not None:
                found[name].append((reading.value, time.perf_counter() - started))
    if not all(math.isfinite(value) for readings in found.values() for value, _ in readings):
        raise SystemExit(f"{truth.name}: an estimate is not finite")
    return found


def _print(rows: list[tuple[str, ...]]) -> None:
    """Names to the left, numbers to the right; sorted by estimator, then as measured."""
    order = {name: number for number, name in enumerate(ESTIMATORS)}
    body = sorted(rows[1:], key=lambda row: order[row[0]])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in [rows[0], *body]:
        aligned = (
            text.ljust(width) if column < 2 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(aligned).rstrip())
    print()
