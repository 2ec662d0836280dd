"""One end of the line between window and trainer."""

from __future__ import annotations

from typing import Any, Protocol


class Link(Protocol):
    """Two-ended and ordered; carries messages of this package."""

    def send(self, message: object) -> None:
        """Send one message. Raises EOFError when the other end is gone."""

    def receive(self, timeout: float | None = 0.0) -> Any | None:
        """The next message, or None when none came within ``timeout`` seconds (None waits for ever).

        Raises EOFError when the other end is gone and nothing is left to read.
        """
