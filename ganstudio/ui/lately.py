"""What something takes lately."""

from __future__ import annotations

MEMORY = 0.2
"""Weight of the latest time in what it is taken to be."""


class Lately:
    """Seconds, smoothed: where the machine was busy with something else for a moment, nothing has become dearer.

    The first time prepares what all later ones use, and does not count.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._warm = False

    def note(self, seconds: float) -> None:
        """It took so long now."""
        if self._warm:
            self.seconds += (seconds - self.seconds) * MEMORY
        self._warm = True
