"""What the generated samples look like at each mode of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.axes import GutterLabel, PlotAxis
from ganstudio.ui.plots.figures import NONE
from ganstudio.ui.plots.header import Readout, tabular
from ganstudio.ui.plots.panel import TICK_SCALE, Hover, PlotPanel, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.metrics.coverage import ModeCoverage
    from ganstudio.metrics.mode_verdicts import Fault, Verdict
    from ganstudio.targets import TargetDistribution

HEADER = ("mode", "target_share", "share", "hq_samples", "sigma_ratio", "offset_in_sigma")

WAITING = "Press play (Space) or make a step: the share of generated samples at each mode of the target appears here"
WITHOUT_MODES = (
    "This target has no separate modes of one width, so mode coverage is not defined for it. "
    "Choose a ring or a grid of gaussians to see it"
)

MOST_BARS = 30
"""Of more modes than that the shares are shown as shades in two strips."""
_STRIPS = {"p_data": ("real", 0.53, 1.0), "p_g": ("generated", 0.0, 0.47)}
"""The colour, and the place on the y axis."""
_MARK = 0.06
"""How far above its bar a mark stands, as a share of the axis."""


class ModeAxis(PlotAxis):
    """Numbers of modes: whole, from 1."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """pyqtgraph's hook."""
        apart = next((step for step in (1, 2, 5, 10, 25, 50) if step * size >= 24 * (maxVal - minVal)), 100)
        first = 1 if apart == 1 else apart
        return [(apart, [float(mode) for mode in range(first, int(maxVal) + 1, apart)])]


