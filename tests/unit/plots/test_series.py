"""Smoothing, and curves with gaps."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.ui.plots.series import Series
from ganstudio.ui.plots.smoothing import WINDOWS, RunningMean


def _reference(values: np.ndarray, window: int) -> np.ndarray:
    """The recurrence of the docstring, one value after the other."""
    mean, means = 0.0, []
    for n, value in enumerate(values, start=1):
        mean += (value - mean) / min(n, window)
        means.append(mean)
    return np.array(means)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("piece", [1, 7, 64, 65, 3000])
def test_the_running_mean_is_its_recurrence(window: int, piece: int) -> None:
    values = np.random.default_rng(window).normal(3, 2, 3000)
    mean = RunningMean(window)
    smoothed = np.concatenate([mean.extend(values[at : at + piece]) for at in range(0, len(values), piece)])
    np.testing.assert_allclose(smoothed, _reference(values, window), rtol=1e-11, atol=1e-11)


def test_the_running_mean_begins_at_the_first_value() -> None:
    assert RunningMean(100).extend(np.array([5.0, 7.0])).tolist() == [5.0, 6.0]


def test_what_an_update_did_not_produce_is_left_out() -> None:
    series = Series(window=2)
    series.append(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1.0, np.nan, 3.0, np.nan]))
    series.append(np.array([4.0]), np.array([np.nan]))
    series.append(np.array([5.0]), np.array([5.0]))
    assert len(series) == 3
    assert series.raw.extremes()[0].tolist() == [1.0, 2.0, 5.0]
    assert series.raw.extremes()[1].tolist() == [1.0, 3.0, 5.0]
    assert series.smooth.means()[1].tolist() == [1.0, 2.0, 3.5]
