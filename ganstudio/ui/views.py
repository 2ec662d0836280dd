"""Keeps everything that can be seen up to date with the studio, and asks for no more than can be seen."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt
from PySide6.QtGui import QImageWriter
from PySide6.QtWidgets import QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Layer, RequestFrame
from ganstudio.messages.events import Frame, Started
from ganstudio.metrics.phases import Phases
from ganstudio.session.view import LayerView, ViewSettings
from ganstudio.ui.canvas.layers import LayerState
from ganstudio.ui.lately import Lately
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.plots.panel import PlotPanel
from ganstudio.ui.settings import LAYERS, Settings
from ganstudio.ui.studio import Studio

if TYPE_CHECKING:
    from ganstudio.experiment.targets import TargetSpec
    from ganstudio.targets import TargetDistribution
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.panels.control_column import ControlColumn

THUMBNAIL_WIDTH = 320
FIELD_CELLS = {1: 240, 2: 48}
"""Cells along each axis, by the target's dimension: on the line there is one row of them."""
OLDEST_SECONDS = 2.0
"""However dear a layer is, it is asked for again after so long, where its spacing is not longer."""


@dataclass(frozen=True)
class Spacing:
    """How often a layer is asked for while training, and what of a frame is shown again where it was left out.

    seconds: the shortest time between two requests, by the target's dimension; 0 asks for it with every frame.
    parts: of a frame; none for a layer whose viewer keeps what it was shown.
    share: of the trainer's time that the layer may take at most; what costs more is asked for less often.
    """

    seconds: Mapping[int, float]
    parts: tuple[str, ...] = ()
    share: float = 0.0075

    def due_after(self, dimension: int, cost: float) -> float:
        """Seconds from one request to the next of a layer that took ``cost`` seconds lately."""
        shortest = self.seconds[dimension]
        return max(shortest, min(cost / self.share, OLDEST_SECONDS)) if shortest else 0.0


_RARER = {1: 0.0, 2: 1 / 16}
SPACINGS: dict[Layer, Spacing] = {
    # Dear to the trainer in the plane, and moving little from one frame to the next.
    "field": Spacing(_RARER, ("field",), share=0.01),
    "gradients": Spacing(_RARER, ("gradients",)),
    "latent_grid": Spacing(_RARER, ("latent_grid", "latent_map")),
    "histograms": Spacing(_RARER, ("histograms",)),
    "outputs": Spacing(_RARER, ("outputs",)),
    # In the plane each estimate of D* takes a tenth of a second from training.
    "optimal": Spacing({1: 0.0, 2: 3.0}),
    # Hundreds of lines are dear to draw, and weights change slowly.
    "networks": Spacing({1: 0.2, 2: 0.2}),
}
"""Layers that need not come with every frame."""


