"""Two fixed distributions and the optimal discriminator between them, for networks to be fitted to.

run         p_data against p_g of G as it stands: its kernel density, which is what is meant by q from then on
broad       p_data against N(mean, (1.5 σ)² I) with p_data's own mean and its mean variance σ² along the axes
gaussians   N((−.7, 0), .5² I) against N((.7, 0), I): a* is a quadratic form, so ½ is a circle
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment.painting import Extent
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.approximation import PairName
from ganstudio.metrics.kernel_density import KernelDensity
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.training.run import Run

Floats = NDArray[np.float64]
View = tuple[float, float, float, float]

DENSITY_SAMPLES = 16_384
"""Of G, and of a target without a density, for their kernel densities."""
FINEST_STEPS = 512
BROADER = 1.5
SPREAD_SAMPLES = 20_000
_MARGIN = 0.25


@dataclass(frozen=True)
class Side:
    """One distribution: draws samples (n, dimension), and says its log density in nats, (n,)."""

    sample: Callable[[int, np.random.Generator], Floats]
    log_density: Callable[[Floats], Floats]


@dataclass(frozen=True)
class FixedPair:
    """p and q; ``view`` is x_min, x_max, y_min, y_max of where they are shown."""

    p: Side
    q: Side
    dimension: int
    view: View

    def logit(self, points: Floats) -> Floats:
        """a* = log p − log q, (n,); infinite where only one of them is, 0 where neither is."""
        log_p, log_q = self.p.log_density(points), self.q.log_density(points)
        nowhere = np.isneginf(log_p) & np.isneginf(log_q)
        return np.where(nowhere, 0.0, np.where(nowhere, 0.0, log_p) - np.where(nowhere, 0.0, log_q))

    def is_told(self, points: Floats) -> NDArray[np.bool_]:
        """Whether either density reaches that of two samples of ``DENSITY_SAMPLES``, spread over the view, (n,).

        Elsewhere D* says nothing: hardly a sample comes there.
        """
        x_min, x_max, y_min, y_max = self.view
        area = (x_max - x_min) * (y_max - y_min if self.dimension == 2 else 1.0)
        highest = np.maximum(self.p.log_density(points), self.q.log_density(points))
        return np.asarray(highest > -math.log(DENSITY_SAMPLES / 2 * area))

    def mixture(self, count: int, rng: np.random.Generator) -> Floats:
        """Samples of m = (p + q)/2, (count, dimension): half from either, in random order."""
        half = count // 2
        return rng.permutation(np.concatenate([self.p.sample(half, rng), self.q.sample(count - half, rng)]))


def fixed_pair(name: PairName, run: Run | None, rng: np.random.Generator) -> FixedPair:
    """The pair of this name, of the run as it stands; ``rng`` draws what has to be estimated.

    Raises:
        UserError: there is no such pair, or it needs a run and there is none.
    """
    if name not in _PAIRS:
        raise UserError(f"there is no pair “{name}”", field="pair")
    return _PAIRS[name](run, rng)


def _gaussians(run: Run | None, rng: np.random.Generator) -> FixedPair:
    return FixedPair(_normal((-0.7, 0.0), 0.5), _normal((0.7, 0.0), 1.0), 2, (-3.0, 3.0, -3.0, 3.0))


def _broad(run: Run | None, rng: np.random.Generator) -> FixedPair:
    target = _needed(run).target
    points = target.sample(SPREAD_SAMPLES, rng).astype(np.float64)
    sigma = BROADER * max(math.sqrt(points.var(axis=0).mean()), 1e-6)
    return FixedPair(
        _of_target(target, rng), _normal(tuple(points.mean(axis=0)), sigma), target.dimension, _view(target)
    )


def _of_run(run: Run | None, rng: np.random.Generator) -> FixedPair:
    run = _needed(run)
    generator = TrainedGenerator.of(run.game, run.state, run.normaliser, "current")

    def sample(count: int, rng: np.random.Generator) -> Floats:
        return generator.sample(count, rng).astype(np.float64)

    samples = sample(DENSITY_SAMPLES, rng)
    density = _estimated(samples, _around(run.target, samples), rng)
    return FixedPair(_of_target(run.target, rng), Side(sample, density), run.target.dimension, _view(run.target))


_PAIRS: dict[PairName, Callable[[Run | None, np.random.Generator], FixedPair]] = {
    "run": _of_run,
    "broad": _broad,
    "gaussians": _gaussians,
}


def _needed(run: Run | None) -> Run:
    if run is None:
        raise UserError("there is no target yet: draw or choose one first", field="pair")
    return run


def _normal(mean: tuple[float, ...], sigma: float) -> Side:
    """N(mean, sigma² I)."""
    centre, dimension = np.array(mean), len(mean)

    def log_density(points: Floats) -> Floats:
        squared = ((points - centre) ** 2).sum(axis=1)
        return np.asarray(-squared / (2 * sigma**2) - dimension * math.log(sigma * math.sqrt(2 * math.pi)))

    return Side(lambda count, rng: rng.normal(centre, sigma, (count, dimension)), log_density)


def _of_target(target: TargetDistribution, rng: np.random.Generator) -> Side:
    def sample(count: int, rng: np.random.Generator) -> Floats:
        return target.sample(count, rng).astype(np.float64)

    if target.has_density:
        return Side(sample, target.log_density)
    samples = sample(DENSITY_SAMPLES, rng)
    return Side(sample, _estimated(samples, _around(target, samples), rng))


def _estimated(samples: Floats, extent: Extent, rng: np.random.Generator) -> Callable[[Floats], Floats]:
    steps = FINEST_STEPS if samples.shape[1] == 2 else None
    return KernelDensity(samples, extent, rng, finest_steps=steps).log_density


def _around(target: TargetDistribution, samples: Floats) -> Extent:
    """The target's extent, and all samples with room around them: beyond it a kernel density knows one number."""
    extent = target.extent
    low = [extent.x_min, extent.y_min][: target.dimension]
    high = [extent.x_max, extent.y_max][: target.dimension]
    low, high = np.minimum(samples.min(axis=0), low), np.maximum(samples.max(axis=0), high)
    room = _MARGIN * float((high - low).max())
    x_min, y_min = [*(low - room), extent.y_min][:2]
    x_max, y_max = [*(high + room), extent.y_max][:2]
    return Extent.model_construct(x_min=float(x_min), x_max=float(x_max), y_min=float(y_min), y_max=float(y_max))


def _view(target: TargetDistribution) -> View:
    extent = target.extent
    return (extent.x_min, extent.x_max, extent.y_min, extent.y_max)
