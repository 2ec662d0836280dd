"""The program's own trainer in this process, for windows whose numbers must be real."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.training.trainer import Trainer

C = TypeVar("C")

SMALL: dict[str, object] = {
    "generator.widths": [8],
    "discriminator.widths": [8],
    "discriminator.fourier_features": 0,
    "training.batch_size": 16,
    "measure.samples": 1000,
    "measure.every": 10**6,
}


def small(**settings: object) -> Experiment:
    """An experiment that trains in no time; settings by path, with __ for the dots."""
    experiment = Experiment()
    wanted = SMALL | {name.replace("__", "."): value for name, value in settings.items()}
    for path, value in wanted.items():
        experiment = with_value(experiment, path, value)
    return experiment


class LiveTrainer(QObject):
    """Carries out every command at once; what is to be played is played when the events are taken."""

    died = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[e.Event] = []
        self.trainer = Trainer(self._waiting.append)
        self.sent: list[c.Command] = []

    def send(self, command: c.Command) -> None:
        self.sent.append(command)
        self.trainer.handle(command)

    def take(self) -> tuple[e.Event, ...]:
        for _ in range(1000):
            if not self.trainer.playing:
                break
            self.trainer.work()
        events = tuple(self._waiting)
        self._waiting.clear()
        return events

    def sent_of(self, kind: type[C]) -> list[C]:
        return [command for command in self.sent if isinstance(command, kind)]

    def stop(self) -> None:
        self.trainer.handle(c.Quit())
