"""An iteration axis with a strip between curves and numbers, coloured by the phase of training."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath

from ganstudio.metrics.phases import HELP, Phase, Phases
from ganstudio.ui.plots.axes import BOTTOM_HEIGHT, END_ROOM, GUTTER_WIDTH, PlotAxis
from ganstudio.ui.plots.standing_mark import VEIL
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme

STRIP = 6
"""Pixels."""
_GAP = 2
_SWATCH = 8

COLOURS: dict[Phase, str] = {
    "before training": "phase_before",
    "D ahead": "phase_ahead",
    "G following": "phase_following",
    "equilibrium": "phase_equilibrium",
}
"""The names of the colours of the theme."""


class PhaseAxis(PlotAxis):
    """The strip is drawn by pixel columns, so that a run of any length and restlessness costs the same."""

    def __init__(self, name: str) -> None:
        super().__init__("bottom", name, iterations=True)
        self._phases: Phases | None = None
        self._standing: float = np.inf
        self._theme: Theme | None = None
        self._font = QFont()
        self.setStyle(tickTextOffset=_GAP + STRIP + 3)
        self.setHeight(BOTTOM_HEIGHT + STRIP)

    @property
    def phases(self) -> Phases | None:
        """What the strip shows; None shows nothing."""
        return self._phases

    def set_phases(self, phases: Phases | None) -> None:
        """Show these phases, and name the current one."""
        if phases != self._phases:
            self._phases = phases
            self.setToolTip(phase_tip(phases) if phases is not None else "")
            self._redraw()

    def set_standing(self, iteration: int | None) -> None:
        """Fade what lies after the iteration at which the run stands; None is the newest."""
        self._standing = np.inf if iteration is None else iteration
        self._redraw()

    def phase_at(self, iteration: float) -> Phase | None:
        """The phase of an iteration; None where nothing is known of it."""
        return None if self._phases is None else self._phases.of(iteration)

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Take over colours and the font."""
        self._theme, self._font = theme, font
        super().set_theme(theme, font)

    def boundingRect(self) -> QRectF:
        """pyqtgraph's hook: the name of the phase reaches into the gutter."""
        inside: QRectF = super().boundingRect()
        return inside.adjusted(0, 0, GUTTER_WIDTH - END_ROOM, 0)

    def shape(self) -> QPainterPath:
        """Below the curves alone: over them, where only the grid is drawn, the tooltip has no business."""
        path = QPainterPath()
        path.addRect(self._place())
        return path

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: list[Any], textSpecs: list[Any]) -> None:
        """pyqtgraph's hook."""
        super().drawPicture(p, axisSpec, tickSpecs, textSpecs)
        if self._phases is None or self._theme is None:
            return
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        place = self._place()
        self._draw_strip(p, self._theme, QRectF(place.left(), place.top() + _GAP, place.width(), STRIP))
        self._draw_name(p, self._theme, place)

    def _place(self) -> QRectF:
        rect: QRectF = self.mapRectFromParent(self.geometry())
        return rect

    def _draw_strip(self, p: QPainter, theme: Theme, strip: QRectF) -> None:
        low, high = self.range
        assert self._phases is not None  # noqa: S101  # asked before
        parts = self._phases.segments
        columns = int(strip.width())
        if not parts or columns < 1 or high <= low:
            return
        at = low + (np.arange(columns) + 0.5) / columns * (high - low)
        which = np.searchsorted([part.end for part in parts], at)  # len(parts) is beyond the last
        later = at > self._standing
        cuts = np.concatenate([[0], np.flatnonzero(np.diff(2 * which + later)) + 1, [columns]])
        for start, end in pairwise(cuts.tolist()):
            if which[start] < len(parts):
                colour = getattr(theme, COLOURS[parts[which[start]].phase])
                shown = QColor(mixed(colour, theme.surface, VEIL) if later[start] else colour)
                p.fillRect(QRectF(strip.left() + start, strip.top(), end - start, strip.height()), shown)

    def _draw_name(self, p: QPainter, theme: Theme, place: QRectF) -> None:
        """In the line of the axis's name, at the right, where there is room for it."""
        assert self._phases is not None  # noqa: S101  # asked before
        text = self._phases.current
        metrics = QFontMetricsF(self._font)
        needed = metrics.horizontalAdvance(text) + _SWATCH + 4
        right = place.right() + GUTTER_WIDTH - 6
        centred = metrics.horizontalAdvance(self.labelText or "") / 2 + 6
        if needed > right - place.center().x() - centred:
            return
        line = metrics.height()
        middle = place.bottom() - line / 2 - 1
        swatch = QRectF(right - needed, round(middle - _SWATCH / 2), _SWATCH, _SWATCH)
        p.fillRect(swatch, QColor(getattr(theme, COLOURS[text])))
        p.setFont(self._font)
        p.setPen(QColor(theme.text))
        where = QRectF(swatch.right() + 4, middle - line / 2, needed, line)
        p.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)


def phase_tip(phases: Phases) -> str:
    """The phase, the rule by which it is told, and what else there is to say."""
    parts = [f"{phases.current}: {HELP[phases.current]}"]
    return "\n\n".join([*parts, phases.remark] if phases.remark else parts)
