"""A painting as commands: what a person did on the stage, in data coordinates, replayable.

The raster that these commands make, and the inverse of each, is computed in :mod:`ganstudio.targets.painting`.
A command that needs randomness carries its own seed, so a painting is the same wherever it is replayed.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.setting import Record, setting

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6)]
Point = tuple[Coordinate, Coordinate]
Pressure = Annotated[float, Field(ge=0, le=1)]
Length = Annotated[float, Field(gt=0, le=1e6)]
Strength = Annotated[float, Field(gt=0, le=1)]
MAX_POINTS = 20_000
MAX_COMMANDS = 20_000


SMALLEST = 1e-6  #: side of an extent, data units


def _bound(default: float, label: str, help: str) -> float:
    # Wider than coordinates: an extent leaves a margin around its points.
    return setting(default, label=label, help=help, unit="data units", ge=-1e7, le=1e7)  # type: ignore[no-any-return]


class Extent(Record):
    """The rectangle of the plane in which a target lives; a 1-D target uses x alone."""

    x_min: float = _bound(-1.5, "Left", "x at which it begins")
    x_max: float = _bound(1.5, "Right", "x at which it ends")
    y_min: float = _bound(-1.5, "Bottom", "y at which it begins")
    y_max: float = _bound(1.5, "Top", "y at which it ends")

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not (self.width >= SMALLEST and self.height >= SMALLEST):
            raise ValueError(f"the extent is empty: each minimum must be below its maximum by at least {SMALLEST}")
        return self

    @property
    def width(self) -> float:
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        return self.y_max - self.y_min


class BrushStroke(Record):
    """A soft brush: adds a gaussian of density along the path, whatever the speed of the mouse was."""

    kind: Literal["brush"] = "brush"
    points: tuple[tuple[Coordinate, Coordinate, Pressure], ...] = Field(min_length=1, max_length=MAX_POINTS)
    size: Length  #: standard deviation of the tip, data units
    strength: Strength = 0.5


class EraserStroke(Record):
    """Takes density away along the path, with the brush's soft tip."""

    kind: Literal["eraser"] = "eraser"
    points: tuple[tuple[Coordinate, Coordinate, Pressure], ...] = Field(min_length=1, max_length=MAX_POINTS)
    size: Length
    strength: Strength = 1.0


class SprayStroke(Record):
    """Scatters dots within a radius of the path."""

    kind: Literal["spray"] = "spray"
    points: tuple[tuple[Coordinate, Coordinate, Pressure], ...] = Field(min_length=1, max_length=MAX_POINTS)
    size: Length
    strength: Strength = 0.5
    seed: int = Field(default=0, ge=0, lt=2**63)


class StraightLine(Record):
    """A straight soft line between two points."""

    kind: Literal["line"] = "line"
    start: Point
    end: Point
    size: Length
    strength: Strength = 0.5


class Rectangle(Record):
    """A filled, axis-aligned rectangle between two corners."""

    kind: Literal["rectangle"] = "rectangle"
    corner: Point
    opposite: Point
    strength: Strength = 0.5


class Ellipse(Record):
    """A filled ellipse inside the rectangle between two corners."""

    kind: Literal["ellipse"] = "ellipse"
    corner: Point
    opposite: Point
    strength: Strength = 0.5


class Polygon(Record):
    """A filled polygon, even-odd."""

    kind: Literal["polygon"] = "polygon"
    vertices: tuple[Point, ...] = Field(min_length=3, max_length=MAX_POINTS)
    strength: Strength = 0.5


class GaussianBlob(Record):
    """A gaussian of chosen σ."""

    kind: Literal["blob"] = "blob"
    centre: Point
    sigma: Length
    strength: Strength = 1.0


class Transform(Record):
    """Moves, scales and rotates the density inside a rectangle, or all of it; it adds to what lies where it lands.

    x ↦ centre + R(angle)·scale·(x − centre) + shift, where the centre is the region's.
    """

    kind: Literal["transform"] = "transform"
    region: tuple[Point, Point] | None = None  #: two corners; None is the whole painting
    shift: Point = (0.0, 0.0)
    scale: Annotated[float, Field(ge=0.01, le=100)] = 1.0
    angle: Annotated[float, Field(ge=-1000, le=1000)] = 0.0  #: radians, counter-clockwise


class Fill(Record):
    """Adds the same density everywhere."""

    kind: Literal["fill"] = "fill"
    strength: Strength = 0.5


class Clear(Record):
    """Empties the painting."""

    kind: Literal["clear"] = "clear"


class Stamp(Record):
    """Adds a raster over the whole extent, row 0 at the bottom: how an image enters a painting."""

    kind: Literal["stamp"] = "stamp"
    raster: ArrayText

    @model_validator(mode="after")
    def _is_a_raster(self) -> Self:
        if len(self.raster.shape) != 2 or not all(1 <= size <= 1024 for size in self.raster.shape):
            raise ValueError("a stamp needs a raster of at most 1024 × 1024 cells")
        return self


class Curve(Record):
    """1-D only: the density along x follows this curve between its first and last x; heights of at least 0."""

    kind: Literal["curve"] = "curve"
    points: tuple[Point, ...] = Field(min_length=2, max_length=MAX_POINTS)


PaintCommand = Annotated[
    BrushStroke
    | EraserStroke
    | SprayStroke
    | StraightLine
    | Rectangle
    | Ellipse
    | Polygon
    | GaussianBlob
    | Transform
    | Fill
    | Clear
    | Stamp
    | Curve,
    Field(discriminator="kind"),
]
