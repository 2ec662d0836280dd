"""A population's members shared out among processes, seen from the one that has it.

Each of them has an interpreter of its own. Threads would take turns at its lock between any two operations of NumPy: of
sixteen most would wait. What a process needs for a burst are a few numbers; the state is in memory that both see.
"""

from __future__ import annotations

import itertools
import logging
import math
import sys
import threading
import weakref
from collections.abc import Sequence
from ctypes import c_float
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from ganstudio.gan.members import joined
from ganstudio.gan.state import State
from ganstudio.gan.trees import mapped
from ganstudio.interrupts import interrupts_held
from ganstudio.messages.pipe import PipeLink
from ganstudio.messages.population import Burst, BurstPlayed, PlayBurst, TakeMembers
from ganstudio.training import population_worker
from ganstudio.training.capture import tensors_of
from ganstudio.training.compiled_cache import folder_of
from ganstudio.training.population_draws import PopulationDraws
from ganstudio.training.population_engine import CompiledPopulation
from ganstudio.training.population_worker import put_into, state_in

log = logging.getLogger(__name__)

START = "forkserver" if sys.platform == "linux" else "spawn"
"""A process that has loaded torch and done nothing with it is copied: elsewhere, each loads it by itself."""


class DistributedPopulation:
    """Plays a population in several processes, each of which has whole groups of members, and all bits are the same.

    They load while the first bursts are played here. Where they cannot be started, or one of them ends, all is played
    here again. Call :meth:`close` at the end.
    """

    name = CompiledPopulation.name

    def __init__(self, here: CompiledPopulation, processes: int) -> None:
        self._here = here
        self._processes = processes
        self._workers: Workers | None = None

    def advance(self, draws: PopulationDraws, state: State, burst: Burst) -> tuple[State, Tensor]:
        if self._workers is None:
            self._workers = Workers(draws, state, self._here.group, self._processes)
        return self._workers.advance(state, burst) or self._here.advance(draws, state, burst)

    def wait(self, seconds: float) -> bool:
        """Whether all processes are there, waiting so long for each of them; a burst must have been played."""
        return self._workers is not None and self._workers.are_ready(seconds)

    def close(self) -> None:
        """End the processes."""
        if self._workers is not None:
            self._workers.end()


class Workers:
    """The processes, and what each of them has of a population. They are started, and load, in the background."""

    def __init__(self, draws: PopulationDraws, state: State, group: int, processes: int) -> None:
        self._count = len(draws.members)
        self._last: State | None = None
        """The state after the last burst, which they have as well."""
        self._crew = _Crew()
        self._loading: list[_Worker] | None = None
        weakref.finalize(self, self._crew.end)
        posts = [(share, _task(draws, state, share, group)) for share in shares(self._count, group, processes)]
        self._starting = threading.Thread(target=self._crew.start, args=(posts,), name="population", daemon=True)
        self._starting.start()

    def are_ready(self, seconds: float = 0.0) -> bool:
        """Whether all of them can play; where they are not yet, waits so long for each."""
        self._starting.join(seconds)
        if self._starting.is_alive() or self._crew.ended:
            return False
        if self._loading is None:
            self._loading = list(self._crew.workers)
        try:
            while self._loading and self._loading[0].link.receive(seconds) is not None:
                self._loading.pop(0)
        except EOFError:
            self._lost()
        return not self._loading

    def advance(self, state: State, burst: Burst) -> tuple[State, Tensor] | None:
        """The stacked state after the burst, and its rows; None where they do not play, or not yet."""
        if not self.are_ready():
            return None
        workers, anew = self._crew.workers, state is not self._last
        if anew:
            for worker in workers:
                put_into(worker.state, mapped(state, itemgetter(worker.share)))
        try:
            PipeLink.send_to_all([worker.link for worker in workers], PlayBurst(burst, anew))
            rows = [worker.played().rows for worker in workers]
        except EOFError:
            self._lost()
            return None
        except BaseException:  # Ctrl-C: nobody knows any more which answers are still to come
            self.end()
            raise
        self._last = joined([worker.state for worker in workers], self._count)
        return self._last, torch.from_numpy(np.concatenate(rows, 1))

    def end(self) -> None:
        """End all of them, now or as soon as they are started."""
        self._crew.end()

    def _lost(self) -> None:
        log.warning("a process that played members of the population has ended: one plays all of them now")
        self.end()


class _Crew:
    """Processes that end together, even where one thread ends them while another one still starts them."""

    def __init__(self) -> None:
        self.workers: list[_Worker] = []
        self.ended = False
        self._lock = threading.RLock()  # whoever holds it may collect garbage, which ends what nobody has any more

    def start(self, posts: Sequence[tuple[slice, TakeMembers]]) -> None:
        """Start a process for each, unless it was ended meanwhile."""
        try:
            for share, task in posts:
                if self.ended:
                    break
                worker = _Worker.start(share, task)
                with self._lock:
                    self.workers.append(worker)
                    worker.link.send(task)
        except Exception as error:  # noqa: BLE001  no memory for another process, say: training goes on without
            if not self.ended:
                log.warning("one process plays all members of the population: others cannot be started: %s", error)
            self.ended = True
        if self.ended:
            self.end()

    def end(self) -> None:
        self.ended = True
        with self._lock:
            workers, self.workers = self.workers, []
        for worker in workers:
            worker.end()


class _Worker(NamedTuple):
    process: BaseProcess
    link: PipeLink
    share: slice
    state: State
    """In the memory that both see."""

    @classmethod
    def start(cls, share: slice, task: TakeMembers) -> _Worker:
        context: Any = get_context(START)
        if START == "forkserver":
            context.set_forkserver_preload([population_worker.__name__])
        memory = context.RawArray(c_float, sum(map(math.prod, task.shapes)))
        here, there = context.Pipe()
        process = context.Process(target=population_worker.main, args=(there, memory), daemon=True)
        with interrupts_held():
            process.start()
        there.close()
        return cls(process, PipeLink(here), share, state_in(memory, task.shapes))

    def end(self) -> None:
        self.link.close()
        self.process.kill()
        self.process.join()

    def played(self) -> BurstPlayed:
        """What came of a burst, as soon as it is over. Raises EOFError when the process is gone."""
        return self.link.receive(None)  # type: ignore[return-value]


def shares(count: int, group: int, processes: int) -> list[slice]:
    """The members of each process: whole groups, as equally many as possible."""
    groups = -(-count // group)
    ends = [min(count, group * (groups * number // processes)) for number in range(processes + 1)]
    return [slice(first, end) for first, end in itertools.pairwise(ends) if first < end]


def _task(draws: PopulationDraws, state: State, share: slice, group: int) -> TakeMembers:
    games = draws.members.games[share]
    shapes = tuple((len(games), *tensor.shape[1:]) for tensor in tensors_of(state))
    experiments = tuple(game.experiment for game in games)
    common = draws.members.common.experiment
    folder = str(folder_of(common, group))
    return TakeMembers(share.start, experiments, common, draws.normalisations[share], group, folder, shapes)
