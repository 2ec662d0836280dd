"""The timeline keeps the first and the last, never more than it may, and is spread evenly over the run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.messages.timeline import CAPACITY, Timeline


def at(iteration: int, seconds: float = 0.0) -> Snapshot:
    return Snapshot(Progress(iteration, seconds=seconds), (0.0,), (1.0,))


def filled(iterations: list[int], capacity: int = CAPACITY) -> Timeline:
    timeline = Timeline(capacity)
    for iteration in iterations:
        timeline.append(at(iteration))
    return timeline


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=200), st.integers(2, 16))
def test_first_and_last_stay_in_order_and_within_capacity(steps: list[int], capacity: int) -> None:
    iterations = [int(iteration) for iteration in np.cumsum([0, *steps])]
    timeline = filled(iterations, capacity)
    assert len(timeline) == min(capacity, len(iterations))
    assert timeline.iterations[0] == 0
    assert timeline.iterations[-1] == iterations[-1]
    assert list(timeline.iterations) == sorted(set(timeline.iterations))
    assert set(timeline.iterations) <= set(iterations)
    assert timeline.last is not None and timeline.last.progress.iteration == iterations[-1]
    assert len(timeline.snapshots) == len(timeline)


@pytest.mark.parametrize("count", [100, 129, 200, 500, 1000, 3000])
def test_snapshots_that_come_evenly_are_kept_evenly(count: int) -> None:
    timeline = filled([n * 100 for n in range(count)])
    gaps = np.diff(timeline.iterations)
    assert gaps.max() <= 2 * gaps[:-1].min()  # the last may have come just now
    assert gaps.max() <= 2 * count * 100 / min(count, CAPACITY)


def test_the_early_run_is_not_forgotten_when_snapshots_come_ever_more_often() -> None:
    # As in the window: every 10,000 iterations first, then, after the trainer slowed down, every 10.
    timeline = filled([*range(0, 1_000_000, 10_000), *range(1_000_000, 1_050_000, 10)])
    early = sum(iteration < 1_000_000 for iteration in timeline.iterations)
    assert early >= 0.7 * CAPACITY


def test_a_snapshot_of_the_same_or_an_earlier_iteration_takes_the_place_of_later_ones() -> None:
    timeline = filled([0, 10, 20, 30])
    timeline.append(at(20, seconds=5.0))
    assert timeline.iterations == (0, 10, 20)
    assert timeline.last == at(20, seconds=5.0)


def test_truncating_forgets_what_is_later() -> None:
    timeline = filled([0, 10, 20, 30])
    timeline.truncate(25)
    assert timeline.iterations == (0, 10, 20)
    timeline.truncate(-1)
    assert timeline.last is None
    assert len(timeline) == 0


@pytest.mark.parametrize(("iteration", "nearest"), [(-5, 0), (0, 0), (4, 0), (6, 10), (10, 10), (24, 20), (99, 30)])
def test_the_nearest_snapshot_is_found(iteration: int, nearest: int) -> None:
    assert filled([0, 10, 20, 30]).nearest(iteration).progress.iteration == nearest


def test_an_empty_timeline_has_no_nearest_snapshot() -> None:
    with pytest.raises(IndexError, match="empty"):
        Timeline().nearest(0)


def test_a_timeline_too_small_for_its_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="first and the last"):
        Timeline(1)
