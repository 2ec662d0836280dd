"""Keeps everything that can be seen up to date with the studio, and asks for no more than can be seen."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
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
NETWORKS_SECONDS = 0.2
"""The shortest time between two drawings of the networks: hundreds of lines are dear, and weights change slowly."""
RARER_SECONDS = 1 / 16
"""The same while training for whatever is dear to the trainer and moves little from one frame to the next."""
RARER: dict[Layer, tuple[str, ...]] = {
    "field": ("field",),
    "gradients": ("gradients",),
    "latent_grid": ("latent_grid", "latent_map"),
    "histograms": ("histograms",),
    "outputs": ("outputs",),
}
"""Those layers, each with the parts of a frame that it is: frames without them are shown with the last there were."""
OPTIMAL_SECONDS = {1: 0.0, 2: 2.0}
"""The same for D* while training: in the plane each estimate takes a tenth of a second from it."""


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
        self._networks_at = self._optimal_at = 0.0
        self._asked_at: dict[Layer, float] = {}
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
        now, dimension = time.monotonic(), self._studio.experiment.target.dimension
        if "optimal" in wanted:
            if self._studio.run.is_training and now - self._optimal_at < OPTIMAL_SECONDS[dimension]:
                wanted.discard("optimal")
            else:
                self._optimal_at = now
        self._space_out(wanted, now)
        if now - self._networks_at >= NETWORKS_SECONDS and self._controls.shows_networks():
            self._networks_at = now
            wanted.add("networks")
        request = RequestFrame(tuple(sorted(wanted)), self._stage.view_rectangle(), cells=FIELD_CELLS[dimension])
        for dock in self._docks.values():
            latents = dock.wanted_latents()
            if latents is not None:  # one panel at a time has any
                return replace(request, latents=latents, axes=dock.panel.wanted_axes())
        return request

    def _space_out(self, wanted: set[Layer], now: float) -> None:
        """Leave out of ``wanted`` what was asked for a moment ago, and hold what came of it until it comes again."""
        for layer, parts in RARER.items():
            if layer not in wanted or not self._studio.run.is_training:
                self._asked_at.pop(layer, None)
                for part in parts:
                    self._held.pop(part, None)
            elif now - self._asked_at.get(layer, 0.0) < RARER_SECONDS and "optimal" not in wanted:
                wanted.discard(layer)
            else:
                self._asked_at[layer] = now

    def _completed(self, frame: Frame) -> Frame:
        """The frame, with what was held for those it left out."""
        missing: dict[str, Any] = {}
        for layer in self._asked_at:
            for part in RARER[layer]:
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

    def _on_started(self, event: Started) -> None:
        self._controls.set_parameter_counts(event.generator_parameters, event.discriminator_parameters)

    def _on_frame(self, frame: Frame) -> None:
        frame = self._completed(frame)
        self._stage.show_frame(frame)
        for dock in self._docks.values():
            if dock.on_screen:
                dock.panel.show_frame(frame)
        if frame.generator_weights is not None and frame.discriminator_weights is not None:
            self._controls.show_weights(frame.generator_weights, frame.discriminator_weights)

    def _on_history(self) -> None:
        history = self._studio.run.history
        for name, dock in self._docks.items():
            if dock.on_screen:
                dock.panel.show_history(history)
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
            self._docks[name].panel.show_history(self._studio.run.history)

    def _on_begun(self) -> None:
        self._asked_at.clear()
        self._held.clear()
        self._stage.clear_frame()
        for panel in self._made():
            panel.clear()

    def _on_made(self, name: str) -> None:
        """Tell a new plot all that the others know."""
        panel, studio = self._docks[name].panel, self._studio
        panel.show_experiment(studio.experiment)
        panel.show_target(studio.target)
        panel.show_phases(studio.phases.now)
        panel.show_history(studio.run.history)
        self.stale.discard(name)

    def _made(self) -> list[PlotPanel]:
        return [dock.made_panel for dock in self._docks.values() if dock.made_panel is not None]


def _layer_views(states: tuple[LayerState, ...]) -> tuple[LayerView, ...]:
    """States of layers as files keep them."""
    return tuple(LayerView(name=state.name, visible=state.visible, opacity=state.opacity) for state in states)