class CoveragePlot(PlotPanel):
    """The share of high-quality samples at each mode against p_data's, and what is wrong with single modes."""

    x_axis: ClassVar[str] = "mode"
    y_axis: ClassVar[str] = "HQ share"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._target: TargetDistribution | None = None
        self._real: ModeCoverage | None = None
        self._found: ModeCoverage | None = None
        self._verdict: Verdict | None = None
        self._n = 0
        self._y_range = StableRange(low=0.0, smallest=0.01)
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.7)
        self._due = pg.PlotCurveItem(connect="pairs")
        self._marked = pg.ScatterPlotItem(size=9, pxMode=True)
        self._strips = {name: pg.ImageItem() for name in _STRIPS}
        for item in (self._bars, *self._strips.values(), self._due, self._marked):
            self.plot.addItem(item)
        self._words = QLabel()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words.setContentsMargins(10, 0, 8, 0)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        column.insertWidget(1, self._words)
        self.set_theme(theme)
        self.clear()

    # what the window tells

    def show_target(self, target: TargetDistribution | None) -> None:
        """The target whose modes are meant, or None while there is none."""
        self._target, self._real = target, None
        self.clear()

    def show_frame(self, frame: Frame) -> None:
        """Look where the frame's generated samples lie."""
        target, points = self._target, frame.generated
        if target is None or target.modes is None or points is None or points.shape[1] != target.dimension:
            return
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            return
        # They take long to import, and no window needs them at its start.
        from ganstudio.metrics.coverage import mode_coverage
        from ganstudio.metrics.mode_verdicts import verdict, yardstick

        self._real = self._real or yardstick(target)
        self._found, self._n = mode_coverage(points, target), len(points)
        if self._found is not None and self._real is not None:
            self._verdict = verdict(self._found, self._real, self._n, target.dimension)
        self._redraw()

    def clear(self) -> None:
        """Nothing has been seen."""
        self._found = self._verdict = None
        self._n = 0
        self._y_range.reset()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self._words.setFont(tabular(self.font(), scale=TICK_SCALE))
        self._words.setStyleSheet(f"background: {theme.surface}; padding-top: 2px;")
        self._due.setPen(pg.mkPen(theme.real, width=2))
        self._redraw()

    # what the window asks

    def wanted_layers(self) -> tuple[Layer, ...]:
        """Generated samples, where there are modes at which they could be."""
        return ("generated",) if self._target is not None and self._target.modes is not None else ()

    def table(self) -> Table:
        """A row for each mode, counted from 1; NaN where too few samples are near it."""
        found = self._found
        if found is None:
            return HEADER, np.empty((0, len(HEADER)))
        columns = (found.sigma_ratios, found.offsets)
        rare = [[np.nan if value is None else value for value in column] for column in columns]
        modes = np.arange(1, found.total + 1)
        return HEADER, np.column_stack([modes, self._weights(), found.shares, found.counts, *rare]).astype(np.float64)

    def words(self) -> str:
        """The line under the header."""
        return self._words.text()

    # inside

    def _bottom_axis(self) -> PlotAxis:
        return ModeAxis("bottom", self.x_axis)

    def _weights(self) -> NDArray[np.float64]:
        target = self._target
        assert target is not None  # noqa: S101  # there are samples of it
        assert target.mode_weights is not None  # noqa: S101
        return target.mode_weights

    def _redraw(self) -> None:
        found, verdict = self._found, self._verdict
        nothing = "" if found is not None else WAITING
        if self._target is not None and self._target.modes is None:
            nothing = WITHOUT_MODES
        self._set_empty(nothing)
        few = found is not None and found.total <= MOST_BARS
        for item in (self._bars, self._due, self._marked):
            item.setVisible(found is not None and (few or item is self._marked))
        for item in self._strips.values():
            item.setVisible(found is not None and not few)
        self._words.setVisible(found is not None)
        if found is None or verdict is None:
            self._gutter.set_labels(())
            self._update_hover()
            return
        shares, weights = np.array(found.shares), self._weights()
        faulty = np.array([bool(faults) for faults in verdict.faults])
        top = self._draw_bars(shares, weights, faulty) if few else self._draw_strips(shares, weights)
        self._draw_marks(shares if few else np.full(found.total, _STRIPS["p_g"][2]), verdict, top)
        self._y.setStyle(showValues=few)
        self._y.set_name(self.y_axis if few else "share (shade)")
        self._x.set_name(f"{self.x_axis} (of {found.total})")
        self.view.setRange(xRange=(0.4, found.total + 0.6), yRange=(0.0, top), padding=0)
        self._show_words(found, verdict)
        self._update_hover()

    def _draw_bars(self, shares: NDArray[np.float64], weights: NDArray[np.float64], faulty: NDArray[np.bool_]) -> float:
        """Bars of p_g, lines of p_data; returns the end of the y axis."""
        theme = self._theme
        modes = np.arange(1, len(shares) + 1, dtype=np.float64)
        plain = pg.mkBrush(mixed(theme.generated, theme.surface, 0.25))
        faint = pg.mkBrush(mixed(theme.generated, theme.surface, 0.65))
        brushes = [faint if bad else plain for bad in faulty]
        pens = [pg.mkPen(theme.warning if bad else theme.generated, width=1) for bad in faulty]
        self._bars.setOpts(x=modes, height=shares, width=0.7, brushes=brushes, pens=pens)
        ends = np.stack([modes - 0.45, modes + 0.45], axis=1).ravel()
        self._due.setData(ends, np.repeat(weights, 2))
        self._gutter.set_labels([GutterLabel(float(np.median(weights)), "p_data", theme.real)])
        highest = max(float(weights.max()), float(np.sort(shares)[-2:].min()))
        return self._y_range.fit(0.0, (1 + 2 * _MARK) * max(highest, float(shares.max())))[1]

    def _draw_strips(self, shares: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
        theme = self._theme
        most = 2 * float(weights.max())
        labels = []
        for (name, (colour, low, high)), values in zip(_STRIPS.items(), (weights, shares), strict=True):
            ends = np.array([_channels(theme.surface), _channels(getattr(theme, colour))])
            ramp = np.stack([np.interp(np.linspace(0, 1, 256), (0, 1), ends[:, c]) for c in range(3)], axis=1)
            item = self._strips[name]
            item.setImage(values[:, None], levels=(0.0, most), autoLevels=False, lut=ramp.round().astype(np.uint8))
            item.setRect(QRectF(0.5, low, len(values), high - low))
            labels.append(GutterLabel((low + high) / 2, name, getattr(theme, colour)))
        self._gutter.set_labels(labels)
        return 1.0

    def _draw_marks(self, heights: NDArray[np.float64], verdict: Verdict, top: float) -> None:
        """A cross where a mode is missing, a triangle above one that something else is wrong with."""
        theme = self._theme
        modes = [mode for mode, faults in enumerate(verdict.faults) if faults]
        missing = set(verdict.modes("missing"))
        self._marked.setData(
            x=[mode + 1 for mode in modes],
            y=[min(heights[mode] + _MARK * top, top * (1 - _MARK / 2)) for mode in modes],
            symbol=["x" if mode in missing else "t" for mode in modes],
            brush=[pg.mkBrush(theme.error if mode in missing else theme.warning) for mode in modes],
            pen=pg.mkPen(None),
        )

    def _show_words(self, found: ModeCoverage, verdict: Verdict) -> None:
        """The line under the header, and whole sentences as its tooltip."""
        theme, real = self._theme, self._real
        assert real is not None  # noqa: S101  # the verdict is made with it
        perfect = _percent(real.hq_fraction)
        loud = f"⚠ {' · '.join(_said(verdict, perfect))}" if _said(verdict, perfect) else ""
        quiet = f"perfect sampler: HQ {perfect} · n = {self._n:,}"
        if loud and self._words.fontMetrics().horizontalAdvance(f"{loud} · {quiet}") > self.width() - 20:
            quiet = ""
        shown = [(loud, theme.warning), (quiet, theme.muted)]
        self._words.setText(" · ".join(f'<span style="color:{ink}">{text}</span>' for text, ink in shown if text))
        self._words.setToolTip(
            f"Of {self._n:,} generated samples {_percent(found.hq_fraction)} are high quality (within 3σ of a mode); "
            f"of a perfect sampler's it would be {perfect}. More is no triumph: it means narrowed clusters.\n"
            + "".join(f"{fault}: mode {_listed(verdict.modes(fault))}\n" for fault in _faults(verdict))
            + "Triangles mark modes that are thin, off centre or narrowed, crosses those that are missing."
        )

    def _latest(self) -> tuple[Readout, ...]:
        found = self._found
        if found is None:
            return ()
        total = f"{found.total}/{found.total}"
        ratio = f"{found.sigma_ratio:.2f}" if found.sigma_ratio is not None else NONE
        return (
            Readout("", f"{found.captured}/{found.total}", widest=total),
            Readout("HQ", _percent(found.hq_fraction), widest="100.0 %"),
            Readout("σ ratio", ratio, widest="0.00", short="σ"),
        )

    def _hovered(self, x: float) -> Hover | None:
        found, verdict = self._found, self._verdict
        if found is None or verdict is None:
            return None
        mode = int(np.clip(round(x) - 1, 0, found.total - 1))
        ratio, offset = found.sigma_ratios[mode], found.offsets[mode]
        words = [f"mode {mode + 1}", *verdict.faults[mode]]
        if ratio is not None and offset is not None:
            words.append(f"σ ratio {ratio:.2f}, off by {offset:.2f} σ")
        readouts = (
            Readout("target", _percent(float(self._weights()[mode])), "real", widest="100.0 %", short="p_data"),
            Readout("generated", _percent(found.shares[mode]), "generated", widest="100.0 %", short="p_g"),
        )
        return Hover(float(mode + 1), " · ".join(words), readouts)


def _faults(verdict: Verdict) -> tuple[Fault, ...]:
    """Those there are, gravest first."""
    from ganstudio.metrics.mode_verdicts import FAULTS  # imported already, see show_frame

    return tuple(fault for fault in FAULTS if verdict.modes(fault))


def _said(verdict: Verdict, perfect: str) -> list[str]:
    """What is wrong, in a few words each."""
    said = [f"HQ above a perfect {perfect}: narrowed clusters"] if verdict.too_good else []
    counted = [(len(verdict.modes(fault)), fault) for fault in _faults(verdict)]
    said += [f"{count} {fault}" for count, fault in counted if not (verdict.too_good and fault == "narrowed")]
    if verdict.narrowed is not None and not verdict.too_good and not verdict.modes("narrowed"):
        said.append(f"narrowed to {verdict.narrowed:.2f} σ")
    return said


def _listed(modes: tuple[int, ...]) -> str:
    shown = ", ".join(str(mode + 1) for mode in modes[:12])
    return shown + (" …" if len(modes) > 12 else "")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _channels(colour: str) -> tuple[int, int, int]:
    known = pg.mkColor(colour)
    return known.red(), known.green(), known.blue()
