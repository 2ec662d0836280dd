"""A population that is being trained: what its trainer was told, and what it has said. Knows no widgets."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ganstudio.experiment.population import PopulationSpec
from ganstudio.messages import commands, events
from ganstudio.messages.population import (
    PopulationFrame,
    PopulationMeasured,
    PopulationStarted,
    RequestPopulationFrame,
    StartPopulation,
)
from ganstudio.messages.snapshot import Progress
from ganstudio.ui.endings import Endings
from ganstudio.ui.frame_clock import FrameClock
from ganstudio.ui.population.measures import Measures
from ganstudio.ui.trainer_link import TrainerLink
from ganstudio.ui.training_run import RunState

log = logging.getLogger(__name__)

TICK_MILLISECONDS = 25
FRAME_SECONDS = 0.1
"""The shortest time between two looks at all members: more would show no more, and cost the trainer."""
GENERATION = 1
"""A trainer trains one population, and ends with it."""


class PopulationRun(QObject):
    """Owns the trainer of one population. It knows nothing of the run in the window, which goes on by itself."""

    state_changed = Signal(object)  # RunState
    progressed = Signal(object, float)  # Progress, iterations per second
    frame_arrived = Signal(object)  # PopulationFrame
    measured = Signal()
    message = Signal(str)  # what went wrong, for a person

    def __init__(
        self,
        spec: PopulationSpec,
        make_trainer: Callable[[], TrainerLink],
        points: int,
        parent: QObject | None = None,
    ) -> None:
        """``points`` samples are wanted of each member in a frame."""
        super().__init__(parent)
        self.spec = spec
        self.state = RunState.STARTING
        self.progress = Progress()
        self.rate = 0.0
        self.engine = "eager"
        self.measures = Measures(spec.count)
        self.broken_by: dict[int, int] = {}
        """Of the members whose numbers stopped being finite, the iteration at which that was seen."""
        self.wants_to_play = False
        self.is_seen: Callable[[], bool] = lambda: True
        """Whether anybody looks; frames are asked for only then."""
        self._make_trainer = make_trainer
        self._request = RequestPopulationFrame(GENERATION, points)
        self._frames = FrameClock(FRAME_SECONDS)
        self._trainer: TrainerLink | None = None
        self._engine_choice: commands.EngineChoice = "auto"
        self._endings = Endings()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK_MILLISECONDS)
        self._timer.timeout.connect(self.tick)
        self._handlers: dict[type[Any], Callable[[Any], None]] = {
            PopulationStarted: self._on_started,
            PopulationFrame: self._on_frame,
            PopulationMeasured: self._on_measured,
            events.Playing: self._on_playing,
            events.Paused: self._on_paused,
            events.EngineChanged: self._on_engine,
            events.Failed: self._on_failed,
        }

    @property
    def is_over(self) -> bool:
        """Whether it can train no more."""
        return self.state is RunState.FAILED or len(self.broken_by) == self.spec.count

    def begin(self) -> None:
        """Start the trainer, and train."""
        self._trainer = self._make_trainer()
        self._trainer.died.connect(self._on_died)
        if self._engine_choice != "auto":
            self._send(commands.ChooseEngine(self._engine_choice))
        self._send(StartPopulation(GENERATION, self.spec.members()))
        self._timer.start()
        self.play()

    def play(self) -> None:
        """Train until told otherwise."""
        self.wants_to_play = True
        self._send(commands.Play())
        self.state_changed.emit(self.state)

    def pause(self) -> None:
        """Stand still after the current burst."""
        self.wants_to_play = False
        self._send(commands.Pause())
        self.state_changed.emit(self.state)

    def choose_engine(self, engine: commands.EngineChoice) -> None:
        """How iterations are executed, from now on."""
        if engine != self._engine_choice:
            self._engine_choice = engine
            self._send(commands.ChooseEngine(engine))

    def look_again(self) -> None:
        """Somebody looks who has not seen it as it is now."""
        self._frames.look_again()

    def begin_to_close(self) -> None:
        """Let the trainer end, without waiting for it."""
        self._timer.stop()
        trainer, self._trainer = self._trainer, None
        if trainer is not None:
            self._endings.begin(trainer)

    def close(self) -> None:
        """End the trainer; at most two seconds since it began."""
        self.begin_to_close()
        self._endings.wait()

    def tick(self) -> None:
        """Take what has arrived, and ask for the next frame when it is due."""
        if self._trainer is None:
            return
        for event in self._trainer.take():
            handler = self._handlers.get(type(event))
            if handler is not None and event.generation == GENERATION:
                handler(event)
        now = time.monotonic()
        moving = self.state is RunState.PLAYING
        if self.state is not RunState.STARTING and self.is_seen() and self._frames.is_due(now, moving=moving):
            self._frames.asked(now)
            self._send(self._request)

    # -- inside --------------------------------------------------------------------------------------------------

    def _send(self, command: commands.Command) -> None:
        if self._trainer is not None:
            self._trainer.send(command)

    def _on_started(self, event: PopulationStarted) -> None:
        self.engine = event.engine
        self._frames.look_again()
        self._set_state(RunState.PAUSED)

    def _on_frame(self, event: PopulationFrame) -> None:
        self._frames.arrived()
        news = set(np.flatnonzero(event.broken).tolist()) - set(self.broken_by)
        self.broken_by |= dict.fromkeys(news, event.progress.iteration)
        self.progress, self.rate = event.progress, event.iterations_per_second
        self.progressed.emit(self.progress, self.rate)
        self.frame_arrived.emit(event)
        if news and self.is_over:
            self.pause()

    def _on_measured(self, event: PopulationMeasured) -> None:
        self.measures.append(event.iteration, event.jsd, event.floor)
        self._frames.look_again()
        self.measured.emit()

    def _on_engine(self, event: events.EngineChanged) -> None:
        self.engine = event.engine
        if event.reason:
            self.message.emit(f"Training stays eager: {event.reason}.")

    def _on_playing(self, event: events.Playing) -> None:
        self._set_state(RunState.PLAYING)

    def _on_paused(self, event: events.Paused) -> None:
        self.wants_to_play = False
        self.progress = event.progress
        self._frames.look_again()
        self._set_state(RunState.PAUSED)
        self.progressed.emit(self.progress, self.rate)
        if event.reason:
            self.message.emit(f"Training stopped by itself: {event.reason}.")

    def _on_failed(self, event: events.Failed) -> None:
        self._frames.arrived()  # it may have been a frame that failed
        if not event.user:
            log.error("the trainer of a population failed: %s\n%s", event.message, event.traceback)
        if self.state is RunState.STARTING or not event.user:
            self._give_up()
        self.message.emit(event.message if event.user else f"Training stopped on an error: {event.message}.")

    def _on_died(self, reason: str) -> None:
        if self._trainer is None or cast(Any, self.sender()) is not self._trainer:  # queued by an older one
            return
        self.tick()  # what it said last
        self.begin_to_close()
        log.warning("the trainer of a population died: %s", reason)
        self._give_up()
        self.message.emit(f"The trainer ended unexpectedly: {reason}. Begin again to train anew.")

    def _give_up(self) -> None:
        self.wants_to_play = False
        self._set_state(RunState.FAILED)

    def _set_state(self, state: RunState) -> None:
        self.state = state
        self.state_changed.emit(state)
