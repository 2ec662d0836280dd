"""A trainer in this process, that says what a test lets it say; and what tests ask of windows and processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.history import COLUMNS, HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.training_run import TrainingRun

C = TypeVar("C")


def progress_at(iteration: int) -> Progress:
    return Progress(iteration, iteration, iteration, iteration / 100)


def snapshot_at(iteration: int) -> Snapshot:
    arrays = {"generator/parameters": np.full(3, iteration, np.float32)}
    return Snapshot(progress_at(iteration), (0.0, 0.0), (1.0, 1.0), arrays)


def chunk(first: int, last: int) -> HistoryChunk:
    rows = np.ones((last - first + 1, len(COLUMNS)))
    rows[:, 0] = np.arange(first, last + 1)
    return HistoryChunk(rows)


class ScriptedTrainer(QObject):
    """Remembers every command; answers ``Start`` by itself, everything else when told to."""

    died = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[c.Command] = []
        self.waiting: list[e.Event] = []
        self.generation = 0
        self.stopped = False
        self.answers_start = True

    def send(self, command: c.Command) -> None:
        self.sent.append(command)
        if isinstance(command, c.Start) and self.answers_start:
            self.generation = command.generation
            at = command.snapshot.progress if command.snapshot else Progress()
            self.say(e.Started(self.generation, at, 10, 20, (0.0, 0.0), (1.0, 1.0)))
            self.say(e.SnapshotTaken(self.generation, command.snapshot or snapshot_at(0)))
        if isinstance(command, c.RequestSnapshot):
            self.say(e.SnapshotTaken(self.generation, snapshot_at(self.iteration), requested=True))

    def take(self) -> tuple[e.Event, ...]:
        events, self.waiting = tuple(self.waiting), []
        return events

    def stop(self) -> None:
        self.stopped = True

    # -- for tests -----------------------------------------------------------------------------------------------

    iteration = 0

    def say(self, *events: e.Event) -> None:
        self.waiting += events

    def trains_to(self, iteration: int) -> None:
        """Playing, and a report of everything up to ``iteration``, with a snapshot there."""
        first, self.iteration = self.iteration + 1, iteration
        self.say(e.Playing(self.generation))
        self.say(e.HistoryGrew(self.generation, progress_at(iteration), chunk(first, iteration), 500.0))
        self.say(e.SnapshotTaken(self.generation, snapshot_at(iteration)))

    def sent_of(self, kind: type[C]) -> list[C]:
        return [command for command in self.sent if isinstance(command, kind)]


class Trainers:
    """Makes scripted trainers, and knows them all."""

    kind: type[ScriptedTrainer] = ScriptedTrainer

    def __init__(self, prepare: Callable[[ScriptedTrainer], None] = lambda trainer: None) -> None:
        self.made: list[ScriptedTrainer] = []
        self._prepare = prepare

    def __call__(self) -> ScriptedTrainer:
        trainer = self.kind()
        self._prepare(trainer)
        self.made.append(trainer)
        return trainer

    @property
    def last(self) -> ScriptedTrainer:
        return self.made[-1]


def train(run: TrainingRun, trainer: ScriptedTrainer, iteration: int) -> None:
    """Let the run have trained to ``iteration``, at once."""
    trainer.trains_to(iteration)
    run.tick()


def offer(window: MainWindow, text: str) -> QPushButton:
    """The button of a message."""
    return next(button for button in window.messages.findChildren(QPushButton) if button.text() == text)


def is_running(process_id: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
