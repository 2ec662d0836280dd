"""Trainers that are let go while others are waited for."""

from __future__ import annotations

import threading

from ganstudio.ui.trainer_link import TrainerLink


class Endings:
    """Each trainer ends in a thread of its own, so that all together take no longer than one."""

    def __init__(self) -> None:
        # The trainers too: a QThread must not be deleted by another thread.
        self._running: list[tuple[TrainerLink, threading.Thread]] = []

    def begin(self, trainer: TrainerLink) -> None:
        """Let it end, without waiting for it."""
        ending = threading.Thread(target=trainer.stop, name="end of a trainer", daemon=True)
        self._running.append((trainer, ending))
        ending.start()

    def wait(self) -> None:
        """Until all have ended; at most two seconds since the last began."""
        for _, ending in self._running:
            ending.join()
        self._running.clear()
