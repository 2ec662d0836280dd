"""Which engine plays a run: decided once on the command line, and anew while somebody watches in the window.

A compiled run is not bit for bit an eager one, so which engine it is must follow from something that is said. On the
command line that is the command; in the window the session keeps at which iterations it changed, and a switch pins it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ganstudio.experiment import Experiment
from ganstudio.gan.device import Placed, placed
from ganstudio.gan.members import Members
from ganstudio.messages.commands import EngineChoice
from ganstudio.training.capture import Pattern
from ganstudio.training.compilation import in_one_line
from ganstudio.training.compiled_cache import is_compiled, loaded
from ganstudio.training.compiled_engine import CompiledEngine
from ganstudio.training.compiled_update import CompiledUpdate
from ganstudio.training.compiler import RECORDING, fault
from ganstudio.training.engine import EagerEngine, Engine
from ganstudio.training.population_engine import (
    CompiledPopulation,
    EagerPopulation,
    PopulationEngine,
    group_size,
)
from ganstudio.training.population_workers import DistributedPopulation
from ganstudio.training.preparation import Preparation
from ganstudio.training.recording import recordable_updates
from ganstudio.training.structure import key

WORTH_COMPILING = 4000
"""Iterations from which ``auto`` compiles on the command line: compiling takes about as long as it saves there. For a
GPU, where less is to be made, the same number."""
SETTLED_SECONDS = 2.0
"""How long the same networks and rules must train in the window before they are compiled."""
RECORDINGS_KEPT = 4
"""Structures whose graphs for a GPU are kept while the program runs; there are none on disk."""
UNLOADABLE = "what was compiled cannot be loaded"
GIVEN_UP = "compiling was given up"
LISTENING_SECONDS = 0.2
"""How often somebody who waits for the compiler is asked whether they still do."""


Updates = Mapping[Pattern, CompiledUpdate]
COMPILED = CompiledEngine.name


class Chosen(NamedTuple):
    """An engine, and why it is not the compiled one where that was wanted."""

    engine: Engine
    reason: str = ""


class ChosenForPopulation(NamedTuple):
    """The same for a population."""

    engine: PopulationEngine
    reason: str = ""


def is_worth_compiling(experiment: Experiment, iterations: int | None) -> bool:
    """Whether ``auto`` compiles: by the experiment and the number of iterations alone. None is without end."""
    ends = [end for end in (iterations, experiment.stop.iterations) if end is not None]
    return not ends or min(ends) >= WORTH_COMPILING


def will_compile(
    experiment: Experiment, choice: EngineChoice, iterations: int | None, members: int | None = None
) -> bool:
    """Whether :func:`engine_for` is going to take a while; what it does then, :func:`what_is_made` says."""
    wanted = choice == "compiled" or (choice == "auto" and is_worth_compiling(experiment, iterations))
    device = placed(experiment).name
    return wanted and fault(device) is None and (device == RECORDING or not is_compiled(experiment, members))


def what_is_made(experiment: Experiment) -> str:
    """What is being made for a compiled run, for people."""
    if placed(experiment).name == RECORDING:
        return "recording the iterations of both players for the GPU …"
    return "compiling the updates of both players, once for these networks and rules …"


def engine_for(
    experiment: Experiment, choice: EngineChoice, iterations: int | None, given_up: Callable[[], bool] = lambda: False
) -> Chosen:
    """The engine of a run whose length is known; compiles now, if need be, unless that is ``given_up`` meanwhile."""
    updates, reason = _updates_for(experiment, choice, iterations, given_up)
    return Chosen(EagerEngine() if updates is None else CompiledEngine(experiment, updates), reason)


def population_engine_for(
    members: Members,
    choice: EngineChoice,
    iterations: int | None,
    given_up: Callable[[], bool] = lambda: False,
    *,
    processes: int = 1,
) -> ChosenForPopulation:
    """The same for a population, in so many processes where it is compiled."""
    size = group_size(members, processes)
    updates, reason = _updates_for(members.common.experiment, choice, iterations, given_up, size)
    engine = EagerPopulation() if updates is None else _compiled_population(members, updates, processes)
    return ChosenForPopulation(engine, reason)


def _compiled_population(members: Members, updates: Updates, processes: int) -> PopulationEngine:
    size = group_size(members, processes)
    here = CompiledPopulation(members, updates, size)
    at_once = min(processes, -(-len(members) // size))
    return here if at_once == 1 else DistributedPopulation(here, at_once)


def _updates_for(
    experiment: Experiment,
    choice: EngineChoice,
    iterations: int | None,
    given_up: Callable[[], bool],
    members: int | None = None,
) -> tuple[Updates | None, str]:
    """Compiled updates, or why there are none though they were wanted."""
    if choice == "eager" or (choice == "auto" and not is_worth_compiling(experiment, iterations)):
        return None, ""
    device = placed(experiment).name
    reason = fault(device)
    if reason is None and device == RECORDING:
        return _recordable(experiment, members, given_up)
    if reason is None and not is_compiled(experiment, members):
        reason = _prepared(experiment, members, given_up)
    updates = loaded(experiment, members) if reason is None else None
    return updates, "" if updates is not None else reason or UNLOADABLE


def _recordable(
    experiment: Experiment, members: int | None, given_up: Callable[[], bool] = lambda: False
) -> tuple[Updates | None, str]:
    """Updates to be recorded on the experiment's device, or why there are none."""
    try:
        updates = recordable_updates(experiment, members, given_up)
        return updates, "" if updates is not None else GIVEN_UP
    except Exception as error:  # noqa: BLE001  whatever torch raises, training goes on without
        return None, f"the step cannot be recorded: {in_one_line(error)}"


