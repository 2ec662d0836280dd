"""Uniform distributions against quadrature, finite differences and what is known without any computing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ganstudio.metrics.divergences import raster_divergences
from ganstudio.metrics.uniform_divergences import Uniform, uniform_divergences

PAIRS = [
    (0.0, 1.0, 0.3, 1.0),
    (0.0, 1.0, -0.75, 0.5),
    (0.5, 2.0, 0.75, 0.25),
    (0.0, 0.5, 3.0, 1.0),
    (-1.0, 1.0, 0.25, 2.0),
]


def rasters(p: Uniform, q: Uniform, cell: float) -> tuple[np.ndarray, np.ndarray]:
    """Both on cells whose edges the ends of PAIRS lie on."""
    middles = np.arange(-6, 6, cell) + cell / 2
    return tuple((np.abs(middles - one.centre) < one.half_width).astype(float) for one in (p, q))


@pytest.mark.parametrize("pair", PAIRS)
def test_every_divergence_agrees_with_the_exact_raster(pair):
    p, q = Uniform(*pair[:2]), Uniform(*pair[2:])
    cell = 0.05
    found, expected = uniform_divergences(p, q), raster_divergences(*rasters(p, q, cell), (cell,))
    for name in ("kl", "reverse_kl", "jsd", "w1"):
        assert getattr(found, name).value == pytest.approx(getattr(expected, name).value, abs=1e-9)
    assert found.jsd.gradient == pytest.approx(expected.jsd.gradient, abs=1e-9)
    assert found.w1.gradient == pytest.approx(expected.w1.gradient, abs=1e-2)


@pytest.mark.parametrize("pair", PAIRS)
def test_gradients_are_those_of_the_values(pair):
    p, q, h = Uniform(*pair[:2]), Uniform(*pair[2:]), 1e-6
    found = uniform_divergences(p, q)
    ahead, behind = (uniform_divergences(p, Uniform(q.centre + s, q.half_width)) for s in (h, -h))
    for name in ("kl", "reverse_kl", "jsd", "w1"):
        gradient = getattr(found, name).gradient
        if gradient is not None:
            slope = (getattr(ahead, name).value - getattr(behind, name).value) / (2 * h)
            assert gradient[0] == pytest.approx(slope, abs=1e-8)


def test_unit_intervals_shifted_by_a_read_a_ln_2():
    for shift in (0.0, 0.25, 0.5, 0.9):
        found = uniform_divergences(Uniform(0.0, 0.5), Uniform(shift, 0.5))
        assert found.jsd.value == pytest.approx(shift * math.log(2), abs=1e-12)
        assert found.w1.value == pytest.approx(shift)


@pytest.mark.parametrize("shift", [1.1, 3.0, 50.0])
def test_disjoint_intervals_read_ln_2_without_a_gradient_while_w1_is_the_distance(shift):
    found = uniform_divergences(Uniform(0.0, 0.5), Uniform(shift, 0.5))
    assert found.jsd.value == pytest.approx(math.log(2), abs=1e-15)
    assert found.jsd.gradient == (0.0,)
    assert (found.w1.value, found.w1.gradient) == (shift, (1.0,))
    assert found.kl.value == found.reverse_kl.value == math.inf
    assert found.kl.gradient is None


def test_an_interval_within_another_has_one_finite_kl():
    found = uniform_divergences(Uniform(0.0, 0.5), Uniform(0.2, 2.0))
    assert found.kl.value == pytest.approx(math.log(4))
    assert found.kl.gradient == (0.0,)
    assert found.reverse_kl.value == math.inf
    assert found.w1.gradient == pytest.approx((0.2 / 1.5,))


def test_at_a_kink_the_gradient_is_the_mean_of_both_sides():
    touching = uniform_divergences(Uniform(0.0, 0.5), Uniform(1.0, 0.5))
    assert touching.jsd.gradient == pytest.approx((math.log(2) / 2,))
    same = uniform_divergences(Uniform(0.0, 0.5), Uniform(0.0, 0.5))
    assert (same.jsd.value, same.jsd.gradient, same.w1.gradient) == (0.0, (0.0,), (0.0,))
    edge = uniform_divergences(Uniform(0.0, 0.5), Uniform(0.5, 1.0))
    assert edge.kl.value == pytest.approx(math.log(2)) and edge.kl.gradient is None


@pytest.mark.parametrize("bad", [(math.nan, 1.0), (0.0, 0.0), (0.0, -1.0), (0.0, math.inf)])
def test_what_is_no_interval_is_refused(bad):
    with pytest.raises(ValueError, match="must be"):
        Uniform(*bad)
