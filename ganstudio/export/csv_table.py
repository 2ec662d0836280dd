"""Tables of numbers as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganstudio.session.atomic import replace_file


def csv_lines(header: Sequence[str], rows: NDArray[np.float64]) -> Iterator[str]:
    """Each line of the file: numbers so that they read back exactly, whole ones without a point, NaN as nothing."""
    yield ",".join(header) + "\n"
    for row in rows.tolist():
        yield ",".join(_text(value) for value in row) + "\n"


def write_csv(path: Path, header: Sequence[str], rows: NDArray[np.float64]) -> None:
    """Write a table, (rows, len(header)), to ``path`` whole or not at all.

    Raises:
        ValueError: the rows do not have as many columns as the header.
        UserError: the file cannot be written; what was there is kept.
    """
    if rows.ndim != 2 or rows.shape[1] != len(header):
        raise ValueError(f"{rows.shape} does not fit a header of {len(header)}")
    with replace_file(path) as file:
        file.writelines(line.encode() for line in csv_lines(header, rows))


def _text(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
