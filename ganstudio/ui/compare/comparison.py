"""Several runs at once, each in a trainer process of its own, taking turns where there are more of them than cores."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from ganstudio.cores import available_cores
from ganstudio.messages.commands import RequestFrame
from ganstudio.messages.events import Failed, NonFinite, Paused
from ganstudio.messages.snapshot import Progress
from ganstudio.ui.canvas.region import LINE_CELLS
from ganstudio.ui.compare.contenders import Contender
from ganstudio.ui.endings import Endings
from ganstudio.ui.trainer_link import TrainerLink
from ganstudio.ui.training_run import RunState, TrainingRun

LEAST, MOST = 2, 4
"""So many can be compared."""
TURN_SECONDS = 0.5
"""How long a run trains before it gives its core to the next that waits."""
FIRST_TURN = 25
"""Iterations of the turn before a run's rate is known."""
GROWTH = 4
"""A turn has at most so many times the iterations of the one before it."""
FRAME_SECONDS = 0.2
"""The shortest time between two looks at a run: they are for comparing, and cost the trainers."""
POINTS = 2000


class Lane(QObject):
    """One contender and its run."""

    changed = Signal()

    def __init__(self, contender: Contender, make_trainer: Callable[[], TrainerLink], parent: QObject) -> None:
        super().__init__(parent)
        self.contender = contender
        self.run = TrainingRun(make_trainer, self)
        # The compiled engine is prepared on the cores that the others train on, and not the same bit for bit.
        self.run.choose_engine("eager")
        self.verdict = ""
        """Why it trains no more; empty while it can."""
        self.turn = FIRST_TURN
        """The iterations of its next turn."""
        self._turn_began_at = Progress()

    def begin(self) -> None:
        """Initialise the run."""
        self.run.begin(self.contender.experiment)

    def end(self, verdict: str) -> None:
        """It trains no more."""
        self.verdict = verdict
        self.changed.emit()

    def train(self, *, in_turns: bool) -> None:
        """Train for a turn, or until told otherwise."""
        self._turn_began_at = self.run.progress
        self.run.play(self.turn if in_turns else None)

    def end_turn(self) -> None:
        """Let the next turn be as long as it should be, going by this one; the first iterations are slow."""
        began, now = self._turn_began_at, self.run.progress
        iterations, seconds = now.iteration - began.iteration, now.seconds - began.seconds
        if iterations > 0 and seconds > 0:
            self.turn = max(1, min(round(TURN_SECONDS * iterations / seconds), GROWTH * self.turn))


class Comparison(QObject):
    """Trains all contenders from the same seed on the same samples, as many at a time as there are cores.

    It knows nothing of the run in the window, which goes on by itself.
    """

    changed = Signal()  # who trains, and whether anybody does

    def __init__(
        self,
        contenders: Sequence[Contender],
        make_trainer: Callable[[], TrainerLink],
        cores: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        if not LEAST <= len(contenders) <= MOST:
            raise ValueError(f"{LEAST} to {MOST} can be compared, not {len(contenders)}")
        self._make_trainer = make_trainer
        self._trainers: list[TrainerLink] = []
        self._endings = Endings()
        self._cores = cores if cores is not None else available_cores()
        self.lanes = tuple(Lane(contender, self._trainer, self) for contender in contenders)
        self.is_playing = False
        self._training: set[Lane] = set()
        self._waiting: deque[Lane] = deque()
        for lane in self.lanes:
            lane.run.started.connect(partial(self._on_ready, lane))
            lane.run.paused.connect(partial(self._on_paused, lane))
            lane.run.non_finite.connect(partial(self._on_non_finite, lane))
            lane.run.failed.connect(partial(self._on_failed, lane))
            lane.run.state_changed.connect(partial(self._on_state, lane))

    @property
    def takes_turns(self) -> bool:
        """Whether there are more runs than cores."""
        return len(self._able()) > self._cores

    @property
    def is_over(self) -> bool:
        """Whether nobody can train any more."""
        return not self._able()

    @property
    def reach(self) -> int:
        """The furthest iteration that any run has come to."""
        return max(lane.run.progress.iteration for lane in self.lanes)

    def begin(self) -> None:
        """Start the trainers."""
        for lane in self.lanes:
            lane.begin()

    def play(self) -> None:
        """Train, each as soon as it is ready and a core is free."""
        self.is_playing = True
        self._fill()
        self.changed.emit()

    def pause(self) -> None:
        """Stand still."""
        self.is_playing = False
        for lane in self._training:
            lane.run.pause()
        self.changed.emit()

    def watch(self, view: tuple[float, float, float, float], is_seen: Callable[[], bool]) -> None:
        """Look at every run now and then, in this region, while it ``is_seen``."""
        for lane in self.lanes:
            lane.run.look = _Look(view, is_seen)

    def begin_to_close(self) -> None:
        """Let all trainers end at the same time, without waiting for it."""
        self.is_playing = False
        trainers, self._trainers = self._trainers, []
        for trainer in trainers:
            self._endings.begin(trainer)

    def close(self) -> None:
        """End all trainers; at most two seconds since it began."""
        self.begin_to_close()
        self._endings.wait()
        for lane in self.lanes:
            lane.run.close()

    # -- inside --------------------------------------------------------------------------------------------------

    def _trainer(self) -> TrainerLink:
        trainer = self._make_trainer()
        self._trainers.append(trainer)
        return trainer

    def _able(self) -> list[Lane]:
        return [lane for lane in self.lanes if not lane.verdict]

    def _fill(self) -> None:
        """Let those who have waited longest train on the cores that are free."""
        while self.is_playing and self._waiting and len(self._training) < self._cores:
            lane = self._waiting.popleft()
            self._training.add(lane)
            lane.train(in_turns=self.takes_turns)

    def _on_ready(self, lane: Lane, _: object) -> None:
        # A trainer that died was started again: its turn is over.
        self._training.discard(lane)
        self._queue(lane)

    def _on_paused(self, lane: Lane, event: Paused) -> None:
        self._training.discard(lane)
        lane.end_turn()
        self._queue(lane)

    def _on_non_finite(self, lane: Lane, event: NonFinite) -> None:
        self._retire(lane, f"diverged at iteration {event.progress.iteration:,}: {event.quantity} is not finite")

    def _on_failed(self, lane: Lane, event: Failed) -> None:
        self._retire(lane, event.message)

    def _on_state(self, lane: Lane, state: RunState) -> None:
        if state is RunState.FAILED and not lane.verdict:
            self._retire(lane, "its trainer keeps ending")

    def _queue(self, lane: Lane) -> None:
        if not lane.verdict and lane not in self._waiting:
            self._waiting.append(lane)
        self._fill()
        self.changed.emit()

    def _retire(self, lane: Lane, verdict: str) -> None:
        """Nothing more comes of this run; the others have its core."""
        self._training.discard(lane)
        if lane in self._waiting:
            self._waiting.remove(lane)
        lane.end(verdict)
        lane.run.pause()
        if self.is_over:
            self.is_playing = False
        self._fill()
        self.changed.emit()


class _Look:
    """The frame that is wanted of a run, at most so often."""

    def __init__(self, view: tuple[float, float, float, float], is_seen: Callable[[], bool]) -> None:
        self._request = RequestFrame(("generated",), view, cells=LINE_CELLS, points=POINTS)
        self._is_seen = is_seen
        self._at = -FRAME_SECONDS

    def __call__(self) -> RequestFrame | None:
        now = time.monotonic()
        if not self._is_seen() or now - self._at < FRAME_SECONDS:
            return None
        self._at = now
        return self._request
