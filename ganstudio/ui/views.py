"""Keeps everything that can be seen up to date with the studio, and asks for no more than can be seen."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt
from PySide6.QtGui import QImageWriter
from PySide6.QtWidgets import QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Layer, RequestFrame
from ganstudio.messages.events import Frame, Started
from ganstudio.session.view import LayerView, ViewSettings
from ganstudio.ui.plots.dock import PlotDock
from ganstudio.ui.settings import LAYERS, Settings
from ganstudio.ui.studio import Studio

if TYPE_CHECKING:
    from ganstudio.experiment.targets import TargetSpec
    from ganstudio.targets import TargetDistribution
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.panels.control_column import ControlColumn

THUMBNAIL_WIDTH = 320
FIELD_CELLS = 48
NETWORKS_SECONDS = 0.2
"""The shortest time between two drawings of the networks: hundreds of lines are dear, and weights change slowly."""
OPTIMAL_SECONDS = 2.0
"""The same for estimates of D* while training: each takes a tenth of a second from it."""


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
        run = studio.run
        run.look = self.look
        run.frame_arrived.connect(self._on_frame)
        run.history_changed.connect(self._on_history)
        run.started.connect(self._on_started)
        run.begun.connect(self._on_begun)
        studio.experiment_changed.connect(self._on_experiment)
        studio.target_changed.connect(stage.show_target)
        studio.target_changed.connect(self._on_target)
        for dock in docks.values():
            studio.phases.changed.connect(dock.panel.show_phases)
        stage.layers_changed.connect(run.look_again)
        stage.view_changed.connect(run.look_again)
        for name, dock in docks.items():
            dock.visibilityChanged.connect(lambda visible, name=name: self._on_visibility(name, visible))

    def look(self) -> RequestFrame | None:
        """What a frame should hold: what can be seen; nothing while the window is hidden."""
        if not self._window.isVisible() or self._window.isMinimized():
            return None
        wanted: set[Layer] = set(self._stage.wanted_layers())
        for dock in self._docks.values():
            wanted.update(dock.wanted_layers())
        now = time.monotonic()
        if "optimal" in wanted:
            if self._studio.run.is_training and now - self._optimal_at < OPTIMAL_SECONDS:
                wanted.discard("optimal")
            else:
                self._optimal_at = now
        if now - self._networks_at >= NETWORKS_SECONDS and self._controls.shows_networks():
            self._networks_at = now
            wanted.add("networks")
        return RequestFrame(tuple(sorted(wanted)), self._stage.view_rectangle(), cells=FIELD_CELLS)

    # -- as a session keeps it -----------------------------------------------------------------------------------

    def settings(self) -> ViewSettings:
        """The stage as it is."""
        layers = tuple(
            LayerView(name=state.name, visible=state.visible, opacity=state.opacity)
            for state in self._stage.layer_states()
        )
        return ViewSettings(layers=layers, view_range=self._stage.view_rectangle())

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
        """Keep which layers are shown for the next start."""
        settings.set(LAYERS, self.settings().model_dump_json())

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
        for dock in self._docks.values():
            dock.panel.show_experiment(new)

    def _on_target(self, target: TargetDistribution | None, spec: TargetSpec) -> None:
        for dock in self._docks.values():
            dock.panel.show_target(target)

    def _on_started(self, event: Started) -> None:
        self._controls.set_parameter_counts(event.generator_parameters, event.discriminator_parameters)

    def _on_frame(self, frame: Frame) -> None:
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
        self._stage.clear_frame()
        for dock in self._docks.values():
            dock.panel.clear()
