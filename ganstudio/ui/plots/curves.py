"""Plots of quantities over iterations: each raw and faint, its running mean strong."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.messages.history import COLUMNS, History
from ganstudio.messages.rows import Rows
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.follower import Follower
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import ABOVE_CURVES, Hover, PlotPanel, Table
from ganstudio.ui.plots.range import StableRange, robust_extent
from ganstudio.ui.plots.series import Series
from ganstudio.ui.plots.smoothing import DEFAULT_WINDOW, WINDOWS
from ganstudio.ui.plots.standing_mark import StandingMark
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme

Floats = NDArray[np.float64]

FAINT = 0.68
"""How far raw curves fade into the background. Opaque: translucent segments would show their joints."""

FEWEST_ITERATIONS = 100
"""The iteration axis is at least this long."""

FEW = 40
"""Up to so many values of a curve are marked by dots."""

SEEN = 0.5
"""Pixels by which a curve must have grown to be drawn again at once, ..."""

REDRAW_SECONDS = 0.4
"""... and how long it may otherwise stay as it was drawn: what is new in a long run takes a hundredth of a pixel."""


@dataclass(frozen=True)
class Curve:
    """A column of the history and how it is shown; ``colour`` is the name of a colour of the theme."""

    column: str
    label: str
    colour: str
    short: str | None = None
    """The label where there is little room."""


class CurvesPanel(PlotPanel):
    """A plot of columns of the history over the iteration.

    Only new rows are read at each call; what is drawn is decimated, what is read off and exported is not.
    """

    curves: ClassVar[tuple[Curve, ...]]
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    waiting: ClassVar[str]
    """The empty state before the first data."""
    y_limits: ClassVar[tuple[float | None, float | None]] = (None, None)
    smoothed: ClassVar[bool] = True
    logarithm_offered: ClassVar[bool] = False
    logarithmic_at_first: ClassVar[bool] = False

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._history: History | None = None
        self._follower = Follower()
        self._window = DEFAULT_WINDOW if self.smoothed else 1
        self._series = self._new_series()
        self._raw_items = {curve.column: self._curve_item(antialias=False, depth=0) for curve in self.curves}
        self._smooth_items = {curve.column: self._curve_item(antialias=True, depth=1) for curve in self.curves}
        self._dots = pg.ScatterPlotItem(size=4, pen=None)
        self.plot.addItem(self._dots)
        self._standing = StandingMark()
        self._standing.setZValue(ABOVE_CURVES - 1)
        self.plot.addItem(self._standing)
        self._points: dict[str, tuple[Floats, Floats]] = {}
        self._x_range = StableRange(low=0.0, smallest=FEWEST_ITERATIONS)
        self._y_range = self._new_y_range()
        self._drawn_to, self._drawn_at = float("nan"), 0.0
        self._redraw_later = QTimer(self, singleShot=True, interval=round(1000 * REDRAW_SECONDS))
        self._redraw_later.timeout.connect(self._redraw)
        self._set_logarithmic(self.logarithmic_at_first)
        self.set_theme(theme)
        self.clear()

    # what the window tells

    def show_history(self, history: History) -> None:
        """Take over what is new in ``history``, or all of it where the run went back."""
        if history is not self._history:
            self._history = history
            self._forget()
        if not self._read_on():
            return
        if self._is_worth_drawing():
            self._redraw()
            return
        self._update_hover()
        if not self._redraw_later.isActive():
            self._redraw_later.start()

    def show_standing(self, iteration: int | None) -> None:
        """Mark the iteration at once, and show its numbers; what lies after it stays drawn, under a veil."""
        self._standing.set_iteration(iteration)
        if iteration is not None and iteration > self.view.viewRange()[0][1]:  # nothing was measured since
            self._fit()
        self._update_hover()

    def clear(self) -> None:
        """Forget the history."""
        self._history = None
        self._forget()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._theme = theme
        self._standing.set_theme(theme)
        self._colour_curves()
        self._draw_dots()
        super().set_theme(theme)

    def table(self) -> Table:
        """``iteration`` and a column for each curve, every row of the history."""
        header = ("iteration", *self._exported())
        if self._history is None:
            return header, np.empty((0, len(header)))
        return header, np.array(self._rows()[:, [self.columns.index(name) for name in header]])

    # options

    @property
    def smoothing(self) -> int:
        """Over how many updates the strong curve is the running mean; 1 is none."""
        return self._window

    def set_smoothing(self, window: int) -> None:
        """Smooth over about ``window`` updates; 1 shows the values alone."""
        if window == self._window:
            return
        self._window = window
        self._forget_curves()
        self._read_on()
        self._colour_curves()
        self._redraw()

    @property
    def logarithmic(self) -> bool:
        """Whether the y axis is logarithmic; values that are not positive are then left out."""
        return self._logarithmic

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the y axis logarithmic or linear."""
        if logarithmic != self._logarithmic:
            self._set_logarithmic(logarithmic)
            self.set_references(self._references)
            self._redraw()

    def _set_logarithmic(self, logarithmic: bool) -> None:
        self._logarithmic = logarithmic
        self._y.set_decades(logarithmic)
        self._y_range = self._new_y_range()

    def _fill_menu(self, menu: QMenu) -> None:
        if self.smoothed:
            choices = menu.addMenu("Smoothing")
            group = QActionGroup(choices)
            for window in WINDOWS:
                text = "None" if window == 1 else f"Mean of about {window:,} updates"
                action = choices.addAction(text)
                action.setCheckable(True)
                action.setChecked(window == self._window)
                action.triggered.connect(lambda _checked, window=window: self.set_smoothing(window))
                group.addAction(action)
        if self.logarithm_offered:
            action = menu.addAction("Logarithmic axis")
            action.setToolTip("Values that are not positive are left out")
            action.setCheckable(True)
            action.setChecked(self._logarithmic)
            action.toggled.connect(self.set_logarithmic)

    # data

    def _read_on(self) -> bool:
        """Take over what is new, from the beginning where the run went back; whether anything changed."""
        news = self._follower.read(self._rows())
        changed = news.restarted
        if news.restarted:
            self._forget()
            news = self._follower.read(self._rows())
        while len(news.rows):
            changed = True
            self._append(news.rows)
            news = self._follower.read(self._rows())
        return changed

    def _rows(self) -> Floats | Rows:
        """The table of the history that this plot reads."""
        return self._history.rows if self._history is not None else np.empty((0, len(self.columns)))

    def _exported(self) -> tuple[str, ...]:
        return tuple(curve.column for curve in self.curves)

    def _new_series(self) -> dict[str, Series]:
        return {curve.column: Series(self._window) for curve in self.curves}

    def _append(self, rows: Floats) -> None:
        for name, series in self._series.items():
            series.append(rows[:, 0], rows[:, self.columns.index(name)])

    def _forget(self) -> None:
        self._forget_curves()
        self._x_range.reset()
        self._y_range.reset()

    def _forget_curves(self) -> None:
        self._drawn_to = float("nan")
        self._follower.forget()
        self._series = self._new_series()

    def _values_at(self, row: int) -> dict[str, float]:
        """The number of each column at the iteration of ``row``, which single updates of D and G share; else NaN."""
        rows = self._rows()
        of_iteration = rows[slice(*_places(rows, float(rows[row, 0])))]
        values = {}
        for index, name in enumerate(self.columns):
            known = of_iteration[np.isfinite(of_iteration[:, index]), index]
            values[name] = float(known[-1]) if len(known) else float("nan")
        return values

    # drawing

    def _curve_item(self, *, antialias: bool, depth: float) -> pg.PlotCurveItem:
        item = pg.PlotCurveItem(antialias=antialias, skipFiniteCheck=True)
        item.setSegmentedLineMode("on")
        item.setZValue(depth)
        self.plot.addItem(item)
        return item

    def _colour_curves(self) -> None:
        for curve in self.curves:
            colour = getattr(self._theme, curve.colour)
            alone = self._window == 1
            faint = colour if alone else mixed(colour, self._theme.surface, FAINT)
            self._raw_items[curve.column].setPen(pg.mkPen(faint, width=1))
            self._smooth_items[curve.column].setPen(pg.mkPen(colour, width=1.5))
            self._smooth_items[curve.column].setVisible(not alone)

    def _on_axis(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The points as the axis wants them; a logarithmic one leaves out what is not positive."""
        if not self._logarithmic:
            return x, y
        positive = y > 0
        return x[positive], np.log10(y[positive])

    def _is_worth_drawing(self) -> bool:
        """Whether a change would be seen, or the drawing is old."""
        rows = self._rows()
        if not len(rows) or np.isnan(self._drawn_to) or time.monotonic() - self._drawn_at >= REDRAW_SECONDS:
            return True
        left, right = self.view.viewRange()[0]
        grown: float = float(rows[-1, 0]) - self._drawn_to
        return bool(grown * self.view.width() >= SEEN * (right - left))

    def _redraw(self) -> None:
        self._redraw_later.stop()
        rows = self._rows()
        self._drawn_to, self._drawn_at = float(rows[-1, 0]) if len(rows) else float("nan"), time.monotonic()
        self._draw_below()
        self._points = {}
        for curve in self.curves:
            series = self._series[curve.column]
            raw = self._points[curve.column] = self._on_axis(*series.raw.extremes())
            self._raw_items[curve.column].setData(*raw)
            if self._window > 1:
                self._smooth_items[curve.column].setData(*self._on_axis(*series.smooth.means()))
        self._set_empty(self._empty_reason())
        self._draw_dots()
        self._fit()
        self._update_hover()

    def _draw_below(self) -> None:
        """Draw what lies under the curves."""

    def _draw_dots(self) -> None:
        """Mark the values while there are so few that a line does not show them, as after single updates."""
        few = {name: points for name, points in self._points.items() if 0 < len(points[0]) <= FEW}
        self._dots.setVisible(bool(few))
        if few:
            colours = {curve.column: getattr(self._theme, curve.colour) for curve in self.curves}
            self._dots.setData(
                x=np.concatenate([x for x, _ in few.values()]),
                y=np.concatenate([y for _, y in few.values()]),
                brush=[pg.mkBrush(colours[name]) for name, (x, _) in few.items() for _ in x],
            )

    def _extents(self) -> list[Floats]:
        """What should be in view, in coordinates of the axis."""
        return [y for _, y in self._points.values() if len(y)]

    def _fit(self) -> None:
        """Set both ranges: what is drawn, its latest values and the levels are in view."""
        rows = self._rows()
        extents = [extent for extent in self._extents() if len(extent)]
        levels = [self._to_axis(reference.value) for reference in self._references]
        shown = [level for level in levels if np.isfinite(level)] + [float(extent[-1]) for extent in extents]
        if extents:
            shown += robust_extent(np.concatenate(extents)) or ()
        if not shown:
            shown = [0.0, 1.0]
        end = max(float(rows[-1, 0]) if len(rows) else 0.0, self._standing.iteration or 0.0)
        self.view.setRange(
            xRange=self._x_range.fit(0.0, end),
            yRange=self._y_range.fit(min(shown), max(shown)),
            padding=0,
        )

    def _new_y_range(self) -> StableRange:
        if self._logarithmic:
            return StableRange(smallest=0.5)
        low, high = self.y_limits
        return StableRange(low=low, high=high, smallest=1e-3)

    def _empty_reason(self) -> str:
        """Why there is nothing to draw; '' when there is."""
        drawn = any(len(series) for series in self._series.values())
        if not drawn:
            return self.waiting
        positive = not self._logarithmic or any(len(x) for x, _ in self._points.values())
        return "" if positive else "No value is positive, so a logarithmic axis (right click) has nothing to show"

    # read-outs

    def _latest(self) -> tuple[Readout, ...]:
        rows, at = self._rows(), self._standing.iteration
        if not len(rows):
            return ()
        count = len(rows) if at is None else _places(rows, at)[1]
        return self._readouts(self._values_at(count - 1) if count else {})

    def _readouts(self, values: dict[str, float]) -> tuple[Readout, ...]:
        return tuple(
            Readout(curve.label, figure(values.get(curve.column, float("nan"))), curve.colour, short=curve.short)
            for curve in self.curves
        )

    def _hovered(self, x: float) -> Hover | None:
        rows = self._rows()
        if len(rows) == 0:
            return None
        right = min(_places(rows, x)[0], len(rows) - 1)
        left = max(right - 1, 0)
        row = left if abs(rows[left, 0] - x) <= abs(rows[right, 0] - x) else right
        values = self._values_at(row)
        marks = tuple((values[curve.column], curve.colour) for curve in self.curves)
        at = float(rows[row, 0])
        return Hover(at, f"{at:,.0f}", self._readouts(values), marks)


def _places(rows: Floats | Rows, iteration: float) -> tuple[int, int]:
    """From which row to before which there are those of this iteration; where they would be if there are none."""
    if isinstance(rows, Rows):
        return rows.first_from(iteration), rows.first_after(iteration)
    left, right = (int(np.searchsorted(rows[:, 0], iteration, side)) for side in ("left", "right"))
    return left, right
