"""A run that is kept: as a session that can be gone on with, or whole, to be taken up again as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ganstudio.experiment import Experiment
from ganstudio.messages.history import History
from ganstudio.messages.snapshot import Snapshot
from ganstudio.messages.timeline import Timeline
from ganstudio.session.session import Session


def session_of(experiment: Experiment, snapshot: Snapshot | None, history: History, timeline: Timeline) -> Session:
    """What is kept of a run that stands at ``snapshot``: nothing of what lies after it."""
    if snapshot is None:
        return Session(experiment)
    iteration = snapshot.progress.iteration
    until = History()
    until.append(history.since(0, 0))
    until.truncate(iteration)
    earlier = tuple(timeline.nearest(at) for at in timeline.iterations if at < iteration)
    return Session(experiment, snapshot, until.since(0, 0), earlier)


@dataclass(frozen=True, eq=False)
class KeptRun:
    """All of a run that was put aside, what lies after the point that was gone back to included.

    experiment: None where there was nothing to train on.
    branch: the iteration that was gone back to, if training has not gone on from there.
    """

    experiment: Experiment | None
    snapshot: Snapshot | None
    history: History
    timeline: Timeline
    branch: int | None


@dataclass(frozen=True)
class Asker:
    """Somebody who waits for a snapshot, and the run as it was when it was asked for."""

    generation: int
    experiment: Experiment
    history: History
    timeline: Timeline
    then: Callable[[Session], None]

    def answer(self, snapshot: Snapshot | None) -> None:
        """Hand over the run as it stands at this snapshot."""
        self.then(session_of(self.experiment, snapshot, self.history, self.timeline))
