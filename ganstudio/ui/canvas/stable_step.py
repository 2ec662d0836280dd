"""A scale that moves in steps, free of Qt: it grows at once, and shrinks only when less was enough for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

PATIENCE_SECONDS = 1.0
SPARE = 0.9
"""A smaller step is worth while when the values fill no more than this share of it, lest it grows again at once."""


class StableStep:
    """The smallest of some ``steps`` that holds what it is asked to hold, without flickering.

    Args:
        steps: > 0, in rising order; the last one stands for everything above it as well.
        clock: seconds, monotonic.
    """

    def __init__(self, steps: Sequence[float], clock: Callable[[], float] = time.monotonic) -> None:
        self._steps = tuple(steps)
        self._clock = clock
        self._step: float | None = None
        self._spare_since: float | None = None
        self._most_since = 0.0

    @property
    def step(self) -> float:
        """The step as it stands; the largest one before anything was held."""
        return self._steps[-1] if self._step is None else self._step

    def reset(self) -> None:
        """Forget it: the next value chooses it afresh."""
        self._step = self._spare_since = None

    def hold(self, value: float) -> float:
        """The step for a value ≥ 0; NaN leaves it as it is."""
        if value != value:
            return self.step
        if self._step is None or value > self._step:
            self._step, self._spare_since = self._holding(value), None
        elif self._holding(value / SPARE) >= self._step:
            self._spare_since = None
        else:
            now = self._clock()
            if self._spare_since is None:
                self._spare_since, self._most_since = now, value
            self._most_since = max(self._most_since, value)
            if now - self._spare_since >= PATIENCE_SECONDS:
                # As large as the whole while asked for, not only this moment.
                self._step, self._spare_since = self._holding(self._most_since / SPARE), None
        return self._step

    def _holding(self, value: float) -> float:
        return next((step for step in self._steps if step >= value), self._steps[-1])
