"""All that is kept of a run: enough to look at it again, and to go on from it bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, field

from ganstudio.experiment import Experiment
from ganstudio.messages.history import HistoryChunk
from ganstudio.messages.snapshot import Snapshot
from ganstudio.session.thumbnail import thumbnail_fault
from ganstudio.session.view import ViewSettings


@dataclass(frozen=True, eq=False)
class Session:
    """An experiment and how far it came.

    The randomness of a run is counter based: every draw follows from ``experiment.seed`` and the number of the
    update it is for. The update counters in ``snapshot.progress`` therefore *are* the state of the random number
    generators; there is no other, and a run that goes on from ``snapshot`` continues bit for bit.

    Attributes:
        snapshot: where the run stands; None for one that has not begun.
        history: one row for each update and one for each measure, columns as in :mod:`ganstudio.messages.history`.
        timeline: further snapshots that one can go back to, earliest first.
        thumbnail: a PNG of at most 1 MiB.

    Raises:
        ValueError: the timeline is not in order, or the thumbnail is no small PNG.
    """

    experiment: Experiment
    snapshot: Snapshot | None = None
    history: HistoryChunk = field(default_factory=HistoryChunk)
    timeline: tuple[Snapshot, ...] = ()
    view: ViewSettings = field(default_factory=ViewSettings)
    thumbnail: bytes | None = None

    def __post_init__(self) -> None:
        iterations = [snapshot.progress.iteration for snapshot in self.timeline]
        if iterations != sorted(set(iterations)):
            raise ValueError("the snapshots of a timeline must be in order of their iterations, each once")
        fault = None if self.thumbnail is None else thumbnail_fault(self.thumbnail)
        if fault is not None:
            raise ValueError(f"thumbnail: {fault}")
