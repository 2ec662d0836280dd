"""Names beside the curves of the line, each at a place of its own so that they do not cover one another."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from ganstudio.ui.canvas.polylines import Floats
from ganstudio.ui.theme import Theme

FLANK = 0.62
"""Of a density's peak: so high its name stands, p_data's to the left of it and p_g's to the right."""
NEAR_TOP = 0.85
"""Of the axis of D: above it the name of a curve stands under it."""
LABELS = {
    "density": ("p_data", "real"),
    "generated": ("p_g", "generated"),
    "field": ("D", "discriminator"),
    "optimal": ("D*", "text"),
}
"""The text and the theme's colour of each layer's label."""
SUBSCRIPT = "<span style='font-size: 80%; vertical-align: sub'>{}</span>"


class CurveLabels:
    """Labels of densities over ``plot``, of probabilities over ``probability``; each follows its layer."""

    def __init__(self, plot: pg.PlotItem, probability: pg.ViewBox) -> None:
        self._items: dict[str, pg.TextItem] = {}
        self._visible: set[str] = set()
        self._placed: set[str] = set()
        self._cut = pg.TextItem(anchor=(0.5, 0))
        self._cut.setZValue(20)
        self._cut.hide()
        anchors = {"density": (1, 0.5), "generated": (0, 0.5), "field": (1, 1), "optimal": (0, 1)}
        for name, anchor in anchors.items():
            item = pg.TextItem(anchor=anchor)
            item.setZValue(20)
            item.hide()
            (plot if name in ("density", "generated") else probability).addItem(item, ignoreBounds=True)
            self._items[name] = item
        plot.addItem(self._cut, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        behind = QColor(theme.surface)
        behind.setAlpha(150)
        for name, item in self._items.items():
            text, colour = LABELS[name]
            first, _, below = text.partition("_")
            item.setHtml(
                f"<i style='color: {getattr(theme, colour)}'>{first}</i>"
                + (f"<span style='color: {getattr(theme, colour)}'>{SUBSCRIPT.format(below)}</span>" if below else "")
            )
            item.fill = pg.mkBrush(behind)
        self._cut.setColor(QColor(theme.generated))
        self._cut.fill = pg.mkBrush(theme.surface)

    def set_visible(self, names: set[str]) -> None:
        """The layers that are shown."""
        self._visible = names
        self._show()

    def place_density(self, name: str, x: Floats, y: Floats | None, top: float) -> None:
        """Beside the flank of a density, (n,) each, that is seen up to ``top``; None for one that is not there."""
        if y is None or not len(y) or not np.nanmax(y) > 0:
            self._place(name, None)
            return
        height = FLANK * min(float(np.nanmax(y)), top)
        high = np.flatnonzero(y >= height)
        self._place(name, (float(x[high[0] if name == "density" else high[-1]]), height))

    def place_probability(self, name: str, x: Floats, y: Floats | None) -> None:
        """At the right end of D and at the left one of D*, where there is a value."""
        known = np.flatnonzero(np.isfinite(y)) if y is not None else np.empty(0, int)
        if y is None or not len(known):
            self._place(name, None)
            return
        at = known[-1] if name == "field" else known[0]
        # Above the curve, but below one that runs along the top.
        self._items[name].setAnchor((1 if name == "field" else 0, 0 if y[at] > NEAR_TOP else 1))
        self._place(name, (float(x[at]), float(y[at])))

    def show_cut(self, peak: float, x: float, top: float) -> None:
        """Say that p_g goes on beyond the top of the plot, and how far; a ``peak`` below it says nothing."""
        cut = peak > top and "generated" in self._visible
        if cut:
            self._cut.setText(f"▲ p_g peaks at {peak:,.3g}")
            self._cut.setPos(x, top)
        self._cut.setVisible(cut)

    def text(self, name: str) -> str:
        """What stands beside a layer's curve now, or nothing; ``cut`` is what is said of a p_g that is cut off."""
        item = self._cut if name == "cut" else self._items[name]
        return str(item.toPlainText()) if item.isVisible() else ""

    def _place(self, name: str, at: tuple[float, float] | None) -> None:
        if at is None:
            self._placed.discard(name)
        else:
            self._placed.add(name)
            self._items[name].setPos(*at)
        self._show()

    def _show(self) -> None:
        for name, item in self._items.items():
            item.setVisible(name in self._visible and name in self._placed)
        if "generated" not in self._visible:
            self._cut.hide()
