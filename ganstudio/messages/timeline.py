"""Snapshots over the whole run, thinned as it grows, so that one can go back to any part of it."""

from __future__ import annotations

from bisect import bisect_left

from ganstudio.messages.snapshot import Snapshot

CAPACITY = 128


class Timeline:
    """At most ``capacity`` snapshots in order of iteration; when full, every second one is let go.

    The first (the initialisation) and the last are always kept. Trainer and window each hold one: the trainer to
    go on from, the window to outlive a trainer that died.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 4:
            raise ValueError("a timeline keeps at least four snapshots")
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
        """Add a snapshot; one at the same or a later iteration is replaced by it."""
        self.truncate(snapshot.progress.iteration - 1)
        self._snapshots.append(snapshot)
        if len(self._snapshots) > self._capacity:
            last = self._snapshots[-1]
            self._snapshots = self._snapshots[::2]
            if self._snapshots[-1] is not last:
                self._snapshots.append(last)

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
