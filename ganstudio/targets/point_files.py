"""Points from files: CSV, TSV and plain text, NPY and NPZ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.targets import MAX_FILE_POINTS, Points, Points1D
from ganstudio.targets.arrays import read_npy, read_npz
from ganstudio.targets.distribution import Floats
from ganstudio.targets.tables import TextTable, read_table

FARTHEST = 1e6  #: what a spec of points takes
FARTHEST_SAMPLE = 1e12  #: a generator may have gone astray
MOST_NAMED = 12


@dataclass(frozen=True)
class ReadPoints:
    """What was read, and what a person should know about how."""

    spec: Points | Points1D
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    """Numbers in columns, from whatever file: ``values`` (n, k), and how to say where a cell is."""

    names: tuple[str, ...]
    values: Floats
    place: Callable[[int, int], str]


def read_points(path: str | Path, columns: Sequence[str | int] | None = None) -> ReadPoints:
    """The points in a file: one column gives a 1-D target, two a 2-D one.

    ``columns`` are one or two names, or numbers counted from 0; by default the first two columns of numbers. Of more
    than 200,000 rows as many are kept, evenly spaced through the file.

    Raises:
        UserError: the file is missing, of an unknown kind, or does not hold such points; row and column are named.
    """
    path = existing(path)
    table = _checked(path, columns, FARTHEST)
    notes = []
    rows = len(table.values)
    values = table.values
    if rows > MAX_FILE_POINTS:
        values = values[np.arange(MAX_FILE_POINTS) * rows // MAX_FILE_POINTS]
        notes.append(f"kept {MAX_FILE_POINTS:,} of {rows:,} rows, evenly spaced")
    points = ArrayText.of(values.astype(np.float32))
    # A file name may hold bytes that are no text; JSON could not carry them.
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    if values.shape[1] == 1:
        return ReadPoints(Points1D(name=name, columns=table.names, points=points), tuple(notes))
    return ReadPoints(Points(name=name, columns=table.names, points=points), tuple(notes))


def read_sample(path: str | Path, dimension: int) -> Floats:
    """All points of a file, (n, dimension), to be judged rather than imitated: no row is left out.

    Raises:
        UserError: as :func:`read_points`, or the points have another dimension.
    """
    path = existing(path)
    values = _checked(path, None, FARTHEST_SAMPLE).values
    if values.shape[1] != dimension:
        raise UserError(f"holds {values.shape[1]}-D points, but the target is {dimension}-D", file=path)
    return values


def columns_of(path: str | Path) -> tuple[str, ...]:
    """The names of the columns that hold numbers, for a chooser: from the header, else their numbers from 0.

    Raises:
        UserError: as :func:`read_points`.
    """
    path = existing(path)
    if path.suffix.lower() in _TEXT:
        table = read_table(path)
        return tuple(table.names[number] for number in table.numeric)
    array = _matrix(_ARRAYS[_known_suffix(path)](path), path)
    return tuple(str(number) for number in range(array.shape[1]))


def existing(path: str | Path) -> Path:
    """``path``, which must be a file.

    Raises:
        UserError: there is none, or it is a folder, or it may not be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise UserError("is a folder, not a file", file=path)
        with path.open("rb"):
            return path
    except FileNotFoundError as error:
        raise UserError("there is no such file", file=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"cannot be opened ({reason})", file=path) from error


def _from_text(path: Path, columns: Sequence[str | int] | None) -> _Columns:
    table = read_table(path)
    chosen = _chosen(columns, table.names, path) if columns is not None else table.numeric[:2]
    if not chosen:
        raise UserError("no column holds numbers", file=path)
    values = np.column_stack([table.column(number) for number in chosen])
    names = tuple(table.names[number] for number in chosen)
    return _Columns(names, values, lambda row, column: _place(table, row, chosen[column]))


def _place(table: TextTable, row: int, column: int) -> str:
    return f"line {table.lines[row]}, column {table.label(column)}"


def _from_array(path: Path, columns: Sequence[str | int] | None) -> _Columns:
    array = _matrix(_ARRAYS[path.suffix.lower()](path), path)
    names = tuple(str(number) for number in range(array.shape[1]))
    chosen: Sequence[int] = range(array.shape[1])
    if columns is not None:
        chosen = _chosen(columns, names, path)
    elif array.shape[1] > 2:
        raise UserError(f"has shape {array.shape}: choose one or two of its columns, or save (n, 2)", file=path)
    values = array[:, list(chosen)].astype(np.float64)
    return _Columns(
        tuple(names[number] for number in chosen),
        values,
        lambda row, column: f"row {row}, column {chosen[column]} (counted from 0)",
    )


def _matrix(array: NDArray[np.generic], path: Path) -> NDArray[np.generic]:
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] == 0:
        raise UserError(f"has shape {array.shape}: points need (n, 2), numbers (n, 1) or (n,)", file=path)
    return array


def _chosen(columns: Sequence[str | int], names: tuple[str, ...], path: Path) -> tuple[int, ...]:
    if not 1 <= len(columns) <= 2:
        raise UserError(f"choose one or two columns, not {len(columns)}", file=path, field="columns")
    numbers = []
    for column in columns:
        if isinstance(column, str) and column in names:
            numbers.append(names.index(column))
        elif str(column).isdecimal() and int(column) < len(names):
            numbers.append(int(column))
        else:
            known = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
            raise UserError(f"there is no column '{column}'; there are: {known}", file=path, field="columns")
    return tuple(numbers)


def _checked(path: Path, columns: Sequence[str | int] | None, farthest: float) -> _Columns:
    """The columns of a file: at least two rows of finite numbers, none beyond ± ``farthest``."""
    table = _reader(path)(path, columns)
    if len(table.values) < 2:
        raise UserError(f"needs at least 2 points, has {len(table.values)}", file=path)
    wrong = np.argwhere(~(np.abs(table.values) <= farthest))  # true for NaN as well
    if len(wrong) == 0:
        return table
    row, column = (int(number) for number in wrong[0])
    value = table.values[row, column]
    what = f"beyond ±{farthest:,.0f}: rescale the data" if np.isfinite(value) else "not a finite number"
    raise UserError(f"{table.place(row, column)}: {value:g} is {what}", file=path)


_TEXT = (".csv", ".tsv", ".txt")
_ARRAYS: dict[str, Callable[[Path], NDArray[np.generic]]] = {".npy": read_npy, ".npz": read_npz}
POINT_SUFFIXES = (*_TEXT, *_ARRAYS)


def _known_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in POINT_SUFFIXES:
        raise UserError(f"'{suffix or path.name}' is no kind of points: give {', '.join(POINT_SUFFIXES)}", file=path)
    return suffix


def _reader(path: Path) -> Callable[[Path, Sequence[str | int] | None], _Columns]:
    return _from_text if _known_suffix(path) in _TEXT else _from_array
