"""Targets with closed forms, for measures to be held against."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent
from ganstudio.targets.distribution import Floats, Samples, TargetDistribution
from ganstudio.targets.mixture import IsotropicMixture


class UniformBox(TargetDistribution):
    """Uniform on [0, 1]^dimension, seen in a given extent."""

    def __init__(self, extent: Extent, dimension: int = 2) -> None:
        self.extent, self.dimension = extent, dimension

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        return rng.random((n, self.dimension), dtype=np.float32)

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        return np.where(((points >= 0) & (points <= 1)).all(axis=1), 0.0, -np.inf)

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats:
        along_x = np.diff(np.clip(x_edges, 0, 1))
        return along_x if y_edges is None else np.outer(np.diff(np.clip(y_edges, 0, 1)), along_x)


class WithoutMasses(TargetDistribution):
    """Another target, saying nothing of its cells."""

    has_density = False

    def __init__(self, of: TargetDistribution) -> None:
        self._of, self.extent, self.dimension = of, of.extent, of.dimension

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        return self._of.sample(n, rng)

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        raise ValueError("no density")

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> None:
        return None


def square(half: float) -> Extent:
    return Extent(x_min=-half, x_max=half, y_min=-half, y_max=half)


def ring8(sigma: float = 0.01) -> IsotropicMixture:
    angle = 2 * np.pi * np.arange(8) / 8
    return IsotropicMixture(np.c_[np.cos(angle), np.sin(angle)], sigma, square(1.2), separate=True)


def grid25() -> IsotropicMixture:
    centres = np.array([(x, y) for y in range(-4, 5, 2) for x in range(-4, 5, 2)], float)
    return IsotropicMixture(centres, 0.05, square(4.6), separate=True)


TARGETS: dict[str, Callable[[], TargetDistribution]] = {
    "gaussian": lambda: IsotropicMixture(np.zeros((1, 2)), 1.0, square(4.4), separate=True),
    "ring8": ring8,
    "ring8 σ .1": lambda: ring8(0.1),
    "grid25": grid25,
    "uniform": lambda: UniformBox(Extent(x_min=0, x_max=1, y_min=0, y_max=1)),
    "box": lambda: UniformBox(Extent(x_min=-1, x_max=2, y_min=-1, y_max=2)),
    "gaussian 1-D": lambda: IsotropicMixture(np.zeros((1, 1)), 1.0, square(4.4), separate=True),
    "mixture 1-D": lambda: IsotropicMixture(
        np.array([[-1.2], [0.0], [1.2]]), 0.15, square(2.0), weights=np.array([0.5, 0.25, 0.25]), separate=True
    ),
    "interval": lambda: UniformBox(Extent(x_min=-1, x_max=2, y_min=0, y_max=1), dimension=1),
}


@pytest.fixture
def make_target() -> Callable[[str], TargetDistribution]:
    """A target by its name in the table above."""
    return lambda name: TARGETS[name]()


@pytest.fixture(params=sorted(TARGETS))
def target(request: pytest.FixtureRequest) -> TargetDistribution:
    """Each target in turn."""
    return TARGETS[request.param]()


@pytest.fixture
def without_masses() -> Callable[[TargetDistribution], TargetDistribution]:
    """Takes the exact cell masses from a target."""
    return WithoutMasses
