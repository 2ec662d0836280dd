"""What every tool of the stage is, free of Qt: pointer events in data coordinates go in, paint commands come out."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ganstudio.experiment.painting import Extent, PaintCommand

LIMIT = 1e6
"""Coordinates of a painting lie within ± this."""


@dataclass(frozen=True)
class Pointer:
    """Where the mouse, pen or finger is, in data coordinates.

    ``pressure`` is in [0, 1], 1 for a mouse. ``reach`` is the length in data units within which a handle counts as
    hit: some pixels at the present zoom.
    """

    x: float
    y: float
    pressure: float = 1.0
    shift: bool = False
    alt: bool = False
    reach: float = 0.0

    def __post_init__(self) -> None:
        for name, low, high in (("x", -LIMIT, LIMIT), ("y", -LIMIT, LIMIT), ("pressure", 0.0, 1.0)):
            object.__setattr__(self, name, min(max(float(getattr(self, name)), low), high))

    @property
    def point(self) -> tuple[float, float]:
        return self.x, self.y

    def at(self, point: tuple[float, float]) -> Pointer:
        """The same pointer elsewhere."""
        return replace(self, x=point[0], y=point[1])


@dataclass(frozen=True)
class Settings:
    """What a person sets for the tools. ``size`` is the tip's σ in data units, ``strength`` is in (0, 1]."""

    size: float = 0.05
    strength: float = 0.5
    extent: Extent = field(default_factory=Extent)
    dimension: int = 2


@dataclass(frozen=True)
class Path:
    """A line of a preview through (x, y) points; ``subtle`` ones only guide."""

    points: tuple[tuple[float, float], ...]
    closed: bool = False
    subtle: bool = False


@dataclass(frozen=True)
class Preview:
    """What is shown of an unfinished gesture: lines, handles that can be grabbed, and a few words.

    ``command`` is what the gesture would do if it ended now.
    """

    command: PaintCommand | None = None
    paths: tuple[Path, ...] = ()
    handles: tuple[tuple[float, float], ...] = ()
    text: str = ""


class Tool(ABC):
    """A gesture of press, moves and release. One that gives a command has ended, and the tool is ready for the next."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    @property
    def settings(self) -> Settings:
        return self._settings()

    @property
    @abstractmethod
    def busy(self) -> bool:
        """Whether a gesture is unfinished."""

    @abstractmethod
    def press(self, pointer: Pointer) -> PaintCommand | None:
        """The button went down."""

    @abstractmethod
    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with the button down or up."""

    @abstractmethod
    def release(self, pointer: Pointer) -> PaintCommand | None:
        """The button went up."""

    def confirm(self) -> PaintCommand | None:
        """Enter or a double click: ends a gesture of several presses."""
        return None

    @abstractmethod
    def cancel(self) -> None:
        """Forget the unfinished gesture."""

    @abstractmethod
    def preview(self) -> Preview:
        """What to show of the unfinished gesture."""


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Between two points."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def squared(anchor: tuple[float, float], point: tuple[float, float]) -> tuple[float, float]:
    """The corner opposite to ``anchor`` that makes a square, in the direction of ``point``."""
    side = max(abs(point[0] - anchor[0]), abs(point[1] - anchor[1]))
    return (
        anchor[0] + math.copysign(side, point[0] - anchor[0]),
        anchor[1] + math.copysign(side, point[1] - anchor[1]),
    )


def at_45_degrees(anchor: tuple[float, float], point: tuple[float, float]) -> tuple[float, float]:
    """``point`` turned around ``anchor`` to the nearest multiple of 45°."""
    step = math.pi / 4
    angle = round(math.atan2(point[1] - anchor[1], point[0] - anchor[0]) / step) * step
    length = distance(anchor, point)
    return anchor[0] + length * math.cos(angle), anchor[1] + length * math.sin(angle)


def circle(centre: tuple[float, float], radius_x: float, radius_y: float | None = None) -> Path:
    """An ellipse as a closed line."""
    high = radius_x if radius_y is None else radius_y
    angles = (2 * math.pi * k / 64 for k in range(64))
    return Path(
        tuple((centre[0] + radius_x * math.cos(a), centre[1] + high * math.sin(a)) for a in angles), closed=True
    )
