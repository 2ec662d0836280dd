"""When the next frame may be asked for."""

from __future__ import annotations

FRAME_SECONDS = 1 / 30
"""The shortest time between two frames asked for: at 30 Hz training keeps about 90 % of its rate."""
EARLY_SECONDS = 0.008
"""Half a tick of the window's timer early rather than most of one late: 30 Hz would become 20."""


class FrameClock:
    """One frame on its way at a time, and at most so many a second; at rest one for each change of what it shows."""

    def __init__(self) -> None:
        self._on_its_way = False
        self._asked_at = 0.0
        self._something_changed = True

    def look_again(self) -> None:
        """What a frame would show has changed, training or not."""
        self._something_changed = True

    def is_due(self, now: float, *, moving: bool) -> bool:
        """Whether to ask at time ``now``, in seconds; ``moving`` while training changes it all the time."""
        late_enough = now >= self._asked_at + FRAME_SECONDS - EARLY_SECONDS
        return late_enough and not self._on_its_way and (moving or self._something_changed)

    def asked(self, now: float) -> None:
        """A frame was asked for."""
        self._something_changed, self._on_its_way, self._asked_at = False, True, now

    def arrived(self) -> None:
        """It came, or will never come."""
        self._on_its_way = False
