"""A run that is kept: as a session that can be gone on with, or whole, to be taken up again as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ganstudio.experiment import Experiment
from ganstudio.messages.events import SnapshotTaken
from ganstudio.messages.history import History
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.messages.timeline import Timeline
from ganstudio.session.session import Session


def session_of(experiment: Experiment, snapshot: Snapshot | None, history: History, timeline: Timeline) -> Session:
    """What is kept of a run that stands at ``snapshot``: nothing of what lies after it."""
    if snapshot is None:
        return Session(experiment)
    iteration = snapshot.progress.iteration
    until = history.until(iteration, snapshot.progress.single_updates)
    earlier = tuple(timeline.nearest(at) for at in timeline.iterations if at < iteration)
    return Session(experiment, snapshot, until, earlier)


@dataclass(frozen=True, eq=False)
class KeptRun:
    """All of a run that was put aside, what lies after the point that was gone back to included.

    experiment: None where there was nothing to train on.
    branch: where the run was gone back to, if training has not gone on from there.
    """

    experiment: Experiment | None
    snapshot: Snapshot | None
    history: History
    timeline: Timeline
    branch: Progress | None


@dataclass(frozen=True)
class Asker:
    """Somebody who waits for a snapshot, and the run as it was when it was asked for."""

    experiment: Experiment
    history: History
    timeline: Timeline
    then: Callable[[Session], None]

    def answer(self, snapshot: Snapshot | None) -> None:
        """Hand over the run as it stands at this snapshot."""
        self.then(session_of(self.experiment, snapshot, self.history, self.timeline))


class Askers:
    """All who wait, in the order in which they asked."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, Callable[[Snapshot | None], None]]] = []

    def add(self, generation: int, answer: Callable[[Snapshot | None], None]) -> None:
        """One more, who is told by ``answer`` of the run of this generation."""
        self._waiting.append((generation, answer))

    def answer(self, event: SnapshotTaken) -> None:
        """The snapshot that the first of this run waits for has come."""
        for at, (generation, answer) in enumerate(self._waiting):
            if generation == event.generation:
                del self._waiting[at]
                answer(event.snapshot)
                return

    def answer_all(self, snapshot: Snapshot | None) -> None:
        """Nobody else will answer: this is the best there is."""
        waiting, self._waiting = self._waiting, []
        for _, answer in waiting:
            answer(snapshot)
