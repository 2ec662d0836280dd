"""Faults of single modes: each is found where it was put, and a perfect sampler has none."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.experiment.targets import GaussianGrid, GaussianRing, Moons
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.mode_verdicts import Verdict, verdict, yardstick
from ganstudio.targets import build

N = 2000


def judged(target, points) -> Verdict:
    found, real = mode_coverage(points, target), yardstick(target)
    assert found is not None
    assert real is not None
    return verdict(found, real, len(points), target.dimension)


@pytest.fixture(params=[GaussianRing(), GaussianGrid()], ids=["ring", "grid"])
def target(request):
    return build(request.param)


def at_modes(target, rng, scale=1.0):
    which = rng.integers(len(target.modes), size=N)
    return target.modes[which] + scale * target.sigma * rng.standard_normal((N, 2)), which


@pytest.mark.parametrize("seed", range(20))
def test_a_perfect_sampler_is_not_blamed(target, seed):
    found = judged(target, target.sample(N, np.random.default_rng(seed)))
    assert not any(found.faults)
    assert not found.too_good
    assert found.narrowed is None


def test_missing_and_thin_modes_are_named(target):
    points, which = at_modes(target, np.random.default_rng(1))
    keep = (which != 2) & ((which != 5) | (np.arange(N) % 8 == 0))
    found = judged(target, points[keep])
    assert found.modes("missing") == (2,)
    assert found.modes("thin") == (5,)


def test_a_cluster_off_its_centre_is_named(target):
    points, which = at_modes(target, np.random.default_rng(2))
    points[which == 3] += [0.8 * target.sigma, 0.0]
    assert judged(target, points).modes("off centre") == (3,)


def test_a_narrowed_cluster_is_named(target):
    points, which = at_modes(target, np.random.default_rng(3))
    points[which == 4] = target.modes[4] + 0.5 * (points[which == 4] - target.modes[4])
    assert judged(target, points).modes("narrowed") == (4,)


def test_narrowed_clusters_all_over_are_no_triumph(target):
    points, _ = at_modes(target, np.random.default_rng(4), scale=0.7)
    found = judged(target, points)
    assert found.too_good
    assert found.narrowed == pytest.approx(0.7 / 0.97, abs=0.05)  # a yardstick cut off at 3σ is a little narrower


def test_a_target_without_modes_has_no_yardstick():
    assert yardstick(build(Moons())) is None
