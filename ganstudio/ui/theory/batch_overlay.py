"""The batch of a slow walk on the stage, over its layers: where it lies, where D pulls it, where it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

from ganstudio.ui.canvas.items import Cloud, Lines
from ganstudio.ui.canvas.polylines import arrows, joined
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.batch_picture import Floats, Picture

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage

ABOVE = 30
"""Above the layers of the stage."""
DIAMETER, RIM = 5.6, 1.3
ARROW = 0.07
"""Length of a usual arrow, as a share of the view's shorter side: as the stage draws gradients."""


class BatchOverlay:
    """Items of its own in the stage's plot: large dots with a rim, to be told from the samples drawn for looking."""

    def __init__(self, stage: Stage, theme: Theme) -> None:
        self._stage = stage
        self.clouds = {side: Cloud(ABOVE, DIAMETER, RIM) for side in ("real", "generated")}
        self.lines, self.arrows = Lines(ABOVE - 1), Lines(ABOVE + 1)
        for item in (*self.clouds.values(), self.lines, self.arrows):
            stage.view.plotItem.addItem(item, ignoreBounds=True)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        for side, cloud in self.clouds.items():
            cloud.set_colours(QColor(getattr(theme, side)), QColor(theme.text))
        self.lines.set_pen(QColor(theme.text), 1.2)
        self.arrows.set_pen(QColor(theme.generator), 1.8)

    def show_picture(self, picture: Picture | None, *, dimension: int) -> None:
        """Show this line's points; None, latents and 1-D data show nothing."""
        shown = picture if picture is not None and picture.space == "data" and dimension == 2 else None
        solid = () if shown is None else tuple(one for one in shown.dots if not one.hollow)
        dots: dict[str, Floats] = {one.side: one.points for one in solid}
        for side, cloud in self.clouds.items():
            cloud.setVisible(side in dots)
            cloud.set_points(dots.get(side))
        none = np.empty((0, 4))
        lines, directions = (none, none) if shown is None else (shown.lines, shown.arrows)
        self.lines.setVisible(len(lines) > 0)
        self.lines.set_line(*joined(lines.reshape(-1, 2, 2)))
        x_min, x_max, y_min, y_max = self._stage.view_rectangle()
        drawn = arrows(directions, ARROW * min(x_max - x_min, y_max - y_min))
        self.arrows.setVisible(len(drawn.x) > 0)
        self.arrows.set_line(drawn.x, drawn.y)
        # Pens reach beyond the items' bounds: without this their rims would stay on a stage that rests.
        self._stage.view.viewport().update()
