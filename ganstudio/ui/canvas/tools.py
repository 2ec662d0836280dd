"""The tools of the stage as a table, free of Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ganstudio.ui.canvas.freehand_tools import BrushTool, CurveTool, EraserTool, SprayTool
from ganstudio.ui.canvas.shape_tools import BlobTool, EllipseTool, LineTool, PolygonTool, RectangleTool
from ganstudio.ui.canvas.tool import Settings, Tool
from ganstudio.ui.canvas.transform_tool import TransformTool

Cursor = Literal["hand", "tip", "cross", "arrow"]


@dataclass(frozen=True)
class ToolEntry:
    """A tool for people: its name, icon, key and a line of help; ``make`` is None for looking around.

    ``uses`` says which of the settings it has. ``dimensions`` are those of the targets it can paint.
    """

    name: str
    title: str
    icon: str
    shortcut: str
    help: str
    cursor: Cursor = "cross"
    make: Callable[[Callable[[], Settings]], Tool] | None = None
    uses: frozenset[Literal["size", "strength"]] = frozenset()
    dimensions: tuple[int, ...] = (2,)
    tip_radius: float = 2.0  #: of the circle at the pointer, in sizes: 2σ hold most of a soft tip


_TIP: frozenset[Literal["size", "strength"]] = frozenset({"size", "strength"})
_STRENGTH: frozenset[Literal["size", "strength"]] = frozenset({"strength"})
_BOTH = (1, 2)

TOOLS: tuple[ToolEntry, ...] = (
    ToolEntry(
        "pan", "Look", "pan", "H", "Drag to move the view, wheel to zoom, 0 to fit", cursor="hand", dimensions=_BOTH
    ),
    ToolEntry(
        "select",
        "Select and transform",
        "select",
        "V",
        "Drag a frame, then drag inside to move, a corner to scale, the handle (or Alt) to turn",
        "arrow",
        TransformTool,
    ),
    ToolEntry(
        "brush", "Brush", "brush", "B", "Drag to paint density; [ and ] change the size", "tip", BrushTool, _TIP, _BOTH
    ),
    ToolEntry(
        "spray", "Spray", "spray", "S", "Drag to scatter dots of density", "tip", SprayTool, _TIP, tip_radius=1.0
    ),
    ToolEntry("eraser", "Eraser", "eraser", "E", "Drag to take density away", "tip", EraserTool, _TIP, _BOTH),
    ToolEntry("line", "Line", "line", "L", "Drag a straight line; Shift keeps to 45°", "tip", LineTool, _TIP),
    ToolEntry(
        "rectangle",
        "Rectangle",
        "rectangle",
        "R",
        "Drag a rectangle; Shift: a square",
        "cross",
        RectangleTool,
        _STRENGTH,
        _BOTH,
    ),
    ToolEntry(
        "ellipse", "Ellipse", "ellipse", "O", "Drag an ellipse; Shift: a circle", "cross", EllipseTool, _STRENGTH
    ),
    ToolEntry(
        "polygon",
        "Polygon",
        "polygon",
        "P",
        "Click the corners; Enter, a double click or the first corner closes, Esc gives up",
        "cross",
        PolygonTool,
        _STRENGTH,
    ),
    ToolEntry(
        "blob", "Gaussian", "blob", "G", "Press at the centre and drag to σ", "cross", BlobTool, _STRENGTH, _BOTH
    ),
    ToolEntry(
        "curve",
        "Density curve",
        "curve",
        "C",
        "Draw how high the density is along x; it is scaled to an area of 1",
        "cross",
        CurveTool,
        dimensions=(1,),
    ),
)
BY_NAME: dict[str, ToolEntry] = {entry.name: entry for entry in TOOLS}
