"""How often to measure, so that measuring takes about a tenth of the time at most."""

from __future__ import annotations

LIMIT = 0.10
"""Share of the time beyond which measurements are made more seldom."""

RELAXED = LIMIT / 5
"""Share below which they come closer together again; far enough from the limit that the two do not take turns."""


class Pace:
    """Every so many-th of the measurements that are due is made: ``spacing`` is a power of 2, and 1 to begin with.

    Where time decides what is measured, two runs of one experiment are measured at different iterations; each
    measurement is still the same to the last bit, as its random numbers follow from its iteration.
    """

    def __init__(self, measuring: float = 0.0, training: float = 0.0) -> None:
        """The seconds that were spent on either so far."""
        self.spacing = 1
        self.share = 0.0  #: of the time since the last measurement, that one's cost included
        self._warm = False
        self.begin_at(measuring, training)

    def begin_at(self, measuring: float, training: float) -> None:
        """The seconds that were spent on either by now; what lies before is no longer looked at."""
        self._spent = (measuring, training)
        self._played = 0

    def played(self, iterations: int) -> None:
        """So many more iterations."""
        self._played += iterations

    def look(self, measuring: float, training: float, limit: float | None) -> None:
        """The seconds that were spent on either by now: where there was a measurement since, take it into account.

        Under a ``limit`` of iterations a second there is time to spare: what is measured in it slows nothing down.
        """
        cost, trained = measuring - self._spent[0], training - self._spent[1]
        if cost == 0:
            return
        if limit is not None:
            trained = max(trained, self._played / limit - cost)
        self.measured(cost, trained)
        self.begin_at(measuring, training)

    def measured(self, cost: float, training: float) -> None:
        """A measurement took ``cost`` seconds after ``training`` seconds of training since the one before."""
        self.share = cost / (cost + training) if cost > 0 else 0.0
        if not self._warm:
            self._warm = True  # The first one prepares what all later ones use.
        elif self.share > LIMIT:
            self.spacing *= 2
        elif self.share < RELAXED and self.spacing > 1:
            self.spacing //= 2
