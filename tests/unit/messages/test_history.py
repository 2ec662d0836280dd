"""The history against a plain list, and its promises about views."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk


def chunk(first: int, rows: int, every: int = 10) -> HistoryChunk:
    """Rows ``first`` + 1 and on; a measure at each multiple of ``every``."""
    iterations = np.arange(first + 1, first + 1 + rows, dtype=float)
    measured = iterations[iterations % every == 0]
    return HistoryChunk(
        np.column_stack([iterations * 10**0, *(iterations + c / 100 for c in range(1, len(COLUMNS)))]),
        np.column_stack([measured, *(measured + c / 100 for c in range(1, len(MEASURE_COLUMNS)))]),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 1500), st.floats(0, 1)), max_size=12))
def test_a_history_is_all_its_chunks_without_what_was_truncated(steps: list[float]) -> None:
    history, rows, measures = History(), chunk(0, 0).rows, chunk(0, 0).measures
    views: list[tuple[np.ndarray, np.ndarray]] = []
    for step in steps:
        last = int(rows[-1, 0]) if len(rows) else 0
        if isinstance(step, int):
            new = chunk(last, step)
            history.append(new)
            rows, measures = np.vstack([rows, new.rows]), np.vstack([measures, new.measures])
        else:
            at = int(step * last)
            history.truncate(at)
            rows, measures = rows[rows[:, 0] <= at], measures[measures[:, 0] <= at]
        np.testing.assert_array_equal(history.rows, rows)
        np.testing.assert_array_equal(history.measures, measures)
        views.append((history.rows[:], rows.copy()))
    for view, kept in views:
        np.testing.assert_array_equal(view, kept)


def test_views_cannot_be_written_through() -> None:
    history = History()
    history.append(chunk(0, 20))
    with pytest.raises(ValueError, match="read-only"):
        history.rows[:][0, 0] = 5
    with pytest.raises(ValueError, match="read-only"):
        history.measures[0, 0] = 5


def test_of_single_updates_after_the_last_iteration_so_many_stay_as_are_asked_for() -> None:
    history = History()
    history.append(chunk(0, 10))
    single = chunk(9, 1, every=100).rows.repeat(3, axis=0)
    single[[0, 1], COLUMNS.index("generator_loss")] = np.nan
    single[2, COLUMNS.index("discriminator_loss")] = np.nan
    history.append(HistoryChunk(single, chunk(0, 0).measures))
    whole = history.rows[:]
    for left in (5, 3, 2, 1, 0):
        history.truncate(10, left)
        np.testing.assert_array_equal(history.rows, whole[: 10 + min(left, 3)])
    assert len(history.measures) == 1


@pytest.mark.parametrize("single_updates", [None, 0, 2])
def test_what_there_was_until_an_iteration_is_what_going_back_to_it_leaves(single_updates: int | None) -> None:
    history = History()
    history.append(HistoryChunk(engines=np.array([[1.0, 0.0], [9.0, 1.0]])))
    history.append(chunk(0, 10))
    single = chunk(9, 1, every=100).rows.repeat(3, axis=0)
    single[:, COLUMNS.index("generator_loss")] = np.nan
    history.append(HistoryChunk(single))
    for iteration in (10, 8, 0, 99):
        found = history.until(iteration, single_updates)
        gone_back = History()
        gone_back.append(history.since(0, 0))
        gone_back.truncate(iteration, single_updates)
        left = gone_back.since(0, 0)
        np.testing.assert_array_equal(found.rows, left.rows)
        np.testing.assert_array_equal(found.measures, left.measures)
        np.testing.assert_array_equal(found.engines, left.engines)


def test_rows_that_somebody_else_has_are_let_go_of_and_the_rest_of_history_stays() -> None:
    history = History()
    history.append(HistoryChunk(engines=np.array([[1.0, 1.0]])))
    history.append(chunk(0, 20))
    history.let_go()
    history.append(chunk(20, 5))
    assert history.since(20, 2).rows[:, 0].tolist() == [21, 22, 23, 24, 25]
    assert history.engine == "compiled"
    assert history.measure("iteration").tolist() == [10, 20]
    history.truncate(22)
    assert history.column("iteration", last=2).tolist() == [21, 22]


def test_a_history_tells_that_it_went_back() -> None:
    history = History()
    history.append(chunk(0, 20))
    before = history.times_gone_back
    history.append(chunk(20, 5))
    assert history.times_gone_back == before
    history.truncate(3)
    history.append(chunk(3, 40))
    assert history.times_gone_back != before


def test_a_view_keeps_its_numbers_when_the_run_goes_back_and_on_another_way() -> None:
    history = History()
    history.append(chunk(0, 20))
    view = history.column("value")
    before = view.copy()
    history.truncate(5)
    history.append(HistoryChunk(chunk(5, 15).rows * 2, chunk(0, 0).measures))
    np.testing.assert_array_equal(view, before)


def test_columns_and_measures_are_found_by_name() -> None:
    history = History()
    history.append(chunk(0, 20))
    for index, name in enumerate(COLUMNS):
        np.testing.assert_array_equal(history.column(name), history.rows[:, index])
        np.testing.assert_array_equal(history.column(name, last=7), history.rows[-7:, index])
        np.testing.assert_array_equal(history.column(name, last=99), history.rows[:, index])
    for index, name in enumerate(MEASURE_COLUMNS):
        np.testing.assert_array_equal(history.measure(name), history.measures[:, index])


def test_what_is_new_since_a_count_is_a_chunk_of_its_own() -> None:
    history = History()
    history.append(chunk(0, 20))
    new = history.since(15, 1)
    assert list(new.rows[:, 0]) == [16, 17, 18, 19, 20]
    assert list(new.measures[:, 0]) == [20]
    history.truncate(0)
    assert list(new.rows[:, 0]) == [16, 17, 18, 19, 20]
    assert len(history.since(0, 0).rows) == 0


@pytest.mark.parametrize(
    ("rows", "measures"),
    [
        (np.zeros(len(COLUMNS)), np.zeros((0, len(MEASURE_COLUMNS)))),
        (np.zeros((2, 3)), np.zeros((0, len(MEASURE_COLUMNS)))),
        (np.zeros((2, len(COLUMNS))), np.zeros((1, 2))),
    ],
    ids=["a flat row", "other columns", "other measures"],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_is_added(rows: np.ndarray, measures: np.ndarray) -> None:
    history = History()
    with pytest.raises(ValueError, match="columns"):
        history.append(HistoryChunk(rows, measures))
    assert len(history.rows) == len(history.measures) == 0


def test_which_engine_played_is_part_of_history_and_of_going_back() -> None:
    history = History()
    history.append(HistoryChunk(engines=np.array([[1.0, 0.0], [40.0, 1.0]])))
    assert history.engine == "compiled"
    assert history.since(0, 0, 1).engines.tolist() == [[40.0, 1.0]]
    history.truncate(39)
    assert history.engine == "eager"
    assert History().engine is None


def test_an_engine_that_plays_on_after_a_pause_or_a_file_is_no_other_engine() -> None:
    history = History()
    for iteration, engine in ((1.0, 0.0), (7.0, 0.0), (9.0, 1.0), (12.0, 1.0), (20.0, 0.0)):
        history.append(HistoryChunk(engines=np.array([[iteration, engine]])))
    assert history.engines.tolist() == [[1.0, 0.0], [9.0, 1.0], [20.0, 0.0]]
