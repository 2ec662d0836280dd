"""Making a long run fit into a file, so that saving never fails because training went on for days."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from ganstudio.messages.history import HistoryChunk
from ganstudio.messages.snapshot import Snapshot
from ganstudio.messages.timeline import CAPACITY
from ganstudio.session.bounds import MAX_HISTORY_ROWS, MAX_TIMELINE
from ganstudio.session.session import Session


def fitted(session: Session, *, max_rows: int = MAX_HISTORY_ROWS, max_timeline: int = MAX_TIMELINE) -> Session:
    """The session with at most ``max_rows`` rows of history and ``max_timeline`` bytes of further snapshots.

    Where there is more, every second row or snapshot is let go until the rest fits; the first and the last stay.
    What the run goes on from is never touched.
    """
    kept = session.history
    history = HistoryChunk(_thinned(kept.rows, max_rows), _thinned(kept.measures, max_rows), kept.engines)
    return dataclasses.replace(session, history=history, timeline=_fitting(session.timeline, max_timeline))


def _thinned(rows: NDArray[np.float64], max_rows: int) -> NDArray[np.float64]:
    while len(rows) > max(2, max_rows):
        rows = np.concatenate([rows[:-1:2], rows[-1:]])
    return rows


def _fitting(timeline: tuple[Snapshot, ...], max_bytes: int) -> tuple[Snapshot, ...]:
    while timeline and (len(timeline) > CAPACITY or sum(map(_size, timeline)) > max_bytes):
        # Of two that are still too large the first is kept: the last is next to where the run stands anyway.
        timeline = timeline[:-1] if len(timeline) <= 2 else (*timeline[:-1:2], timeline[-1])
    return timeline


def _size(snapshot: Snapshot) -> int:
    return sum(array.nbytes for array in snapshot.arrays.values())
