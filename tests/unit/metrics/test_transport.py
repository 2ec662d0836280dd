from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from ganstudio.metrics.transport import sliced_w2, w2


def test_a_translated_cloud_is_as_far_as_it_was_moved():
    x = np.random.default_rng(0).standard_normal((400, 2))
    moved = np.random.default_rng(1).permutation(x + np.array([0.6, 0.8]))
    assert w2(x, moved).value == pytest.approx(1.0, abs=1e-12)
    assert sliced_w2(x, moved) == pytest.approx(np.sqrt(0.5), abs=1e-12)
    assert sliced_w2(x[:, :1], x[:, :1] - 3) == pytest.approx(3.0, abs=1e-12)


def test_samples_of_shifted_gaussians_read_the_published_truths():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((50_000, 2)), rng.standard_normal((50_000, 2)) + np.array([1, 0])
    assert sliced_w2(x, y) == pytest.approx(0.70711, abs=0.02)
    assert w2(x, y, 1_000).value == pytest.approx(1.0, abs=0.1)


def test_on_a_line_gaussians_differ_by_mean_and_deviation():
    # W2² between N(0, 1) and N(1, 2²) is 1² + (2 − 1)².
    u = (np.arange(20_000) + 0.5) / 20_000
    x, y = norm.ppf(u)[:, None], norm.ppf(u, 1, 2)[:, None]
    assert sliced_w2(x, y) == pytest.approx(np.sqrt(2), abs=2e-3)


def test_the_assignment_is_the_best_of_all_permutations():
    rng = np.random.default_rng(0)
    x, y = rng.random((6, 2)), rng.random((6, 2))
    best = min(((x - y[list(order)]) ** 2).sum(axis=1).mean() for order in permutations(range(6)))
    assert w2(x, y).value == pytest.approx(np.sqrt(best), abs=1e-12)


def test_the_exact_distance_says_how_many_points_it_took():
    x = np.zeros((50, 2))
    assert w2(x, x[:30]).points == 30
    assert w2(x, x, cap=20).points == 20


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=7), st.lists(st.integers(-5, 5), min_size=1, max_size=7))
def test_samples_of_unequal_size_are_as_far_as_repeated_to_a_common_one(first, second):
    x, y = np.array(first, float)[:, None], np.array(second, float)[:, None]
    common = sliced_w2(np.repeat(x, len(y), axis=0), np.repeat(y, len(x), axis=0))
    assert sliced_w2(x, y) == pytest.approx(common, abs=1e-9)


def test_points_of_different_dimension_are_refused():
    with pytest.raises(ValueError, match="d of 1 or 2"):
        sliced_w2(np.zeros((3, 2)), np.zeros((3, 1)))
