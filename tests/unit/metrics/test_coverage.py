import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from ganstudio.experiment.painting import Extent
from ganstudio.metrics.coverage import mode_coverage, perfect_hq_fraction, perfect_spread
from ganstudio.targets.mixture import IsotropicMixture

EXTENT = Extent(x_min=-3, x_max=3, y_min=-3, y_max=3)


def test_perfect_hq_fractions_are_the_integrals_of_the_gaussian():
    assert perfect_hq_fraction(1) == pytest.approx(norm.cdf(3) - norm.cdf(-3), abs=1e-14)
    assert perfect_hq_fraction(2) == pytest.approx(quad(lambda r: r * math.exp(-r * r / 2), 0, 3)[0], abs=1e-12)
    assert perfect_hq_fraction(2) == pytest.approx(0.9889, abs=1e-4)


def test_perfect_spreads_are_the_integrals_of_the_cut_gaussian():
    line = quad(lambda x: x * x * norm.pdf(x), -3, 3)[0] / quad(norm.pdf, -3, 3)[0]
    plane = quad(lambda r: r**3 * math.exp(-r * r / 2), 0, 3)[0] / quad(lambda r: r * math.exp(-r * r / 2), 0, 3)[0] / 2
    assert perfect_spread(1) == pytest.approx(math.sqrt(line), abs=1e-12)
    assert perfect_spread(2) == pytest.approx(math.sqrt(plane), abs=1e-12)


@pytest.mark.parametrize(("name", "hq", "reverse_kl"), [("grid25", 0.9889, 0.0048), ("ring8", 0.9889, 0.0014)])
def test_a_perfect_sampler_reads_what_the_papers_protocol_gives_it(make_target, name, hq, reverse_kl):
    target, rng = make_target(name), np.random.default_rng(0)
    found = [mode_coverage(target.sample(2_500, rng), target) for _ in range(60)]
    assert {coverage.captured for coverage in found} == {coverage.total for coverage in found} == {len(target.modes)}
    assert np.mean([coverage.hq_fraction for coverage in found]) == pytest.approx(hq, abs=1e-3)
    assert np.mean([coverage.reverse_kl for coverage in found]) == pytest.approx(reverse_kl, rel=0.15)
    assert found[0].perfect_reverse_kl == pytest.approx(reverse_kl, rel=0.04)
    assert np.mean([coverage.sigma_ratio for coverage in found]) == pytest.approx(1.0, abs=0.005)
    assert np.mean([coverage.sigma_ratios for coverage in found]) == pytest.approx(1.0, abs=0.01)


def test_a_perfect_sampler_on_the_line_reads_perfect_values_for_unequal_weights(make_target):
    target = make_target("mixture 1-D")
    coverage = mode_coverage(target.sample(200_000, np.random.default_rng(0)), target)
    assert coverage.hq_fraction == pytest.approx(perfect_hq_fraction(1), abs=1e-3)
    assert coverage.shares == pytest.approx((0.5, 0.25, 0.25), abs=5e-3)
    assert coverage.reverse_kl == pytest.approx(0, abs=1e-4)
    assert coverage.sigma_ratio == pytest.approx(1, abs=5e-3)


def test_an_equal_sampler_of_unequal_weights_reads_the_divergence_of_the_shares(make_target):
    target = make_target("mixture 1-D")
    coverage = mode_coverage(np.repeat(target.modes, 100, axis=0), target)
    assert coverage.reverse_kl == pytest.approx((math.log(2 / 3) + 2 * math.log(4 / 3)) / 3, abs=1e-12)


@pytest.mark.parametrize("kept", [1, 3, 8])
def test_reverse_kl_of_some_modes_is_the_log_of_how_many_are_missing(make_target, kept):
    ring = make_target("ring8")
    coverage = mode_coverage(np.repeat(ring.modes[:kept], 50, axis=0), ring)
    assert coverage.captured == kept
    assert coverage.reverse_kl == pytest.approx(math.log(8 / kept), abs=1e-12)
    assert coverage.shares == pytest.approx([1 / kept] * kept + [0] * (8 - kept))