class Views(QObject):
    """Stage, control column and plots as one: told by the studio, asked for what they want to see."""

    def __init__(
        self,
        studio: Studio,
        stage: Stage,
        controls: ControlColumn,
        docks: Mapping[str, PlotDock],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._studio, self._stage, self._controls, self._docks, self._window = studio, stage, controls, docks, window
        self.stale: set[str] = set()
        """Plots that were not told of the latest history, because they cannot be seen."""
        self._asked_at: dict[Layer, float] = {}
        self._costs: defaultdict[str, Lately] = defaultdict(Lately)
        """Of each layer, to the trainer."""
        self._held: dict[str, Any] = {}
        """Parts of the last frames that came with them, of layers that are still wanted."""
        run = studio.run
        run.look = self.look
        run.frame_arrived.connect(self._on_frame)
        run.history_changed.connect(self._on_history)
        run.started.connect(self._on_started)
        run.begun.connect(self._on_begun)
        studio.experiment_changed.connect(self._on_experiment)
        studio.target_changed.connect(stage.show_target)
        studio.target_changed.connect(self._on_target)
        studio.phases.changed.connect(stage.show_phases)
        studio.phases.changed.connect(self._on_phases)
        studio.standing.changed.connect(self._on_standing)
        stage.layers_changed.connect(run.look_again)
        stage.view_changed.connect(run.look_again)
        for name, dock in docks.items():
            dock.visibilityChanged.connect(lambda visible, name=name: self._on_visibility(name, visible))
            dock.made.connect(lambda name=name: self._on_made(name))

    def look(self) -> RequestFrame | None:
        """What a frame should hold: what can be seen; nothing while the window is hidden."""
        if not self._window.isVisible() or self._window.isMinimized():
            return None
        wanted: set[Layer] = set(self._stage.wanted_layers())
        for dock in self._docks.values():
            wanted.update(dock.wanted_layers())
        if self._controls.shows_networks():
            wanted.add("networks")
        dimension = self._studio.experiment.target.dimension
        due = self._due(wanted, dimension)
        request = RequestFrame(tuple(sorted(due)), self._stage.view_rectangle(), cells=FIELD_CELLS[dimension])
        for dock in self._docks.values():
            latents = dock.wanted_latents()
            if latents is not None:  # one panel at a time has any
                return replace(request, latents=latents, axes=dock.panel.wanted_axes())
        return request

    def _due(self, wanted: set[Layer], dimension: int) -> set[Layer]:
        """What to ask for now of what is wanted; at rest all of it."""
        now, training = time.monotonic(), self._studio.run.is_training
        due = {layer for layer in wanted if not training or self._is_due(layer, dimension, now)}
        if "optimal" in due:
            due.add("field")  # D* is compared with the D of its time
        self._asked_at = {
            layer: now if layer in due else self._asked_at[layer] for layer in wanted | due if layer in SPACINGS
        }
        spaced = {part for layer in self._asked_at for part in SPACINGS[layer].parts}
        self._held = {part: value for part, value in self._held.items() if part in spaced}
        return due

    def _is_due(self, layer: Layer, dimension: int, now: float) -> bool:
        if layer not in self._asked_at:
            return True
        cost = self._costs[layer].seconds
        return now - self._asked_at[layer] >= SPACINGS[layer].due_after(dimension, cost)

    def _completed(self, frame: Frame) -> Frame:
        """The frame, with what came last of the layers that it was not asked for."""
        missing: dict[str, Any] = {}
        for layer in self._asked_at:
            for part in SPACINGS[layer].parts:
                value = getattr(frame, part)
                if value is not None:
                    self._held[part] = value
                elif part in self._held:
                    missing[part] = self._held[part]
        return replace(frame, **missing) if missing else frame

    # -- as a session keeps it -----------------------------------------------------------------------------------

    def settings(self) -> ViewSettings:
        """The stage as it is."""
        return ViewSettings(layers=_layer_views(self._stage.layer_states()), view_range=self._stage.view_rectangle())

    def restore(self, settings: ViewSettings) -> None:
        """Show the stage as a session had it."""
        known = {state.name: state for state in self._stage.layer_states()}
        for layer in settings.layers:
            if layer.name in known:
                known[layer.name] = replace(known[layer.name], visible=layer.visible, opacity=layer.opacity)
        self._stage.restore_layers(tuple(known.values()))

    def thumbnail(self) -> bytes | None:
        """A small PNG of the stage."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture = self._stage.grab().scaledToWidth(THUMBNAIL_WIDTH, Qt.TransformationMode.SmoothTransformation)
        written = QImageWriter(buffer, QByteArray(b"png")).write(picture.toImage())
        return bytes(buffer.data().data()) if written else None

    def remember(self, settings: Settings) -> None:
        """Keep which layers are shown for the next start, which begins in the plane."""
        settings.set(LAYERS, ViewSettings(layers=_layer_views(self._stage.chips.states_of(2))).model_dump_json())

    def recall(self, settings: Settings) -> None:
        """Show the layers that were shown at the last end."""
        text = settings.get(LAYERS)
        try:
            self.restore(ViewSettings.model_validate(json.loads(text) if text else {}))
        except ValueError:
            return

    # -- told by the studio --------------------------------------------------------------------------------------

    def _on_experiment(self, old: Experiment, new: Experiment) -> None:
        self._controls.show_experiment(new)
        for panel in self._made():
            panel.show_experiment(new)

    def _on_target(self, target: TargetDistribution | None, spec: TargetSpec) -> None:
        for panel in self._made():
            panel.show_target(target)

    def _on_phases(self, phases: Phases) -> None:
        for panel in self._made():
            panel.show_phases(phases)

    def _on_standing(self, iteration: int | None) -> None:
        for panel in self._made():
            panel.show_standing(iteration)

    def _on_started(self, event: Started) -> None:
        self._controls.set_parameter_counts(event.generator_parameters, event.discriminator_parameters)

    def _on_frame(self, frame: Frame) -> None:
        for layer, cost in frame.costs.items():
            self._costs[layer].note(cost)
        frame = self._completed(frame)
        self._stage.show_frame(frame)
        for dock in self._docks.values():
            if dock.on_screen:
                dock.panel.show_frame(frame)
        if frame.generator_weights is not None and frame.discriminator_weights is not None:
            self._controls.show_weights(frame.generator_weights, frame.discriminator_weights)

    def _on_history(self) -> None:
        for name, dock in self._docks.items():
            if dock.on_screen:
                self._show_history(dock.panel)
            else:
                self.stale.add(name)

    def _on_visibility(self, name: str, visible: bool) -> None:
        if visible:
            self._studio.run.look_again()
            self.bring_up_to_date(name)

    def bring_up_to_date(self, name: str) -> None:
        """Tell a plot that cannot be seen what it missed: its data are wanted."""
        if name in self.stale:
            self.stale.discard(name)
            self._show_history(self._docks[name].panel)

    def _on_begun(self) -> None:
        self._asked_at.clear()
        self._held.clear()
        self._costs.clear()
        self._stage.clear_frame()
        for panel in self._made():
            panel.clear()

    def _on_made(self, name: str) -> None:
        """Tell a new plot all that the others know."""
        panel, studio = self._docks[name].panel, self._studio
        panel.show_experiment(studio.experiment)
        panel.show_target(studio.target)
        panel.show_phases(studio.phases.now)
        panel.show_standing(studio.standing.at)
        self._show_history(panel)
        self.stale.discard(name)

    def _show_history(self, panel: PlotPanel) -> None:
        run = self._studio.run
        panel.show_measuring(run.measuring)
        panel.show_history(run.history)

    def _made(self) -> list[PlotPanel]:
        return [dock.made_panel for dock in self._docks.values() if dock.made_panel is not None]


def _layer_views(states: tuple[LayerState, ...]) -> tuple[LayerView, ...]:
    """States of layers as files keep them."""
    return tuple(LayerView(name=state.name, visible=state.visible, opacity=state.opacity) for state in states)
