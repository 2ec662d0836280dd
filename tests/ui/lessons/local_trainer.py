"""The real trainer in the window's own process: it trains whenever it is asked what came."""

from __future__ import annotations

import torch
from PySide6.QtCore import QObject, Signal

from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.training.trainer import Trainer

BURSTS = 15
"""Between two looks of the window, which takes longer to draw than the trainer to train."""


class LocalTrainer(QObject):
    """As fast as it goes, whatever a lesson says: nobody watches."""

    died = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        torch.set_num_threads(1)
        self._events: list[e.Event] = []
        self._trainer = Trainer(self._events.append)

    def send(self, command: c.Command) -> None:
        if not isinstance(command, c.LimitSpeed):
            self._trainer.handle(command)

    def take(self) -> tuple[e.Event, ...]:
        for _ in range(BURSTS):
            self._trainer.work()
        taken = tuple(self._events)
        self._events.clear()
        return taken

    def stop(self) -> None:
        self._trainer.handle(c.Pause())
