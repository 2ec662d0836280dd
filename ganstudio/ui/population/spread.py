"""How the JSD spreads over the members of a population: all their curves, and the median of them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu

from ganstudio.experiment.equilibrium import LOG_2
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.jsd import BOTTOM, LEAST, TOP
from ganstudio.ui.plots.panel import Hover, PlotPanel, Reference, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.population.measures import Floats, Measures, median
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme

FAINT = 0.62
"""How far the members' curves fade into the background. Opaque: translucent segments would show their joints."""
NEAR = 10.0
"""Pixels from a curve at which it is pointed at."""
FEWEST_ITERATIONS = 100
ENTRY = replace(
    PLOTS["jsd"],
    title="JSD",
    help="The Jensen–Shannon divergence of every member over the iterations, and their median. How far the curves lie "
    "apart is how much luck there is in it.",
)
_CEILING = Reference(LOG_2, "ln 2", "muted", "The most the JSD can be: target and generated samples do not overlap")


class SpreadPlot(PlotPanel):
    """Every member's JSD, faint; the median, strong; the member that is pointed at or chosen, in the text's colour."""

    member_hovered = Signal(int)  # −1: none any more

    y_axis: ClassVar[str] = "JSD (nats)"

    def __init__(self, measures: Measures, theme: Theme) -> None:
        self._measures = measures
        self._member = -1
        self._pointed = -1
        super().__init__(ENTRY, theme)
        self._x_range = StableRange(low=0.0, smallest=FEWEST_ITERATIONS)
        self._all, self.own, self._floor, self.middle = (pg.PlotCurveItem() for _ in range(4))
        for item, depth in ((self._all, 0), (self._floor, -3), (self.middle, 1), (self.own, 2)):
            item.setZValue(depth)
            item.setSegmentedLineMode("on")
            self.plot.addItem(item)
        self.middle.opts["antialias"] = self.own.opts["antialias"] = True
        self._ends = pg.ScatterPlotItem(size=5, pen=None)
        self.plot.addItem(self._ends)
        self.set_theme(theme)
        self.set_references([_CEILING])
        self.show_measures()

    def show_measures(self) -> None:
        """All members were measured again."""
        iterations, floors, jsd = self._measures.drawn()
        jsd = self._on_axis(jsd)
        apart = np.full((1, jsd.shape[1]), np.nan)
        # One path for all: a row of NaN lifts the pen between two members.
        x = np.tile(np.append(iterations, np.nan), jsd.shape[1])
        self._all.setData(x, np.concatenate([jsd, apart]).T.ravel(), connect="finite")
        self.middle.setData(iterations, median(jsd), connect="finite")
        self._floor.setData(iterations, self._on_axis(floors), connect="finite")
        alone = jsd[np.isfinite(jsd)] if len(jsd) == 1 else np.empty(0)  # one estimate is no line yet
        self._ends.setData(x=np.full(len(alone), iterations[0] if len(iterations) else 0.0), y=alone)
        self._set_empty("" if len(self._measures) else "Every member's distance to the target, measured now and then")
        self._draw_member()
        self._name_floor(float(floors[-1]) if len(floors) else None)
        self._fit(iterations)
        self._update_hover()

    def show_member(self, member: int) -> None:
        """Let one curve stand out; −1 none."""
        if member != self._member:
            self._member = member
            self._draw_member()
            self._update_hover()

    def clear(self) -> None:
        """There is nothing to forget: another population has another plot."""

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        faint = mixed(theme.jsd, theme.surface, FAINT)
        self._all.setPen(pg.mkPen(faint, width=1))
        self._ends.setBrush(pg.mkBrush(faint))
        self.middle.setPen(pg.mkPen(theme.jsd, width=2.4))
        self.own.setPen(pg.mkPen(theme.text, width=1.6))
        self._floor.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        super().set_theme(theme)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the axis of the JSD logarithmic or linear."""
        self._logarithmic = logarithmic
        self._y.set_decades(logarithmic)
        self.set_references(self._references)
        self.show_measures()

    @property
    def logarithmic(self) -> bool:
        """Whether the axis of the JSD is logarithmic."""
        return self._logarithmic

    def table(self) -> Table:
        """``iteration``, ``floor``, and a column for each member."""
        iterations, floors, jsd = self._measures.table()
        names = tuple(f"member_{member}" for member in range(jsd.shape[1]))
        return ("iteration", "floor", *names), np.column_stack([iterations, floors, jsd])

    # inside

    def _on_axis(self, values: Floats) -> Floats:
        return np.log10(np.maximum(values, LEAST)) if self._logarithmic else values

    def _draw_member(self) -> None:
        iterations, _, jsd = self._measures.drawn()
        shown = 0 <= self._member < jsd.shape[1]
        self.own.setVisible(shown)
        if shown:
            self.own.setData(iterations, self._on_axis(jsd[:, self._member]), connect="finite")

    def _fit(self, iterations: Floats) -> None:
        reach = float(iterations[-1]) if len(iterations) else 0.0
        low, high = BOTTOM, TOP
        if self._logarithmic:
            values = np.concatenate([part.ravel() for part in self._measures.drawn()[1:]])
            smallest = float(np.nanmin(values)) if np.isfinite(values).any() else 1e-2
            low, high = float(np.floor(np.log10(max(smallest, LEAST)))), float(np.log10(TOP))
        self.view.setRange(xRange=self._x_range.fit(0.0, reach), yRange=(low, high), padding=0)

    def _name_floor(self, floor: float | None) -> None:
        levels = [_CEILING]
        if floor is not None and np.isfinite(floor):
            levels.append(Reference(floor, "floor", "muted", line=False))
        if tuple(levels) != self.references:
            self.set_references(levels)

    def _fill_menu(self, menu: QMenu) -> None:
        action = menu.addAction("Logarithmic axis")
        action.setToolTip("Tells members apart that are all close to the target")
        action.setCheckable(True)
        action.setChecked(self._logarithmic)
        action.toggled.connect(self.set_logarithmic)

    def _latest(self) -> tuple[Readout, ...]:
        return self._readouts(self._measures.last)

    def _readouts(self, jsd: Floats) -> tuple[Readout, ...]:
        known = jsd[np.isfinite(jsd)]
        if not len(known):
            return ()
        best, worst = figure(float(known.min())), figure(float(known.max()))
        found = [
            Readout("median", figure(float(np.median(known))), "jsd"),
            Readout("of", f"{best} to {worst}", widest="0.000 to 0.000"),
        ]
        if 0 <= self._member < len(jsd):
            found.insert(0, Readout("", figure(float(jsd[self._member])), "text"))
        return tuple(found)

    def _hovered(self, x: float) -> Hover | None:
        row = self._row_at(x)
        if row is None:
            return None
        iterations, _, jsd = self._measures.table()
        values = [(float(median(jsd[row : row + 1])[0]), "jsd")]
        if 0 <= self._member < jsd.shape[1]:
            values.append((float(jsd[row, self._member]), "text"))
        at = float(iterations[row])
        return Hover(at, f"{at:,.0f}", self._readouts(jsd[row]), tuple(values))

    def _row_at(self, x: float) -> int | None:
        iterations = self._measures.table()[0]
        if not len(iterations):
            return None
        right = min(bisect_left(iterations, x), len(iterations) - 1)
        left = max(right - 1, 0)
        return left if abs(iterations[left] - x) <= abs(iterations[right] - x) else right

    def _member_at(self, place: QPointF) -> int:
        """Whose curve passes near ``place``, in the scene; −1 where none does."""
        at = self.view.mapSceneToView(place)
        row = self._row_at(at.x())
        if row is None:
            return -1
        values = self._on_axis(self._measures.table()[2][row])
        away = np.abs(values - at.y()) / max(float(self.view.viewPixelSize()[1]), 1e-12)
        near = int(np.argmin(np.where(np.isfinite(away), away, np.inf)))
        return near if away[near] <= NEAR else -1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Also tell whose curve the mouse is at."""
        done = super().eventFilter(watched, event)
        if isinstance(event, QMouseEvent) or event.type() == QEvent.Type.Leave:
            pointed = self._member_at(self._mouse) if self._mouse is not None else -1
            if pointed != self._pointed:
                self._pointed = pointed
                self.member_hovered.emit(pointed)
        return done
