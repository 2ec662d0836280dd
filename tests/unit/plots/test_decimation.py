"""Long curves made short."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ganstudio.ui.plots.decimation import Decimator


def _noise(count: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.arange(1.0, count + 1), np.random.default_rng(seed).normal(size=count)


def test_a_short_curve_is_kept_as_it_is() -> None:
    x, y = _noise(500)
    curve = Decimator(600)
    curve.append(x, y)
    for drawn in (curve.extremes(), curve.means()):
        np.testing.assert_array_equal(drawn[0], x)
        np.testing.assert_array_equal(drawn[1], y)


@pytest.mark.parametrize("count", [600, 601, 5_003, 100_000])
def test_a_long_curve_stays_small(count: int) -> None:
    curve = Decimator(600)
    curve.append(*_noise(count))
    assert len(curve) == count
    assert len(curve.extremes()[0]) <= 2 * 600 + 3
    assert len(curve.means()[0]) <= 600 + 2


def test_extremes_survive_wherever_they_are() -> None:
    for at in (0, 1, 17_777, 49_998, 49_999):
        x, y = _noise(50_000)
        y[at], y[at - 5] = 100.0, -100.0
        curve = Decimator(200)
        curve.append(x, y)
        drawn_x, drawn_y = curve.extremes()
        assert drawn_x[drawn_y.argmax()] == x[at]
        assert drawn_x[drawn_y.argmin()] == x[at - 5]
        assert drawn_y.max() == 100.0
        assert drawn_y.min() == -100.0


def test_every_drawn_extreme_is_a_sample_in_order() -> None:
    x, y = _noise(12_345)
    curve = Decimator(100)
    curve.append(x, y)
    drawn_x, drawn_y = curve.extremes()
    assert (np.diff(drawn_x) >= 0).all()
    np.testing.assert_array_equal(y[drawn_x.astype(int) - 1], drawn_y)
    assert (drawn_x[-1], drawn_y[-1]) == (x[-1], y[-1])


@given(st.lists(st.integers(0, 700), min_size=1, max_size=12))
def test_the_size_of_the_pieces_makes_no_difference(pieces: list[int]) -> None:
    x, y = _noise(sum(pieces))
    whole, parts = Decimator(50), Decimator(50)
    whole.append(x, y)
    start = 0
    for size in pieces:
        parts.append(x[start : start + size], y[start : start + size])
        start += size
    assert len(parts) == len(whole) == len(x)
    for one, other in zip(whole.extremes(), parts.extremes(), strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(whole.means(), parts.means(), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


def test_buckets_hold_the_samples_between_them() -> None:
    x, y = _noise(1024)
    curve = Decimator(64)
    curve.append(x, y)
    buckets = curve.buckets()
    stride = 1024 // len(buckets.x)
    runs = y.reshape(-1, stride)
    np.testing.assert_array_equal(buckets.low, runs.min(axis=1))
    np.testing.assert_array_equal(buckets.high, runs.max(axis=1))
    np.testing.assert_allclose(buckets.mean, runs.mean(axis=1))
    np.testing.assert_allclose(buckets.x, x.reshape(-1, stride).mean(axis=1))


def test_clearing_forgets_all() -> None:
    curve = Decimator(10)
    curve.append(*_noise(1000))
    curve.clear()
    assert len(curve) == 0
    assert len(curve.extremes()[0]) == len(curve.means()[0]) == 0
    curve.append(np.array([5.0]), np.array([7.0]))
    assert curve.extremes()[1].tolist() == [7.0]


def test_an_odd_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        Decimator(7)
