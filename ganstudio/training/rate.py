"""How fast training goes, for people."""

from __future__ import annotations

import time


class Rate:
    """Iterations a second over the last half second or so of training."""

    def __init__(self) -> None:
        self.value = 0.0
        self._since = 0.0
        self._count = 0

    def start(self) -> None:
        self._since, self._count = time.perf_counter(), 0

    def count(self, iterations: int) -> None:
        self._count += iterations
        elapsed = time.perf_counter() - self._since
        if elapsed >= 0.5:
            self.value = self._count / elapsed
            self.start()

    def rest(self) -> None:
        """Training stands still: what was counted since the last reading is the best there is."""
        elapsed = time.perf_counter() - self._since
        if self.value == 0.0 and self._count and elapsed > 0:
            self.value = self._count / elapsed