def _prepared(experiment: Experiment, members: int | None, given_up: Callable[[], bool]) -> str | None:
    try:
        preparation = Preparation(experiment, members, nice=False)
    except OSError as error:
        return f"the compiler cannot be started: {error}"
    try:
        while not preparation.finished:
            if given_up():
                return GIVEN_UP
            preparation.wait(LISTENING_SECONDS)
        return preparation.reason()
    finally:
        preparation.cancel()


class Played(Protocol):
    """What a keeper needs of a run, or of a population of runs."""

    engine: Any
    placed: Placed

    @property
    def experiment(self) -> Experiment: ...


@dataclass(frozen=True)
class EngineKind:
    """How the engines of what is played are made, and how many members at once a compiled one computes."""

    eager: Callable[[], Any]
    compiled: Callable[[Any, Updates], Any]
    fits: Callable[[Any], bool]
    members: Callable[[Any], int | None]


OF_RUNS = EngineKind(
    eager=EagerEngine,
    compiled=lambda run, updates: CompiledEngine(run.experiment, updates),
    fits=lambda run: run.engine.fits(run.experiment),
    members=lambda _: None,
)
OF_POPULATIONS = EngineKind(
    eager=EagerPopulation,
    compiled=lambda population, updates: _compiled_population(population.members, updates, population.processes),
    fits=lambda _: True,  # its structure stays what it was
    members=lambda population: group_size(population.members, population.processes),
)


class EngineKeeper:
    """Gives a run the engine that is wanted, as soon as there is one. Call :meth:`tend` between bursts.

    ``tell(engine, preparing, reason)`` is called whenever one of them changes.
    """

    def __init__(
        self, choice: EngineChoice, tell: Callable[[str, bool, str], None], kind: EngineKind = OF_RUNS
    ) -> None:
        self._kind = kind
        self._choice = choice
        self._tell = tell
        self._run: Played | None = None
        self._key = ""
        self._preparation: Preparation | None = None
        self._failed: dict[str, str] = {}
        self._recorded: dict[str, Updates] = {}
        self._reasons: set[str] = set()
        self._settled_at = 0.0
        self._told: tuple[str, bool] = ("", False)

    def choose(self, choice: EngineChoice) -> None:
        """Another choice from now on."""
        self._choice = choice
        if choice != "auto":
            self._failed.clear()  # asked for by hand: try again
        if self._run is not None:
            self.attach(self._run)

    def attach(self, run: Played) -> None:
        """Take care of this run from now on, or again after its experiment has changed."""
        if run is not self._run:
            self._told = ("", False)
        self._run, name = run, key(run.experiment, self._kind.members(run))
        if name != self._key:
            self._key, self._settled_at = name, 0.0
            self._abandon()
        if self._choice == "eager":
            self._abandon()
        known = run.engine.name == COMPILED and self._kind.fits(run)
        if self._choice == "eager" or not known:
            run.engine = self._kind.eager()
        if self._choice != "eager" and not known:
            self._take(run)
        self._report()

    def tend(self, *, playing: bool) -> None:
        """Begin to prepare what is wanted, or take over what is ready."""
        run = self._run
        if run is None or self._choice == "eager" or run.engine.name == COMPILED or self._key in self._failed:
            return
        if self._preparation is not None:
            if self._preparation.finished:
                self._finish(run, self._preparation)
        elif self._choice == "compiled" or (playing and self._has_settled()):
            self._begin(run)

    @property
    def preparing(self) -> bool:
        """Whether something is being compiled."""
        return self._preparation is not None

    def close(self) -> None:
        """End what is under way."""
        self._abandon()
        self._run = None

    def _has_settled(self) -> bool:
        now = time.perf_counter()
        self._settled_at = self._settled_at or now
        return now - self._settled_at >= SETTLED_SECONDS

    def _begin(self, run: Played) -> None:
        reason = fault(run.placed.name)
        if reason is None and run.placed.name == RECORDING:
            reason = self._record(run)
        elif reason is None:
            try:
                self._preparation = Preparation(run.experiment, self._kind.members(run))
            except OSError as error:
                reason = f"the compiler cannot be started: {error}"
        if reason is not None:
            self._failed[self._key] = reason
        self._report(reason or "")

    def _finish(self, run: Played, preparation: Preparation) -> None:
        self._preparation = None
        reason = preparation.reason()
        if reason is None and not self._take(run):
            reason = UNLOADABLE
        if reason is not None:
            self._failed[self._key] = reason
        self._report(reason or "")

    def _record(self, run: Played) -> str | None:
        """Record it here and now, in the process that has its tensors. Why that cannot be, or None."""
        self._tell(run.engine.name, True, "")
        self._told = (run.engine.name, True)
        updates, reason = _recordable(run.experiment, self._kind.members(run))
        if updates is None:
            return reason
        self._recorded = dict([*self._recorded.items(), (self._key, updates)][-RECORDINGS_KEPT:])
        return None if self._take(run) else UNLOADABLE

    def _take(self, run: Played) -> bool:
        """Use what was compiled or recorded for this run before, if anything was."""
        updates = None
        if run.placed.name == RECORDING:
            updates = self._recorded.get(self._key)
        elif fault(run.placed.name) is None:
            updates = loaded(run.experiment, self._kind.members(run))
        if updates is None:
            return False
        run.engine = self._kind.compiled(run, updates)
        return True

    def _abandon(self) -> None:
        if self._preparation is not None:
            self._preparation.cancel()
            self._preparation = None

    def _report(self, reason: str = "") -> None:
        if self._run is None:
            return
        now = (self._run.engine.name, self._preparation is not None)
        fresh = reason if reason not in self._reasons else ""
        self._reasons.add(reason)
        if now != self._told or fresh:
            self._told = now
            self._tell(*now, fresh)
