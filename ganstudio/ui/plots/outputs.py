"""What D answers, as histograms."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame, Histograms
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import NONE
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Hover, PlotPanel, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.theme import Theme

Floats = NDArray[np.float64]

HEADER = ("output_from", "output_to", "real_share", "generated_share")

SIDES = ("real", "generated")
"""Columns of the histograms, and the colours of the theme that mean the same."""

TAKEN = "The share of {} samples with D(x) > ½: D takes them for real"

WAITING = "Press play (Space) or make a step: D's answers to real and to generated samples appear here"


class OutputsPlot(PlotPanel):
    """The shares of real and of generated samples over D's output as a probability, with ½ marked.

    Real is a filled area and generated a line of steps above it: two fills would mix to a colour that means nothing.
    """

    x_axis: ClassVar[str] = "D(x) as a probability"
    y_axis: ClassVar[str] = "share of samples"
    gutter = False

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._rows = np.empty((0, len(HEADER)))
        self._y_range = StableRange(low=0.0, smallest=0.05)
        self._half = pg.InfiniteLine(0.5, angle=90)
        self._half.setToolTip("½: D cannot tell")
        self.plot.addItem(self._half)
        self._items = {
            "real": pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0, skipFiniteCheck=True),
            "generated": pg.PlotCurveItem(skipFiniteCheck=True),
        }
        for item in self._items.values():
            self.plot.addItem(item)
        self.view.setRange(xRange=(0.0, 1.0), padding=0)
        self.set_theme(theme)
        self.clear()

    def wanted_layers(self) -> tuple[Layer, ...]:
        """The histograms of D's outputs."""
        return ("histograms",)

    def show_frame(self, frame: Frame) -> None:
        """Draw the frame's histograms, if it has them."""
        if frame.histograms is not None:
            self._rows = shares(frame.histograms)
            self._redraw()

    def clear(self) -> None:
        """Nothing has been seen."""
        self._rows = np.empty((0, len(HEADER)))
        self._y_range.reset()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._half.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        fill = QColor(theme.real)
        fill.setAlphaF(0.45)
        self._items["real"].setBrush(fill)
        self._items["real"].setPen(pg.mkPen(None))
        self._items["generated"].setPen(pg.mkPen(theme.generated, width=2))
        super().set_theme(theme)

    def table(self) -> Table:
        """The ends of each bin and the shares of both sides in it."""
        return HEADER, self._rows.copy()

    def _redraw(self) -> None:
        drawn = len(self._rows) > 0
        self._set_empty("" if drawn else WAITING)
        edges = np.append(self._rows[:, 0], self._rows[-1:, 1])  # one more than bins
        for item in self._items.values():
            item.setVisible(drawn)
        if drawn:
            self._items["real"].setData(edges, self._rows[:, 2])
            x, y, connect = steps(edges, self._rows[:, 3])
            self._items["generated"].setData(x, y, connect=connect)
        self._half.setVisible(drawn)
        top = float(self._rows[:, 2:].max()) if drawn else 0.0
        self.view.setRange(yRange=self._y_range.fit(0.0, top), padding=0)
        self._update_hover()

    def _latest(self) -> tuple[Readout, ...]:
        """How many of each side D takes for real."""
        if len(self._rows) == 0:
            return ()
        over = [taken_for_real(self._rows[:, 0], self._rows[:, 1], self._rows[:, column]) for column in (2, 3)]
        return (
            Readout("real > ½", _percent(over[0]), "real", widest="100 %", short="real", tip=TAKEN.format("real")),
            Readout(
                "gen. > ½", _percent(over[1]), "generated", widest="100 %", short="gen.", tip=TAKEN.format("generated")
            ),
        )

    def _hovered(self, x: float) -> Hover | None:
        if len(self._rows) == 0:
            return None
        row = self._rows[int(np.clip(np.searchsorted(self._rows[:, 1], x), 0, len(self._rows) - 1))]
        low, high, real, generated = (float(value) for value in row)
        readouts = (
            Readout("real", f"{real:.1%}".replace("%", " %"), "real", widest="100.0 %"),
            Readout("gen.", f"{generated:.1%}".replace("%", " %"), "generated", widest="100.0 %"),
        )
        return Hover((low + high) / 2, f"{low:.2f} to {high:.2f}", readouts)


def shares(histograms: Histograms) -> Floats:
    """(bins, 4): the ends of each bin, and the share of real and of generated samples in it."""
    edges = histograms.edges.astype(np.float64)
    columns = [edges[:-1], edges[1:]]
    for name in SIDES:
        counts = getattr(histograms, name).astype(np.float64)
        columns.append(counts / max(counts.sum(), 1.0))
    return np.stack(columns, axis=1)


def steps(edges: Floats, share: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The outline of a histogram: x and y of (2·bins + 2) points, and which are joined to the next one.

    It begins and ends on the axis, and does not run along it where bins are empty.
    """
    x = np.repeat(edges, 2)
    y = np.concatenate(([0.0], np.repeat(share, 2), [0.0]))
    connect = np.append((y[:-1] > 0) | (y[1:] > 0), False)
    return x, y, connect


def taken_for_real(low: Floats, high: Floats, share: Floats) -> float:
    """The share of samples with an output over ½; a bin that ½ divides counts by how far it lies over it."""
    if share.sum() == 0:
        return float("nan")
    return float((share * np.clip((high - 0.5) / (high - low), 0.0, 1.0)).sum())


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %") if np.isfinite(share) else NONE
