"""Noisy curves: points uniform in arc length, plus round gaussian noise.

Each is a fine row of gaussians along the curve, which is what is sampled *and* whose density is given, so both agree
exactly. Nodes lie at most σ/3 apart; a row of gaussians at that spacing differs from the continuous curve by a
relative 2·exp(−2π²·9) = 1e-77 inside and by (1/3)²/24 = 0.5 % of the falling edge at an open end. For a σ so small
that more than ``MAX_NODES`` would be needed the nodes stand further apart, yet closer than a pixel of any screen.
"""

from __future__ import annotations

import numpy as np

from ganstudio.experiment import targets as spec
from ganstudio.targets.distribution import Floats
from ganstudio.targets.extents import REACH, square
from ganstudio.targets.mixture import IsotropicMixture

MAX_NODES = 8192
MIN_NODES = 64
STEPS = 4096  #: straight pieces of a curve while its length is measured


def line(target: spec.Line) -> IsotropicMixture:
    """A segment through the origin."""
    angle = np.deg2rad(target.angle)
    end = target.length / 2 * np.array([[np.cos(angle), np.sin(angle)]])
    return _noisy([np.concatenate([-end, end])], target.sigma)


def moons(target: spec.Moons) -> IsotropicMixture:
    """Two half circles, the lower one moved right by the radius and down by half of it; centred on the origin."""
    angle = np.linspace(0, np.pi, STEPS)
    upper = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    return _noisy([target.radius * upper, -target.radius * upper], target.sigma)


def circles(target: spec.Circles) -> IsotropicMixture:
    """Concentric circles of equal mass, radii evenly spaced up to the outer one."""
    angle = np.linspace(0, 2 * np.pi, STEPS)
    circle = target.radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return _noisy([circle * (number + 1) / target.count for number in range(target.count)], target.sigma)


def spirals(target: spec.Spirals) -> IsotropicMixture:
    """Archimedean arms from a tenth of the outer radius outwards, evenly turned."""
    return _spiral(target.arms, 0.1, target.turns, target.radius, target.sigma)


def swiss_roll(target: spec.SwissRoll) -> IsotropicMixture:
    """One Archimedean arm from a third of the outer radius outwards, the classic roll's proportions."""
    return _spiral(1, 1 / 3, target.turns, target.radius, target.sigma)


def _spiral(arms: int, start: float, turns: float, radius: float, sigma: float) -> IsotropicMixture:
    way = np.linspace(0, 1, STEPS)
    distance = radius * (start + (1 - start) * way)
    curves = []
    for arm in range(arms):
        angle = 2 * np.pi * (turns * way + arm / arms)
        curves.append(np.column_stack([distance * np.cos(angle), distance * np.sin(angle)]))
    return _noisy(curves, sigma)


def _noisy(curves: list[Floats], sigma: float) -> IsotropicMixture:
    """Equal mass on each of ``curves``, polylines of shape (m, 2), each uniform in arc length."""
    lengths = [_arc_length(curve)[-1] for curve in curves]
    wanted = np.ceil(3 * max(lengths) / sigma)
    count = int(np.clip(wanted, MIN_NODES, MAX_NODES // len(curves)))
    nodes = np.concatenate([_nodes(curve, count) for curve in curves])
    half = float(np.abs(nodes).max()) + REACH * sigma
    return IsotropicMixture(nodes, sigma, square(half))


def _arc_length(curve: Floats) -> Floats:
    steps = np.hypot(*np.diff(curve, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _nodes(curve: Floats, count: int) -> Floats:
    """The middles of ``count`` pieces of equal length."""
    length = _arc_length(curve)
    at = (np.arange(count) + 0.5) / count * length[-1]
    return np.column_stack([np.interp(at, length, curve[:, 0]), np.interp(at, length, curve[:, 1])])
