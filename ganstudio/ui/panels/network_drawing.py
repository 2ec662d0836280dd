"""A drawing of a network: its units in columns, its weights as lines, as they are in the running model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.experiment.networks import Network
from ganstudio.ui.theme import Theme

SHOWN = 10
"""Units drawn of a layer; of a larger one the first and the last, with ⋮ between them."""

LEVELS = 6
HEIGHT = 132
MARGIN = 14.0
FOOT = 18.0
"""Room for the numbers below the columns."""

Weights = Sequence[NDArray[np.float32]]


class NetworkDrawing(QWidget):
    """Positive weights in one colour, negative ones in the other; the larger, the thicker and the more opaque.

    Each matrix is drawn relative to its own large weights (the 95th percentile), so that every layer can be read.
    Before the first weights arrive all lines are equally faint.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sizes: tuple[int, ...] = (2, 64, 64, 2)
        self._ends = ("z", "x")
        self._strengths: list[NDArray[np.float64]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "The network as it is now: each line is a weight, green where it is positive, pink where it is negative, "
            "the thicker the larger. Of wide layers only the first and the last units are drawn."
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each column, inputs first."""
        return self._sizes

    def sizeHint(self) -> QSize:
        """As wide as there is room, of fixed height."""
        return QSize(240, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(120, HEIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    def show_network(self, network: Network, inputs: int, outputs: int, ends: tuple[str, str]) -> None:
        """Draw this architecture; ``ends`` names what goes in and what comes out."""
        waves = 2 * network.fourier_features
        first = waves + (inputs if network.fourier_input or not waves else 0)
        sizes = (first, *network.widths, outputs)
        if network.fourier_features:
            ends = (f"γ({ends[0]})", ends[1])
        if (sizes, ends) != (self._sizes, self._ends):
            self._strengths = []
        self._sizes, self._ends = sizes, ends
        name = "→".join(str(size) for size in sizes)
        self.setAccessibleName(f"Drawing of the network {name}")
        self.update()

    def show_weights(self, weights: Weights) -> None:
        """Draw these matrices, (out, in) each, first to last; those of another architecture are left aside."""
        fitted = [_one_piece(matrix, outputs) for matrix, outputs in zip(weights, self._sizes[1:], strict=False)]
        shapes = [matrix.shape for matrix in fitted]
        if shapes != [(outputs, inputs) for inputs, outputs in pairwise(self._sizes)]:
            return
        self._strengths = []
        for matrix, (inputs, outputs) in zip(fitted, pairwise(self._sizes), strict=True):
            scale = float(np.quantile(np.abs(matrix), 0.95)) or 1.0
            seen = matrix[np.ix_(_drawn(outputs), _drawn(inputs))]
            self._strengths.append(np.clip(seen / scale, -1.0, 1.0).astype(np.float64))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines first, units above them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = self._columns()
        for index, (left, right) in enumerate(pairwise(columns)):
            strengths = self._strengths[index] if index < len(self._strengths) else None
            self._draw_weights(painter, left, right, strengths)
        for size, column in zip(self._sizes, columns, strict=True):
            self._draw_units(painter, column, elided=size > len(column))
        self._draw_captions(painter, columns)

    def _columns(self) -> list[list[QPointF]]:
        """The middle of each drawn unit."""
        width = self.width() - 2 * MARGIN
        height = self.height() - FOOT
        columns = []
        for index, size in enumerate(self._sizes):
            x = MARGIN + width * index / (len(self._sizes) - 1)
            count = min(size, SHOWN)
            slots = count + 1 if size > SHOWN else count
            step = min(14.0, (height - 8) / max(1, slots))
            top = height / 2 - step * (slots - 1) / 2
            rows = [row + (1 if size > SHOWN and row >= count // 2 else 0) for row in range(count)]
            columns.append([QPointF(x, top + step * row) for row in rows])
        return columns

    def _draw_weights(
        self, painter: QPainter, left: list[QPointF], right: list[QPointF], strengths: NDArray[np.float64] | None
    ) -> None:
        if strengths is None:
            colour = QColor(self._theme.muted)
            colour.setAlphaF(0.18)
            painter.setPen(QPen(colour, 0.8))
            painter.drawLines([QLineF(a, b) for a in left for b in right])
            return
        levels = np.rint(np.abs(strengths) * LEVELS).astype(int)
        for level in range(1, LEVELS + 1):  # the strongest last, above the others
            for sign, name in ((1, self._theme.positive), (-1, self._theme.negative)):
                outs, ins = np.nonzero((levels == level) & (np.sign(strengths) == sign))
                colour = QColor(name)
                colour.setAlphaF(0.08 + 0.82 * (level / LEVELS) ** 1.5)
                painter.setPen(QPen(colour, 0.5 + 1.5 * level / LEVELS))
                painter.drawLines([QLineF(left[i], right[o]) for o, i in zip(outs, ins, strict=True)])

    def _draw_units(self, painter: QPainter, column: list[QPointF], *, elided: bool) -> None:
        painter.setPen(QPen(QColor(self._theme.muted), 1.0))
        painter.setBrush(QColor(self._theme.surface))
        for centre in column:
            painter.drawEllipse(centre, 3.2, 3.2)
        if elided:
            half = len(column) // 2
            middle = (column[half - 1] + column[half]) / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.muted))
            for offset in (-3.5, 0.0, 3.5):
                painter.drawEllipse(middle + QPointF(0, offset), 1.0, 1.0)

    def _draw_captions(self, painter: QPainter, columns: list[list[QPointF]]) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        last = len(columns) - 1
        for index, (size, column) in enumerate(zip(self._sizes, columns, strict=True)):
            name = {0: self._ends[0], last: self._ends[1]}.get(index)
            text = f"{name} {size}" if name and size > 1 else name or str(size)
            width = painter.fontMetrics().horizontalAdvance(text) + 2
            x = min(max(0.0, column[0].x() - width / 2), self.width() - width)
            painter.drawText(QRectF(x, self.height() - FOOT, width, FOOT), Qt.AlignmentFlag.AlignCenter, text)


def _drawn(size: int) -> NDArray[np.intp]:
    """Which units of a layer of this size are drawn."""
    if size <= SHOWN:
        return np.arange(size)
    half = SHOWN // 2
    return np.concatenate([np.arange(half), np.arange(size - half, size)])


def _one_piece(matrix: NDArray[np.float32], outputs: int) -> NDArray[np.float32]:
    """Maxout units have several linear pieces: of each unit's weights the largest of its pieces is drawn."""
    rows, columns = matrix.shape
    if rows == outputs or rows % outputs:
        return matrix
    pieces = matrix.reshape(rows // outputs, outputs, columns)
    largest = np.abs(pieces).argmax(axis=0)[None]
    return np.asarray(np.take_along_axis(pieces, largest, axis=0)[0])
