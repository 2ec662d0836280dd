import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from ganstudio.experiment.painting import Extent
from ganstudio.metrics.jsd import HistogramJsd, jensen_shannon
from ganstudio.targets.mixture import IsotropicMixture

LN2 = math.log(2)
SQUARE = Extent(x_min=-4.4, x_max=4.4, y_min=-4.4, y_max=4.4)
GAUSSIAN = IsotropicMixture(np.zeros((1, 2)), 1.0, SQUARE)
SHIFTS = {0.5: 0.030311, 1.0: 0.111421, 2.0: 0.336831, 3.0: 0.526777, 4.0: 0.632720}


def shifted_gaussians_jsd(shift):
    """By quadrature: along the shift is all there is."""

    def integrand(x):
        p, q = norm.pdf(x), norm.pdf(x, shift)
        return 0.5 * (p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q)))

    return quad(integrand, -12, 12 + shift, epsabs=1e-10)[0]


def uniform_subset_jsd(kept, total):
    """Uniform over ``kept`` of ``total`` disjoint modes against uniform over all of them."""
    p, q = 1 / total, 1 / kept
    return 0.5 * (
        kept * (p * math.log(2 * p / (p + q)) + q * math.log(2 * q / (p + q))) + (total - kept) * p * math.log(2)
    )


def readings(estimator, sampler, n, repeats, seed=0):
    rng = np.random.default_rng(seed)
    return [estimator.estimate(sampler(n, rng)) for _ in range(repeats)]


def mean_value(estimates):
    return float(np.mean([estimate.value for estimate in estimates]))


@pytest.mark.parametrize(("shift", "truth"), SHIFTS.items())
def test_the_published_truths_are_the_quadratures(shift, truth):
    assert shifted_gaussians_jsd(shift) == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize(
    ("kept", "total", "truth"), [(1, 8, 0.49693), (4, 8, 0.21576), (7, 8, 0.04541), (24, 25, 0.01407)]
)
def test_the_exact_divergence_of_subsets_is_the_closed_form(kept, total, truth):
    p = np.full(total, 1 / total)
    q = np.append(np.full(kept, 1 / kept), np.zeros(total - kept))
    assert jensen_shannon(p, q) == pytest.approx(uniform_subset_jsd(kept, total), abs=1e-12)
    assert jensen_shannon(p, q) == pytest.approx(truth, abs=1e-5)


def test_the_exact_divergence_of_disjoint_masses_is_ln_2():
    assert jensen_shannon(np.array([0.25, 0.75, 0.0]), np.array([0.0, 0.0, 1.0])) == pytest.approx(LN2, abs=1e-15)


@pytest.mark.parametrize(("shift", "truth"), SHIFTS.items())
@pytest.mark.parametrize(
    ("n", "cells", "tolerance"), [(2_500, 30, 0.01), (2_500, 50, 0.01), (50_000, 30, 0.003), (50_000, 50, 0.003)]
)
def test_a_shifted_gaussian_reads_the_true_divergence(shift, truth, n, cells, tolerance):
    def sampler(count, rng):
        return rng.standard_normal((count, 2)) + np.array([shift, 0])

    found = mean_value(readings(HistogramJsd(GAUSSIAN, cells), sampler, n, 30))
    assert found == pytest.approx(truth, abs=tolerance)


@pytest.mark.parametrize(("n", "tolerance"), [(2_500, 0.01), (50_000, 0.003)])
def test_a_gaussian_of_twice_the_width_reads_the_true_divergence(n, tolerance):
    found = mean_value(readings(HistogramJsd(GAUSSIAN, 30), lambda m, rng: 2 * rng.standard_normal((m, 2)), n, 30))
    assert found == pytest.approx(0.173315, abs=tolerance)


@pytest.mark.parametrize("kept", [1, 4, 7])
@pytest.mark.parametrize("n", [2_500, 50_000])
def test_missing_modes_of_the_ring_read_the_closed_form(make_target, kept, n):
    ring = make_target("ring8")
    part = IsotropicMixture(ring.modes[:kept], ring.sigma, ring.extent)
    for estimate in readings(HistogramJsd(ring), part.sample, n, 5):
        assert estimate.value == pytest.approx(uniform_subset_jsd(kept, 8), abs=0.003)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_squares_that_overlap_in_part_read_the_rest_times_ln_2(make_target, share):
    estimator = HistogramJsd(make_target("box"), 30)  # cells of a tenth of the square
    found = mean_value(readings(estimator, lambda n, rng: rng.random((n, 2)) + np.array([share, 0]), 20_000, 10))
    assert found == pytest.approx(share * LN2, abs=0.002)


def test_disjoint_squares_read_ln_2(make_target):
    estimate = HistogramJsd(make_target("box")).estimate(
        np.random.default_rng(0).random((20_000, 2)) + np.array([1, 0])
    )
    assert estimate.value == pytest.approx(LN2, abs=1e-4)
    assert estimate.high <= LN2


@pytest.mark.parametrize(("n", "tolerance"), [(2_500, 0.01), (20_000, 0.002), (50_000, 0.002)])
def test_a_perfect_generator_reads_zero_within_its_band_and_seldom_above_the_floor(target, n, tolerance):
    found = readings(HistogramJsd(target), target.sample, n, 40)
    assert mean_value(found) == pytest.approx(0, abs=tolerance / 5)
    # Spread over every cell, 2,500 points are three a cell: single readings there have a standard deviation of .0045.
    assert np.mean([abs(estimate.value) <= tolerance for estimate in found]) >= 0.95
    assert np.mean([estimate.low <= 0 <= estimate.high for estimate in found]) >= 0.85
    assert np.mean([estimate.value > estimate.floor for estimate in found]) <= 0.2


