"""Painting on the stage: the present tool, its gesture, and the painting that the gesture changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ganstudio.experiment.painting import Extent, PaintCommand
from ganstudio.ui.canvas.overlay import Overlay
from ganstudio.ui.canvas.painting_document import PaintingDocument
from ganstudio.ui.canvas.pointer_input import PointerInput
from ganstudio.ui.canvas.stage_view import StageView
from ganstudio.ui.canvas.tool import Path, Preview, Settings, circle
from ganstudio.ui.canvas.tool_options import ToolOptions
from ganstudio.ui.canvas.tools import BY_NAME, ToolEntry
from ganstudio.ui.theme import Theme

PREVIEW_MS = 16
"""Events of the mouse come faster than this; each is kept, and all together are shown once."""
CURSORS = {
    "hand": Qt.CursorShape.OpenHandCursor,
    "tip": Qt.CursorShape.CrossCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "arrow": Qt.CursorShape.ArrowCursor,
}


class Easel(QObject):
    """Joins pointer, tool, preview and document; what is painted on is told by :meth:`set_ground`."""

    tool_changed = Signal(object)  # ToolEntry

    def __init__(self, view: StageView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._dimension = 2
        self._extent = Extent()
        self._height = 1.0
        self._tool = BY_NAME["pan"]
        self._hovered: tuple[float, float] | None = None
        self._overlay = Overlay(view.plotItem)
        self.document = PaintingDocument(self)
        self.options = ToolOptions()
        self.input = PointerInput(view, self._to_canvas)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_MS)
        self._timer.timeout.connect(self._refresh)
        self.options.changed.connect(self._refresh)
        self.input.hovered.connect(self._hover)
        self.input.left.connect(self._leave)
        self.input.gesture_moved.connect(self._note)
        self.input.gesture_ended.connect(self._end_gesture)
        self.input.size_steps.connect(self.options.scale_size)

    @property
    def tool(self) -> ToolEntry:
        """The present tool."""
        return self._tool

    def set_ground(self, dimension: int, extent: Extent, height: float) -> None:
        """What is painted on. ``height`` is, for 1-D targets, the density at the top of the axis."""
        self._dimension, self._extent, self._height = dimension, extent, height
        self.options.set_side(extent.width if dimension == 1 else max(extent.width, extent.height))
        if dimension not in self._tool.dimensions:
            self.select_tool("pan")

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self._overlay.set_theme(theme)

    def select_tool(self, name: str) -> None:
        """Take up a tool; one that cannot paint these targets is not taken."""
        entry = BY_NAME[name]
        if self._dimension not in entry.dimensions:
            return
        self._tool = entry
        self.input.set_tool(None if entry.make is None else entry.make(self._settings))
        self._view.setCursor(CURSORS[entry.cursor])
        self.options.show_tool(entry)
        self.tool_changed.emit(entry)

    def execute(self, command: PaintCommand) -> None:
        """Carry out a finished command on the painting."""
        self.input.cancel()
        self.document.execute(command)

    def undo(self) -> None:
        """Take the last stroke back; one that is unfinished is given up first."""
        self.input.cancel()
        self.document.undo()

    def redo(self) -> None:
        """Paint it again."""
        self.input.cancel()
        self.document.redo()

    def _settings(self) -> Settings:
        return Settings(self.options.tip_size, self.options.strength, self._canvas_extent(), self._dimension)

    def _canvas_extent(self) -> Extent:
        """Of what is painted on; on the line its height is that of full ink, whatever the density's axis says."""
        painting, extent = self.document.spec, self._extent
        if painting is not None:
            return painting.extent
        if self._dimension == 1:
            return Extent(x_min=extent.x_min, x_max=extent.x_max, y_min=0.0, y_max=1.0)
        return extent

    def _to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Data coordinates to those of the canvas: on the line, full ink is the top of the density's axis."""
        if self._dimension == 2:
            return x, y
        extent = self._canvas_extent()
        return x, extent.y_min + y / self._height * extent.height

    def _hover(self, x: float, y: float) -> None:
        self._hovered = (x, y)

    def _leave(self) -> None:
        self._hovered = None
        self._note()

    def _note(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _refresh(self) -> None:
        tool = self.input.tool
        preview = Preview() if tool is None else tool.preview()
        if tool is not None and tool.busy:
            self.document.preview(preview.command)
        # On the line every tool paints along x alone: the density shows it, an outline would not be true.
        self._overlay.show_preview(preview if self._dimension == 2 else Preview(), self.input.position.point)
        self._overlay.show_tip(self._tip())

    def _tip(self) -> tuple[Path, ...]:
        if self._hovered is None or "size" not in self._tool.uses:
            return ()
        x, y = self._hovered
        radius = self._tool.tip_radius * self.options.tip_size
        if self._dimension == 2:
            return (circle((x, y), radius),)
        return tuple(Path(((edge, 0.0), (edge, self._height))) for edge in (x - radius, x + radius))

    def _end_gesture(self, command: PaintCommand | None) -> None:
        if command is None:
            self.document.cancel_preview()
        else:
            self.document.execute(command)
