"""Tools that follow the hand: brush, spray, eraser, and the density curve of a 1-D target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from secrets import randbits

from ganstudio.experiment.painting import (
    MAX_POINTS,
    BrushStroke,
    Curve,
    EraserStroke,
    PaintCommand,
    SprayStroke,
)
from ganstudio.ui.canvas.tool import Pointer, Preview, Settings, Tool

StrokePoint = tuple[float, float, float]


class FreehandTool(Tool):
    """Collects every point between press and release; the raster code fills in between them."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        super().__init__(settings)
        self._points: list[StrokePoint] = []
        self._stroke: BrushStroke | EraserStroke | SprayStroke | None = None

    @property
    def busy(self) -> bool:
        return bool(self._points)

    def press(self, pointer: Pointer) -> PaintCommand | None:
        self._points = [(pointer.x, pointer.y, pointer.pressure)]
        self._stroke = self._begun(tuple(self._points), self.settings)
        return None

    def move(self, pointer: Pointer) -> None:
        if not self._points:
            return
        point = (pointer.x, pointer.y, pointer.pressure)
        if point[:2] == self._points[-1][:2]:
            return
        if len(self._points) >= MAX_POINTS:  # minutes of drawing: half the points tell the same path
            self._points = self._points[::2]
        self._points.append(point)

    def release(self, pointer: Pointer) -> PaintCommand | None:
        if not self._points:
            return None
        # A pen leaves with no pressure: where it left counts, not how lightly.
        self.move(Pointer(pointer.x, pointer.y, pointer.pressure or self._points[-1][2]))
        command = self._command(tuple(self._points))
        self.cancel()
        return command

    def cancel(self) -> None:
        self._points = []

    def preview(self) -> Preview:
        return Preview(self._command(tuple(self._points)) if self._points else None)

    def _command(self, points: tuple[StrokePoint, ...]) -> PaintCommand | None:
        """The stroke through these points (at least one), with the tip it began with.

        Not validated anew: that would cost as much as painting, sixty times a second, and pointers are within bounds.
        """
        return None if self._stroke is None else self._stroke.model_copy(update={"points": points})

    @abstractmethod
    def _begun(
        self, points: tuple[StrokePoint, ...], settings: Settings
    ) -> BrushStroke | EraserStroke | SprayStroke | None:
        """The stroke at its first point."""


class BrushTool(FreehandTool):
    """Adds soft density along the path."""

    def _begun(self, points: tuple[StrokePoint, ...], settings: Settings) -> BrushStroke:
        return BrushStroke(points=points, size=settings.size, strength=settings.strength)


class EraserTool(FreehandTool):
    """Takes density away along the path."""

    def _begun(self, points: tuple[StrokePoint, ...], settings: Settings) -> EraserStroke:
        return EraserStroke(points=points, size=settings.size, strength=settings.strength)


class SprayTool(FreehandTool):
    """Scatters dots around the path; each stroke has a seed of its own, so that it is the same when replayed."""

    def __init__(self, settings: Callable[[], Settings], new_seed: Callable[[], int] = lambda: randbits(62)) -> None:
        super().__init__(settings)
        self._new_seed = new_seed

    def _begun(self, points: tuple[StrokePoint, ...], settings: Settings) -> SprayStroke:
        return SprayStroke(points=points, size=settings.size, strength=settings.strength, seed=self._new_seed())


class CurveTool(FreehandTool):
    """Draws the density itself: its height at every x between the first and the last."""

    def _begun(self, points: tuple[StrokePoint, ...], settings: Settings) -> None:
        return None

    def _command(self, points: tuple[StrokePoint, ...]) -> PaintCommand | None:
        if len(points) < 2:
            return None
        return Curve(points=tuple((x, max(y, 0.0)) for x, y, _ in points))
