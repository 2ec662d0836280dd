"""Paint commands on a canvas: pure and invertible. How ink adds up is said in :mod:`ganstudio.targets.ink`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment import painting as paint
from ganstudio.experiment.painting import PaintCommand
from ganstudio.targets import figures
from ganstudio.targets.canvas import NOWHERE, Canvas, Ink, Region
from ganstudio.targets.ink import Compose, erased, painted
from ganstudio.targets.resampling import averaged, lifted_region, transformed
from ganstudio.targets.strokes import SoftTip, SprayTip, stamp, visible


@dataclass(frozen=True, eq=False)
class Inverse:
    """What a command has painted over: the cells it touched, and the ink that was there."""

    region: Region
    values: Ink

    @property
    def nbytes(self) -> int:
        return self.values.nbytes


class Change(NamedTuple):
    """New ink for a region."""

    region: Region
    values: Ink


Stroke = paint.BrushStroke | paint.EraserStroke | paint.SprayStroke


def apply(command: PaintCommand, canvas: Canvas) -> tuple[Canvas, Inverse]:
    """The canvas after ``command``, and what takes it back, bit for bit.

    Raises:
        UserError: the command has no meaning on a canvas of this dimension.
    """
    _refuse_meaningless(command, canvas)
    region, values = COMMANDS[type(command)](command, canvas)
    return canvas.replaced(region, values), Inverse(region, canvas.density[region.slices].copy())


def revert(inverse: Inverse, canvas: Canvas) -> Canvas:
    """The canvas before the command that gave ``inverse``; ``canvas`` must be the one after it."""
    return canvas.replaced(inverse.region, inverse.values)


def tip_of(stroke: Stroke, canvas: Canvas) -> tuple[SoftTip | SprayTip, Compose]:
    """The tip of a stroke, standing at its first point, and how its ink is laid down.

    Raises:
        UserError: there is no such stroke on a canvas of this dimension.
    """
    _refuse_meaningless(stroke, canvas)
    start = stroke.points[0]
    if isinstance(stroke, paint.SprayStroke):
        return SprayTip(canvas, stroke.size, stroke.strength, start, stroke.seed), painted
    compose = erased if isinstance(stroke, paint.EraserStroke) else painted
    return SoftTip(canvas, stroke.size, stroke.strength, start), compose


def _refuse_meaningless(command: PaintCommand, canvas: Canvas) -> None:
    refused = _MEANINGLESS[canvas.dimension].get(type(command))
    if refused is not None:
        raise UserError(refused, field="target.commands")


def _stroke(command: Stroke, canvas: Canvas) -> Change:
    tip, compose = tip_of(command, canvas)
    if len(command.points) > 1:
        tip.extend(np.array(command.points[1:], dtype=np.float64))
    tip.end(tip.settled)
    return _composed(canvas, tip.settled, compose)


def _line(command: paint.StraightLine, canvas: Canvas) -> Change:
    points = ((*command.start, 1.0), (*command.end, 1.0))
    return _stroke(paint.BrushStroke(points=points, size=command.size, strength=command.strength), canvas)


def _rectangle(command: paint.Rectangle, canvas: Canvas) -> Change:
    return _composed(canvas, command.strength * figures.rectangle(canvas, command.corner, command.opposite))


def _ellipse(command: paint.Ellipse, canvas: Canvas) -> Change:
    return _composed(canvas, command.strength * figures.ellipse(canvas, command.corner, command.opposite))


def _polygon(command: paint.Polygon, canvas: Canvas) -> Change:
    return _composed(canvas, command.strength * figures.polygon(canvas, np.array(command.vertices)))


def _blob(command: paint.GaussianBlob, canvas: Canvas) -> Change:
    field = np.zeros(canvas.density.shape)
    stamp(field, canvas, np.array([command.centre]), np.array([command.strength]), visible(command.sigma, canvas))
    return _composed(canvas, field)


def _fill(command: paint.Fill, canvas: Canvas) -> Change:
    return _composed(canvas, np.full(canvas.density.shape, command.strength))


def _clear(command: paint.Clear, canvas: Canvas) -> Change:
    return Change(canvas.everywhere, np.zeros_like(canvas.density))


def _transform(command: paint.Transform, canvas: Canvas) -> Change:
    if canvas.dimension == 1 and command.angle != 0:
        raise UserError("a 1-D painting cannot be turned", field="target.commands")
    region = lifted_region(canvas, command.region)
    if region.is_empty or (command.shift == (0.0, 0.0) and command.scale == 1 and command.angle == 0):
        return Change(NOWHERE, canvas.density[NOWHERE.slices])
    rest = canvas.density.copy()
    rest[region.slices] = 0
    return Change(canvas.everywhere, painted(rest, transformed(canvas, region, command)))


def _stamp(command: paint.Stamp, canvas: Canvas) -> Change:
    raster = command.raster.array()
    full = {"uint8": 255.0, "uint16": 65535.0}.get(command.raster.dtype, 1.0)
    shares = np.nan_to_num(raster.astype(np.float64) / full, nan=0.0).clip(0, 1)
    return _composed(canvas, averaged(shares, *canvas.density.shape))


def _curve(command: paint.Curve, canvas: Canvas) -> Change:
    """Each piece of the drag sets the cells whose middles it passes, a later piece over an earlier one."""
    drag = np.array(command.points, dtype=np.float64)
    heights = ((drag[:, 1] - canvas.extent.y_min) / canvas.extent.height).clip(0, 1)
    centres = canvas.x_centres()
    ink = canvas.density[0].astype(np.float64)
    first = np.searchsorted(centres, np.minimum(drag[:-1, 0], drag[1:, 0]), side="left")
    behind = np.searchsorted(centres, np.maximum(drag[:-1, 0], drag[1:, 0]), side="right")
    for piece in np.flatnonzero(behind > first):
        cells = slice(first[piece], behind[piece])
        ends = [piece, piece + 1] if drag[piece, 0] <= drag[piece + 1, 0] else [piece + 1, piece]
        ink[cells] = np.interp(centres[cells], drag[ends, 0], heights[ends])
    last = (drag[-1, 0] - canvas.extent.x_min) / canvas.cell[0]
    if not (behind > first).any() and 0 <= last < len(ink):  # a drag within one cell
        ink[int(last)] = heights[-1]
    return _trimmed(canvas, ink[None].astype(np.float32))


def _composed(canvas: Canvas, coverage: NDArray[np.float64], compose: Compose = painted) -> Change:
    """The change that ``coverage`` (ny, nx) makes, within the rectangle in which there is any."""
    rows, columns = np.flatnonzero(coverage.any(axis=1)), np.flatnonzero(coverage.any(axis=0))
    if len(rows) == 0:
        return Change(NOWHERE, canvas.density[NOWHERE.slices])
    region = Region(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    return Change(region, compose(canvas.density[region.slices], coverage[region.slices]))


def _trimmed(canvas: Canvas, density: Ink) -> Change:
    changed = np.flatnonzero((density != canvas.density).any(axis=0))
    if len(changed) == 0:
        return Change(NOWHERE, canvas.density[NOWHERE.slices])
    region = Region(0, len(density), int(changed[0]), int(changed[-1]) + 1)
    return Change(region, density[region.slices])


COMMANDS: dict[type[Any], Callable[[Any, Canvas], Change]] = {
    paint.BrushStroke: _stroke,
    paint.EraserStroke: _stroke,
    paint.SprayStroke: _stroke,
    paint.StraightLine: _line,
    paint.Rectangle: _rectangle,
    paint.Ellipse: _ellipse,
    paint.Polygon: _polygon,
    paint.GaussianBlob: _blob,
    paint.Transform: _transform,
    paint.Fill: _fill,
    paint.Clear: _clear,
    paint.Stamp: _stamp,
    paint.Curve: _curve,
}

_MEANINGLESS: dict[int, dict[type[Any], str]] = {
    1: {
        kind: f"{name} has no meaning in a 1-D painting: draw a curve, or use the brush, the eraser or a rectangle"
        for kind, name in (
            (paint.SprayStroke, "spray"),
            (paint.StraightLine, "a straight line"),
            (paint.Ellipse, "an ellipse"),
            (paint.Polygon, "a polygon"),
        )
    },
    2: {paint.Curve: "a density curve has no meaning in a 2-D painting: use the brush"},
}
