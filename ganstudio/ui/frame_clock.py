"""When the next frame may be asked for."""

from __future__ import annotations

from ganstudio.ui.lately import Lately

FRAME_SECONDS = 1 / 30
"""The shortest time between two frames asked for: at 30 Hz training keeps about 90 % of its rate."""
SLOWEST_SECONDS = 1 / 15
"""The longest: below 15 Hz samples no longer seem to move, but to jump."""
SHARE = 0.06
"""Of the trainer's time that making frames may take, between those two."""
EARLY_SECONDS = 0.008
"""Half a tick of the window's timer early rather than most of one late: 30 Hz would become 20."""


class FrameClock:
    """One frame on its way at a time, and at most so many a second; at rest one for each change of what it shows."""

    def __init__(self, seconds: float | None = None) -> None:
        """``seconds`` is the shortest time between two frames; None is ``FRAME_SECONDS``."""
        self._shortest = seconds
        self.cost = Lately()
        """What a frame takes from training: where frames are dear, they are asked for less often."""
        self._on_its_way = False
        self._asked_at = 0.0
        self._something_changed = True

    @property
    def spacing(self) -> float:
        """Seconds from one frame to the next, at least."""
        shortest = FRAME_SECONDS if self._shortest is None else self._shortest
        return max(shortest, min(self.cost.seconds / SHARE, SLOWEST_SECONDS))

    def look_again(self) -> None:
        """What a frame would show has changed, training or not."""
        self._something_changed = True

    def is_due(self, now: float, *, moving: bool) -> bool:
        """Whether to ask at time ``now``, in seconds; ``moving`` while training changes it all the time."""
        late_enough = now >= self._asked_at + self.spacing - EARLY_SECONDS
        return late_enough and not self._on_its_way and (moving or self._something_changed)

    def asked(self, now: float) -> None:
        """A frame was asked for."""
        self._something_changed, self._on_its_way, self._asked_at = False, True, now

    @property
    def on_its_way(self) -> bool:
        """Whether a frame was asked for and has not come yet."""
        return self._on_its_way

    def arrived(self) -> None:
        """It came, or will never come."""
        self._on_its_way = False
