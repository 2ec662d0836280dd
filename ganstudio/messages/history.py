"""What a run has measured so far: a row for each iteration or single update, and one for each estimate of the JSD."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ganstudio.messages.rows import Rows

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
    """All chunks of a run, complete. What is read from it is read-only and keeps its numbers for ever.

    A row of an iteration takes 36 bytes: in memory while it is one of the last thousands (``rows.BLOCK``), then in a
    temporary file. With ``in_file`` false all are held: where there are very many histories, open files run out.
    """

    def __init__(self, *, in_file: bool = True) -> None:
        self._rows = Rows(len(COLUMNS), in_file=in_file)
        self._measures = _Table(len(MEASURE_COLUMNS))
        self._engines = _Table(len(ENGINE_COLUMNS))
        self.times_gone_back = 0
        """While it is the same, rows and measures have only become more."""

    @property
    def rows(self) -> Rows:
        """(n, len(COLUMNS)); whoever follows a run reads what is new, not ``rows[:]``."""
        return self._rows

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

    def column(self, name: str, last: int | None = None) -> NDArray[np.float64]:
        """One column of ``rows`` by its name in ``COLUMNS``: all of it, or of the ``last`` rows."""
        start = 0 if last is None else max(0, len(self._rows) - last)
        return self._rows[start:, COLUMNS.index(name)]

    def measure(self, name: str) -> NDArray[np.float64]:
        """One column of ``measures`` by its name in ``MEASURE_COLUMNS``."""
        return self.measures[:, MEASURE_COLUMNS.index(name)]

    def append(self, chunk: HistoryChunk) -> None:
        """Add what is new. Raises ValueError when a table has other columns; nothing is added then.

        Of engines only those are added that take over from another, whatever the chunk says.
        """
        self._rows.check(chunk.rows)
        self._measures.check(chunk.measures)
        self._engines.check(chunk.engines)
        self._rows.append(chunk.rows)
        self._measures.append(chunk.measures)
        if len(chunk.engines):
            before = self.engines[-1:, 1] if len(self.engines) else [-1]
            self._engines.append(chunk.engines[chunk.engines[:, 1] != [*before, *chunk.engines[:-1, 1]]])

    def truncate(self, iteration: int, single_updates: int | None = None) -> None:
        """Forget everything later than ``iteration``: the run went back to there.

        Of the single updates taken after that iteration the first ``single_updates`` stay, or all of them.
        """
        rows, measures, engines = self._until(iteration, single_updates)
        self._rows.keep(rows)
        self._measures.keep(measures)
        self._engines.keep(engines)
        self.times_gone_back += 1

    def since(self, rows: int, measures: int, engines: int = 0) -> HistoryChunk:
        """A chunk of what came after the first ``rows`` rows, ``measures`` measures and ``engines`` engines."""
        return HistoryChunk(self.rows[rows:], self.measures[measures:].copy(), self.engines[engines:].copy())

    def until(self, iteration: int, single_updates: int | None = None) -> HistoryChunk:
        """A chunk of what :meth:`truncate` would leave."""
        rows, measures, engines = self._until(iteration, single_updates)
        return HistoryChunk(self.rows[:rows], self.measures[:measures].copy(), self.engines[:engines].copy())

    def let_go(self) -> None:
        """Hold no rows any more: somebody else has all there are. They count on; measures and engines stay."""
        self._rows.let_go()

    def _until(self, iteration: int, single_updates: int | None) -> tuple[int, int, int]:
        """How many rows, measures and engines there are up to then."""
        rows = self._rows.first_after(iteration)
        if single_updates is not None:
            last = self._rows[self._rows.first_from(iteration) : rows, _LOSSES]
            taken = int(np.isnan(last).any(axis=1).sum())  # they come last, after the iteration's own row
            rows -= max(0, taken - single_updates)
        measures, engines = (int((table[:, 0] <= iteration).sum()) for table in (self.measures, self.engines))
        return rows, measures, engines


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
