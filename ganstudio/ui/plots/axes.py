"""The axes of the plots: few round ticks, one level of grid lines, and a gutter at the right for named levels."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from ganstudio.ui.plots.figures import iteration_tick, tick
from ganstudio.ui.plots.range import nice_step
from ganstudio.ui.theme import Theme

LEFT_WIDTH = 50
BOTTOM_HEIGHT = 33
GUTTER_WIDTH = 44
PLAIN_GUTTER_WIDTH = 16

END_ROOM = 16
"""Pixels by which a number at the end of an axis may stand out over it."""

NAME_OVERHANG = 10
"""Pixels by which the name of an axis may be longer than the axis."""

CLOSER = 0.4
"""How close ticks may come on a short axis, as a share of their comfortable distance."""

_UNIT = re.compile(r" \([^()]*\)$")

BELOW_CURVES = -1000
"""Where an axis belongs: it draws the grid lines, and pyqtgraph puts it above the curves."""


class PlotAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A left or bottom axis, its ticks a comfortable distance apart at round numbers, or at decades if logarithmic."""

    def __init__(self, orientation: Literal["left", "bottom"], name: str, *, iterations: bool = False) -> None:
        self._name = name  # before the base class, which lays out the empty label at once
        self.labelText = ""
        super().__init__(orientation, maxTickLength=0)
        self._iterations = iterations
        self._decades = False
        self.enableAutoSIPrefix(False)
        self.setStyle(maxTickLevel=0, tickAlpha=255, tickTextOffset=4, hideOverlappingLabels=False)
        self.setGrid(255)
        if orientation == "left":
            self.setWidth(LEFT_WIDTH)
        else:
            self.setHeight(BOTTOM_HEIGHT)

    def set_decades(self, decades: bool) -> None:
        """Read values as powers of ten. The curves are given as logarithms; pyqtgraph's own log mode is not used."""
        self._decades = decades
        self._redraw()

    @property
    def name(self) -> str:
        """With its unit, whether there is room for that or not."""
        return self._name

    def set_name(self, name: str) -> None:
        """Name the axis, with its unit in parentheses."""
        self._name = name
        self.setLabel(name)
        self.resizeEvent()

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Take over colours and the font of the ticks."""
        self.setTickFont(font)
        self.setPen(pg.mkPen(theme.border))
        self.setTickPen(pg.mkPen(theme.grid))
        self.setTextPen(pg.mkPen(theme.muted))
        self.label.setFont(font)
        self.labelStyle = {"color": theme.muted}
        self.set_name(self._name)
        self._redraw()

    def resizeEvent(self, ev: object = None) -> None:
        """pyqtgraph's hook: on a short axis the name stands without its unit, which the tooltip keeps."""
        if self.label is not None and self.label.isVisible():
            length = self.size().height() if self.orientation == "left" else self.size().width()
            for text in (self._name, _UNIT.sub("", self._name)):
                if text != self.labelText:
                    self.labelText = text
                    self.label.setHtml(self.labelString())
                if self.label.boundingRect().width() <= length + NAME_OVERHANG:
                    break
            self.label.setToolTip(self._name if self.labelText != self._name else "")
        super().resizeEvent(ev)

    def boundingRect(self) -> QRectF:
        """pyqtgraph's hook: with the room that the numbers at both ends need, which it leaves out beside a grid."""
        inside: QRectF = super().boundingRect()
        return inside.adjusted(-END_ROOM, -END_ROOM, END_ROOM, END_ROOM)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """pyqtgraph's hook: one level of ticks within the range, ``size`` pixels long."""
        apart = 30.0 if self.orientation == "left" else 72.0
        span = maxVal - minVal
        if span <= 0 or size <= 0:
            return []
        if self._decades:
            return [(1.0, _decades(minVal, maxVal, max(2.0, size / apart)))]
        spacing = nice_step(span * apart / size)
        ticks = _multiples(minVal, maxVal, spacing)
        # One number alone does not tell the scale: rather two that are closer, as long as they do not touch.
        while len(ticks) < 2 and nice_step(spacing / 2) * size >= CLOSER * apart * span:
            spacing = nice_step(spacing / 2)
            ticks = _multiples(minVal, maxVal, spacing)
        return [(spacing, ticks)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """pyqtgraph's hook: the text of each tick."""
        if self._decades:
            return [_power(value) for value in values]
        text = iteration_tick if self._iterations else tick
        return [text(value, spacing) for value in values]

    def _redraw(self) -> None:
        self.picture = None
        self.update()


def _multiples(low: float, high: float, spacing: float) -> list[float]:
    """Those of ``spacing`` from ``low`` to ``high``."""
    first, last = math.ceil(low / spacing - 1e-6), math.floor(high / spacing + 1e-6)
    return [index * spacing for index in range(first, last + 1)]


def _decades(low: float, high: float, most: float) -> list[float]:
    """Ticks between two logarithms: decades, thinned to ``most``; within less than two of them also parts of each."""
    if high - low < 2:
        mantissas = [math.log10(m) for m in ((1, 2, 5) if high - low < 1.2 else (1, 3))]
        fine = [d + m for d in range(math.floor(low), math.ceil(high) + 1) for m in mantissas]
        return [value for value in fine if low - 1e-9 <= value <= high + 1e-9]
    every = max(1, math.ceil((high - low) / most))
    return [float(d) for d in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1) if d % every == 0]


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _power(logarithm: float) -> str:
    if -3.01 <= logarithm <= 4.01:
        return f"{10**logarithm:.4g}" if logarithm >= 0 else f"{10**logarithm:.1g}"
    decade = math.floor(logarithm + 1e-9)
    times = round(10 ** (logarithm - decade))
    return ("" if times == 1 else f"{times}·") + "10" + str(decade).translate(_SUPERSCRIPTS)


