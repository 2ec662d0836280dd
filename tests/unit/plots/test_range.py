"""Axes that move in steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.ui.plots.range import StableRange, nice_ceiling, nice_step, robust_extent


@pytest.mark.parametrize(
    ("size", "step"), [(1, 1), (1.01, 2), (0.3, 0.5), (0.5, 0.5), (2.2, 2.5), (7, 10), (1234, 2000), (0.3 * 3, 1)]
)
def test_a_step_is_the_next_round_number(size: float, step: float) -> None:
    assert nice_step(size) == pytest.approx(step)


@pytest.mark.parametrize(("value", "end"), [(100, 100), (101, 120), (20_000, 20_000), (20_001, 25_000), (0.1 * 3, 0.3)])
def test_a_ceiling_is_the_next_round_number(value: float, end: float) -> None:
    assert nice_ceiling(value) == pytest.approx(end)


@given(st.floats(1e-6, 1e9))
def test_data_fill_at_least_three_quarters_of_a_ceiling(value: float) -> None:
    assert 0.74 <= value / nice_ceiling(value) <= 1 + 1e-6


def test_the_range_does_not_move_while_data_stay_inside() -> None:
    axis = StableRange()
    bounds = axis.fit(0.2, 1.7)
    assert bounds[0] <= 0.2 < 1.7 <= bounds[1]
    for low, high in ((0.3, 1.6), (0.25, 1.7), (0.2, 1.5)):
        assert axis.fit(low, high) == bounds


def test_it_grows_at_once_and_only_at_the_end_that_was_left() -> None:
    axis = StableRange()
    low, high = axis.fit(0.2, 1.7)
    grown = axis.fit(0.2, high + 0.01)
    assert grown[0] == low
    assert grown[1] >= high + 0.01


def test_it_shrinks_only_after_patience_and_not_when_interrupted() -> None:
    axis = StableRange(patience=5)
    wide = axis.fit(0.0, 10.0)
    for _ in range(4):
        assert axis.fit(1.0, 2.0) == wide
    assert axis.fit(0.0, 9.0) == wide  # back in use: counting begins again
    for _ in range(4):
        assert axis.fit(1.0, 2.0) == wide
    low, high = axis.fit(1.0, 2.0)
    assert high - low < 2
    assert low <= 1.0 < 2.0 <= high


def test_data_that_use_enough_of_it_never_shrink_it() -> None:
    axis = StableRange(patience=3)
    wide = axis.fit(0.0, 10.0)
    assert all(axis.fit(0.0, 6.0) == wide for _ in range(20))


def test_fixed_ends_stay() -> None:
    axis = StableRange(low=0.0)
    assert axis.fit(3.0, 4100.0) == (0.0, 5000.0)
    assert StableRange(low=0.0, high=1.0).fit(0.4, 0.6) == (0.0, 1.0)
    low, high = StableRange(high=0.0).fit(-1.4, -0.3)
    assert (low, high) == (-1.5, 0.0)


def test_equal_data_still_have_a_range() -> None:
    low, high = StableRange(smallest=1e-3).fit(0.7, 0.7)
    assert low < 0.7 < high
    assert high - low < 0.01


def test_after_a_reset_the_range_is_chosen_afresh() -> None:
    axis = StableRange(low=0.0, smallest=100)
    axis.fit(0, 20_000)
    axis.reset()
    assert axis.bounds is None
    assert axis.fit(0, 10) == (0.0, 100.0)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3)), min_size=1, max_size=30))
def test_data_are_always_inside(extents: list[tuple[float, float]]) -> None:
    axis = StableRange(patience=2)
    for low, span in extents:
        bottom, top = axis.fit(low, low + span)
        assert bottom <= low
        assert top >= low + span


def test_a_few_outliers_do_not_flatten_the_rest() -> None:
    values = np.random.default_rng(0).uniform(0, 1, 1000)
    assert robust_extent(values) == (values.min(), values.max())
    values[500] = 1000.0
    extent = robust_extent(values)
    assert extent is not None
    assert extent[1] < 1.0


def test_many_high_values_count() -> None:
    values = np.concatenate((np.linspace(0, 1, 900), np.full(100, 50.0)))
    assert robust_extent(values) == (0.0, 50.0)


def test_nothing_has_no_extent() -> None:
    assert robust_extent(np.empty(0)) is None
    assert robust_extent(np.array([2.0])) == (2.0, 2.0)
