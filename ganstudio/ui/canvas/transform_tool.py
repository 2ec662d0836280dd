"""Select, then move, scale and rotate what was painted: a region of it, or all."""

from __future__ import annotations

import math
from collections.abc import Callable

from ganstudio.experiment.painting import PaintCommand, Transform
from ganstudio.ui.canvas.shape_tools import rectangle
from ganstudio.ui.canvas.tool import Path, Pointer, Preview, Settings, Tool, distance, squared

Point = tuple[float, float]
ROTATION_HANDLE = 0.08
"""How far above the box the handle for turning stands, as a share of the extent's height."""
SMALLEST_SCALE, LARGEST_SCALE = 0.01, 100.0


class TransformTool(Tool):
    """Drag a frame around something, then drag inside to move it, a corner to scale, the upper handle to turn.

    With nothing framed the box is the whole painting: its middle moves it. Alt with a drag inside turns, Shift keeps
    to one axis or to steps of 15°. A click beside the box lets go of the region.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        super().__init__(settings)
        self._region: tuple[Point, Point] | None = None
        self._start: Point = (0.0, 0.0)
        self._corner: Point = (0.0, 0.0)
        self._gesture: Callable[[Pointer], None] | None = None
        self._frame_end: Point | None = None
        self._draft = Transform()

    @property
    def busy(self) -> bool:
        return self._gesture is not None

    @property
    def region(self) -> tuple[Point, Point] | None:
        """Two corners of what is selected; None is all."""
        return self._region

    def press(self, pointer: Pointer) -> PaintCommand | None:
        self._start = pointer.point
        self._draft = Transform(region=self._region)
        self._frame_end = None
        self._gesture = self._gesture_at(pointer)
        return None

    def move(self, pointer: Pointer) -> None:
        if self._gesture is not None:
            self._gesture(pointer)

    def release(self, pointer: Pointer) -> PaintCommand | None:
        if self._gesture is None:
            return None
        self.move(pointer)
        command, framed = self._draft, self._gesture == self._frame
        start, end = self._start, self._frame_end
        self._end_gesture()
        if framed:
            self._region = None
            if end is not None and distance(start, end) > pointer.reach and start[0] != end[0] and start[1] != end[1]:
                self._region = (start, end)
            return None
        if command == Transform(region=self._region):
            return None
        self._region = self._landed(command)
        return command

    def cancel(self) -> None:
        if self.busy:
            self._end_gesture()
        else:
            self._region = None

    def preview(self) -> Preview:
        if self._frame_end is not None:
            return Preview(paths=(rectangle(self._start, self._frame_end),))
        command = self._draft if self.busy else Transform(region=self._region)
        corners = tuple(self._mapped(point, command) for point in rectangle(*self._box()).points)
        handle, centre = self._mapped(self._rotation_handle(), command), self._mapped(self._centre(), command)
        top = ((corners[2][0] + corners[3][0]) / 2, (corners[2][1] + corners[3][1]) / 2)
        return Preview(
            command if command != Transform(region=self._region) else None,
            (Path(corners, closed=True), Path((top, handle), subtle=True)),
            (*corners, handle, centre),
            self._words(command),
        )

    def _gesture_at(self, pointer: Pointer) -> Callable[[Pointer], None]:
        low, high = self._box()
        corners = rectangle(low, high).points
        if distance(pointer.point, self._rotation_handle()) <= pointer.reach:
            return self._turn
        for corner in corners:
            if distance(pointer.point, corner) <= pointer.reach:
                self._corner = corner
                return self._scale
        at_centre = distance(pointer.point, self._centre()) <= pointer.reach
        inside = low[0] <= pointer.x <= high[0] and low[1] <= pointer.y <= high[1]
        if pointer.alt and inside:
            return self._turn
        if at_centre or (inside and self._region is not None):
            return self._shift
        return self._frame

    def _frame(self, pointer: Pointer) -> None:
        self._frame_end = squared(self._start, pointer.point) if pointer.shift else pointer.point

    def _shift(self, pointer: Pointer) -> None:
        x, y = pointer.x - self._start[0], pointer.y - self._start[1]
        if pointer.shift:
            x, y = (x, 0.0) if abs(x) >= abs(y) else (0.0, y)
        self._draft = Transform(region=self._region, shift=(x, y))

    def _scale(self, pointer: Pointer) -> None:
        centre = self._centre()
        factor = distance(centre, pointer.point) / distance(centre, self._corner)
        self._draft = Transform(region=self._region, scale=min(max(factor, SMALLEST_SCALE), LARGEST_SCALE))

    def _turn(self, pointer: Pointer) -> None:
        x, y = self._centre()
        angle = math.atan2(pointer.y - y, pointer.x - x) - math.atan2(self._start[1] - y, self._start[0] - x)
        angle = math.remainder(angle, 2 * math.pi)
        if pointer.shift:
            step = math.radians(15)
            angle = round(angle / step) * step
        self._draft = Transform(region=self._region, angle=angle)

    def _end_gesture(self) -> None:
        self._gesture = self._frame_end = None
        self._draft = Transform(region=self._region)

    def _box(self) -> tuple[Point, Point]:
        """Lower left and upper right corner of what would be transformed."""
        if self._region is None:
            extent = self.settings.extent
            return (extent.x_min, extent.y_min), (extent.x_max, extent.y_max)
        (x0, y0), (x1, y1) = self._region
        return (min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))

    def _centre(self) -> Point:
        (x0, y0), (x1, y1) = self._box()
        return (x0 + x1) / 2, (y0 + y1) / 2

    def _rotation_handle(self) -> Point:
        (x0, _), (x1, y1) = self._box()
        offset = ROTATION_HANDLE * self.settings.extent.height
        # With the whole painting framed, above would be outside the view.
        return (x0 + x1) / 2, y1 + (offset if self._region is not None else -offset)

    def _mapped(self, point: Point, command: Transform) -> Point:
        return mapped(point, self._centre(), command)

    def _landed(self, command: Transform) -> tuple[Point, Point] | None:
        """The region around where the selection now lies, so that it can be dragged on."""
        if self._region is None:
            return None
        corners = [self._mapped(point, command) for point in rectangle(*self._box()).points]
        xs, ys = zip(*corners, strict=True)
        return (min(xs), min(ys)), (max(xs), max(ys))

    def _words(self, command: Transform) -> str:
        if command.angle:
            return f"{math.degrees(command.angle):.0f}°"
        if command.scale != 1.0:
            return f"× {command.scale:.2f}"
        return ""


def mapped(point: Point, centre: Point, command: Transform) -> Point:
    """Where a transform takes a point: centre + R(angle)·scale·(point − centre) + shift."""
    x, y = (point[0] - centre[0]) * command.scale, (point[1] - centre[1]) * command.scale
    cosine, sine = math.cos(command.angle), math.sin(command.angle)
    return (
        centre[0] + cosine * x - sine * y + command.shift[0],
        centre[1] + sine * x + cosine * y + command.shift[1],
    )
