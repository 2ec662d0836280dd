"""Two sets painted on a small pad, p and q uniform on them, and every divergence between them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergences

Cells = NDArray[np.bool_]
Floats = NDArray[np.float64]

CELLS = 24
"""Along each axis of the pad."""
REACH = 3.0
"""The pad is shown from −3 to 3 on both axes."""
CELL = 2 * REACH / CELLS


@dataclass(frozen=True, eq=False)
class PaintedPair:
    """p and q, (CELLS, CELLS) of cells that are painted or not, row 0 at the bottom; never changed in place."""

    p: Cells
    q: Cells

    @property
    def is_complete(self) -> bool:
        """Whether there is something of both."""
        return bool(self.p.any() and self.q.any())

    @property
    def origin(self) -> tuple[float, ...]:
        """The middle of q's mass, (x, y)."""
        rows, columns = np.nonzero(self.q)
        return tuple(float((at.mean() + 0.5) * CELL - REACH) for at in (columns, rows))

    @property
    def place(self) -> float:
        """Where q stands on the axis of the curves: its middle along x."""
        return self.origin[0]

    def divergences(self) -> Divergences:
        """Of p against q as they stand. KL and JSD exact, W1 that of mass at the cells' centres.

        Raises:
            ValueError: nothing is painted of p, or of q.
        """
        from ganstudio.metrics.divergences import raster_divergences  # with SciPy, of which there is no need before

        # All that could be carried anywhere lies within the box around both.
        rows, columns = (np.flatnonzero((self.p | self.q).any(axis=axis)) for axis in (1, 0))
        both = np.s_[rows[:1].sum() : rows[-1:].sum() + 1, columns[:1].sum() : columns[-1:].sum() + 1]
        return raster_divergences(self.p[both].astype(float), self.q[both].astype(float), (CELL, CELL))

    def painted(
        self, side: Literal["p", "q"], x: float, y: float, radius: float, *, erased: bool = False
    ) -> PaintedPair:
        """With the cells whose centres lie within ``radius`` of (x, y) added to a side, or taken off it."""
        centres = (np.arange(CELLS) + 0.5) * CELL - REACH
        near = np.hypot(centres[None, :] - x, centres[:, None] - y) <= radius
        # Wherever one points, one cell at least.
        column, row = (int(np.clip((at + REACH) // CELL, 0, CELLS - 1)) for at in (x, y))
        near[row, column] = True
        before = self.p if side == "p" else self.q
        after = before & ~near if erased else before | near
        return replace(self, p=after) if side == "p" else replace(self, q=after)

    def moved(self, columns: int, rows: int) -> PaintedPair:
        """With q so many cells further right and up, as far as the pad goes."""
        found_rows, found_columns = np.nonzero(self.q)
        if not len(found_rows):
            return self
        columns = int(np.clip(columns, -found_columns.min(), CELLS - 1 - found_columns.max()))
        rows = int(np.clip(rows, -found_rows.min(), CELLS - 1 - found_rows.max()))
        return replace(self, q=np.roll(self.q, (rows, columns), axis=(0, 1)))

    def moved_to(self, place: float) -> PaintedPair:
        """With q's middle as near to this x as the pad allows."""
        return self.moved(round((place - self.place) / CELL), 0) if self.q.any() else self

    def places(self) -> Floats:
        """Where q's middle can stand along x, in order."""
        if not self.is_complete:
            return np.empty(0)
        columns = np.flatnonzero(self.q.any(axis=0))
        shifts = np.arange(-columns[0], CELLS - columns[-1])
        return np.asarray(self.place + shifts * CELL)

    def divergences_at(self, place: float) -> Divergences:
        """With q's middle there."""
        return self.moved_to(place).divergences()

    def is_shifted_along(self, other: PaintedPair) -> bool:
        """Whether the other one differs by a shift of q along x at most."""
        if not (np.array_equal(self.p, other.p) and self.q.any() and other.q.any()):
            return False
        shift = np.flatnonzero(other.q.any(axis=0))[0] - np.flatnonzero(self.q.any(axis=0))[0]
        return bool(np.array_equal(np.roll(self.q, int(shift), axis=1), other.q))


def empty_pad() -> PaintedPair:
    """Nothing painted."""
    return PaintedPair(*np.zeros((2, CELLS, CELLS), np.bool_))


def two_squares() -> PaintedPair:
    """What is painted at first: two squares apart."""
    p, q = np.zeros((2, CELLS, CELLS), np.bool_)
    p[6:11, 4:9] = True
    q[12:17, 14:19] = True
    return PaintedPair(p, q)
