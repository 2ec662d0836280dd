"""When iterations are played: in short bursts, as far as was asked for, and no faster than a limit."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from ganstudio.experiment.experiment import Stop
from ganstudio.messages.snapshot import Progress
from ganstudio.training.rate import Rate

BURST_SECONDS = 0.010
"""How long somebody with a command waits at most, where iterations are shorter."""
MOST_AT_FIRST = 4
"""Iterations of a burst before it is known how long they take now."""
CAUGHT_UP_SECONDS = 0.1
"""Of what a slow moment cost under a limit, so much is made up for."""


class Tempo:
    """How the iterations of a run, or of a population, are spread over time."""

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit
        """Iterations a second; None where there is none. Set it by :meth:`limit_to`."""
        self.rate = Rate()
        self._until: int | None = None
        self._not_before = 0.0
        self._at_first = 1

    @property
    def wait(self) -> float:
        """Seconds until the next burst may begin."""
        return max(0.0, self._not_before - time.perf_counter())

    def begin(self, until: int | None) -> None:
        """Play, up to this iteration if one is given."""
        self._until = until
        self._not_before = time.perf_counter()
        self.rate.start()

    def rest(self) -> None:
        """Stand still."""
        self._until = None
        self.rate.rest()

    def limit_to(self, iterations_per_second: float | None) -> None:
        """Play at most so many iterations a second from now on."""
        self.limit = iterations_per_second
        self._not_before = time.perf_counter()

    def burst(self, play: Callable[[int], int]) -> None:
        """Call ``play`` with the most iterations to play at once, until the time is up; it returns how many it did.

        At first as many as fitted the last burst, but only a few; then at most twice as many as so far. So a burst ends
        in time however slow they have become. Where it played none, the burst is over.
        """
        started = time.perf_counter()
        done, elapsed = 0, 0.0
        at_first = 1 if self.limit is not None else self._at_first
        while done == 0 or (elapsed < BURST_SECONDS and self.limit is None):
            fitting = min(int((BURST_SECONDS - elapsed) * done / elapsed), 2 * done) if done else at_first
            played = play(max(1, fitting))
            if not played:
                return
            done += played
            self.rate.count(played)
            elapsed = time.perf_counter() - started
        # Each call costs as much as a tenth of a slow iteration: one too many at once is better than two calls.
        self._at_first = max(1, min(MOST_AT_FIRST, math.ceil(BURST_SECONDS * done / max(elapsed, 1e-9))))
        if self.limit is not None:
            self._not_before = max(self._not_before, started - CAUGHT_UP_SECONDS) + done / self.limit

    def up_to_an_end(self, most: int, here: int, stop: Stop, every: int) -> int:
        """Of at most ``most`` iterations from ``here``, as many as lead no further than a stop or a measurement."""
        ends = [end for end in (self._until, stop.iterations) if end is not None]
        return max(1, min(most, *(end - here for end in (*ends, (here // every + 1) * every))))

    def reason_to_stop(self, progress: Progress, stop: Stop) -> str | None:
        """Why to stand still before the next iteration; '' when it was asked for, None to go on."""
        if self._until is not None and progress.iteration >= self._until:
            return ""
        if stop.iterations is not None and progress.iteration >= stop.iterations:
            return f"reached {stop.iterations:,} iterations"
        if stop.seconds is not None and progress.seconds >= stop.seconds:
            return f"trained for {stop.seconds:g} s"
        return None
