"""p and q as they are put by hand, without a window: what they may be, and what is between them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ganstudio.metrics.divergences import Gaussian, gaussian_divergences
from ganstudio.ui.theory.divergence_curves import MEASURES, grown_curves, verdict
from ganstudio.ui.theory.line_pair import FARTHEST, REACH, SHAPES, WIDTHS, Bump, LinePair
from ganstudio.ui.theory.painted_pair import CELL, CELLS, PaintedPair, empty_pad, two_squares


def finished(pair):
    return list(grown_curves(pair))[-1]


def column(name: str) -> int:
    return [measure.name for measure in MEASURES].index(name)


@pytest.mark.parametrize("name", list(SHAPES))
def test_every_shape_has_a_density_of_mass_1(name):
    x = np.linspace(-40, 40, 400_001)
    assert np.trapezoid(SHAPES[name].density(x, Bump(0.3, 1.7)), x) == pytest.approx(1.0, abs=1e-4)


def test_centres_and_widths_stay_within_bounds():
    assert Bump(0.0, 1.0).at(99.0).centre == FARTHEST
    assert Bump(0.0, 1.0).wide(0.0).width == WIDTHS[0]
    assert LinePair().moved_to(-99.0).q.centre == -FARTHEST


@pytest.mark.parametrize("shape", list(SHAPES))
def test_the_curves_hold_what_each_place_of_q_would_read(shape):
    pair = LinePair(shape, Bump(-1.0, 0.8), Bump(2.0, 0.5))
    curves = finished(pair)
    assert curves.is_complete
    assert (np.diff(curves.places) > 0).all() and curves.places[0] == -REACH and curves.places[-1] == REACH
    for at in (0, 40, len(curves.places) - 1):
        found = replace(pair, q=replace(pair.q, centre=float(curves.places[at]))).divergences()
        for place, measure in enumerate(MEASURES):
            assert curves.values[at, place] == measure.of(found).value


def test_gaussians_read_the_published_numbers():
    found = LinePair(p=Bump(0.0, 1.0), q=Bump(1.0, 1.0)).divergences()
    assert found.optimal_value == pytest.approx(-1.163451, abs=1e-6)
    assert found.saturating_gradient == pytest.approx((0.397973,), abs=1e-6)
    assert found.reverse_kl.value == pytest.approx(0.5)


def test_the_gradients_are_the_slopes_of_the_values():
    curves = finished(LinePair(p=Bump(0.0, 1.0), q=Bump(0.0, 0.6)))
    middle = slice(5, -5)
    for name in ("kl", "reverse_kl", "jsd", "w1"):
        slopes = np.gradient(curves.values[:, column(name)], curves.places, edge_order=2)
        np.testing.assert_allclose(slopes[middle], curves.gradients[middle, column(name)], atol=0.03)


def test_disjoint_intervals_have_a_flat_jsd_an_infinite_kl_and_a_linear_w1():
    curves = finished(LinePair("uniform", Bump(0.0, 0.5), Bump(3.0, 0.5)))
    apart = np.abs(curves.places) > 1.01
    np.testing.assert_allclose(curves.values[apart, column("jsd")], math.log(2))
    np.testing.assert_allclose(curves.gradients[apart, column("jsd")], 0.0, atol=1e-15)
    np.testing.assert_allclose(curves.values[apart, column("w1")], np.abs(curves.places[apart]))
    assert np.isinf(curves.values[apart][:, [column("kl"), column("reverse_kl")]]).all()
    assert np.isnan(curves.gradients[apart][:, [column("kl"), column("reverse_kl")]]).all()


def test_the_verdict_says_what_the_numbers_say():
    def said(p: Bump, q: Bump, shape: str = "uniform") -> str:
        return verdict(LinePair(shape, p, q).divergences())

    assert "the same" in said(Bump(0.0, 1.0), Bump(0.0, 1.0))
    assert said(Bump(0.0, 0.5), Bump(3.0, 0.5)).startswith("Disjoint")
    assert said(Bump(0.0, 0.5), Bump(0.2, 2.0)).startswith("KL(q‖p) is infinite")
    assert said(Bump(0.0, 1.0), Bump(0.5, 1.0)).startswith("KL(p‖q) and KL(q‖p) are infinite")
    assert said(Bump(-5.0, 0.5), Bump(5.0, 0.5), "gaussian").startswith("Hardly any overlap")
    assert said(Bump(0.0, 1.0), Bump(0.5, 1.0), "gaussian").startswith("They overlap")
    assert said(Bump(0.0, 1.0), Bump(0.0, 2.0), "gaussian").startswith("They stand at the same place")
    assert "falls by 1 with" in said(Bump(0.0, 0.5), Bump(3.0, 0.5))


def test_a_stroke_paints_its_own_side_and_one_cell_at_least():
    pair = empty_pad().painted("p", 0.0, 0.0, 0.3).painted("q", 2.9, 2.9, 1e-6)
    assert pair.p.sum() > 1 and pair.q.sum() == 1
    assert not pair.painted("q", 2.9, 2.9, 0.1, erased=True).q.any()
    assert not empty_pad().is_complete and pair.is_complete


def test_moving_q_keeps_its_shape_and_stays_on_the_pad():
    pair = two_squares()
    moved = pair.moved(-3, 2)
    assert moved.q.sum() == pair.q.sum()
    np.testing.assert_allclose(np.subtract(moved.origin, pair.origin), [-3 * CELL, 2 * CELL])
    far = pair.moved(999, -999)
    assert far.q.sum() == pair.q.sum() and far.q[0].any() and far.q[:, -1].any()
    assert empty_pad().moved(1, 1).q.sum() == 0


def test_two_equal_squares_apart_read_ln_2_infinity_and_their_distance():
    found = two_squares().divergences()
    assert found.jsd.value == pytest.approx(math.log(2)) and found.jsd.gradient == pytest.approx((0.0, 0.0))
    assert math.isinf(found.kl.value) and math.isinf(found.reverse_kl.value)
    assert found.w1.value == pytest.approx(math.hypot(10 * CELL, 6 * CELL))


def test_squares_that_overlap_by_half_read_half_of_ln_2():
    p, q = np.zeros((2, CELLS, CELLS), np.bool_)
    p[4:8, 4:8] = q[4:8, 6:10] = True
    assert PaintedPair(p, q).divergences().jsd.value == pytest.approx(math.log(2) / 2)


def test_the_curves_of_a_painting_go_as_far_as_the_pad():
    pair = two_squares()
    curves = finished(pair)
    assert len(curves.places) == CELLS - 4
    assert pair.place in curves.places
    at = int(np.flatnonzero(curves.places == pair.place)[0])
    assert curves.values[at, column("w1")] == pytest.approx(pair.divergences().w1.value)
    assert len(empty_pad().places()) == 0


def test_a_shift_along_x_is_known_from_any_other_change():
    pair = two_squares()
    assert pair.is_shifted_along(pair.moved(2, 0))
    assert not pair.is_shifted_along(pair.moved(0, 1))
    assert not pair.is_shifted_along(pair.painted("p", 0.0, 0.0, 0.3))
    assert not pair.is_shifted_along(empty_pad())


def test_gaussians_on_the_line_are_those_of_the_metrics():
    pair = LinePair(p=Bump(-0.4, 0.7), q=Bump(1.2, 1.9))
    assert pair.divergences() == gaussian_divergences(Gaussian((-0.4,), 0.7), Gaussian((1.2,), 1.9))
