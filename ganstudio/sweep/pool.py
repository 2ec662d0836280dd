"""Runs beside each other: as many processes as are wanted at once, a fresh one for each run."""

from __future__ import annotations

import json
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection as pipes
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from ganstudio.interrupts import interrupts_held
from ganstudio.sweep import worker
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.subjects import Case

GRACE_SECONDS = 2.0

Watch = Callable[[Case, float, float], None]
"""Called while a run goes on: its case, the share of the budget that is spent, and the JSD now."""


@dataclass(frozen=True)
class Crash:
    """A run that gave no outcome, and what its process said of it: a fault of this program, or of the machine."""

    case: Case
    details: str


@dataclass
class _Running:
    case: Case
    process: BaseProcess
    connection: Connection[bytes, bytes]

    @classmethod
    def start(cls, case: Case, protocol: Protocol, workers: int) -> _Running:
        # Spawned, not forked: torch's threads do not survive a fork, and every system does the same.
        context = get_context("spawn")
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=worker.main, args=(there, _request(case, protocol, workers)), daemon=True)
        with interrupts_held():
            process.start()
        there.close()
        return cls(case, process, here)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.terminate()
        self.process.join(GRACE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()


def outcomes(cases: Sequence[Case], protocol: Protocol, workers: int, watch: Watch) -> Generator[Outcome | Crash]:
    """What comes of each case, in the order in which they finish.

    ``workers`` runs at once, each in a process of its own; 0 makes them one by one in this process. When the iterator
    is closed, or an exception such as KeyboardInterrupt passes through it, what is running is ended.
    """
    if workers == 0:
        yield from _here(cases, protocol, watch)
        return
    waiting, running = deque(cases), list[_Running]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_Running.start(waiting.popleft(), protocol, workers))
            ready = pipes.wait([one.connection for one in running])
            for one in [one for one in running if one.connection in ready]:
                found = _heard(one, watch)
                if found is not None:
                    running.remove(one)
                    one.process.join()
                    one.connection.close()
                    yield found
    finally:
        for one in running:
            one.end()


def _here(cases: Sequence[Case], protocol: Protocol, watch: Watch) -> Iterator[Outcome | Crash]:
    from ganstudio.sweep.measured_run import play

    for case in cases:
        try:
            yield play(case, protocol, partial(watch, case), workers=0)
        except Exception:  # noqa: BLE001  the same as where it happens in another process
            yield Crash(case, traceback.format_exc())


def _heard(one: _Running, watch: Watch) -> Outcome | Crash | None:
    """The next message of a run; None while it goes on."""
    try:
        message: dict[str, Any] = json.loads(one.connection.recv_bytes())
    except (EOFError, OSError):
        one.process.join()
        return Crash(one.case, f"its process ended without a word (exit code {one.process.exitcode})")
    if "outcome" in message:
        return Outcome.model_validate(message["outcome"])
    if "failed" in message:
        return Crash(one.case, message["failed"])
    watch(one.case, message["progress"], message["jsd"])
    return None


def _request(case: Case, protocol: Protocol, workers: int) -> bytes:
    tree = vars(case) | {"experiment": case.experiment.model_dump(mode="json")}
    return json.dumps({"case": tree, "protocol": protocol.model_dump(mode="json"), "workers": workers}).encode()