def test_one_sample_within_three_sigma_captures_a_mode_and_one_beyond_does_not(make_target):
    ring = make_target("ring8")
    near, far = ring.modes[0] + np.array([0.0299, 0]), ring.modes[1] + np.array([0, 0.0301])
    coverage = mode_coverage(np.array([near, far]), ring)
    assert coverage.captured == 1
    assert coverage.hq_fraction == 0.5
    assert coverage.offsets[0] == pytest.approx(2.99)
    assert coverage.offsets[1] is None
    assert coverage.sigma_ratio is None
    assert coverage.sigma_ratios == (None,) * 8


def test_no_sample_of_high_quality_leaves_no_histogram_to_compare(make_target):
    coverage = mode_coverage(np.full((10, 2), 50.0), make_target("ring8"))
    assert coverage.captured == 0
    assert coverage.hq_fraction == 0
    assert coverage.reverse_kl is None
    assert coverage.sigma_ratio is None
    assert sum(coverage.shares) == 0


@pytest.mark.parametrize("factor", [0.0, 0.3, 0.7])
def test_narrowed_clusters_show_in_the_sigma_ratio_though_hq_reads_better_than_perfect(make_target, factor):
    ring, rng = make_target("ring8"), np.random.default_rng(0)
    centres = ring.modes[rng.integers(0, 8, 4_000)]
    coverage = mode_coverage(centres + factor * ring.sigma * rng.standard_normal((4_000, 2)), ring)
    assert coverage.sigma_ratio == pytest.approx(factor / perfect_spread(2), abs=0.02)
    assert coverage.hq_fraction > coverage.perfect_hq_fraction + 0.005


def test_clusters_moved_by_half_a_sigma_show_in_the_offsets(make_target):
    ring = make_target("ring8")
    moved = ring.sample(8_000, np.random.default_rng(0)) + np.array([0.5 * ring.sigma, 0])
    good, bad = (mode_coverage(points, ring) for points in (ring.sample(8_000, np.random.default_rng(1)), moved))
    assert max(good.offsets) < 0.15
    assert min(bad.offsets) > 0.35


def test_a_mode_of_few_samples_hardly_moves_the_pooled_sigma_ratio(make_target):
    ring, rng = make_target("ring8"), np.random.default_rng(0)
    many = ring.modes[0] + ring.sigma * rng.standard_normal((5_000, 2))
    coverage = mode_coverage(np.vstack([many, np.repeat(ring.modes[1:2], 3, axis=0)]), ring)
    assert coverage.sigma_ratios[1] == 0
    assert coverage.sigma_ratio == pytest.approx(1, abs=0.02)


def test_targets_without_modes_have_no_coverage(make_target):
    assert mode_coverage(np.zeros((3, 2)), make_target("box")) is None


def test_points_of_astronomical_size_are_far_from_every_mode(make_target):
    assert mode_coverage(np.full((3, 2), 1e300), make_target("ring8")).hq_fraction == 0


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 1000), n=st.integers(1, 300), spread=st.floats(0.01, 3))
def test_neither_order_nor_the_names_of_modes_matter(seed, n, spread):
    rng = np.random.default_rng(seed)
    modes = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.5], [-2.0, 0.5]])
    points = modes[rng.integers(0, 4, n)] + 0.1 * spread * rng.standard_normal((n, 2))
    order = rng.permutation(4)
    one = mode_coverage(points, IsotropicMixture(modes, 0.1, EXTENT, separate=True))
    other = mode_coverage(rng.permutation(points), IsotropicMixture(modes[order], 0.1, EXTENT, separate=True))
    assert other.captured == one.captured
    assert other.hq_fraction == one.hq_fraction
    assert other.shares == tuple(one.shares[k] for k in order)
    assert (one.reverse_kl is None) == (other.reverse_kl is None) == (one.hq_fraction == 0)
    if one.reverse_kl is not None:
        assert other.reverse_kl == pytest.approx(one.reverse_kl, abs=1e-12)
        assert -1e-12 <= one.reverse_kl <= math.log(4) + 1e-12
    if one.sigma_ratio is not None:
        assert other.sigma_ratio == pytest.approx(one.sigma_ratio, abs=1e-9)
