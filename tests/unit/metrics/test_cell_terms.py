import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import digamma, exp1, xlogy
from scipy.stats import poisson

from ganstudio.metrics.cell_terms import CellTerms, count_log_count

EXPECTED = (0.0, 1e-3, 0.05, 0.3, 1.0, 2.5, 7.0, 20.0, 31.9, 32.1, 60.0, 300.0)
MEANS = (0.0, 1e-3, 0.05, 0.3, 1.0, 2.5, 7.0, 20.0, 70.0, 300.0)


def left_over(mean):
    """The bias that Grassberger's estimate of μ ln μ keeps."""
    return mean * exp1(2 * mean) if mean > 0 else 0.0


def counts_of(mean):
    return np.arange(int(mean + 12 * np.sqrt(mean) + 30))


@pytest.mark.parametrize("count", [1, 2])
def test_small_counts_have_grassbergers_integral(count):
    integral, _ = quad(lambda x: x ** (count - 1) / (1 + x), 0, 1)
    expected = count * (digamma(count) + (-1) ** count * integral)
    assert count_log_count(np.array([count])) == pytest.approx(expected, abs=1e-9)


def test_no_count_gives_nothing():
    assert count_log_count(np.array([0])) == 0.0


@pytest.mark.parametrize("mean", MEANS)
def test_the_bias_of_count_log_count_is_the_known_exponentially_small_one(mean):
    k = counts_of(mean)
    expectation = (poisson.pmf(k, mean) * count_log_count(k)).sum()
    assert expectation - xlogy(mean, mean) == pytest.approx(left_over(mean), abs=6e-4)


@pytest.mark.parametrize("mean", MEANS)
def test_terms_have_the_expectation_of_the_divergence_of_their_cells(mean):
    k = counts_of(mean)
    terms = CellTerms(np.array(EXPECTED))(np.repeat(k[:, None], len(EXPECTED), axis=1))
    expectation = poisson.pmf(k, mean) @ terms
    for lam, found in zip(EXPECTED, expectation, strict=True):
        truth = 0.5 * (xlogy(lam, lam) + xlogy(mean, mean) - xlogy(lam + mean, (lam + mean) / 2))
        assert found - truth == pytest.approx(0.5 * (left_over(mean) - left_over(lam + mean)), abs=6e-4)


def test_cells_without_data_are_linear_in_their_count():
    k = np.arange(200)
    assert CellTerms(np.zeros(200))(k) == pytest.approx(0.5 * k * np.log(2), abs=1e-6)


def test_table_and_series_agree_where_they_meet():
    k = np.arange(0, 200)
    below, above = (CellTerms(np.full(200, lam))(k) for lam in (32.0, np.nextafter(32.0, 33)))
    assert below == pytest.approx(above, abs=2e-3)
    assert np.abs(np.diff(below, 2))[40:].max() < 0.06  # no step in the middle of a table's end


def test_the_bias_of_cells_that_stay_empty_is_what_unseen_says():
    lam = np.array([0.0, 0.1, 1.0, 3.0])
    terms = CellTerms(lam)
    nothing = np.zeros(4, np.int64)
    truth = 0.5 * lam * np.log(2)
    assert (truth - terms(nothing)).sum() == pytest.approx(terms.unseen(nothing), abs=1e-3)
    assert terms.unseen(np.array([0, 1, 1, 1])) == 0.0
