"""A child process that speaks the trainer's messages without torch: it counts, and says what it was told."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.history import COLUMNS, HistoryChunk
from ganstudio.messages.pipe import PipeLink
from ganstudio.messages.snapshot import Progress, Snapshot


def snapshot_at(iteration: int) -> Snapshot:
    progress = Progress(iteration, iteration, iteration, iteration / 1000)
    return Snapshot(progress, (0.0, 0.0), (1.0, 1.0), {"generator/parameters": np.full(3, iteration, np.float32)})


def chunk(first: int, last: int) -> HistoryChunk:
    """Rows of the iterations first … last, inclusive."""
    rows = np.zeros((last - first + 1, len(COLUMNS)))
    rows[:, 0] = np.arange(first, last + 1)
    return HistoryChunk(rows)


class FakeTrainer:
    """Ten iterations a burst, a snapshot every fifty, frames when asked."""

    def __init__(self, link: PipeLink) -> None:
        self.link = link
        self.generation = 0
        self.iteration = 0
        self.left: int | None = 0

    def serve(self) -> None:
        while True:
            command = self.link.receive(0.002 if self.left != 0 else None)
            if isinstance(command, c.Quit):
                return
            if command is not None:
                self.handle(command)
            elif self.left != 0:
                self.burst()

    def handle(self, command: c.Command) -> None:
        progress = snapshot_at(self.iteration).progress
        match command:
            case c.Start(_, generation, snapshot):
                self.generation = generation
                self.iteration = snapshot.progress.iteration if snapshot else 0
                self.left = 0
                taken = snapshot_at(self.iteration)
                self.link.send(e.Started(generation, taken.progress, 10, 20, taken.centre, taken.scale))
                self.link.send(e.SnapshotTaken(generation, taken))
            case c.Play(iterations):
                self.left = iterations
                self.link.send(e.Playing(self.generation))
            case c.Pause():
                self.left = 0
                self.link.send(e.Paused(self.generation, progress))
            case c.Restore(snapshot):
                self.iteration = snapshot.progress.iteration
                self.left = 0
                self.link.send(e.Restored(self.generation, snapshot.progress))
            case c.RequestFrame():
                self.link.send(e.Frame(self.generation, progress, 1000.0))
            case c.RequestSnapshot():
                self.link.send(e.SnapshotTaken(self.generation, snapshot_at(self.iteration), requested=True))

    def burst(self) -> None:
        first, self.iteration = self.iteration + 1, self.iteration + 10
        progress = snapshot_at(self.iteration).progress
        self.link.send(e.HistoryGrew(self.generation, progress, chunk(first, self.iteration), 1000.0))
        if self.iteration % 50 == 0:
            self.link.send(e.SnapshotTaken(self.generation, snapshot_at(self.iteration)))
        if self.left is not None:
            self.left = max(0, self.left - 10)
            if self.left == 0:
                self.link.send(e.Paused(self.generation, progress))


def main(connection: Connection[Any, Any]) -> None:
    FakeTrainer(PipeLink(connection)).serve()


def deaf(connection: Connection[Any, Any]) -> None:
    """Neither reads nor ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)


def ends_at_once(connection: Connection[Any, Any]) -> None:
    os._exit(3)


def babbles(connection: Connection[Any, Any]) -> None:
    """Sends without ever reading, far more than a pipe holds, then reads on."""
    link = PipeLink(connection)
    for iteration in range(400):
        link.send(e.HistoryGrew(1, Progress(iteration), chunk(0, 500), 1.0))
    FakeTrainer(link).serve()


def says_nonsense(connection: Connection[Any, Any]) -> None:
    connection.send_bytes(b"\x05\x00\x00\x00hello")
    time.sleep(60)
