"""Two distributions on a line that a person moves by hand, and every divergence between them. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergences

Floats = NDArray[np.float64]
Side = Literal["p", "q"]

REACH = 6.0
"""The line is shown from −6 to 6."""
FARTHEST = 5.5
"""Centres stay within this."""
WIDTHS = (0.1, 3.0)
"""The narrowest and the widest."""


@dataclass(frozen=True)
class Bump:
    """A centre and a width: σ of a gaussian, half the length of an interval."""

    centre: float
    width: float

    def at(self, centre: float) -> Bump:
        """Moved there, as far as it may be."""
        return replace(self, centre=float(np.clip(centre, -FARTHEST, FARTHEST)))

    def wide(self, width: float) -> Bump:
        """Of another width, within bounds."""
        return replace(self, width=float(np.clip(width, *WIDTHS)))


@dataclass(frozen=True)
class Shape:
    """A family of distributions on the line: what it is called, its density, and its divergences."""

    title: str
    help: str
    centre_name: str
    width_name: str
    density: Callable[[Floats, Bump], Floats]
    divergences: Callable[[Bump, Bump], Divergences]


def _gaussian_density(x: Floats, bump: Bump) -> Floats:
    """N(x; centre, width²)."""
    return np.exp(-(((x - bump.centre) / bump.width) ** 2) / 2) / (bump.width * math.sqrt(2 * math.pi))


def _uniform_density(x: Floats, bump: Bump) -> Floats:
    return np.where(np.abs(x - bump.centre) <= bump.width, 1 / (2 * bump.width), 0.0)


# What computes brings SciPy with it, which the window has no need of before somebody looks.
def _of_gaussians(p: Bump, q: Bump) -> Divergences:
    from ganstudio.metrics.divergences import Gaussian, gaussian_divergences

    return gaussian_divergences(Gaussian((p.centre,), p.width), Gaussian((q.centre,), q.width))


def _of_uniforms(p: Bump, q: Bump) -> Divergences:
    from ganstudio.metrics.uniform_divergences import Uniform, uniform_divergences

    return uniform_divergences(Uniform(p.centre, p.width), Uniform(q.centre, q.width))


SHAPES: dict[str, Shape] = {
    "gaussian": Shape(
        "Gaussians",
        "Two normal distributions: KL and W1 in closed form, the JSD by quadrature. They always overlap a little",
        "μ",
        "σ",
        _gaussian_density,
        _of_gaussians,
    ),
    "uniform": Shape(
        "Intervals",
        "Two uniform distributions: they can be disjoint. Then the JSD is ln 2 wherever q is, KL is infinite, "
        "and W1 still tells the way",
        "c",
        "±",
        _uniform_density,
        _of_uniforms,
    ),
}
"""Every shape by its name."""


@dataclass(frozen=True)
class LinePair:
    """p and q of one shape."""

    shape: str = "gaussian"
    p: Bump = Bump(-1.0, 1.0)
    q: Bump = Bump(1.0, 1.0)

    @property
    def place(self) -> float:
        """Where q stands on the axis of the curves."""
        return self.q.centre

    @property
    def origin(self) -> tuple[float, ...]:
        """From where q is pulled."""
        return (self.q.centre,)

    def divergences(self) -> Divergences:
        """Of p against q as they stand."""
        return SHAPES[self.shape].divergences(self.p, self.q)

    def moved_to(self, place: float) -> LinePair:
        """With q there, within bounds."""
        return replace(self, q=self.q.at(place))

    def places(self) -> Floats:
        """Where the curves are computed, in order; denser around p, where they bend."""
        bend = self.p.width + self.q.width
        near = self.p.centre + np.linspace(-3 * bend, 3 * bend, 81)
        places = np.concatenate([np.linspace(-REACH, REACH, 61), near[np.abs(near) <= REACH]])
        return np.unique(places.round(6))

    def divergences_at(self, place: float) -> Divergences:
        """With q there; nowhere out of bounds."""
        return SHAPES[self.shape].divergences(self.p, replace(self.q, centre=place))
