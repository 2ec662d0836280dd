"""What lies over the plot while painting: the outline of the gesture, its handles, and the tip at the pointer."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

from ganstudio.ui.canvas.items import Cloud, Lines
from ganstudio.ui.canvas.stage_view import as_colour
from ganstudio.ui.canvas.tool import Path, Preview
from ganstudio.ui.theme import Theme

ABOVE_ALL = 100.0


class Overlay:
    """Drawn twice, wide in the surface's colour and thin in the accent's, so that it is seen over everything."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._under, self._guides, self._outline = Lines(ABOVE_ALL), Lines(ABOVE_ALL), Lines(ABOVE_ALL)
        self._tip_under, self._tip = Lines(ABOVE_ALL), Lines(ABOVE_ALL)
        self._handles = Cloud(ABOVE_ALL + 1, diameter=8.0, halo=1.5)
        self._text = pg.TextItem(anchor=(0, 1))
        self._text.setZValue(ABOVE_ALL + 2)
        self._text.hide()
        for item in (self._under, self._guides, self._outline, self._tip_under, self._tip, self._handles, self._text):
            plot.addItem(item, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        accent, surface = as_colour(theme.accent), as_colour(theme.surface, 200)
        self._under.set_pen(surface, 4.0)
        self._outline.set_pen(accent, 1.6)
        self._guides.set_pen(accent, 1.0, Qt.PenStyle.DashLine)
        self._tip_under.set_pen(surface, 3.0)
        self._tip.set_pen(as_colour(theme.text, 190), 1.2)
        self._handles.set_colours(as_colour(theme.surface), accent)
        self._text.setColor(as_colour(theme.text))
        self._text.fill = pg.mkBrush(as_colour(theme.surface, 220))

    def show_preview(self, preview: Preview, at: tuple[float, float]) -> None:
        """An unfinished gesture, with its words beside ``at``."""
        outline = _painter_path([path for path in preview.paths if not path.subtle])
        guides = _painter_path([path for path in preview.paths if path.subtle])
        everything = QPainterPath(outline)
        everything.addPath(guides)
        self._under.set_path(everything)
        self._outline.set_path(outline)
        self._guides.set_path(guides)
        self._handles.set_points(np.array(preview.handles) if preview.handles else None)
        self._text.setVisible(bool(preview.text))
        if preview.text:
            self._text.setText(f" {preview.text} ")
            self._text.setPos(*at)

    def show_tip(self, outline: tuple[Path, ...]) -> None:
        """Where the tip would paint; nothing shows none."""
        path = _painter_path(list(outline))
        self._tip_under.set_path(path)
        self._tip.set_path(path)


def _painter_path(paths: list[Path]) -> QPainterPath:
    drawn = QPainterPath()
    for path in paths:
        drawn.moveTo(*path.points[0])
        for point in path.points[1:]:
            drawn.lineTo(*point)
        if path.closed:
            drawn.closeSubpath()
    return drawn
