"""KL both ways, JSD and W1 between two distributions that are put by hand, and how each would move q."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.experiment.equilibrium import LOG_2
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Hover, Reference, Table
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.divergence_curves import MEASURES, Curves, grown_curves, verdict
from ganstudio.ui.theory.divergence_rows import INFINITE, DivergenceRows
from ganstudio.ui.theory.divergence_tools import PAINTED, ButtonRow, DivergenceTools
from ganstudio.ui.theory.line_pair import REACH, LinePair
from ganstudio.ui.theory.line_stage import LineStage
from ganstudio.ui.theory.painted_pair import REACH as PAD_REACH
from ganstudio.ui.theory.painted_pair import PaintedPair, empty_pad, two_squares
from ganstudio.ui.theory.painted_stage import PaintedStage
from ganstudio.ui.theory.panel import TheoryPanel

if TYPE_CHECKING:
    from ganstudio.experiment import Experiment
    from ganstudio.metrics.divergences import Divergences

NOTHING_PAINTED = "Paint something of p and of q above: the curves of their divergences appear here"
TURN_SECONDS = 0.010
"""How long the curves are computed at a time: the mouse comes first."""
ROOM_FOR_CURVES = 400
ROOM_FOR_ROWS = 230
"""Heights in pixels from which the curves and the numbers are shown, below them the stage alone."""
UNDER_TOP = 0.045
"""The marks of what is infinite lie this share of the height below the top, one under the other."""


@dataclass(frozen=True)
class Quantity:
    """What the curves show: its button, its name on the axis, its range, and the array of the curves that it is."""

    title: str
    help: str
    axis: str
    low: float
    high: float
    array: str


QUANTITIES: dict[str, Quantity] = {
    "value": Quantity("Values", "Each divergence over the place of q", "nats (W1: units)", 0.0, 2.5, "values"),
    "gradient": Quantity(
        "Gradients",
        "How each divergence grows as q moves to the right: 0 is a gradient that has vanished",
        "gradient (per unit)",
        -1.6,
        1.6,
        "gradients",
    ),
}


class DivergencesPanel(TheoryPanel):
    """A stage for p and q, the four numbers with their gradients, and below their curves over the place of q."""

    x_axis: ClassVar[str] = "place of q (data units)"
    y_axis: ClassVar[str] = QUANTITIES["value"].axis
    gutter = True

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._line, self._painted = LinePair(), two_squares()
        self._pair: LinePair | PaintedPair = self._line
        self._found: Divergences | None = None
        self._curves: Curves | None = None
        self._growing: Iterator[Curves] | None = None
        self._quantity = "value"
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._grow)
        self._build_above(theme)
        self._drawn = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in MEASURES]
        self._infinite = [pg.PlotCurveItem(connect="finite") for _ in MEASURES]
        self._here = pg.InfiniteLine(angle=90)
        self._dots = pg.ScatterPlotItem(size=8)
        for item in (self._here, *self._drawn, *self._infinite, self._dots):
            self.plot.addItem(item)
        self.plot.setCursor(Qt.CursorShape.SizeHorCursor)
        self.view.setToolTip("Drag to move q along. A thick line at the top edge: infinite there")
        self.set_theme(theme)
        self.set_quantity("value")
        self.set_pair(self._pair)

    @property
    def pair(self) -> LinePair | PaintedPair:
        """p and q as they stand."""
        return self._pair

    @property
    def found(self) -> Divergences | None:
        """What is between them; None while one of them is empty, or before somebody looks."""
        return self._found

    @property
    def curves(self) -> Curves | None:
        """As far as they have been computed."""
        return self._curves

    @property
    def is_growing(self) -> bool:
        """Whether more of the curves is to come."""
        return self._growing is not None

    def set_pair(self, pair: LinePair | PaintedPair) -> None:
        """Put p and q."""
        before, self._pair = self._pair, pair
        if isinstance(pair, LinePair):
            self._line = pair
        else:
            self._painted = pair
        stage = self.line_stage if isinstance(pair, LinePair) else self.pad
        self.stages.setCurrentWidget(stage)
        self.tools.show_pair(pair)
        if self.isVisible():
            self._found = pair.divergences() if self._is_complete else None
            if (self._curves is None and not self.is_growing) or not _same_curves(before, pair):
                self._curves = None
                self._growing = grown_curves(pair) if self._is_complete else None
                self._turn.start()
                self._grow()
        reach = REACH if isinstance(pair, LinePair) else PAD_REACH
        self.view.setXRange(-reach, reach, padding=0)
        stage.show_pair(pair, self._found)
        self.rows.show_divergences(self._found)
        self.verdict.setText("" if self._found is None else verdict(self._found))
        self._draw_curves()

    def set_quantity(self, name: str) -> None:
        """Draw this key of ``QUANTITIES``."""
        self._quantity = name
        quantity = QUANTITIES[name]
        self._y.set_name(quantity.axis)
        self.view.setYRange(quantity.low, quantity.high, padding=0)
        self._name_levels()
        self.quantities.show_value(name)
        self._draw_curves()

    def clear(self) -> None:
        """Another run: of no concern here."""

    def show_experiment(self, experiment: Experiment) -> None:
        """p and q are put by hand, whatever is trained."""

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        for line, infinite, measure in zip(self._drawn, self._infinite, MEASURES, strict=True):
            colour = getattr(theme, measure.colour)
            style = Qt.PenStyle.DashLine if measure.dashed else Qt.PenStyle.SolidLine
            line.setPen(pg.mkPen(colour, width=2, style=style))
            infinite.setPen(pg.mkPen(colour, width=3, style=style))
        self._here.setPen(pg.mkPen(theme.generated, width=1))
        for part in (self.tools, self.line_stage, self.pad, self.rows):
            part.set_theme(theme)
        super().set_theme(theme)
        self.set_pair(self._pair)

    def table(self) -> Table:
        """The curves: places, values and gradients of each divergence."""
        names = [f"{measure.name}{what}" for what in ("", "_gradient") for measure in MEASURES]
        header = ("place", *names)
        if self._curves is None:
            return header, np.empty((0, len(header)))
        return header, np.column_stack([self._curves.places, self._curves.values, self._curves.gradients])

    # -- Qt ------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is computed before somebody looks."""
        super().showEvent(event)
        self.set_pair(self._pair)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the stage keeps it."""
        super().resizeEvent(event)
        self.plot.setVisible(self.height() >= ROOM_FOR_CURVES)
        self.quantities.setVisible(self.height() >= ROOM_FOR_CURVES)
        self.verdict.setVisible(self.height() >= ROOM_FOR_CURVES)
        self.below.setVisible(self.height() >= ROOM_FOR_ROWS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press or drag on the curves to move q there."""
        if isinstance(event, QMouseEvent) and event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
            at = self.plot.mapToScene(event.position().toPoint())
            if event.buttons() & Qt.MouseButton.LeftButton and self._is_complete:
                self.set_pair(self._pair.moved_to(round(self.view.mapSceneToView(at).x(), 2)))
                return True
        return super().eventFilter(watched, event)

    # -- inside --------------------------------------------------------------------------------------------------

    def _build_above(self, theme: Theme) -> None:
        self.tools = DivergenceTools(theme)
        self.line_stage, self.pad = LineStage(theme), PaintedStage(theme)
        self.stages = QStackedWidget()
        self.rows = DivergenceRows(theme)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("role", "muted")
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verdict.setFixedHeight(3 * self.verdict.fontMetrics().lineSpacing() + 2)  # nothing jumps
        self.quantities = ButtonRow(
            {name: (one.title, one.help) for name, one in QUANTITIES.items()}, self.set_quantity
        )
        for stage in (self.line_stage, self.pad):
            self.stages.addWidget(stage)
            stage.pair_requested.connect(self.set_pair)
        self.above.column.addWidget(self.tools)
        for widget in (self.rows, self.verdict, self.quantities):
            self.below.column.addWidget(widget)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        column.insertWidget(column.indexOf(self.plot), self.stages, 4)
        # The numbers belong to the stage: they are also the legend of the curves, which come last.
        column.insertWidget(column.indexOf(self.plot), self.below)
        column.setStretchFactor(self.plot, 3)
        self.stages.setMinimumHeight(90)
        self.plot.setMinimumHeight(120)
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.tools.kind_chosen.connect(self._choose)
        self.tools.pair_requested.connect(self.set_pair)
        self.tools.tool_chosen.connect(self.pad.set_tool)
        self.tools.cleared.connect(lambda: self.set_pair(empty_pad()))

    def _choose(self, kind: str) -> None:
        self.set_pair(self._painted if kind == PAINTED else replace(self._line, shape=kind))

    @property
    def _is_complete(self) -> bool:
        return not isinstance(self._pair, PaintedPair) or self._pair.is_complete

    def _grow(self) -> None:
        """Compute some more of the curves."""
        end = time.perf_counter() + TURN_SECONDS
        while self._growing is not None and time.perf_counter() < end:
            grown = next(self._growing, None)
            if grown is None:
                self._growing = None
            else:
                self._curves = grown
        if self._growing is None:
            self._turn.stop()
        self._draw_curves()

    def _draw_curves(self) -> None:
        curves, quantity = self._curves, QUANTITIES[self._quantity]
        self._set_empty("" if self._is_complete else NOTHING_PAINTED)
        for item in (*self._drawn, *self._infinite, self._here, self._dots):
            item.setVisible(self._is_complete and curves is not None)
        if curves is not None and self._is_complete:
            known = ~np.isnan(curves.values).any(axis=1)
            places, numbers = curves.places[known], getattr(curves, quantity.array)[known]
            step = UNDER_TOP * (quantity.high - quantity.low)
            for column, (line, infinite) in enumerate(zip(self._drawn, self._infinite, strict=True)):
                line.setData(places, np.where(np.isfinite(numbers[:, column]), numbers[:, column], math.nan))
                endless = np.isinf(numbers[:, column])
                infinite.setData(places, np.where(endless, quantity.high - step * (column + 1), math.nan))
            self._here.setValue(self._pair.place)
            self._draw_dots(quantity)
        self._name_levels()
        self._update_hover()

    def _name_levels(self) -> None:
        """ln 2 and infinity where they are, or where a gradient has vanished."""
        wanted = [Reference(0.0, "gone", "muted", "A gradient that has vanished")]
        if self._quantity == "value":
            wanted = [Reference(LOG_2, "ln 2", "jsd", "The JSD of what does not overlap, however far apart")]
            if self._curves is not None and np.isinf(self._curves.values).any():
                top = QUANTITIES[self._quantity].high * (1 - 1.5 * UNDER_TOP)
                wanted.append(Reference(top, INFINITE, "value", line=False))
        if tuple(wanted) != self.references:
            self.set_references(wanted)

    def _draw_dots(self, quantity: Quantity) -> None:
        """Where each curve stands now."""
        if self._found is None:
            return
        now = []
        for measure in MEASURES:
            divergence = measure.of(self._found)
            number = divergence.value if quantity.array == "values" else (divergence.gradient or (math.nan,))[0]
            if math.isfinite(number):
                now.append((number, getattr(self._theme, measure.colour)))
        self._dots.setData(
            x=[self._pair.place] * len(now),
            y=[number for number, _ in now],
            brush=[pg.mkBrush(colour) for _, colour in now],
            pen=pg.mkPen(self._theme.surface, width=1),
        )

    def _latest(self) -> tuple[Readout, ...]:
        if self._found is None or self.below.isVisible():
            return ()
        return tuple(
            Readout(measure.title, _text(measure.of(self._found).value), measure.colour)
            for measure in reversed(MEASURES)
        )

    def _hovered(self, x: float) -> Hover | None:
        curves = self._curves
        if curves is None or not self._is_complete or not len(curves.places):
            return None
        known = np.flatnonzero(~np.isnan(curves.values).any(axis=1))
        if not len(known):
            return None
        at = int(known[np.abs(curves.places[known] - x).argmin()])
        numbers = getattr(curves, QUANTITIES[self._quantity].array)[at]
        readouts = tuple(
            Readout(measure.title, _text(float(number)), measure.colour, short="")
            for measure, number in zip(MEASURES, numbers, strict=True)
        )
        place = float(curves.places[at])
        return Hover(place, f"q at {figure(place)}", readouts)


def _text(number: float) -> str:
    return INFINITE if math.isinf(number) else figure(number)


def _same_curves(before: LinePair | PaintedPair, after: LinePair | PaintedPair) -> bool:
    """Whether only q's place along the axis differs, on which the curves do not depend."""
    if isinstance(before, LinePair) and isinstance(after, LinePair):
        return replace(before, q=replace(before.q, centre=0.0)) == replace(after, q=replace(after.q, centre=0.0))
    if isinstance(before, PaintedPair) and isinstance(after, PaintedPair):
        return before.is_shifted_along(after)
    return False