@pytest.mark.parametrize("n", [2_500, 20_000])
@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0, 4.0])
def test_the_band_holds_the_divergence_of_the_cells_nineteen_times_of_twenty(shift, n):
    estimator = HistogramJsd(GAUSSIAN)
    there = IsotropicMixture(np.array([[shift, 0.0]]), 1.0, SQUARE)
    masses = estimator.grid.target_masses(there).values
    truth = jensen_shannon(estimator.masses.values, masses)
    counts = np.random.default_rng(1).multinomial(n, masses, size=400)
    bands = [estimator.estimate_counts(row) for row in counts]
    held = np.mean([band.low - 1e-12 <= truth <= band.high + 1e-12 for band in bands])
    assert held >= 0.93
    # And it is not simply wide: at most twice the spread of the readings.
    half = np.mean([band.high - max(band.low, band.value - (band.high - band.value)) for band in bands]) / 2
    if shift in (0.5, 2.0):
        assert half < 2 * 1.96 * np.std([band.value for band in bands])


def test_the_floor_is_the_quantile_that_fresh_perfect_samples_show(make_target):
    target = make_target("ring8 σ .1")
    estimator = HistogramJsd(target)
    values = [estimate.value for estimate in readings(estimator, target.sample, 5_000, 400, seed=9)]
    assert 0.02 < np.mean(np.array(values) > estimator.floor(5_000)) < 0.09


def test_the_floor_falls_with_the_number_of_samples(make_target):
    estimator = HistogramJsd(make_target("gaussian"))
    floors = [estimator.floor(n) for n in (1_000, 4_000, 16_000, 64_000)]
    assert floors == sorted(floors, reverse=True)
    assert floors[0] > 8 * floors[-1] > 0


def test_masses_counted_on_samples_give_nearly_the_same_reading(make_target, without_masses):
    target = make_target("gaussian")
    points = np.random.default_rng(2).standard_normal((20_000, 2)) + np.array([1, 0])
    exact, counted = (HistogramJsd(kind).estimate(points) for kind in (target, without_masses(target)))
    assert counted.value == pytest.approx(exact.value, abs=5e-4)


def test_the_band_takes_in_the_noise_of_counted_masses(make_target, without_masses, monkeypatch):
    monkeypatch.setattr("ganstudio.metrics.histogram.SAMPLED_POINTS", 250_000)
    box, n = make_target("box"), 4_000_000
    truth, counts = 0.5 * LN2, np.zeros(901, np.int64)
    for row in range(10):
        counts[30 * (10 + row) + 15 : 30 * (10 + row) + 25] = n // 100  # a square half beside the target's
    bands = [HistogramJsd(without_masses(box), 30, seed=seed).estimate_counts(counts) for seed in range(40)]
    assert np.mean([band.low <= truth <= band.high for band in bands]) >= 0.9
    assert np.mean([band.high - band.low for band in bands]) < 6 * np.std([band.value for band in bands])


def test_the_noise_of_counted_masses_leaves_no_bias(make_target, without_masses):
    target = make_target("uniform")
    estimator = HistogramJsd(without_masses(target), 50)
    assert mean_value(readings(estimator, target.sample, 200_000, 10)) == pytest.approx(0, abs=2e-5)


def test_a_generator_entirely_off_the_plot_reads_ln_2_exactly(target):
    points = np.full((500, target.dimension), 1e6)
    points[0] = np.nan
    points[1] = np.inf
    estimate = HistogramJsd(target).estimate(points)
    assert estimate.value == LN2
    assert estimate.high == LN2
    assert 0.6 < estimate.low <= LN2


def test_no_points_are_refused(make_target):
    with pytest.raises(ValueError, match="at least one point"):
        HistogramJsd(make_target("gaussian")).estimate(np.zeros((0, 2)))


def test_two_estimators_of_the_same_seed_agree_to_the_last_bit(make_target):
    points = np.random.default_rng(0).standard_normal((3_000, 2))
    one, other = (HistogramJsd(make_target("gaussian"), seed=4) for _ in range(2))
    one.floor(500)  # what was asked before does not matter
    assert one.estimate(points) == other.estimate(points)


ESTIMATORS = {cells: HistogramJsd(GAUSSIAN, cells) for cells in (3, 20)}
clouds = st.builds(
    lambda n, shift, scale, seed: scale * np.random.default_rng(seed).standard_normal((n, 2)) + shift,
    n=st.sampled_from([1, 2, 17, 400]),
    shift=st.sampled_from([0.0, 0.5, 3.0, 30.0]),
    scale=st.sampled_from([0.0, 1e-3, 0.3, 1.0, 10.0]),
    seed=st.integers(0, 50),
)


@settings(deadline=None, max_examples=60)
@given(points=clouds, cells=st.sampled_from(sorted(ESTIMATORS)))
def test_any_cloud_reads_a_number_inside_its_band_and_the_axis(points, cells):
    estimate = ESTIMATORS[cells].estimate(points)
    assert -0.5 < estimate.low <= estimate.value <= estimate.high <= LN2
    assert estimate.high >= 0
    assert 0 <= estimate.floor <= LN2
    assert estimate.samples == len(points)


@settings(deadline=None, max_examples=20)
@given(points=clouds, seed=st.integers(0, 9))
def test_the_order_of_the_points_does_not_matter(points, seed):
    mixed = np.random.default_rng(seed).permutation(points)
    assert ESTIMATORS[20].estimate(mixed) == ESTIMATORS[20].estimate(points)


@settings(deadline=None, max_examples=20)
@given(points=clouds)
def test_turning_target_and_points_together_changes_nothing(points):
    turned = ESTIMATORS[20].estimate(points[:, ::-1])
    assert turned.value == pytest.approx(ESTIMATORS[20].estimate(points).value, abs=1e-10)
