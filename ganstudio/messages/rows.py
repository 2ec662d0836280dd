"""A table of any length in little memory: its last rows are held, older ones are in a temporary file."""

from __future__ import annotations

import io
import logging
import tempfile
import weakref
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

log = logging.getLogger(__name__)

BLOCK = 2**15
"""Rows that are held before they go to the file as one block: about a megabyte."""

Floats = NDArray[np.float64]
Columns = int | slice | list[int]


class _Block(NamedTuple):
    """Rows from number ``start`` on: at ``offset`` in the file, or held, where the disk had no room for them."""

    start: int
    kind: np.dtype[np.void]
    offset: int
    held: NDArray[np.void] | None


class Rows:
    """Rows of ``columns`` float64, (n, columns), which come at the end, in order of their first column.

    It is indexed as an array is; what comes out is read-only, and keeps its numbers for ever. It costs what is asked
    for: ``rows[-1, 2]`` a number, ``rows[:]`` 8 bytes for each of all. What comes out are the bits that went in: held
    is as little as gives them back, mostly 4 bytes each, for the trainer's numbers are float32 and iterations whole.

    Args:
        columns: how many.
        in_file: whether older rows may go to a temporary file, which is open as long as this lives.
    """

    def __init__(self, columns: int, *, in_file: bool = True) -> None:
        self._columns = columns
        self._narrow = _kind(np.uint32, np.float32, columns)
        self._wide = _kind(np.float64, np.float64, columns)
        self._in_file = in_file
        self._file: io.FileIO | None = None
        self._file_end = 0
        self._was_refused = False
        self._blocks: list[_Block] = []
        self._first = 0  # earlier ones were let go of
        self._open_start = 0  # the number of the first row of ...
        self._open: NDArray[np.void] = np.empty(0, self._narrow)  # ... the block that is being filled,
        self._used = 0  # by so many

    def __len__(self) -> int:
        return self._open_start + self._used

    @property
    def held_bytes(self) -> int:
        """What is in memory."""
        return self._open.nbytes + sum(block.held.nbytes for block in self._blocks if block.held is not None)

    def __getitem__(self, key: int | slice | tuple[int | slice, Columns]) -> Floats:
        """As of an array. Raises IndexError where there is no such row or column, or it was let go of."""
        which, columns = key if isinstance(key, tuple) else (key, slice(None))
        if isinstance(which, slice):
            start, stop, step = which.indices(len(self))
            if step != 1:
                raise IndexError("rows are read one after the other")
            return self._read(start, max(start, stop), columns)
        row = which + len(self) if which < 0 else which
        if not 0 <= row < len(self):
            raise IndexError(f"there is no row {which} among {len(self)}")
        found: Floats = self._read(row, row + 1, columns)[0]
        return found

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[np.generic]:
        if copy is False:
            raise ValueError("rows are put together anew for whoever reads them")
        found = self[:]
        found.flags.writeable = True  # a copy in any case: it is the caller's
        return found if dtype is None else found.astype(dtype)

    def first_from(self, value: float) -> int:
        """The number of the first row that begins with ``value`` or more; ``len`` where there is none."""
        return self._place(value, bisect_left)

    def first_after(self, value: float) -> int:
        """The number of the first row that begins with more than ``value``; ``len`` where there is none."""
        return self._place(value, bisect_right)

    def check(self, rows: Floats) -> None:
        """Raises ValueError where these rows have other columns."""
        if rows.ndim != 2 or rows.shape[1] != self._columns:
            raise ValueError(f"rows of shape {rows.shape} do not fit {self._columns} columns")

    def append(self, rows: Floats) -> None:
        """Add rows, (m, columns)."""
        self.check(rows)
        while len(rows):
            if self._used == len(self._open):
                self._close()
            end = min(self._used + len(rows), len(self._open))
            taken, rows = rows[: end - self._used], rows[end - self._used :]
            if not _put(self._open[self._used : end], taken):
                narrow, self._open = self._open, np.empty(BLOCK, self._wide)
                self._open[: self._used] = narrow[: self._used]
                _put(self._open[self._used : end], taken)
            self._used = end

    def keep(self, count: int) -> None:
        """Forget the rows from number ``count`` on."""
        if count >= len(self):
            return
        self._first = min(self._first, count)
        if count >= self._open_start:
            self._used = count - self._open_start
            return
        self._blocks = [block for block in self._blocks if block.start < count]
        self._open, self._open_start, self._used = np.empty(0, self._narrow), count, 0

    def let_go(self) -> None:
        """Hold none of the rows there are: somebody else has them. They count on, but can no longer be read."""
        self._blocks.clear()
        self._first = self._open_start = len(self)
        self._used = 0

    def _read(self, start: int, stop: int, columns: Columns) -> Floats:
        if start < stop and start < self._first:
            raise IndexError(f"the rows before number {self._first} were let go of")
        found = np.empty((stop - start, *np.arange(self._columns)[columns].shape))
        at, number = start, bisect_right(self._blocks, start, key=lambda block: block.start) - 1
        while at < stop:
            if at >= self._open_start:
                end, packed = stop, self._open[at - self._open_start : stop - self._open_start]
            else:
                following = self._blocks[number + 1 :][:1]
                end = min(stop, following[0].start if following else self._open_start)
                packed, number = self._packed(self._blocks[number], at, end), number + 1
            found[at - start : end - start] = _unpacked(packed)[:, columns]
            at = end
        found.flags.writeable = False
        return found

    def _packed(self, block: _Block, start: int, stop: int) -> NDArray[np.void]:
        """Rows of a block as they are kept, from number ``start`` of the table to ``stop``."""
        if block.held is not None:
            return block.held[start - block.start : stop - block.start]
        assert self._file is not None  # noqa: S101  # what is not held was written
        packed = np.empty(stop - start, block.kind)
        left = packed.view(np.uint8).data
        self._file.seek(block.offset + (start - block.start) * block.kind.itemsize)
        while left:
            count = self._file.readinto(left)
            if not count:
                raise OSError("the temporary file with the history's older rows has become shorter")
            left = left[count:]
        return packed

    def _place(self, value: float, bisect: Callable[..., int]) -> int:
        last = self._open["first"][: self._used]
        if self._used and last[0] < value:  # plots ask for the last rows with each frame
            return self._open_start + bisect(last, value)
        return bisect(range(len(self)), value, self._first, key=lambda row: float(self[row, 0]))

    def _close(self) -> None:
        """Put the block that is full behind the others, and begin the next."""
        if self._used:
            is_written = self._in_file and self._write(self._open)
            offset, held = self._file_end, None if is_written else self._open
            self._blocks.append(_Block(self._open_start, self._open.dtype, offset, held))
            self._file_end += self._open.nbytes if is_written else 0
        self._open, self._open_start, self._used = np.empty(BLOCK, self._narrow), len(self), 0

    def _write(self, rows: NDArray[np.void]) -> bool:
        """Whether there was room for these rows at the end of the file."""
        try:
            if self._file is None:
                self._file = _temporary_file()
                weakref.finalize(self, self._file.close)
            self._file.seek(self._file_end)
            left = rows.view(np.uint8).data
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            if not self._was_refused:
                self._was_refused = True
                log.warning("older rows of the history stay in memory, for they cannot be written: %s", error)
            return False
        return True


def _temporary_file() -> io.FileIO:
    """Without a name where the system allows it, gone when it is closed. Raises OSError where there can be none."""
    return tempfile.TemporaryFile(prefix="ganstudio-history-", buffering=0)


def _kind(first: type[np.number[Any]], rest: type[np.number[Any]], columns: int) -> np.dtype[np.void]:
    return np.dtype([("first", first), ("rest", rest, (columns - 1,))])


def _put(place: NDArray[np.void], rows: Floats) -> bool:
    """Write ``rows`` there; whether they can be had back to the last bit, signs of zeros and NaN included."""
    with np.errstate(over="ignore", invalid="ignore"):
        place["first"], place["rest"] = rows[:, 0], rows[:, 1:]
    return np.array_equal(_unpacked(place).view(np.int64), np.ascontiguousarray(rows, np.float64).view(np.int64))


def _unpacked(packed: NDArray[np.void]) -> Floats:
    rest = packed["rest"]
    rows = np.empty((len(rest), 1 + rest.shape[1]))
    rows[:, 0], rows[:, 1:] = packed["first"], rest
    return rows
