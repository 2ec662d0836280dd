"""The stage: the target, what the GAN makes of it, and the tools to paint it."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ganstudio.experiment.painting import Extent, PaintCommand
from ganstudio.experiment.targets import TargetSpec
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Field, Frame
from ganstudio.metrics.phases import Phases
from ganstudio.targets.canvas import Region
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.targets.painting_target import PaintingTarget
from ganstudio.ui.canvas.colour_bar import LEGENDS, ColourBar
from ganstudio.ui.canvas.density import HEADROOM, DensityGrid, canvas_grid, density_at, density_grid, full_height
from ganstudio.ui.canvas.easel import Easel
from ganstudio.ui.canvas.layer_chips import LayerChips
from ganstudio.ui.canvas.layers import LayerState, wanted
from ganstudio.ui.canvas.line_layers import LineLayers
from ganstudio.ui.canvas.painting_document import PaintingDocument
from ganstudio.ui.canvas.plane_layers import PlaneLayers
from ganstudio.ui.canvas.pointer_input import PointerInput
from ganstudio.ui.canvas.polylines import interpolated
from ganstudio.ui.canvas.read_out import ReadOut
from ganstudio.ui.canvas.stable_step import StableStep
from ganstudio.ui.canvas.stage_actions import StageActions
from ganstudio.ui.canvas.stage_message import Hint, PhaseName
from ganstudio.ui.canvas.stage_view import StageView
from ganstudio.ui.canvas.tool_strip import ToolStrip
from ganstudio.ui.canvas.tools import ToolEntry
from ganstudio.ui.theme import Theme

HEIGHT_KEPT = (0.4, 0.95)
"""The axis of a 1-D density stays while its peak lies between these shares of the axis."""
STRETCHES = (1.0, 1.25, 1.6, 2.0, 2.5)
"""Steps by which it is stretched for a p_g that peaks higher; what peaks higher yet is cut off, and said so."""


class Stage(QWidget):
    """Shows a target and frames of the running model, and lets people paint.

    It holds no numbers of its own: what it shows is the target, the last frame, and ``document``, the painting.
    """

    layers_changed = Signal()
    view_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dimension = 2
        self._extent = Extent()
        self._height = 1.0
        self._stretch = StableStep(STRETCHES)
        self._target: TargetDistribution | None = None
        self._grid: DensityGrid | None = None
        self._frame: Frame | None = None
        self._hovered: tuple[float, float] | None = None
        self._density_before: bool | None = None

        self.view = StageView(self)
        self.plane = PlaneLayers(self.view.plotItem)
        self.line = LineLayers(self.view.plotItem, self.view.probability)
        self.easel = Easel(self.view, self)
        self.options = self.easel.options
        self.controls = StageActions(self)
        self.chips = LayerChips(theme, self)
        self.colour_bar = ColourBar(theme, self)
        self.read_out = ReadOut(self)
        self.strip = ToolStrip(self.controls.groups, self)
        self._hint, self._phase = Hint(self.view), PhaseName(self.view)
        self._lay_out()
        self._connect()
        self._use_dimension(2)
        self.set_theme(theme)
        self.select_tool("pan")
        self.read_out.show_gradient(math.nan)

    # What is shown.

    def show_target(self, target: TargetDistribution | None, spec: TargetSpec) -> None:
        """Show p_data: its samples and its density. Axes move only when its extent is another than before.

        ``target`` is None for one that has no density yet: an empty painting.
        """
        # A stroke that is being drawn is shown by the document, which is ahead of the target that follows it.
        follows_stroke = self.document.is_previewing
        self._target = target
        self._grid = None if target is None else density_grid(target)
        extent = target.extent if target is not None else getattr(spec, "extent", Extent())
        if (extent, spec.dimension) != (self._extent, self._dimension):
            self._extent = extent
            self._use_dimension(spec.dimension)
        if spec.dimension == 1 and not follows_stroke:
            self._fit_height()
        self.document.set_spec(spec, target, self._height)
        if follows_stroke and self.document.is_previewing:
            self._layers.show_samples(target)
        else:
            self._layers.show_target(target, self._grid)
            if isinstance(target, PaintingTarget) and spec.dimension == 2:
                self._show_canvas(None)
        self._show_hint()
        self._refresh_hover()

    def show_frame(self, frame: Frame) -> None:
        """Show a look at the running model."""
        if not self._fits(frame):
            return
        self._frame = frame
        self._layers.show_frame(frame, self.view_rectangle())
        self._fit_stretch()
        self.colour_bar.set_half_width(self.plane.contrast.half_width)
        self.read_out.show_gradient(self._layers.longest_gradient if self.chips.is_visible("gradients") else math.nan)
        self._refresh_hover()

    def clear_frame(self) -> None:
        """Forget the model: there is none, or another one is coming."""
        self._frame = None
        self._stretch.reset()
        self._layers.show_frame(None, self.view_rectangle())
        self.read_out.show_gradient(math.nan)
        self._refresh_hover()

    def show_phases(self, phases: Phases) -> None:
        """Name the phase of training, as the figure of the paper does; on the line alone."""
        self._phase.show_phases(phases)

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self._theme = theme
        self.view.set_theme(theme)
        parts = (self.plane, self.line, self.easel, self.chips, self.colour_bar, self._hint, self._phase)
        for part in parts:
            part.set_theme(theme)
        self.controls.set_theme(theme)

    def make_room(self, *, batch: bool) -> None:
        """On the line: leave rows below the curves for the samples of a batch, or none."""
        self.line.make_room(batch=batch)
        self.view.set_strip(-self.line.strip.bottom)

    # Layers and view.

    def wanted_layers(self) -> tuple[Layer, ...]:
        """What the trainer has to compute for the layers that are visible."""
        return wanted(self.chips.states)

    def layer_states(self) -> tuple[LayerState, ...]:
        """Which layers are shown, and how opaque; for sessions."""
        return self.chips.states

    def restore_layers(self, states: tuple[LayerState, ...]) -> None:
        """Take over stored states."""
        self.chips.set_states(states)

    def view_rectangle(self) -> tuple[float, float, float, float]:
        """x_min, x_max, y_min, y_max of what is in view, in data coordinates."""
        return self.view.rectangle

    def fit(self) -> None:
        """Show the whole extent."""
        self.view.fit()

    # Tools.

    @property
    def tool(self) -> ToolEntry:
        """The present tool."""
        return self.easel.tool

    @property
    def input(self) -> PointerInput:
        """What the mouse and the pen do; ``input.cancel()`` gives an unfinished gesture up."""
        return self.easel.input

    @property
    def document(self) -> PaintingDocument:
        """The painting."""
        return self.easel.document

    def select_tool(self, name: str) -> None:
        """Take up a tool; one that cannot paint these targets is not taken."""
        self.easel.select_tool(name)

    def execute(self, command: PaintCommand) -> None:
        """Carry out a finished command on the painting, as a tool would."""
        self.easel.execute(command)

    @property
    def _layers(self) -> PlaneLayers | LineLayers:
        return self.line if self._dimension == 1 else self.plane

    def _lay_out(self) -> None:
        plot = QHBoxLayout()
        plot.setSpacing(0)
        plot.addWidget(self.view, 1)
        plot.addWidget(self.colour_bar)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(2)
        column.addWidget(self.options)
        column.addLayout(plot, 1)
        column.addWidget(self.chips)
        column.addWidget(self.read_out)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addLayout(column, 1)

    def _connect(self) -> None:
        self.view.view_changed.connect(self.view_changed)
        self.chips.states_changed.connect(self._states_changed)
        self.easel.tool_changed.connect(self._take_tool)
        self.easel.input.hovered.connect(self._hover)
        self.easel.input.left.connect(self._leave)
        self.document.preview_changed.connect(self._show_canvas)
        self.document.undo_state_changed.connect(self._show_undo_state)

    def _use_dimension(self, dimension: int) -> None:
        changed = dimension != self._dimension
        self._dimension = dimension
        if changed:
            self._frame = None
            self._stretch.reset()
            for layers in (self.plane, self.line):
                layers.show_target(None, None)
                layers.show_frame(None, self.view_rectangle())
            self.read_out.show_gradient(math.nan)
        self.chips.set_dimension(dimension)
        self.read_out.set_dimension(dimension)
        self.colour_bar.setVisible(dimension == 2)
        self.controls.set_dimension(dimension)
        extent = self._extent
        self.easel.set_ground(dimension, extent, self._height)
        bottom, height = (0.0, self._height) if dimension == 1 else (extent.y_min, extent.height)
        self.view.set_extent(dimension, QRectF(extent.x_min, bottom, extent.width, height))
        self.plane.show_extent(extent if dimension == 2 else None)
        self._phase.set_wanted(dimension == 1)
        self._apply_states()
        self._fit_stretch()

    def _fit_height(self) -> None:
        """Put the density's axis where the density fits; it moves in steps, so that small changes are seen as such."""
        if self._target is None or self._grid is None:
            return
        peak = float(self._grid.values.max()) / self._height
        if isinstance(self._target, PaintingTarget) or not HEIGHT_KEPT[0] <= peak <= HEIGHT_KEPT[1]:
            self._height = full_height(self._target, self._grid)
            self._stretch.reset()
            self.easel.set_ground(1, self._extent, self._height)
        self._fit_stretch()

    def _fit_stretch(self) -> None:
        """Stretch the axis of densities for a p_g that peaks above p_data, and shrink it for a low painting.

        Only what one sees: what is painted on keeps its coordinates, and is shown as it is while there is a brush.
        """
        if self._dimension != 1 or self.input.busy:
            return
        height = self._height
        if self.tool.make is None:
            height = self._least_height
            stretch = self._stretch.hold(self.line.peak / height)
            height *= 1.0 if math.isnan(self.line.peak) else stretch
        self.view.set_height(height)
        self.line.set_geometry((self._extent.x_min, self._extent.x_max), height)

    @property
    def _least_height(self) -> float:
        """The density at the top of the axis for p_data alone: drawn low on a painting, it still fills the axis."""
        if not isinstance(self._target, PaintingTarget) or self._grid is None:
            return self._height
        return min(self._height, HEADROOM * float(self._grid.values.max()))

    def _fits(self, frame: Frame) -> bool:
        """Whether a frame is of a target of this dimension: one on its way may be of the last."""
        if frame.generated is not None and frame.generated.shape[1] != self._dimension:
            return False
        return frame.field is None or (frame.field.values.shape[0] == 1) == (self._dimension == 1)

    def _states_changed(self) -> None:
        self._apply_states()
        self._layers.show_frame(self._frame, self.view_rectangle())
        self._fit_stretch()
        self.layers_changed.emit()

    def _apply_states(self) -> None:
        states = self.chips.states
        hidden = tuple(LayerState(state.name, False, state.opacity) for state in states)
        self.plane.set_states(states if self._dimension == 2 else hidden)
        self.line.set_states(states if self._dimension == 1 else hidden)
        self.view.set_strip(-self.line.strip.bottom)
        by_name = {state.name: state for state in states}
        field = by_name[next((name for name in LEGENDS if by_name[name].visible), "field")]
        self.colour_bar.set_field(field.visible, field.opacity, field.name)

    def _take_tool(self, tool: ToolEntry) -> None:
        self.controls.check(tool.name)
        self._reveal_density(painting=tool.make is not None)
        self._fit_stretch()
        self._show_hint()

    def _reveal_density(self, *, painting: bool) -> None:
        """While one paints one sees the paint; afterwards the layer is as it was, unless it was chosen meanwhile."""
        if painting and self._density_before is None:
            self._density_before = self.chips.is_visible("density")
            self.chips.set_visible("density", True)
        elif not painting and self._density_before is not None:
            before, self._density_before = self._density_before, None
            self.chips.set_visible("density", before and self.chips.is_visible("density"))

    # Painting.

    def _show_canvas(self, region: Region | None) -> None:
        canvas = self.document.canvas
        if canvas is None:
            self._layers.show_density(self._grid)
        elif self._dimension == 1:
            self._layers.show_density(canvas_grid(canvas, self._height))
        else:
            self.plane.show_canvas(canvas, region)
        self._show_hint()

    def _show_undo_state(self) -> None:
        self.controls.undo.setEnabled(self.document.can_undo)
        self.controls.redo.setEnabled(self.document.can_redo)

    # Hover and hints.

    def _hover(self, x: float, y: float) -> None:
        self._hovered = (x, y)
        self._refresh_hover()

    def _leave(self) -> None:
        self._hovered = None
        self.read_out.clear()

    def _refresh_hover(self) -> None:
        if self._hovered is None:
            return
        x, y = self._hovered
        field = None if self._frame is None else self._frame.field
        discriminator = math.nan if field is None else interpolated(field.values, field.view, x, y)
        density, exact = math.nan, True
        if self._target is not None and self._grid is not None:
            density, exact = density_at(self._target, self._grid, x, y), self._target.has_density
        self.read_out.show_point(x, y, discriminator, density, exact=exact)
        if self._dimension == 1 and self._frame is not None:
            self.read_out.show_curves(self._at(self._frame.generated_line), self._at(self.line.optimum))

    def _at(self, field: Field | None) -> float:
        """A field of the line under the mouse; NaN where it is not known."""
        if field is None or self._hovered is None:
            return math.nan
        return interpolated(field.values, field.view, *self._hovered)

    def _show_hint(self) -> None:
        canvas = self.document.canvas
        empty = self._target is None and (canvas is None or not canvas.density.any())
        painting = self.tool.make is not None
        text = "Draw here: press and drag" if painting else "Nothing to imitate yet"
        more = "" if painting else "Take a brush (B) and draw a distribution,\nor choose a preset"
        self._hint.show_text(text if empty else "", more)
