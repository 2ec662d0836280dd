"""What a run needs of its trainer, wherever that lives."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance

from ganstudio.messages import commands, events


class TrainerLink(Protocol):
    """What a run needs of :class:`~ganstudio.ui.trainer_thread.TrainerThread`."""

    died: SignalInstance

    def send(self, command: commands.Command) -> None:
        """Pass a command to the trainer without waiting."""

    def take(self) -> tuple[events.Event, ...]:
        """What came since the last call."""

    def stop(self) -> None:
        """End the trainer within two seconds."""
