"""Reading a table that grows, and now and then goes back, without reading it all again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudio.messages.rows import Rows

PIECE = 2**15
"""Rows that are read at once: all of a long run would take much memory."""

Floats = NDArray[np.float64]


class News(NamedTuple):
    """Rows that were not seen yet; ``restarted`` says that all earlier ones are void and these are the first."""

    rows: Floats
    restarted: bool


class Follower:
    """Remembers how much of a table was seen, and its last row as a token of what that was.

    A run that went back and trained on may have as many rows as before or more. The trajectory is a function of the
    experiment and the start, so where the last row seen is still there to the last bit, so is all before it.
    """

    def __init__(self) -> None:
        self._count = 0
        self._last: Floats | None = None

    def read(self, table: Floats | Rows) -> News:
        """What is new in ``table``, (rows, columns), since the last call: the next ``PIECE`` rows at most."""
        seen = self._count
        restarted = seen > len(table) or (
            self._last is not None and not np.array_equal(table[seen - 1], self._last, equal_nan=True)
        )
        start = 0 if restarted else seen
        rows = table[start : start + PIECE]
        self._count = start + len(rows)
        self._last = table[self._count - 1].copy() if self._count else None
        return News(rows, restarted)

    def forget(self) -> None:
        """Begin again: the whole table is new."""
        self._count = 0
        self._last = None
