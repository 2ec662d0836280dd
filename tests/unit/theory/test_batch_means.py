"""Batch means against what statistics says of them."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.ui.theory.batch_means import MOST_BATCHES, SIZES, batch_means


def test_expectation_and_spread_are_those_of_the_distribution() -> None:
    found = batch_means(np.random.default_rng(0).normal(3.0, 2.0, 30_000))
    assert abs(found.expectation - 3.0) < 3 * found.error
    assert found.error == pytest.approx(2.0 / np.sqrt(20_000), rel=0.03)
    assert found.sigma == pytest.approx(2.0, rel=0.03)


def test_the_reference_and_the_batches_share_no_term() -> None:
    terms = np.concatenate([np.zeros(200), np.ones(100)])
    found = batch_means(terms)
    assert found.expectation == 0.0
    np.testing.assert_array_equal(found.running, 1.0)
    np.testing.assert_array_equal(found.means, 1.0)


def test_a_running_mean_is_the_mean_of_the_first_terms() -> None:
    terms = np.random.default_rng(1).exponential(size=900)
    found = batch_means(terms)
    for count in (1, 7, 300):
        assert found.running[count - 1] == pytest.approx(terms[600 : 600 + count].mean())


def test_batches_of_a_size_are_disjoint_and_in_order() -> None:
    terms = np.random.default_rng(2).normal(size=3000)
    found = batch_means(terms)
    for size in SIZES:
        means = found.means[found.sizes == size]
        assert len(means) == min(1000 // size, MOST_BATCHES)
        for at, mean in enumerate(means):
            assert mean == pytest.approx(terms[2000 + at * size : 2000 + (at + 1) * size].mean())


def test_two_thirds_of_the_batches_lie_in_the_band() -> None:
    inside = total = 0
    for seed in range(40):
        found = batch_means(np.random.default_rng(seed).exponential(size=30_000))
        chosen = found.sizes == 256
        inside += int((np.abs(found.means[chosen] - found.expectation) < found.band(256)).sum())
        total += int(chosen.sum())
    assert inside / total == pytest.approx(0.683, abs=0.05)
