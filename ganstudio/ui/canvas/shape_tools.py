"""Tools that lay down a shape: line, rectangle, ellipse, polygon, gaussian blob."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from ganstudio.experiment.painting import (
    MAX_POINTS,
    Ellipse,
    GaussianBlob,
    PaintCommand,
    Polygon,
    Rectangle,
    StraightLine,
)
from ganstudio.ui.canvas.tool import (
    Path,
    Pointer,
    Preview,
    Settings,
    Tool,
    at_45_degrees,
    circle,
    distance,
    squared,
)

Point = tuple[float, float]


class DragTool(Tool):
    """A shape between where the button went down and where it goes up; a click alone makes none."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        super().__init__(settings)
        self._start: Point | None = None
        self._end: Point = (0.0, 0.0)

    @property
    def busy(self) -> bool:
        return self._start is not None

    def press(self, pointer: Pointer) -> PaintCommand | None:
        self._start = self._end = pointer.point
        return None

    def move(self, pointer: Pointer) -> None:
        if self._start is not None:
            self._end = self._constrained(self._start, pointer.point) if pointer.shift else pointer.point

    def release(self, pointer: Pointer) -> PaintCommand | None:
        self.move(pointer)
        command = self._finished()
        self.cancel()
        return command

    def cancel(self) -> None:
        self._start = None

    def preview(self) -> Preview:
        if self._start is None or self._start == self._end:
            return Preview()
        return self._preview(self._start, self._end, self._finished())

    def _finished(self) -> PaintCommand | None:
        if self._start is None or self._start == self._end:
            return None
        return self._command(self._start, self._end)

    def _constrained(self, start: Point, end: Point) -> Point:
        return squared(start, end)

    @abstractmethod
    def _command(self, start: Point, end: Point) -> PaintCommand | None:
        """The shape between two different points."""

    @abstractmethod
    def _preview(self, start: Point, end: Point, command: PaintCommand | None) -> Preview:
        """The shape's outline."""


class LineTool(DragTool):
    """A straight soft line; Shift keeps to multiples of 45°."""

    def _constrained(self, start: Point, end: Point) -> Point:
        return at_45_degrees(start, end)

    def _command(self, start: Point, end: Point) -> PaintCommand:
        return StraightLine(start=start, end=end, size=self.settings.size, strength=self.settings.strength)

    def _preview(self, start: Point, end: Point, command: PaintCommand | None) -> Preview:
        return Preview(command, (Path((start, end)),))


class RectangleTool(DragTool):
    """A filled rectangle; Shift makes a square."""

    def _command(self, start: Point, end: Point) -> PaintCommand | None:
        if start[0] == end[0] or (start[1] == end[1] and self.settings.dimension == 2):
            return None
        return Rectangle(corner=start, opposite=end, strength=self.settings.strength)

    def _preview(self, start: Point, end: Point, command: PaintCommand | None) -> Preview:
        return Preview(
            command, (rectangle(start, end),), text=f"{abs(end[0] - start[0]):.2f} × {abs(end[1] - start[1]):.2f}"
        )


class EllipseTool(DragTool):
    """A filled ellipse; Shift makes a circle."""

    def _command(self, start: Point, end: Point) -> PaintCommand | None:
        if start[0] == end[0] or start[1] == end[1]:
            return None
        return Ellipse(corner=start, opposite=end, strength=self.settings.strength)

    def _preview(self, start: Point, end: Point, command: PaintCommand | None) -> Preview:
        centre = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        wide, high = abs(end[0] - start[0]), abs(end[1] - start[1])
        return Preview(command, (circle(centre, wide / 2, high / 2),), text=f"{wide:.2f} × {high:.2f}")


class BlobTool(DragTool):
    """A gaussian: pressed at its centre, dragged to its σ. A click takes the brush's size as σ."""

    def release(self, pointer: Pointer) -> PaintCommand | None:
        self.move(pointer)
        start, end = self._start, self._end
        self.cancel()
        return None if start is None else self._command(start, end)

    def _constrained(self, start: Point, end: Point) -> Point:
        return end

    def _command(self, start: Point, end: Point) -> PaintCommand:
        sigma = self._sigma(start, end) or self.settings.size
        return GaussianBlob(centre=start, sigma=sigma, strength=self.settings.strength)

    def _preview(self, start: Point, end: Point, command: PaintCommand | None) -> Preview:
        sigma = self._sigma(start, end)
        two_sigma = circle(start, 2 * sigma)
        return Preview(
            command,
            (circle(start, sigma), Path(two_sigma.points, closed=True, subtle=True)),
            handles=(start,),
            text=f"σ = {sigma:.3f}",
        )

    def _sigma(self, start: Point, end: Point) -> float:
        return distance(start, end) if self.settings.dimension == 2 else abs(end[0] - start[0])


class PolygonTool(Tool):
    """A filled polygon: a click for each corner; a click on the first, Enter or a double click closes it."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        super().__init__(settings)
        self._vertices: list[Point] = []
        self._at: Point = (0.0, 0.0)

    @property
    def busy(self) -> bool:
        return bool(self._vertices)

    def press(self, pointer: Pointer) -> PaintCommand | None:
        self.move(pointer)
        if len(self._vertices) >= 3 and distance(self._at, self._vertices[0]) <= pointer.reach:
            return self.confirm()
        if len(self._vertices) < MAX_POINTS and (not self._vertices or self._at != self._vertices[-1]):
            self._vertices.append(self._at)
        return None

    def move(self, pointer: Pointer) -> None:
        constrained = pointer.shift and self._vertices
        self._at = at_45_degrees(self._vertices[-1], pointer.point) if constrained else pointer.point

    def release(self, pointer: Pointer) -> PaintCommand | None:
        return None

    def confirm(self) -> PaintCommand | None:
        command = self._polygon(self._vertices)
        if command is not None:
            self.cancel()
        return command

    def cancel(self) -> None:
        self._vertices = []

    def preview(self) -> Preview:
        if not self._vertices:
            return Preview()
        outline = [*self._vertices, self._at]
        return Preview(
            self._polygon(outline),
            (Path(tuple(outline)), Path((self._at, self._vertices[0]), subtle=True)),
            handles=tuple(self._vertices),
            text="" if len(self._vertices) < 3 else "Enter closes",
        )

    def _polygon(self, vertices: list[Point]) -> PaintCommand | None:
        if len(set(vertices)) < 3:
            return None
        return Polygon(vertices=tuple(vertices), strength=self.settings.strength)


def rectangle(corner: Point, opposite: Point) -> Path:
    """A rectangle as a closed line."""
    return Path((corner, (opposite[0], corner[1]), opposite, (corner[0], opposite[1])), closed=True)
