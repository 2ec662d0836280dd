"""Tables of numbers in text files: delimiter, header and columns found out, faults told by line and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError

MAX_BYTES = 128 * 1024 * 1024
DELIMITERS = ("\t", ";", ",", " ")  #: in the order in which they are believed
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\ufffd]")
LOOKED_AT = 20  #: lines from which the delimiter is found


@dataclass(frozen=True)
class TextTable:
    """The cells of a text file, rows of equal length, and the names of its columns: from its header, or numbers."""

    path: Path
    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]  #: of each row, counted from 1
    decimal_comma: bool

    @property
    def numeric(self) -> tuple[int, ...]:
        """The columns whose first cell is a number."""
        return tuple(column for column, cell in enumerate(self.rows[0]) if self._number(cell) is not None)

    def column(self, number: int) -> NDArray[np.float64]:
        """The numbers of a column.

        Raises:
            UserError: a cell is not a number; line and column are named.
        """
        values = np.empty(len(self.rows))
        for row, cells in enumerate(self.rows):
            value = self._number(cells[number])
            if value is None:
                what = f"'{cells[number][:40]}' is not a number" if cells[number].strip() else "the cell is empty"
                raise UserError(f"line {self.lines[row]}, column {self.label(number)}: {what}", file=self.path)
            values[row] = value
        return values

    def label(self, number: int) -> str:
        """How a message names a column."""
        return f"'{self.names[number]}'" if self.names[number] != str(number) else self.names[number]

    def _number(self, cell: str) -> float | None:
        return _number(cell.replace(",", ".") if self.decimal_comma else cell)


def read_table(path: Path) -> TextTable:
    """The table in a text file. Blank lines and lines that begin with # are passed over.

    The first line is a header where none of its cells is a number.

    Raises:
        UserError: not a text file, empty, or rows of different lengths.
    """
    if path.stat().st_size > MAX_BYTES:
        raise UserError(f"larger than {MAX_BYTES // 2**20} MiB: give fewer rows", file=path)
    text = _text(path)
    content = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")
    ]
    if not content:
        raise UserError("the file has no rows", file=path)
    delimiter = _delimiter([line for _, line in content[:LOOKED_AT]])
    try:
        rows = list(_cells([line for _, line in content], delimiter))
    except csv.Error as error:
        raise UserError(f"cannot be read as a table ({error})", file=path) from error
    lines = [number for number, _ in content]
    width = len(rows[0])
    for line, cells in zip(lines, rows, strict=True):
        if len(cells) != width:
            raise UserError(f"line {line} has {_counted(len(cells), 'cell')}, the first one has {width}", file=path)
    comma = delimiter == ";"
    header = all(_number(cell.replace(",", ".") if comma else cell) is None for cell in rows[0])
    names = tuple(cell.strip() or str(number) for number, cell in enumerate(rows[0])) if header else _numbers(width)
    if header:
        rows, lines = rows[1:], lines[1:]
    if not rows:
        raise UserError("the file has a header but no rows, or no numbers", file=path)
    return TextTable(path, names, rows, lines, comma)


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets in Europe still write this one. It decodes nearly anything, hence the check below.
        text = content.decode("cp1252", errors="replace")
    if _BINARY.search(text):
        raise UserError("not a text file: it holds binary data", file=path)
    return text


def _cells(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    if delimiter == " ":
        return (line.split() for line in lines)
    # One reader a line: a stray quote must not swallow the lines that follow.
    return (next(csv.reader([line], delimiter=delimiter, skipinitialspace=True)) for line in lines)


def _delimiter(lines: list[str]) -> str:
    """The first delimiter that cuts all of ``lines`` into the same number of cells, more than one.

    Where none does, the one that occurs in most lines, so that the message about the odd line makes sense.
    """
    for delimiter in DELIMITERS:
        counts = {len(cells) for cells in _cells(lines, delimiter)}
        if len(counts) == 1 and counts.pop() > 1:
            return delimiter
    return max(DELIMITERS, key=lambda delimiter: sum(delimiter in line.strip() for line in lines))


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _numbers(width: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(width))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
