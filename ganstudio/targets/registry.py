"""Which distribution each target spec stands for."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from ganstudio.experiment import targets as spec
from ganstudio.targets import annulus, boards, clusters, curves, letters, painting_target, pinwheel, points
from ganstudio.targets.distribution import TargetDistribution

BUILDERS: dict[type[spec.TargetSpec], Callable[[Any], TargetDistribution]] = {
    spec.GaussianRing: clusters.gaussian_ring,
    spec.GaussianGrid: clusters.gaussian_grid,
    spec.Line: curves.line,
    spec.TwoGaussians: clusters.two_gaussians,
    spec.DisjointClusters: clusters.disjoint,
    spec.Gaussian: clusters.gaussian,
    spec.Moons: curves.moons,
    spec.Circles: curves.circles,
    spec.Spirals: curves.spirals,
    spec.SwissRoll: curves.swiss_roll,
    spec.Checkerboard: boards.checkerboard,
    spec.Pinwheel: pinwheel.pinwheel,
    spec.Annulus: annulus.annulus,
    spec.Text: letters.text,
    spec.Painting: painting_target.painting,
    spec.Points: points.points,
    spec.Gaussian1D: clusters.gaussian_1d,
    spec.Mixture1D: clusters.mixture_1d,
    spec.Uniform1D: boards.uniform_1d,
    spec.Painting1D: painting_target.painting,
    spec.Points1D: points.points,
}

KEPT = 8  #: distributions remembered: enough for a window that shows and trains on a few

# Not functools.lru_cache: hashing a painting walks through every point of every stroke, while comparing two that
# share their strokes does not.
_recent: list[tuple[spec.TargetSpec, TargetDistribution]] = []
_lock = Lock()


def build(target: spec.TargetSpec) -> TargetDistribution:
    """The distribution that ``target`` describes; the same object for equal specs while it is remembered.

    Raises:
        UserError: the spec is valid but describes nothing, such as a painting without a stroke.
    """
    with _lock:
        for number, (known, distribution) in enumerate(_recent):
            if known is target or (type(known) is type(target) and known == target):
                _recent.insert(0, _recent.pop(number))
                return distribution
    distribution = BUILDERS[type(target)](target)
    with _lock:
        _recent.insert(0, (target, distribution))
        del _recent[KEPT:]
    return distribution
