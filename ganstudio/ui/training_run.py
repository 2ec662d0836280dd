"""The run that the window watches: what the trainer was told, what it has said, and how it is kept alive."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Any, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtCore import Signal as QtSignal

from ganstudio.experiment import Experiment
from ganstudio.messages import commands, events
from ganstudio.messages.history import History
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.messages.timeline import Timeline
from ganstudio.session.session import Session
from ganstudio.ui.asides import Asides
from ganstudio.ui.frame_clock import FrameClock
from ganstudio.ui.kept_run import Asker, Askers, KeptRun, session_of
from ganstudio.ui.plots.measuring import Measuring
from ganstudio.ui.trainer_link import TrainerLink

log = logging.getLogger(__name__)

TICK_MILLISECONDS = 16
"""How often what has arrived is taken: 60 times a second while there is something to see."""
RESTING_MILLISECONDS = 50
"""The same while the run stands still."""
HISTORY_SECONDS = 1 / 15
"""The shortest time between two redrawings of the curves; twice that in a turn in which the stage is drawn anew."""
DEATHS_TOLERATED = 3
DEATHS_SECONDS = 120
"""When so many trainers die within this time it is given up."""


class RunState(Enum):
    """What the trainer is doing."""

    STARTING = "starting"
    PAUSED = "paused"
    PLAYING = "playing"
    FAILED = "failed"


class TrainingRun(QObject):
    """Owns the trainer; holds history and timeline of the current generation; knows no widgets.

    Events of an older generation are dropped. A trainer that dies is started again from the last snapshot.
    """

    state_changed = QtSignal(object)  # RunState
    begun = QtSignal()  # another run: all frames shown so far are void
    started = QtSignal(object)  # Started
    progressed = QtSignal(object, float)  # Progress, iterations per second
    frame_arrived = QtSignal(object)  # Frame
    history_changed = QtSignal()
    timeline_changed = QtSignal()
    paused = QtSignal(object)  # Paused
    optimality_changed = QtSignal(object)  # Optimality
    walked = QtSignal(object)  # Walkthrough
    outputs_sampled = QtSignal(object)  # OutputsSampled
    engine_changed = QtSignal(object)  # EngineChanged
    non_finite = QtSignal(object)  # NonFinite
    failed = QtSignal(object)  # Failed
    message = QtSignal(str, str)  # level (info, warning, error), text

    def __init__(self, make_trainer: Callable[[], TrainerLink], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_trainer = make_trainer
        self._trainer: TrainerLink | None = None
        self.state = RunState.STARTING
        self.generation = 0
        self.experiment: Experiment | None = None
        self.progress = Progress()
        self.rate = 0.0
        self.measuring = Measuring()
        self.history = History()
        self.timeline = Timeline()
        self.wants_to_play = False
        self.optimising = False
        """Whether D is being trained to optimality."""
        self.walking = False
        """Whether an iteration to walk through was asked for and has not come yet."""
        self.asides = Asides(self._ask_aside, self._send)
        self.look: Callable[[], commands.RequestFrame | None] = lambda: None
        """Which frame the views want now; None when nobody looks."""
        self._speed_limit: float | None = None
        self._engine_choice: commands.EngineChoice = "auto"
        self._has_started = False
        self._frames = FrameClock()
        self._history_grew = False
        self._history_told_at = 0.0
        self._branch: Progress | None = None
        self._deaths: list[float] = []
        self._waiting = Askers()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._handlers: dict[type[events.Event], Callable[[Any], None]] = {
            events.Started: self._on_started,
            events.Frame: self._on_frame,
            events.HistoryGrew: self._on_history,
            events.SnapshotTaken: self._on_snapshot,
            events.Playing: lambda _: self._set_state(RunState.PLAYING),
            events.Paused: self._on_paused,
            events.Restored: self._on_restored,
            events.Optimality: self._on_optimality,
            events.Walkthrough: self._on_walkthrough,
            events.OutputsSampled: self.outputs_sampled.emit,
            events.EngineChanged: self._on_engine_changed,
            events.NonFinite: self._on_non_finite,
            events.Failed: self._on_failed,
        }

    # -- commands ------------------------------------------------------------------------------------------------

    def begin(self, experiment: Experiment, *, resume: Session | None = None) -> None:
        """Initialise a new run of this experiment, or go on with one that was kept; plays on if it was playing."""
        self.experiment = experiment
        self.history, self.timeline = History(), Timeline()
        if resume is not None and resume.snapshot is not None:
            self.history.append(resume.history)
            for snapshot in (*resume.timeline, resume.snapshot):
                self.timeline.append(snapshot)
        self.begun.emit()
        self._start(self.timeline.last)
        self.history_changed.emit()
        self.timeline_changed.emit()

    def apply(self, experiment: Experiment) -> None:
        """Let the running GAN take over live changes."""
        if self.experiment is not None and experiment.target != self.experiment.target:  # until the trainer says when
            self.progress = replace(self.progress, schedules_since=self.progress.iteration)
        self.experiment = experiment
        self.preview(experiment)

    @property
    def position(self) -> Snapshot | None:
        """The snapshot from which the run goes on when it must: the last, or the one that was gone back to."""
        branch = self._branch
        snapshot = self.timeline.last if branch is None else self.timeline.nearest(branch.iteration)
        return snapshot and replace(snapshot, progress=snapshot.progress.reached_again_from(self.progress))

    def kept(self) -> Session | None:
        """The run as it can be gone back to, from what is known here; None before it has trained."""
        position = self.position
        if self.experiment is None or position is None or position.progress.iteration == 0:
            return None
        return session_of(self.experiment, position, self.history, self.timeline)

    @property
    def is_training(self) -> bool:
        """Whether anything is being trained, or is about to be."""
        return self.wants_to_play or self.optimising or self.state is RunState.PLAYING

    def play(self, iterations: int | None = None) -> None:
        """Train until told otherwise, or for a number of iterations."""
        if self.state is RunState.FAILED and self.experiment is not None:
            self._deaths.clear()
            position = self.position
            self._start(position)
            self._branch = position.progress if position else None  # what was trained after it is lost
        self.wants_to_play = iterations is None
        self._send(commands.Play(iterations))
        self.state_changed.emit(self.state)

    def pause(self) -> None:
        """Stand still after the current burst."""
        self.wants_to_play = False
        self._send(commands.Pause())
        self.state_changed.emit(self.state)

    def preview(self, experiment: Experiment) -> None:
        """Let the running GAN have a look at an experiment that is not decided on yet."""
        self._send(commands.Apply(experiment))
        self.look_again()

    def update(self, command: commands.Update) -> None:
        """A single update of one player; training pauses first."""
        if self.is_training:
            self.pause()
        self._send(command)
        self.look_again()

    def train_discriminator(self, command: commands.TrainDiscriminator) -> None:
        """Train D to optimality against G as it stands; training pauses first, and ``pause`` ends it."""
        if self.is_training:
            self.pause()
        if self._has_started:
            self._send(command)
            self._set_optimising(True)

    def walk_iteration(self) -> None:
        """Play one iteration, with all its numbers told by ``walked``; training pauses first."""
        if self.is_training:
            self.pause()
        if self._trainer is not None and self._has_started and not self.walking:
            self.walking = True
            self._send(commands.WalkIteration())

    def sample_outputs(self, command: commands.SampleOutputs) -> None:
        """Have D asked about fresh samples, while it trains or not; answered by ``outputs_sampled``."""
        if self._has_started:
            self._send(command)

    def limit_speed(self, iterations_per_second: float | None) -> None:
        """Train at most so fast, in this and in every later run; None is as fast as it goes."""
        self._speed_limit = iterations_per_second
        self._send(commands.LimitSpeed(iterations_per_second))

    def choose_engine(self, engine: commands.EngineChoice) -> None:
        """How iterations are executed, in this and in every later run."""
        self._engine_choice = engine
        self._send(commands.ChooseEngine(engine))

    def go_to(self, iteration: int) -> None:
        """Go to the snapshot nearest to an iteration; what lies after it stays until training goes on from there."""
        if not len(self.timeline):
            return
        if self.is_training:
            self.pause()
        if self._branch is None:  # where the run stands now can be gone to again
            self._waiting.add(self.generation, lambda _: None)
            self._send(commands.RequestSnapshot())
        self._send(commands.Restore(self.timeline.nearest(iteration)))

    def go_back(self) -> None:
        """Go to the last snapshot before now."""
        self.go_to(self.progress.iteration)

    def put_aside(self) -> None:
        """There is nothing to train on: wait for the next ``begin``, as if none had been."""
        self.experiment = None
        self.generation += 1  # what is still on its way is of no interest
        self._has_started = self.optimising = self.walking = False
        self.history, self.timeline = History(), Timeline()
        self._branch = None
        self._set_state(RunState.PAUSED)
        self._set_progress(Progress(), 0.0)
        self.begun.emit()
        self.history_changed.emit()
        self.timeline_changed.emit()

    def request_session(self, then: Callable[[Session], None]) -> None:
        """Call ``then`` with the run as it is now; without a trainer that answers, as it was at its last snapshot."""
        if self.experiment is None:
            return
        asker = Asker(self.experiment, self.history, self.timeline, then)
        if self._trainer is None or not self._has_started:
            asker.answer(self.position)
            return
        self._waiting.add(self.generation, asker.answer)
        self._send(commands.RequestSnapshot())

    def keep(self, then: Callable[[KeptRun], None]) -> None:
        """Stand still, and call ``then`` with all of the run, for ``take_up``."""
        if self.experiment is None:
            then(KeptRun(None, None, self.history, self.timeline, None))
            return
        self.pause()

        def give(session: Session) -> None:
            if self._branch is None and session.snapshot is not None:
                self.timeline.append(session.snapshot)
            then(KeptRun(self.experiment, session.snapshot, self.history, self.timeline, self._branch))

        self.request_session(give)

    def take_up(self, kept: KeptRun) -> None:
        """Have a run again that was kept, as if it had never been gone; it stands still."""
        self.wants_to_play = False
        if kept.experiment is None:
            self.put_aside()
            return
        self.experiment, self.history, self.timeline = kept.experiment, kept.history, kept.timeline
        self.begun.emit()
        self._start(kept.snapshot)
        self._branch = kept.branch
        self.history_changed.emit()
        self.timeline_changed.emit()

    def look_again(self) -> None:
        """Something other than training changed what a frame would show."""
        self._frames.look_again()

    def close(self) -> None:
        """End the trainer; at most two seconds."""
        self._timer.stop()
        trainer, self._trainer = self._trainer, None
        if trainer is not None:
            trainer.stop()

    # -- the trainer's life --------------------------------------------------------------------------------------

    def _start(self, snapshot: Snapshot | None) -> None:
        experiment = self.experiment
        assert experiment is not None  # noqa: S101  # begin() sets it
        self._ensure_trainer()
        self.generation += 1
        self._has_started = self.optimising = self.walking = False
        self._frames.arrived()
        self._branch = None
        self._set_state(RunState.STARTING)
        self._set_progress(snapshot.progress if snapshot else Progress(), 0.0)
        self._send(commands.Start(experiment, self.generation, snapshot))
        if self.wants_to_play:
            self._send(commands.Play())
        self._timer.start(TICK_MILLISECONDS)

    def _ensure_trainer(self) -> None:
        if self._trainer is None:
            self._trainer = self._make_trainer()
            self._trainer.died.connect(self._on_died)
            if self._speed_limit is not None:
                self._trainer.send(commands.LimitSpeed(self._speed_limit))
            if self._engine_choice != "auto":
                self._trainer.send(commands.ChooseEngine(self._engine_choice))
            self._timer.start(RESTING_MILLISECONDS)

    def _ask_aside(self, command: commands.Command) -> None:
        self._ensure_trainer()
        self._timer.setInterval(TICK_MILLISECONDS)  # somebody drags, and waits for it
        self._send(command)

    def _send(self, command: commands.Command) -> None:
        if self._trainer is not None:
            self._trainer.send(command)

    def _on_died(self, reason: str) -> None:
        if self._trainer is None or cast(Any, self.sender()) is not self._trainer:  # queued by an older one
            return
        self.tick()  # what it said last, its last snapshot perhaps
        trainer, self._trainer = self._trainer, None
        trainer.stop()
        QTimer.singleShot(0, self, lambda: self._forget(trainer))  # not while its own signal is being delivered
        log.warning("the trainer died: %s", reason)
        self._waiting.answer_all(self.position)
        now = time.monotonic()
        self._deaths = [*(death for death in self._deaths if now - death < DEATHS_SECONDS), now]
        if len(self._deaths) >= DEATHS_TOLERATED:
            self._give_up(reason)
            return
        if self.experiment is None:  # it had nothing to train; the next run starts another
            self._timer.stop()
            return
        last = self.position
        at = last.progress if last else Progress()
        self.history.truncate(at.iteration, at.single_updates)
        self._start(last)
        self.history_changed.emit()
        mended = f"It was started again and goes on from iteration {at.iteration:,}."
        self.message.emit("warning", f"The trainer ended unexpectedly: {reason}. {mended}")

    def _forget(self, trainer: TrainerLink) -> None:
        """The last reference to a trainer that died."""

    def _give_up(self, reason: str) -> None:
        self.wants_to_play = False
        self._set_state(RunState.FAILED)
        advice = "What was trained so far is kept: save it, or change a setting, then press play to try again."
        self.message.emit("error", f"The trainer keeps ending ({reason}). {advice}")

    # -- events --------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Take what has arrived; ask for the next frame; tell of the history, at most so often."""
        if self._trainer is None:
            return
        arrived = self._trainer.take()
        for event in arrived:
            if isinstance(event, events.Frame):
                self._frames.arrived()
                self._set_pace()
            if isinstance(event, events.SnapshotTaken) and event.requested:
                self._waiting.answer(event)
            if self.asides.take(event):
                self._set_pace()
            elif event.generation == self.generation:
                self._handlers[type(event)](event)
        now = time.monotonic()
        framed = any(isinstance(event, events.Frame) for event in arrived)
        if self._history_grew and now - self._history_told_at >= HISTORY_SECONDS * (2 if framed else 1):
            self._history_grew, self._history_told_at = False, now
            self.history_changed.emit()
        self._ask_for_frame(now)

    def _ask_for_frame(self, now: float) -> None:
        if not self._has_started or not self._frames.is_due(now, moving=self.state is RunState.PLAYING):
            return
        request = self.look()
        if request is not None:
            self._frames.asked(now)
            self._send(request)
            self._set_pace()

    def _on_started(self, event: events.Started) -> None:
        self._has_started = True
        self._frames.look_again()
        self._set_progress(event.progress, 0.0)
        self._set_state(RunState.PAUSED)
        self.started.emit(event)

    def _on_frame(self, event: events.Frame) -> None:
        self._frames.cost.note(sum(event.costs.values()))
        self._set_progress(event.progress, event.iterations_per_second)
        self.frame_arrived.emit(event)

    def _on_history(self, event: events.HistoryGrew) -> None:
        if self._branch is not None:  # what came after the point gone back to is history no more
            self.history.truncate(self._branch.iteration, self._branch.single_updates)
            self.timeline.truncate(self._branch.iteration)
            self._branch = None
        self.history.append(event.chunk)
        self.measuring = Measuring(event.measure_share, event.measure_spacing)
        self._history_grew = True
        self._frames.look_again()
        self._set_progress(event.progress, event.iterations_per_second)

    def _on_snapshot(self, event: events.SnapshotTaken) -> None:
        if self._branch is None:
            self.timeline.append(event.snapshot)
            self.timeline_changed.emit()

    def _on_paused(self, event: events.Paused) -> None:
        self.wants_to_play = False
        self._rest(event.progress)
        self.paused.emit(event)

    def _on_restored(self, event: events.Restored) -> None:
        self._branch = event.progress
        self._rest(event.progress)
        self.timeline_changed.emit()

    def _on_optimality(self, event: events.Optimality) -> None:
        self._frames.look_again()
        self._set_progress(event.progress, self.rate)
        self.optimality_changed.emit(event)
        if event.finished:
            self._set_optimising(False)

    def _on_walkthrough(self, event: events.Walkthrough) -> None:
        self.walking = False
        self._frames.look_again()
        self._set_progress(event.progress, self.rate)
        self.walked.emit(event)

    def _on_engine_changed(self, event: events.EngineChanged) -> None:
        self.engine_changed.emit(event)
        if event.reason:
            self.message.emit("info", f"Training stays eager: {event.reason}.")

    def _on_non_finite(self, event: events.NonFinite) -> None:
        self.wants_to_play = self.walking = False
        self._rest(event.progress)
        self.non_finite.emit(event)

    def _on_failed(self, event: events.Failed) -> None:
        self._frames.arrived()  # it may have been a frame that failed, or a walk
        self.walking = False
        self._set_optimising(False)
        if self.state is RunState.FAILED:
            return  # what fails for want of a run that could not be started is no news
        if not event.user:
            log.error("the trainer failed: %s\n%s", event.message, event.traceback)
        if not self._has_started:
            self.wants_to_play = False
            self._set_state(RunState.FAILED)
        elif not event.user:  # what a user can mend was refused, and training goes on
            self._rest(self.progress)
            self.wants_to_play = False
        self.failed.emit(event)

    def _rest(self, progress: Progress) -> None:
        self._frames.look_again()
        self._set_progress(progress, self.rate)
        self._set_state(RunState.PAUSED)

    # -- helpers of the above ------------------------------------------------------------------------------------

    def _set_state(self, state: RunState) -> None:
        self.state = state
        self._set_pace()
        self.state_changed.emit(state)

    def _set_pace(self) -> None:
        resting = self.state is RunState.PAUSED and not self._frames.on_its_way
        self._timer.setInterval(RESTING_MILLISECONDS if resting else TICK_MILLISECONDS)

    def _set_optimising(self, optimising: bool) -> None:
        if optimising is not self.optimising:
            self.optimising = optimising
            self.state_changed.emit(self.state)

    def _set_progress(self, progress: Progress, rate: float) -> None:
        self.progress, self.rate = progress, rate
        self.progressed.emit(progress, rate)
