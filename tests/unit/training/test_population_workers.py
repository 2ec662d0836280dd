"""A population in several processes: the same bits as in one, whatever becomes of the others."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import select
import sys
import time
import weakref
from collections.abc import Iterator
from ctypes import c_float
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_experiment import same, small
from test_population_engine import assert_alike, interpreted, population_of

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.members import Members
from ganstudio.messages.codec import decode, encode
from ganstudio.messages.commands import ChooseEngine, Play, Quit
from ganstudio.messages.events import Failed
from ganstudio.messages.pipe import PipeLink
from ganstudio.messages.population import (
    Burst,
    BurstPlayed,
    MembersTaken,
    PlayBurst,
    PopulationFrame,
    RequestPopulationFrame,
    StartPopulation,
)
from ganstudio.messages.snapshot import Progress
from ganstudio.training import compiler, population_worker, population_workers, process, trainer
from ganstudio.training.capture import tensors_of
from ganstudio.training.compiled_cache import folder_of
from ganstudio.training.engine_choice import population_engine_for
from ganstudio.training.population_engine import CompiledPopulation, group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.population_workers import DistributedPopulation, shares
from ganstudio.ui.trainer_process import TrainerProcess

PATIENCE = 120.0
SETTINGS: dict[str, object] = {
    "objective": "least_squares",
    "optimizers__generator": "sgd",
    "optimizers__discriminator": "sgd",
    "updates__lookahead": 3,
}
compiled = pytest.mark.skipif(compiler.fault("cpu") is not None, reason=str(compiler.fault("cpu")))


@given(count=st.integers(1, 40), group=st.integers(1, 40), processes=st.integers(1, 20))
def test_shares_are_whole_groups_of_all_members_in_their_order(count: int, group: int, processes: int) -> None:
    found = shares(count, group, processes)
    assert [number for share in found for number in range(count)[share]] == list(range(count))
    assert all(share.start % group == 0 for share in found)
    assert len(found) == min(processes, -(-count // group))
    sizes = [-(-(share.stop - share.start) // group) for share in found]
    assert max(sizes) - min(sizes) <= 1


def members_of(experiment: Experiment) -> tuple[Experiment, ...]:
    """Five, of which the last diverges."""
    *others, last = population_of(experiment, 5)
    return (*others, with_value(last, "optimizers.discriminator.learning_rate", 10.0))


@pytest.fixture
def distributed(monkeypatch: pytest.MonkeyPatch) -> Iterator[PopulationRun]:
    """Five members in two processes that are there."""
    monkeypatch.setattr("ganstudio.training.preparation.scratch_folder", lambda: None)
    population = PopulationRun(population_of(small(**SETTINGS), 5), processes=2)
    chosen = population_engine_for(population.members, "compiled", None, processes=2)
    assert chosen.reason == "" and isinstance(chosen.engine, DistributedPopulation)
    population.engine = chosen.engine
    population.advance(2)
    assert chosen.engine.wait(PATIENCE)
    del chosen
    yield population
    population.close()


def alone(population: PopulationRun) -> PopulationRun:
    """The same population, played in this process from the beginning to where the other stands."""
    engine = population.engine
    assert isinstance(engine, DistributedPopulation)
    other = PopulationRun(population.experiments, engine._here)
    other.advance(population.progress.iteration)
    return other


def assert_same(population: PopulationRun, other: PopulationRun) -> None:
    for number in range(len(population)):
        assert same(population.snapshot(number), other.snapshot(number))


def played_elsewhere(population: PopulationRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on it is an error to play it in this process."""
    engine = population.engine
    assert isinstance(engine, DistributedPopulation)
    monkeypatch.setattr(engine._here, "advance", None)


def processes_of(population: PopulationRun) -> list[Any]:
    engine = population.engine
    assert isinstance(engine, DistributedPopulation) and engine._workers is not None
    return [worker.process for worker in engine._workers._crew.workers]


