"""The window's background trainer: a thread that holds one end of the pipe to the trainer's process."""

from __future__ import annotations

import logging
import queue
import signal
import threading
import time

from PySide6.QtCore import QObject, QThread, Signal

from ganstudio.messages.codec import CodecError
from ganstudio.messages.commands import Command, Quit
from ganstudio.messages.events import Event, Frame
from ganstudio.messages.pipe import PipeLink
from ganstudio.ui.trainer_process import TrainerProcess

log = logging.getLogger(__name__)

CLOSING_SECONDS = 1.2
"""How long the child may take to end by itself; what is left of two seconds is for ending it."""

_unfinished: list[TrainerThread] = []
"""Threads that outlived all patience: Qt aborts the program when one is deleted while it runs."""
LAST_SECONDS = 10.0
"""How long the program waits for those at its very end, its windows gone: on a busy machine they need that."""


def wait_for_unfinished() -> None:
    """Give threads that had not ended in time the time that they need; their children were killed."""
    deadline = time.monotonic() + LAST_SECONDS
    while _unfinished:
        thread = _unfinished.pop()
        if not thread.wait(max(0, int((deadline - time.monotonic()) * 1000))):
            _unfinished.append(thread)
            return


class TrainerThread(QThread):
    """Passes commands down to one trainer process and takes events up; lives as long as that process.

    It starts one itself unless it is given one. It holds no numbers of its own beyond what has arrived and was not
    taken yet. Commands go through a thread of their own: were they sent from here, two full pipes would wait for each
    other for ever.
    """

    died = Signal(str)  # why, in words; only when nobody asked for it

    def __init__(self, trainer: TrainerProcess | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        trainer = trainer or TrainerProcess()
        self._process = trainer.child
        self._link = PipeLink(trainer.connection)
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send_all, name="commands to the trainer", daemon=True)
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._frame: Frame | None = None
        self._stopping = False
        self._sender.start()
        self.start()

    @property
    def process_id(self) -> int | None:
        """The child's, for those who want to watch it."""
        return self._process.pid

    def send(self, command: Command) -> None:
        """Pass a command to the trainer; never waits, and is forgotten when the trainer is gone."""
        self._commands.put(command)

    def take(self) -> tuple[Event, ...]:
        """What came since the last call, in order; of several frames only the latest, last."""
        with self._lock:
            events, self._events = self._events, []
            frame, self._frame = self._frame, None
        return (*events, frame) if frame is not None else tuple(events)

    def stop(self) -> None:
        """End the child: asked first, then killed. Returns within two seconds, with nothing left running."""
        self._stopping = True
        self._commands.put(Quit())
        self._commands.put(None)
        deadline = time.monotonic() + CLOSING_SECONDS
        ended = self.wait(int(CLOSING_SECONDS * 1000))
        if not ended or not self._ended_by(deadline):
            self._process.kill()
            self.wait(600)
            self._process.join(0.2)
        if self.isRunning():
            log.error("the thread of the trainer did not end")
            _unfinished.append(self)
            return
        self._release()

    def run(self) -> None:
        """Qt's entry into the thread."""
        self._receive_all()

    def _receive_all(self) -> None:
        try:
            while True:
                self._keep(self._link.receive(None))
        except EOFError:
            pass
        except CodecError:
            log.exception("the trainer sent something that is no message")
        if not self._stopping:
            self.died.emit(self._reason())

    def _keep(self, event: Event | None) -> None:
        with self._lock:
            if event is None:
                return
            if isinstance(event, Frame):
                self._frame = event
            else:
                self._events.append(event)

    def _send_all(self) -> None:
        try:
            while (command := self._commands.get()) is not None:
                self._link.send(command)
        except EOFError:
            log.debug("commands are no longer sent: the trainer is gone")

    def _ended_by(self, deadline: float) -> bool:
        # Only after run() is over: two threads waiting for one child would take its exit code from each other.
        self._process.join(max(0.0, deadline - time.monotonic()))
        return self._process.exitcode is not None

    def _reason(self) -> str:
        self._process.join(0.5)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            self._process.join(0.5)
            return "it closed its end of the pipe"
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            return f"it was ended by {name}" + (", perhaps for want of memory" if name == "SIGKILL" else "")
        return f"it ended with exit code {code}"

    def _release(self) -> None:
        self._sender.join(0.3)
        self._link.close()


class TrainerAhead:
    """Makes a window's trainers; the first was started before the window, to be ready when it is."""

    def __init__(self, trainer: TrainerProcess) -> None:
        self._first: TrainerThread | None = TrainerThread(trainer)

    def __call__(self) -> TrainerThread:
        """The trainer that was started ahead, if it is there and alive; else a new one."""
        first, self._first = self._first, None
        if first is None:
            return TrainerThread()
        if first.isRunning():
            return first
        first.stop()
        return TrainerThread()

    def close(self) -> None:
        """End the first trainer if nobody took it."""
        first, self._first = self._first, None
        if first is not None:
            first.stop()
