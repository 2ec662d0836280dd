"""The JSD of all members over the iterations. Knows no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWN = 240
"""So many estimates of each member are drawn at most; all are kept."""


class Measures:
    """A table that grows: a row for each time at which all members were measured."""

    def __init__(self, members: int) -> None:
        self._rows: Floats = np.empty((64, 2 + members))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, iteration: int, jsd: Floats, floor: float) -> None:
        """The JSD of each member, (members,) in nats, NaN of those that have none; and what a perfect one would read.

        A row of an iteration that is there already takes its place.
        """
        if self._count and self._rows[self._count - 1, 0] == iteration:
            self._count -= 1
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = np.concatenate([[float(iteration), floor], jsd])
        self._count += 1

    def table(self) -> tuple[Floats, Floats, Floats]:
        """Iterations and floors, (rows,) each, and JSDs, (rows, members)."""
        return _split(self._rows[: self._count])

    def drawn(self) -> tuple[Floats, Floats, Floats]:
        """The same, of evenly chosen rows, the first and the last among them."""
        most = min(self._count, DRAWN)
        at = np.linspace(0, max(self._count - 1, 0), most).round().astype(int)
        return _split(self._rows[at])

    @property
    def iteration(self) -> int:
        """At which all were measured last; 0 before."""
        return int(self._rows[self._count - 1, 0]) if self._count else 0

    @property
    def last(self) -> Floats:
        """The latest JSDs, (members,); NaN before the first."""
        return self._rows[self._count - 1, 2:] if self._count else np.full(self._rows.shape[1] - 2, np.nan)


def median(jsd: Floats) -> Floats:
    """The median of each row of (rows, members), of those members that have a number; NaN where none has."""
    found = np.full(len(jsd), np.nan)
    known = np.isfinite(jsd).any(axis=1)
    if known.any():
        found[known] = np.nanmedian(jsd[known], axis=1)
    return found


def _split(rows: Floats) -> tuple[Floats, Floats, Floats]:
    return rows[:, 0], rows[:, 1], rows[:, 2:]
