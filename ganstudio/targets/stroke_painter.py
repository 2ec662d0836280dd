"""A stroke while it is being drawn."""

from __future__ import annotations

import numpy as np

from ganstudio.experiment.painting import MAX_POINTS
from ganstudio.targets.canvas import Canvas, Region
from ganstudio.targets.commands import Stroke, tip_of

FARTHEST = 1e6  #: coordinates of a stroke's points lie within ± this


class StrokePainter:
    """Shows a stroke as it grows, each point costing only its own piece.

    ``command`` is the stroke so far, and what is to be applied when the mouse is released; the preview equals that
    up to float32 rounding.
    """

    def __init__(self, canvas: Canvas, stroke: Stroke) -> None:
        """Begin on ``canvas`` with ``stroke``, of which there is at least the point where the mouse went down.

        Raises:
            UserError: on a 1-D canvas there is no spray.
        """
        self._base = canvas
        self._stroke = stroke
        self._points = list(stroke.points)
        self._tip, self._compose = tip_of(stroke, canvas)
        self._preview = canvas.density.copy()
        self._moving = canvas.everywhere  # where the present end lies, which the next point moves away
        self._extend(stroke.points[1:], canvas.everywhere)

    def add(self, x: float, y: float, pressure: float = 1.0) -> Region:
        """Go on to a point; returns the cells whose ink changed."""
        point = (
            min(max(float(x), -FARTHEST), FARTHEST),
            min(max(float(y), -FARTHEST), FARTHEST),
            min(max(float(pressure), 0.0), 1.0),
        )
        self._points.append(point)
        return self._extend((point,), self._moving)

    @property
    def canvas(self) -> Canvas:
        """The painting with the stroke so far."""
        return Canvas(self._preview.copy(), self._base.extent, self._base.dimension)

    @property
    def command(self) -> Stroke:
        """The stroke so far as a command. Of a stroke with too many points for one every second is left out."""
        points = self._points
        while len(points) > MAX_POINTS:
            points = [*points[:-1:2], points[-1]]
        return self._stroke.model_copy(update={"points": tuple(points)})

    def _extend(self, points: tuple[tuple[float, float, float], ...], stale: Region) -> Region:
        changed = stale
        if points:
            changed = changed.union(self._tip.extend(np.array(points, dtype=np.float64)))
        field = self._tip.settled.copy()
        self._moving = self._tip.end(field)
        changed = changed.union(self._moving)
        part = changed.slices
        self._preview[part] = self._compose(self._base.density[part], field[part])
        return changed
