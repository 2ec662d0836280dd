"""The distance to the target."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import LOG_2
from ganstudio.messages.history import MEASURE_COLUMNS
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.band import Band
from ganstudio.ui.plots.curves import Curve, CurvesPanel, Floats
from ganstudio.ui.plots.figures import NONE
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.measuring import Measuring, explanation, rhythm, share_text
from ganstudio.ui.plots.panel import Reference
from ganstudio.ui.plots.series import Series
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme

TOP = 0.72
"""End of the linear axis, just above ln 2."""

BOTTOM = -0.04
"""Its beginning: a floor of a thousandth, and what a perfect generator reads around 0, are not drawn on the axis."""

LEAST = 1e-6
"""Where the lower bound of a band ends on a logarithmic axis when it is 0 or, bias corrected, below."""

_BAND = "The JSD in nats as it was measured last, and half the width of its band"
_FLOOR = "What a perfect generator would read at this number of samples, in nats"
_CEILING = Reference(LOG_2, "ln 2", "muted", "The most the JSD can be: target and generated samples do not overlap")


class JsdPlot(CurvesPanel):
    """The JSD in nats with the bounds of each estimate, the noise floor under it and ln 2 above it."""

    curves = (Curve("jsd", "", "jsd"),)
    columns = MEASURE_COLUMNS
    y_axis: ClassVar[str] = "JSD (nats)"
    y_limits: ClassVar[tuple[float | None, float | None]] = (BOTTOM, TOP)
    waiting = (
        "Press play (Space): the distance between target and generated samples appears here, measured now and then"
    )
    smoothed = False
    logarithm_offered = True

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        self._bounds = Band()
        self._floor = Band()
        self._floor_line = pg.PlotCurveItem(skipFiniteCheck=True)
        self._measuring = Measuring()
        self._every = Experiment().measure.every
        super().__init__(entry, theme, parent)
        self._raw_items["jsd"].setData(antialias=True)  # alone, strong, and of few points
        for item, depth in ((self._floor, -20), (self._bounds, -10), (self._floor_line, -3)):
            item.setZValue(depth)
            self.plot.addItem(item)
        self.set_references([_CEILING])
        self._redraw()

    def show_experiment(self, experiment: Experiment) -> None:
        """How often it is to be measured."""
        self._every = experiment.measure.every
        self._show_rhythm()

    def show_measuring(self, measuring: Measuring) -> None:
        """What measuring costs, beside the numbers, and how often it is done, at the axis."""
        if measuring != self._measuring:
            self._measuring = measuring
            self._show_rhythm()

    def _show_rhythm(self) -> None:
        name = f"iteration ({rhythm(self._measuring, self._every)})"
        if name != self._x.name:
            self._x.set_name(name)
        self.header.setToolTip(f"{self.entry.help}\n\n{explanation(self._measuring, self._every)}")
        self._update_hover()

    def _rows(self) -> Floats:
        return self._history.measures if self._history is not None else np.empty((0, len(self.columns)))

    def _exported(self) -> tuple[str, ...]:
        return MEASURE_COLUMNS[1:]

    def _new_series(self) -> dict[str, Series]:
        return {name: Series() for name in MEASURE_COLUMNS[1:]}

    def _draw_below(self) -> None:
        floor_x, floor = self._series["floor"].raw.means()
        # Down to the end of the axis: whatever lies in there cannot be told from a perfect generator.
        beneath = self._clipped(np.full_like(floor, BOTTOM))
        self._floor.set_data(floor_x, beneath, self._clipped(floor))
        self._floor_line.setData(floor_x, self._clipped(floor))
        self._name_floor(float(floor[-1]) if len(floor) else None)
        low, high = self._series["low"].raw.buckets(), self._series["high"].raw.buckets()
        if len(low.x) == len(high.x):
            self._bounds.set_data(low.x, self._clipped(low.low), self._clipped(high.high))

    def _name_floor(self, floor: float | None) -> None:
        levels = [_CEILING]
        if floor is not None:
            levels.append(Reference(floor, "floor", "muted", line=False))
        if tuple(levels) != self.references:
            self.set_references(levels)

    def _clipped(self, y: Floats) -> Floats:
        """The values as the axis wants them, those that it does not reach at its end."""
        return np.log10(np.maximum(y, LEAST)) if self._logarithmic else y

    def _extents(self) -> list[Floats]:
        floor = self._series["floor"].raw.means()[1]
        return [*super()._extents(), self._clipped(floor)]

    def _colour_curves(self) -> None:
        super()._colour_curves()
        theme = self._theme
        self._raw_items["jsd"].setPen(pg.mkPen(theme.jsd, width=1.5))
        self._bounds.set_colour(mixed(theme.jsd, theme.surface, 0.72))
        self._floor.set_colour(mixed(theme.muted, theme.surface, 0.8))
        self._floor_line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))

    def _readouts(self, values: dict[str, float]) -> tuple[Readout, ...]:
        nan = float("nan")
        jsd, floor = values.get("jsd", nan), values.get("floor", nan)
        spread = (values.get("high", nan) - values.get("low", nan)) / 2
        return (
            Readout("", f"{_nats(jsd)} ± {_nats(spread)}", "jsd", widest="0.0000 ± 0.0000", tip=_BAND),
            Readout("floor", _nats(floor), widest="0.0000", tip=_FLOOR),
        )

    def _latest(self) -> tuple[Readout, ...]:
        shown = super()._latest()
        tip = explanation(self._measuring, self._every)
        cost = Readout("measuring", share_text(self._measuring), widest="<1 %", short="cost", tip=tip)
        return (*shown, cost) if shown else ()


def _nats(value: float) -> str:
    """A number next to others of its kind: all have the same digits, as many as the uncertainty gives a meaning."""
    if not np.isfinite(value):
        return NONE
    return f"{value:.4f}".replace("-", "−") if abs(value) >= 0.00005 else "0.0000"
