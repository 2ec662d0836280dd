"""Following a history that grows and goes back."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.messages.history import COLUMNS, History, HistoryChunk
from ganstudio.ui.plots import follower as module
from ganstudio.ui.plots.follower import Follower


def _chunk(first: int, count: int, seed: int = 0) -> HistoryChunk:
    rows = np.random.default_rng(seed).normal(size=(count, len(COLUMNS)))
    rows[:, 0] = np.arange(first, first + count)
    return HistoryChunk(rows)


def test_only_new_rows_are_read() -> None:
    history, follower = History(), Follower()
    assert len(follower.read(history.rows).rows) == 0
    history.append(_chunk(1, 5))
    assert len(follower.read(history.rows).rows) == 5
    assert len(follower.read(history.rows).rows) == 0
    history.append(_chunk(6, 3))
    news = follower.read(history.rows)
    assert not news.restarted
    assert news.rows[:, 0].tolist() == [6, 7, 8]


def test_a_shorter_table_is_read_anew() -> None:
    history, follower = History(), Follower()
    history.append(_chunk(1, 10))
    follower.read(history.rows)
    history.truncate(4)
    news = follower.read(history.rows)
    assert news.restarted
    assert len(news.rows) == 4


def test_a_table_that_went_back_and_grew_beyond_is_read_anew() -> None:
    history, follower = History(), Follower()
    history.append(_chunk(1, 10, seed=1))
    follower.read(history.rows)
    history.truncate(4)
    history.append(_chunk(5, 20, seed=2))
    news = follower.read(history.rows)
    assert news.restarted
    assert len(news.rows) == 24


def test_rows_with_gaps_are_recognised() -> None:
    history, follower = History(), Follower()
    chunk = _chunk(1, 3)
    chunk.rows[-1, 2:] = np.nan
    history.append(chunk)
    follower.read(history.rows)
    news = follower.read(history.rows)
    assert not news.restarted
    assert len(news.rows) == 0


def test_an_emptied_table_is_told_once() -> None:
    history, follower = History(), Follower()
    history.append(_chunk(1, 3))
    follower.read(history.rows)
    history.truncate(0)
    assert follower.read(history.rows).restarted
    assert not follower.read(history.rows).restarted


def test_a_long_table_is_read_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 4)
    history, follower = History(), Follower()
    history.append(_chunk(1, 10))
    assert [len(follower.read(history.rows).rows) for _ in range(4)] == [4, 4, 2, 0]
    history.truncate(9)
    pieces = [follower.read(history.rows) for _ in range(4)]
    assert [piece.restarted for piece in pieces] == [True, False, False, False]
    np.testing.assert_array_equal(np.concatenate([piece.rows for piece in pieces]), history.rows)
