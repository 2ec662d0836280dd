"""Saving never fails because a run was long."""

from __future__ import annotations

import dataclasses

import numpy as np

from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.messages.timeline import CAPACITY
from ganstudio.session.fitting import fitted
from ganstudio.session.session import Session


def _snapshot(iteration: int, floats: int = 1000) -> Snapshot:
    return Snapshot(Progress(iteration), (0.0, 0.0), (1.0, 1.0), {"ema": np.zeros(floats, np.float32)})


def test_what_fits_is_left_as_it_is(session: Session) -> None:
    fit = fitted(session)
    assert fit.history.rows is session.history.rows
    assert fit.timeline == session.timeline


def test_a_long_history_keeps_every_second_row_and_both_ends(session: Session) -> None:
    rows = np.zeros((1001, len(COLUMNS)))
    rows[:, 0] = np.arange(1001)
    history = HistoryChunk(rows, np.zeros((7, len(MEASURE_COLUMNS))))
    fit = fitted(dataclasses.replace(session, history=history), max_rows=300).history
    np.testing.assert_array_equal(fit.rows[:, 0], np.arange(0, 1001, 4))
    assert fit.measures.shape == (7, len(MEASURE_COLUMNS))


def test_thinning_keeps_the_last_row_of_any_length(session: Session) -> None:
    for length in range(1, 60):
        rows = np.zeros((length, len(COLUMNS)))
        rows[:, 0] = np.arange(length)
        history = HistoryChunk(rows, np.zeros((0, len(MEASURE_COLUMNS))))
        kept = fitted(dataclasses.replace(session, history=history), max_rows=10).history.rows[:, 0]
        assert len(kept) <= 10
        assert (kept[0], kept[-1]) == (0, length - 1)
        assert (np.diff(kept) > 0).all()


def test_a_large_timeline_keeps_every_second_snapshot_and_both_ends(session: Session) -> None:
    timeline = tuple(_snapshot(iteration) for iteration in range(9))
    fit = fitted(dataclasses.replace(session, timeline=timeline), max_timeline=5 * 4000).timeline
    assert [snapshot.progress.iteration for snapshot in fit] == [0, 2, 4, 6, 8]


def test_snapshots_that_are_too_large_each_are_let_go_but_never_the_state(session: Session) -> None:
    timeline = tuple(_snapshot(iteration) for iteration in range(5))
    fit = fitted(dataclasses.replace(session, timeline=timeline), max_timeline=3999)
    assert fit.timeline == ()
    assert fit.snapshot is session.snapshot


def test_a_timeline_with_more_snapshots_than_a_file_holds_is_thinned(session: Session) -> None:
    timeline = tuple(_snapshot(iteration, 1) for iteration in range(CAPACITY + 50))
    fit = fitted(dataclasses.replace(session, timeline=timeline)).timeline
    assert len(fit) <= CAPACITY
    assert fit[-1].progress.iteration == CAPACITY + 49