@dataclass(frozen=True)
class GutterLabel:
    """Text beside the plot at a value of its y axis."""

    value: float
    text: str
    colour: str


class Gutter(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """The right side of a plot, where levels are named: beside the curves, so that it never covers them."""

    def __init__(self, width: int) -> None:
        super().__init__("right", maxTickLength=0)
        self.setWidth(width)
        self.setStyle(showValues=False)
        self._labels: tuple[GutterLabel, ...] = ()
        self._font = QFont()

    def set_labels(self, labels: Sequence[GutterLabel]) -> None:
        """Name these levels; they are kept a line apart where they would overlap."""
        self._labels = tuple(labels)
        self.picture = None
        self.update()

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Take over the font; each label has its own colour."""
        self._font = font
        self.setPen(pg.mkPen(None))
        self.picture = None
        self.update()

    def generateDrawSpecs(self, p: QPainter) -> tuple[Any, list[Any], list[Any]] | None:
        """pyqtgraph's hook: no line, no ticks, and the labels as (rectangle, flags, (text, colour))."""
        bounds = self.mapRectFromParent(self.geometry())
        low, high = self.range
        if not self._labels or high <= low or bounds.height() <= 0:
            return None
        line = QFontMetricsF(self._font).height() * 0.85
        shown = sorted((label for label in self._labels if low <= label.value <= high), key=lambda label: -label.value)
        middles = [bounds.bottom() - (label.value - low) / (high - low) * bounds.height() for label in shown]
        texts = []
        for label, middle in zip(shown, _apart(middles, line, bounds.top(), bounds.bottom()), strict=True):
            rect = QRectF(bounds.left() + 4, middle - line / 2, bounds.width() - 4, line)
            texts.append((rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, (label.text, label.colour)))
        return None, [], texts

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: list[Any], textSpecs: list[Any]) -> None:
        """pyqtgraph's hook."""
        p.setFont(self._font)
        for rect, flags, (text, colour) in textSpecs:
            p.setPen(QColor(colour))
            p.drawText(rect, flags | Qt.TextFlag.TextDontClip, text)


def _apart(middles: list[float], line: float, top: float, bottom: float) -> list[float]:
    """The same heights, from the top down, moved so that each is a ``line`` below the one before and all are inside."""
    placed: list[float] = []
    for middle in middles:
        placed.append(max(middle, placed[-1] + line if placed else top))
    limit = bottom
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - line
    return placed
