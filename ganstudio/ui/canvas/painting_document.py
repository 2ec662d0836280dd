"""The painting that is on the stage: its commands, its canvas, and what can be undone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import (
    MAX_COMMANDS,
    BrushStroke,
    EraserStroke,
    Extent,
    PaintCommand,
    SprayStroke,
    Stamp,
)
from ganstudio.experiment.targets import Painting, Painting1D, TargetSpec
from ganstudio.targets.canvas import Canvas, Region
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.targets.painting import StrokePainter, apply, blank, replay
from ganstudio.ui.canvas.density import density_grid

AnyPainting = Painting | Painting1D
PREVIEW_MS = 100
"""Between two previews of a stroke for the GAN: it cannot use more, and each makes a new target."""
_STROKES = (BrushStroke, EraserStroke, SprayStroke)


class PaintingDocument(QObject):
    """Commands in, paintings out. The canvas is only a function of the commands.

    A target that is no painting becomes one by the first command: a stamp of its density, so that people can draw on
    top of a preset. The stamp is not a stroke of theirs, and is not undone.
    """

    painting_changed = Signal(object)  # Painting | Painting1D, after each finished command, undo and redo
    painting_previewed = Signal(object)  # the same with the unfinished stroke, at most every PREVIEW_MS
    preview_cancelled = Signal()  # whoever followed the unfinished stroke goes back to the target before it
    preview_changed = Signal(object)  # Region whose ink changed, or None for all of it
    undo_state_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spec: AnyPainting | None = None
        self._source: TargetDistribution | None = None
        self._dimension = 2
        self._extent: Extent | None = None
        self._height = 1.0
        self._begun: AnyPainting | None = None
        self._floor = 0
        self._undone: list[PaintCommand] = []
        self._unfinished: PaintCommand | None = None
        self._painter: StrokePainter | None = None
        self._painted = 0
        self._canvas: Canvas | None = None
        self._previewed: AnyPainting | None = None
        self._throttle = QTimer(self)
        self._throttle.setSingleShot(True)
        self._throttle.setInterval(PREVIEW_MS)
        self._throttle.timeout.connect(self._emit_preview)

    @property
    def spec(self) -> AnyPainting | None:
        """The painting without an unfinished stroke; None while the target is no painting."""
        return self._spec

    @property
    def canvas(self) -> Canvas | None:
        """What is painted, an unfinished stroke included; None while there is nothing."""
        if self._canvas is None and self._spec is not None:
            self._canvas = replay(self._spec)
        return self._canvas

    @property
    def is_previewing(self) -> bool:
        """Whether a stroke is unfinished."""
        return self._unfinished is not None

    @property
    def can_undo(self) -> bool:
        return self._spec is not None and len(self._spec.commands) > self._floor

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def set_spec(self, spec: TargetSpec, target: TargetDistribution | None = None, height: float = 1.0) -> None:
        """The target that is now shown. Undo is kept where the painting is the one that was made here.

        Args:
            spec: the target's record.
            target: its distribution; None for one without any density yet.
            height: of a 1-D target, the density that counts as full ink.
        """
        if spec == self._spec or (self._previewed is not None and spec == self._previewed):
            return
        self.cancel_preview()
        self._source, self._dimension, self._height = target, spec.dimension, height
        self._extent = None if target is None else target.extent
        self._spec = spec if isinstance(spec, (Painting, Painting1D)) else None
        self._begun, self._previewed, self._canvas = None, None, None
        self._floor = 0
        self._undone.clear()
        self.undo_state_changed.emit()

    def begin_from(self, target: TargetDistribution | None) -> AnyPainting:
        """A painting with the target's extent and, stamped on it, its density; an empty one for None.

        The densest cell becomes full ink, or in 1-D what the axis is high.
        """
        kind = Painting if self._dimension == 2 else Painting1D
        if target is None:
            return kind()
        extent = target.extent
        if target.dimension == 1:
            extent = Extent(x_min=extent.x_min, x_max=extent.x_max, y_min=0.0, y_max=1.0)
        empty = kind(extent=extent)
        rows, columns = blank(empty).density.shape
        density = density_grid(target, (rows, columns)).values
        full = self._height if target.dimension == 1 else float(density.max())
        return empty.model_copy(update={"commands": (_stamp(density / full),)})

    def preview(self, command: PaintCommand | None) -> None:
        """Show what an unfinished gesture would do; each call replaces the one before."""
        if command is None:
            self.cancel_preview()
            return
        base = replay(self._base())
        self._unfinished = command
        if isinstance(command, _STROKES):
            self._preview_stroke(command, base)
        else:
            self._painter = None
            self._canvas, _ = apply(command, base)
            self.preview_changed.emit(None)
        if not self._throttle.isActive():
            self._throttle.start()

    def cancel_preview(self) -> None:
        """Forget the unfinished gesture."""
        if self._unfinished is None:
            return
        self._end_preview()
        self.preview_changed.emit(None)
        if self._previewed is not None:
            self._previewed = None
            self.preview_cancelled.emit()

    def execute(self, command: PaintCommand) -> None:
        """Carry out a finished command; it can be undone as one.

        Raises:
            UserError: the command has no meaning in this dimension.
        """
        spec = self._base()
        commands = spec.commands
        if len(commands) >= MAX_COMMANDS:
            commands = (_stamp(replay(spec).density),)
            self._floor = 1
        changed = spec.model_copy(update={"commands": (*commands, command)})
        canvas = replay(changed)
        if self._spec is None:
            self._floor = len(commands)
        self._undone.clear()
        self._take(changed, canvas)

    def undo(self) -> None:
        """Take the last command back."""
        if self.can_undo and self._spec is not None:
            *kept, last = self._spec.commands
            self._undone.append(last)
            changed = self._spec.model_copy(update={"commands": tuple(kept)})
            self._take(changed, replay(changed))

    def redo(self) -> None:
        """Carry out again what was undone last."""
        if self._undone and self._spec is not None:
            changed = self._spec.model_copy(update={"commands": (*self._spec.commands, self._undone.pop())})
            self._take(changed, replay(changed))

    def _base(self) -> AnyPainting:
        """The painting that a command goes onto, made on the way when the target is none."""
        if self._spec is not None:
            return self._spec
        if self._begun is None:
            self._begun = self.begin_from(self._source)
        return self._begun

    def _take(self, spec: AnyPainting, canvas: Canvas) -> None:
        self._end_preview()
        self._previewed = None
        self._spec, self._canvas = spec, canvas
        self.preview_changed.emit(None)
        self.undo_state_changed.emit()
        self.painting_changed.emit(spec)

    def _preview_stroke(self, command: BrushStroke | EraserStroke | SprayStroke, base: Canvas) -> None:
        # The stroke has only grown since the last time, or it is another.
        grown = self._painter is not None and len(command.points) >= self._painted
        region: Region | None = None
        if self._painter is None or not grown:
            self._painter = StrokePainter(base, command)
        else:
            for x, y, pressure in command.points[self._painted :]:
                changed = self._painter.add(x, y, pressure)
                region = changed if region is None else region.union(changed)
            if region is None:
                return
        self._painted = len(command.points)
        self._canvas = self._painter.canvas
        self.preview_changed.emit(region)

    def _emit_preview(self) -> None:
        if self._unfinished is None:
            return
        base = self._base()
        previewed = base.model_copy(update={"commands": (*base.commands, self._unfinished)})
        if self._previewed is None or previewed != self._previewed:
            self._previewed = previewed
            self.painting_previewed.emit(previewed)

    def _end_preview(self) -> None:
        self._throttle.stop()
        self._unfinished = self._painter = self._canvas = None
        self._painted = 0


def _stamp(shares: NDArray[np.floating]) -> Stamp:
    return Stamp(raster=ArrayText.of((shares.clip(0.0, 1.0) * 65535).round().astype(np.uint16)))
