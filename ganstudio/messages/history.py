"""What a run has measured so far: a row for each iteration or single update, and one for each estimate of the JSD."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

COLUMNS = (
    "iteration",
    "discriminator_loss",  # the objective's loss of D, penalties excluded
    "generator_loss",
    "penalty",  # what the penalties add to D's loss
    "value",  # V(D, G) on the batch, nats; NaN where D is no probability
    "real_output",  # mean of D on real samples, as a probability
    "generated_output",
    "discriminator_gradient_norm",
    "generator_gradient_norm",
)
MEASURE_COLUMNS = ("iteration", "jsd", "floor", "low", "high")
_LOSSES = [COLUMNS.index("discriminator_loss"), COLUMNS.index("generator_loss")]
ENGINE_COLUMNS = ("iteration", "engine")  # the first iteration that it played; its place in ENGINES
ENGINES = ("eager", "compiled")
"""How iterations are executed. The same inputs give the same numbers with both, but not the same bits."""


def _none_of(columns: tuple[str, ...]) -> Callable[[], NDArray[np.float64]]:
    return lambda: np.empty((0, len(columns)))


@dataclass(frozen=True)
class HistoryChunk:
    """Rows that are new since the last chunk: (n, len(COLUMNS)) float64 and (m, len(MEASURE_COLUMNS)) float64.

    ``engines``, (e, len(ENGINE_COLUMNS)), has a row wherever another engine took over, and one for the first.

    An iteration has the numbers of the last update of each player. A single update has the number of the iteration
    after which it was taken, and NaN for what it did not produce: an update of D has no loss of G. ``jsd`` is bias
    corrected, in nats; ``floor`` is what a perfect generator would read; ``low`` and ``high`` bound the estimate.
    """

    rows: NDArray[np.float64] = field(default_factory=_none_of(COLUMNS))
    measures: NDArray[np.float64] = field(default_factory=_none_of(MEASURE_COLUMNS))
    engines: NDArray[np.float64] = field(default_factory=_none_of(ENGINE_COLUMNS))


class History:
    """All chunks of a run, complete, growing in place. Views are read-only and keep their numbers for ever."""

    def __init__(self) -> None:
        self._rows = _Table(len(COLUMNS))
        self._measures = _Table(len(MEASURE_COLUMNS))
        self._engines = _Table(len(ENGINE_COLUMNS))

    @property
    def rows(self) -> NDArray[np.float64]:
        """(n, len(COLUMNS))."""
        return self._rows.view()

    @property
    def measures(self) -> NDArray[np.float64]:
        """(m, len(MEASURE_COLUMNS))."""
        return self._measures.view()

    @property
    def engines(self) -> NDArray[np.float64]:
        """(e, len(ENGINE_COLUMNS))."""
        return self._engines.view()

    @property
    def engine(self) -> str | None:
        """What played the last iteration; None before the first."""
        return ENGINES[int(self.engines[-1, 1])] if len(self.engines) else None

    def column(self, name: str) -> NDArray[np.float64]:
        """One column of ``rows`` by its name in ``COLUMNS``."""
        return self.rows[:, COLUMNS.index(name)]

    def measure(self, name: str) -> NDArray[np.float64]:
        """One column of ``measures`` by its name in ``MEASURE_COLUMNS``."""
        return self.measures[:, MEASURE_COLUMNS.index(name)]

    def append(self, chunk: HistoryChunk) -> None:
        """Add what is new. Raises ValueError when a table has other columns; nothing is added then.

        Of engines only those are added that take over from another, whatever the chunk says.
        """
        news = [(self._rows, chunk.rows), (self._measures, chunk.measures), (self._engines, chunk.engines)]
        for table, rows in news:
            table.check(rows)
        before = -1 if self.engine is None else ENGINES.index(self.engine)
        news[-1] = (self._engines, chunk.engines[np.diff(chunk.engines[:, 1], prepend=before) != 0])
        for table, rows in news:
            table.append(rows)

    def truncate(self, iteration: int, single_updates: int | None = None) -> None:
        """Forget everything later than ``iteration``: the run went back to there.

        Of the single updates taken after that iteration the first ``single_updates`` stay, or all of them.
        """
        for table in (self._rows, self._measures, self._engines):
            table.keep(int((table.view()[:, 0] <= iteration).sum()))
        if single_updates is not None:
            last = self.rows[self.rows[:, 0] == iteration]
            taken = int(np.isnan(last[:, _LOSSES]).any(axis=1).sum())  # they come last, after the iteration's own row
            self._rows.keep(len(self.rows) - max(0, taken - single_updates))

    def since(self, rows: int, measures: int, engines: int = 0) -> HistoryChunk:
        """A chunk of what came after the first ``rows`` rows, ``measures`` measures and ``engines`` engines."""
        return HistoryChunk(self.rows[rows:].copy(), self.measures[measures:].copy(), self.engines[engines:].copy())


class _Table:
    """Rows of float64 in an array that doubles when it is full."""

    def __init__(self, columns: int) -> None:
        self._data = np.empty((1024, columns))
        self._count = 0

    def view(self) -> NDArray[np.float64]:
        view = self._data[: self._count]
        view.flags.writeable = False
        return view

    def check(self, rows: NDArray[np.float64]) -> None:
        if rows.ndim != 2 or rows.shape[1] != self._data.shape[1]:
            raise ValueError(f"rows of shape {rows.shape} do not fit {self._data.shape[1]} columns")

    def append(self, rows: NDArray[np.float64]) -> None:
        needed = self._count + len(rows)
        if needed > len(self._data):
            grown = np.empty((max(needed, 2 * len(self._data)), self._data.shape[1]))
            grown[: self._count] = self._data[: self._count]
            self._data = grown
        self._data[self._count : needed] = rows
        self._count = needed

    def keep(self, count: int) -> None:
        """Forget the rows from ``count`` on."""
        if count < self._count:
            self._data = self._data.copy()  # What is written over them must not change the views there are.
            self._count = count
