"""Where everything stands in a grid of members: headings, cells, and in each cell picture, words and bar."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 4
"""Pixels between cells."""
PADDING = 3
"""Between the edge of a cell and what is in it."""
BAR = 3
"""The height of the bar of the JSD."""


@dataclass(frozen=True)
class Cell:
    """The rectangles of one member. ``beside``: name and number stand at the right of the picture, not above it."""

    frame: QRect
    picture: QRect
    words: QRect
    bar: QRect
    beside: bool


@dataclass(frozen=True)
class Headings:
    """Pixels that the headings of a sweep take: the column of those of rows; two lines over the columns, or none."""

    width: int = 0
    line: int = 0

    @property
    def height(self) -> int:
        """Of both lines."""
        return 2 * self.line


@dataclass(frozen=True)
class Plan:
    """Cells of one size, row by row, ``shape`` (rows, columns) of them.

    words: the least room that the words of a cell need beside its picture, and the height of a line above it.
    square: whether pictures have one scale on both axes, so that a wide cell leaves room at their side.
    """

    area: QSize
    shape: tuple[int, int]
    headings: Headings
    words: QSize
    square: bool

    @property
    def cell(self) -> QSize:
        """The size of a cell."""
        rows, columns = self.shape
        width = (self.area.width() - self.headings.width - (columns - 1) * GAP) // columns
        height = (self.area.height() - self.headings.height - (rows - 1) * GAP) // rows
        return QSize(max(1, width), max(1, height))

    @property
    def picture(self) -> QSize:
        """The size of a picture."""
        width, height = self.cell.width() - 2 * PADDING, self.cell.height() - 2 * PADDING - BAR
        if self._beside:
            return QSize(max(1, width - self.words.width()), max(1, height))
        return QSize(max(1, width), max(1, height - self.words.height()))

    def at(self, member: int) -> Cell:
        """Where a member stands."""
        row, column = divmod(member, self.shape[1])
        size, inner = self.cell, self.picture
        left = self.headings.width + column * (size.width() + GAP)
        top = self.headings.height + row * (size.height() + GAP)
        frame = QRect(QPoint(left, top), size)
        inside = frame.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        bar = QRect(inside.left(), inside.bottom() - BAR + 1, inside.width(), BAR)
        if self._beside:
            picture = QRect(inside.topLeft(), inner)
            words = QRect(picture.right() + 1, inside.top(), inside.right() - picture.right(), inner.height())
        else:
            words = QRect(inside.left(), inside.top(), inside.width(), self.words.height())
            picture = QRect(QPoint(inside.left(), words.bottom() + 1), inner)
        return Cell(frame, picture, words, bar, self._beside)

    def member_at(self, place: QPoint, count: int) -> int:
        """Which of ``count`` members is there; −1 where none is."""
        return next((member for member in range(count) if self.at(member).frame.contains(place)), -1)

    def row_heading(self, row: int) -> QRect:
        """Left of a row."""
        frame = self.at(row * self.shape[1]).frame
        return QRect(0, frame.top(), self.headings.width - 2 * GAP, frame.height())

    def column_heading(self, column: int) -> QRect:
        """Above a column: the second of the two lines."""
        frame = self.at(column).frame
        return QRect(frame.left(), self.headings.line, frame.width(), self.headings.line)

    @property
    def _beside(self) -> bool:
        """Whether pictures become larger with the words beside them."""
        if not self.square:
            return False
        width, height = self.cell.width(), self.cell.height() - BAR
        return min(width - self.words.width(), height) > min(width, height - self.words.height())
