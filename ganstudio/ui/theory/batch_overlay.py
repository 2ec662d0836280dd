"""The batch of a slow walk on the stage, over its layers: where it lies, where D pulls it, where it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

from ganstudio.ui.canvas.items import Cloud, Lines
from ganstudio.ui.canvas.polylines import arrows, flat_arrows, joined
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.batch_picture import Floats, Picture

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage

ABOVE = 30
"""Above the layers of the stage."""
DIAMETER, RIM = 5.6, 1.3
ARROW = 0.07
"""Length of a usual arrow, as a share of the view's shorter side: as the stage draws gradients."""
HEAD = 0.012
"""On the line: half the width of an arrow's head, on the axis of D."""

NO_LINES = np.empty((0, 4))


class BatchOverlay:
    """Items of its own in the stage's plot: large dots with a rim, to be told from the samples drawn for looking.

    On the line each side has a row below the curves; what D has judged lies at its answer as well, on D's own axis.
    """

    def __init__(self, stage: Stage, theme: Theme) -> None:
        self._stage = stage
        self._picture: Picture | None = None
        self._dimension = 2
        self.clouds = {side: Cloud(ABOVE, DIAMETER, RIM) for side in ("real", "generated")}
        self.lines, self.arrows = Lines(ABOVE - 1), Lines(ABOVE + 1)
        for item in (*self.clouds.values(), self.lines, self.arrows):
            stage.view.plotItem.addItem(item, ignoreBounds=True)
        self.rows = {side: Cloud(ABOVE, DIAMETER, RIM) for side in ("real", "generated")}
        self.judged = {side: Cloud(ABOVE, DIAMETER, RIM) for side in ("real", "generated")}
        self.moves, self.pulls = Lines(ABOVE - 1), Lines(ABOVE + 1)
        # On the axis of D heights are shares of the plot's, whatever the densities: rows below 0 keep their place.
        for item in (*self.rows.values(), *self.judged.values(), self.moves, self.pulls):
            stage.view.probability.addItem(item, ignoreBounds=True)
        stage.layers_changed.connect(self._draw)  # they may have moved the rows
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        for clouds in (self.clouds, self.rows, self.judged):
            for side, cloud in clouds.items():
                cloud.set_colours(QColor(getattr(theme, side)), QColor(theme.text))
        for lines, pulls in ((self.lines, self.arrows), (self.moves, self.pulls)):
            lines.set_pen(QColor(theme.text), 1.2)
            pulls.set_pen(QColor(theme.generator), 1.8)

    def show_picture(self, picture: Picture | None, *, dimension: int) -> None:
        """Show this line's points; None shows nothing, and neither do latents."""
        self._picture, self._dimension = picture, dimension
        self._stage.make_room(batch=picture is not None and dimension == 1)
        self._draw()

    def _draw(self) -> None:
        shown = self._picture if self._picture is not None and self._picture.space == "data" else None
        self._draw_plane(shown if self._dimension == 2 else None)
        self._draw_line(shown if self._dimension == 1 else None)
        # Pens reach beyond the items' bounds: without this their rims would stay on a stage that rests.
        self._stage.view.viewport().update()

    def _draw_plane(self, shown: Picture | None) -> None:
        solid = () if shown is None else tuple(one for one in shown.dots if not one.hollow)
        _show(self.clouds, {one.side: one.points for one in solid})
        moves, pulls = (NO_LINES, NO_LINES) if shown is None else (shown.lines, shown.arrows)
        _show_lines(self.lines, moves)
        x_min, x_max, y_min, y_max = self._stage.view_rectangle()
        drawn = arrows(pulls, ARROW * min(x_max - x_min, y_max - y_min))
        self.arrows.setVisible(len(drawn.x) > 0)
        self.arrows.set_line(drawn.x, drawn.y)

    def _draw_line(self, shown: Picture | None) -> None:
        solid = () if shown is None else tuple(one for one in shown.dots if not one.hollow)
        heights = dict(zip(("real", "generated"), self._stage.line.strip.batch, strict=True))
        rows: dict[str, Floats] = {
            one.side: np.column_stack([one.points[:, 0], np.full(len(one.points), heights[one.side])])
            for one in solid
            if one.side in heights
        }
        _show(self.rows, rows)
        _show(self.judged, {one.side: one.points for one in solid if one.judged is not None})
        moves, pulls = (NO_LINES, NO_LINES) if shown is None else (shown.lines, shown.arrows)
        _show_lines(self.moves, moves)
        x_min, x_max, _, _ = self._stage.view_rectangle()
        drawn = flat_arrows(pulls[:, 0], pulls[:, 2], pulls[:, 1], ARROW * (x_max - x_min), HEAD)
        self.pulls.setVisible(len(drawn.x) > 0)
        self.pulls.set_line(drawn.x, drawn.y)


def _show(clouds: dict[str, Cloud], points: dict[str, Floats]) -> None:
    for side, cloud in clouds.items():
        cloud.setVisible(side in points)
        cloud.set_points(points.get(side))


def _show_lines(item: Lines, lines: Floats) -> None:
    item.setVisible(len(lines) > 0)
    item.set_line(*joined(lines.reshape(-1, 2, 2)))
