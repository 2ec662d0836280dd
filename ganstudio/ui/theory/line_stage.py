"""p and q on a line: drag a centre or a width."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent

from ganstudio.ui.plots.axes import PlotAxis
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.divergence_curves import MEASURES, Pair
from ganstudio.ui.theory.hand_stage import HandStage
from ganstudio.ui.theory.line_pair import REACH, SHAPES, WIDTHS, Bump, LinePair, Side

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergences

POINTS = 601
NEAR = 16.0
"""Pixels within which the mouse finds a handle."""
LANES = 0.34
"""The share of the height below 0 in which the arrows lie, of that above it."""
COLOURS: dict[Side, str] = {"p": "real", "q": "generated"}


@dataclass(frozen=True)
class _Grip:
    """What is held: a side, by its centre or by its width, and how far beside the mouse it lies."""

    side: Side
    part: Literal["centre", "width"]
    beside: float = 0.0


class LineStage(HandStage):
    """Two densities with a handle at each centre and one at each width."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", "density")
        self._pair = LinePair()
        self._grip: _Grip | None = None
        self._heights = StableRange(low=0.0, smallest=0.5, patience=20)
        self._curves = {side: pg.PlotCurveItem(antialias=True, skipFiniteCheck=True) for side in COLOURS}
        self._handles = pg.ScatterPlotItem(size=9)
        self._base = pg.InfiniteLine(0.0, angle=0)
        for item in (self._base, *self._curves.values(), self._handles):
            self.addItem(item)
        self.setToolTip(
            "Drag p or q to move it, its dot at the side to widen it. Arrows: where each divergence pulls q"
        )
        self.view.setXRange(-REACH, REACH, padding=0)
        self.set_theme(theme)

    def show_pair(self, pair: Pair, found: Divergences | None) -> None:
        """Draw both densities."""
        assert isinstance(pair, LinePair)  # noqa: S101  # the panel shows each pair on its own stage
        self._pair = pair
        shape = SHAPES[pair.shape]
        peaks = {side: _peak(pair, side) for side in COLOURS}
        _, top = self._heights.fit(0.0, 1.06 * max(peaks.values()))
        self.view.setYRange(-LANES * top, top, padding=0)
        for side, curve in self._curves.items():
            bump: Bump = getattr(pair, side)
            edges = [bump.centre + sign * bump.width * near for sign in (-1, 1) for near in (1 - 1e-9, 1 + 1e-9)]
            x = np.unique(np.concatenate([np.linspace(-REACH, REACH, POINTS), edges]))
            curve.setData(x, shape.density(x, bump))
        grips = list(self._places())
        self._handles.setData(
            x=[at.x() for _, at in grips],
            y=[at.y() for _, at in grips],
            brush=[
                pg.mkBrush(getattr(self._theme, COLOURS[grip.side]) if grip.part == "centre" else self._theme.surface)
                for grip, _ in grips
            ],
            pen=[pg.mkPen(getattr(self._theme, COLOURS[grip.side]), width=2) for grip, _ in grips],
        )
        lanes = [-LANES * top * (lane + 0.75) / (len(MEASURES) + 0.5) for lane in range(len(MEASURES))]
        self._show_pull([(pair.q.centre, lane) for lane in lanes], found)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self._base.setPen(pg.mkPen(theme.border, width=1))
        for side, curve in self._curves.items():
            colour = QColor(getattr(theme, COLOURS[side]))
            curve.setPen(pg.mkPen(colour, width=2))
            faint = QColor(colour)
            faint.setAlphaF(0.14)
            curve.setBrush(faint)
            curve.setFillLevel(0.0)

    def _left_axis(self, name: str) -> PlotAxis:
        return _DensityAxis("left", name)

    def _places(self) -> list[tuple[_Grip, QPointF]]:
        """Every handle and where it is drawn."""
        shape, found = SHAPES[self._pair.shape], []
        for side in COLOURS:
            bump: Bump = getattr(self._pair, side)
            found.append((_Grip(side, "centre"), QPointF(bump.centre, _peak(self._pair, side))))
            # On the side where the other one is not, and never out of sight.
            other = self._pair.p if side == "q" else self._pair.q
            sign = 1 if bump.centre >= other.centre and bump.centre + bump.width < REACH - 0.2 else -1
            at = bump.centre + sign * bump.width
            height = float(shape.density(np.array([bump.centre + bump.width * (1 - 1e-9)]), bump)[0])
            found.append((_Grip(side, "width"), QPointF(at, height if self._pair.shape == "gaussian" else height / 2)))
        return found

    def _found(self, event: QMouseEvent) -> _Grip:
        """What the mouse would hold: the nearest handle, or else whichever side it is nearest to."""
        at = self.mapToScene(event.position().toPoint())
        away = [
            (QPointF(self.view.mapViewToScene(place) - at).manhattanLength(), order, grip)
            for order, (grip, place) in enumerate(self._places())
        ]
        distance, _, grip = min(away)
        x = self.point(event).x()
        if distance > NEAR:
            sides: list[Side] = ["q", "p"]
            side = min(sides, key=lambda side: abs(getattr(self._pair, side).centre - x))
            grip = _Grip(side, "centre")
        return replace(grip, beside=getattr(self._pair, grip.side).centre - x if grip.part == "centre" else 0.0)

    def _press(self, event: QMouseEvent) -> None:
        self._grip = self._found(event)

    def _drag(self, event: QMouseEvent) -> None:
        grip = self._grip
        if grip is None:
            return
        bump: Bump = getattr(self._pair, grip.side)
        x = self.point(event).x()
        moved = (
            bump.at(round(x + grip.beside, 2))
            if grip.part == "centre"
            else bump.wide(round(max(abs(x - bump.centre), WIDTHS[0]), 2))
        )
        changed = replace(self._pair, p=moved) if grip.side == "p" else replace(self._pair, q=moved)
        if changed != self._pair:
            self.pair_requested.emit(changed)

    def _hover(self, event: QMouseEvent) -> None:
        self.viewport().setCursor(Qt.CursorShape.SizeHorCursor)

    def _release(self, event: QMouseEvent) -> None:
        self._grip = None


class _DensityAxis(PlotAxis):
    """Below 0, where the arrows lie, there is no density."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        levels = super().tickValues(minVal, maxVal, size)
        return [(spacing, [value for value in values if value >= 0]) for spacing, values in levels]


def _peak(pair: LinePair, side: Side) -> float:
    bump: Bump = getattr(pair, side)
    return float(SHAPES[pair.shape].density(np.array([bump.centre]), bump)[0])
