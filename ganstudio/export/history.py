"""The history of a run as one CSV table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganstudio.export.csv_table import write_csv
from ganstudio.export.suffix import known_suffix
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, HistoryChunk

HEADER = (*COLUMNS, *MEASURE_COLUMNS[1:])


def write_history(history: HistoryChunk, path: str | Path) -> None:
    """Write every row, columns as in :mod:`ganstudio.messages.history`; whole or not at all.

    One line for each update, then ``jsd``, ``floor``, ``low`` and ``high`` where the JSD was measured after it; a
    measure that follows no update (that of the initialisation) has a line of its own. What is not known is empty.

    Raises:
        UserError: the name does not end in .csv, or the file cannot be written; an older one is left as it was.
    """
    path = Path(path)
    known_suffix(path, (".csv",))
    write_csv(path, HEADER, merged(history))


def merged(history: HistoryChunk) -> NDArray[np.float64]:
    """Rows and measures as one table, (n, len(HEADER)), in order of the iteration; NaN where nothing is known."""
    rows, measures = history.rows, history.measures
    # A measure follows the last of several updates that share an iteration.
    at = np.searchsorted(rows[:, 0], measures[:, 0], side="right") - 1
    has_row = at >= 0
    has_row[has_row] = rows[at[has_row], 0] == measures[has_row, 0]
    beside = np.full((len(rows), len(MEASURE_COLUMNS) - 1), np.nan)
    beside[at[has_row]] = measures[has_row, 1:]
    alone = measures[~has_row]
    own = np.full((len(alone), len(HEADER)), np.nan)
    own[:, 0], own[:, len(COLUMNS) :] = alone[:, 0], alone[:, 1:]
    table = np.vstack([np.hstack([rows, beside]), own])
    return table[np.argsort(table[:, 0], kind="stable")]