@compiled
def test_processes_compute_what_one_does(distributed: PopulationRun, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(processes_of(distributed)) == 2
    with monkeypatch.context() as context:
        played_elsewhere(distributed, context)
        distributed.advance(70)  # more than a burst
    assert_same(distributed, alone(distributed))
    assert_alike(distributed, rtol=1e-2, atol=2e-3)


@compiled
def test_a_state_of_somebody_else_is_where_processes_go_on(
    distributed: PopulationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed.advance(3)
    before, progress = distributed.state, distributed.progress
    distributed.advance(4)
    expected = distributed.state
    distributed.state, distributed.progress = before, progress
    played_elsewhere(distributed, monkeypatch)
    distributed.advance(4)
    assert all(map(torch.equal, tensors_of(distributed.state), tensors_of(expected)))


@compiled
def test_without_its_processes_a_population_goes_on_as_if_it_never_had_any(
    distributed: PopulationRun, caplog: pytest.LogCaptureFixture
) -> None:
    distributed.advance(5)
    first, second = processes_of(distributed)
    second.kill()
    second.join()
    with caplog.at_level(logging.WARNING):
        distributed.advance(5)
        distributed.advance(5)
    assert [record.getMessage() for record in caplog.records] == [
        "a process that played members of the population has ended: one plays all of them now"
    ]
    assert not first.is_alive()
    assert_same(distributed, alone(distributed))


@compiled
def test_processes_end_with_what_they_were_started_for(distributed: PopulationRun) -> None:
    processes = processes_of(distributed)
    assert all(process.is_alive() for process in processes)
    distributed.close()
    assert not any(process.is_alive() for process in processes)
    distributed.advance(1)  # all the same
    assert distributed.progress.iteration == 3


@compiled
def test_processes_end_with_an_engine_that_nobody_has(distributed: PopulationRun) -> None:
    processes, engine = processes_of(distributed), weakref.ref(distributed.engine)
    distributed.engine = interpreted(distributed.members)[0]
    gc.collect()
    assert engine() is None
    assert not any(process.is_alive() for process in processes)


@compiled
def test_members_that_break_elsewhere_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ganstudio.training.preparation.scratch_folder", lambda: None)
    experiments = members_of(small(**SETTINGS))
    population = PopulationRun(experiments, processes=2)
    population.engine = population_engine_for(population.members, "compiled", None, processes=2).engine
    population.advance(1)
    assert isinstance(population.engine, DistributedPopulation) and population.engine.wait(PATIENCE)
    with monkeypatch.context() as context:
        played_elsewhere(population, context)
        population.advance(99)
    assert population.broken.tolist() == [False] * 4 + [True]
    assert_same(population, alone(population))
    population.close()


@compiled
def test_answers_that_nobody_waited_for_are_not_taken_for_others(
    distributed: PopulationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    distributed.advance(5)
    with monkeypatch.context() as context:
        context.setattr(population_workers._Worker, "played", interrupted)
        with pytest.raises(KeyboardInterrupt):
            distributed.advance(5)
    distributed.advance(5)
    assert distributed.progress.iteration == 12
    assert_same(distributed, alone(distributed))


class Script:
    """A link whose other end says what is in a list, and notes the answers."""

    def __init__(self, *said: object) -> None:
        self._said = [encode(message) for message in said]
        self.answers: list[Any] = []

    def send(self, message: object) -> None:
        self.answers.append(decode(encode(message)))

    def receive(self, timeout: float | None = 0.0) -> Any:
        if not self._said:
            raise EOFError
        return decode(self._said.pop(0))


def test_a_process_plays_its_members_as_the_whole_population_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiments = members_of(small(penalties__instance_noise=0.1))
    members = Members.of(experiments)
    engine, _ = interpreted(members)
    whole = PopulationRun(experiments, engine)
    share = slice(3, 5)
    task = population_workers._task(whole._draws, whole.state, share, group_size(members))
    assert Path(task.folder) == folder_of(members.common.experiment, group_size(members))
    monkeypatch.setattr(population_worker, "load_all", lambda _: engine._compiled)
    memory = (c_float * sum(int(np.prod(shape)) for shape in task.shapes))()
    shared = population_worker.state_in(memory, task.shapes)  # type: ignore[arg-type]
    population_worker.put_into(shared, population_workers.mapped(whole.state, lambda tensor: tensor[share]))
    bursts = [PlayBurst(Burst(Progress(), 2), anew=True)]
    bursts.append(
        PlayBurst(Burst(Progress(iteration=2, discriminator_updates=2, generator_updates=2), 1, (0, 4)), False)
    )
    link = Script(task, *bursts)
    with pytest.raises(EOFError):
        population_worker.serve(link, memory)  # type: ignore[arg-type]
    whole.advance(3)
    taken, *played = link.answers
    assert taken == MembersTaken() and all(isinstance(answer, BurstPlayed) for answer in played)
    assert [answer.rows.shape for answer in played] == [(2, 2, 8), (1, 2, 8)]
    torch.testing.assert_close(shared.ema[0], whole.state.ema[3])
    torch.testing.assert_close(shared.discriminator.moments[0], whole.state.discriminator.moments[3])


def test_where_no_process_can_be_started_one_plays_all(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing:
        RawArray = staticmethod(lambda *_: (_ for _ in ()).throw(OSError("no memory")))

        def set_forkserver_preload(self, _: object) -> None: ...

    monkeypatch.setattr(population_workers, "get_context", lambda _: Refusing())
    experiments = population_of(small(), 4)
    here, _ = interpreted(Members.of(experiments))
    population, other = PopulationRun(experiments, DistributedPopulation(here, 2)), PopulationRun(experiments, here)
    population.advance(3)
    assert isinstance(population.engine, DistributedPopulation) and not population.engine.wait(PATIENCE)
    population.advance(3)
    other.advance(6)
    assert_same(population, other)
    assert "others cannot be started: no memory" in caplog.text


def test_engines_of_one_process_start_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    members = Members.of(population_of(small(), 3))
    monkeypatch.setattr("ganstudio.training.engine_choice.fault", lambda _: None)
    monkeypatch.setattr("ganstudio.training.engine_choice.is_compiled", lambda *_: True)
    monkeypatch.setattr("ganstudio.training.engine_choice.loaded", lambda *_: {})
    assert isinstance(population_engine_for(members, "compiled", None).engine, CompiledPopulation)
    assert isinstance(population_engine_for(members, "compiled", None, processes=3).engine, DistributedPopulation)
    one = Members.of(population_of(small(), 1))
    assert isinstance(population_engine_for(one, "compiled", None, processes=3).engine, CompiledPopulation)


def with_three_cores(connection: Connection[bytes, bytes]) -> None:
    """The trainer's process on a machine that has one core for the window, and two more."""
    trainer.available_cores = lambda: 3  # type: ignore[attr-defined]
    process.main(connection)


@compiled
@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked as Linux is")
@pytest.mark.parametrize("ends", ["as it is told", "at once"])
def test_a_trainer_has_processes_of_its_own_and_leaves_none(ends: str) -> None:
    started = TrainerProcess(with_three_cores)
    link = PipeLink(started.connection)
    for command in (StartPopulation(1, members_of(small(**SETTINGS))), ChooseEngine("compiled"), Play()):
        link.send(command)
    deadline = time.monotonic() + PATIENCE
    # What its processes are copied from is one as well.
    while len(found := descendants(started.child.pid)) < 3 and time.monotonic() < deadline:
        link.receive(0.1)
    link.send(RequestPopulationFrame(1, 10))
    while not isinstance(event := link.receive(PATIENCE), PopulationFrame):
        assert not isinstance(event, Failed)
    assert len(found) >= 3, "no processes were started"
    handles = [os.pidfd_open(pid) for pid in found]
    if ends == "at once":
        started.kill()
    else:
        link.send(Quit())
        started.child.join(PATIENCE)
    for handle in handles:
        assert select.select([handle], [], [], PATIENCE)[0], "a process was left behind"
        os.close(handle)
    started.kill()


def descendants(ancestor: int | None) -> list[int]:
    """The processes that this one has started, those that they have, and so on."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")")[-1].split()[1])
    found, generation = list[int](), {ancestor}
    while generation:
        generation = {pid for pid, parent in parents.items() if parent in generation}
        found += generation
    return found
