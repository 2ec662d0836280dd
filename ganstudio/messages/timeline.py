"""Snapshots over the whole run, thinned as it grows, so that one can go back to any part of it."""

from __future__ import annotations

from bisect import bisect_left

from ganstudio.messages.snapshot import Snapshot

CAPACITY = 128
FEWEST = 2


class Timeline:
    """At most ``capacity`` snapshots in order of iteration, spread evenly over the run.

    When it is full, the one goes whose neighbours are closest together: the spread stays even however often snapshots
    come. The first (the initialisation) and the last are always kept. The window holds it, to outlive a trainer that
    died; so does whoever trains without one.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < FEWEST:
            raise ValueError("a timeline keeps at least the first and the last snapshot")
        self._capacity = capacity
        self._snapshots: list[Snapshot] = []

    def __len__(self) -> int:
        return len(self._snapshots)

    @property
    def iterations(self) -> tuple[int, ...]:
        return tuple(snapshot.progress.iteration for snapshot in self._snapshots)

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        return tuple(self._snapshots)

    @property
    def last(self) -> Snapshot | None:
        return self._snapshots[-1] if self._snapshots else None

    def append(self, snapshot: Snapshot) -> None:
        """Add a snapshot; those at the same or a later iteration give way to it."""
        self.truncate(snapshot.progress.iteration - 1)
        self._snapshots.append(snapshot)
        if len(self._snapshots) > self._capacity:
            at = self.iterations
            del self._snapshots[min(range(1, len(at) - 1), key=lambda index: at[index + 1] - at[index - 1])]

    def truncate(self, iteration: int) -> None:
        """Forget every snapshot later than ``iteration``."""
        while self._snapshots and self._snapshots[-1].progress.iteration > iteration:
            self._snapshots.pop()

    def nearest(self, iteration: int) -> Snapshot:
        """The snapshot whose iteration is closest. Raises IndexError when there is none."""
        at = bisect_left(self.iterations, iteration)
        near = self._snapshots[max(0, at - 1) : at + 1]
        if not near:
            raise IndexError("the timeline is empty")
        return min(near, key=lambda snapshot: abs(snapshot.progress.iteration - iteration))
