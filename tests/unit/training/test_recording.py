"""Recordings of iterations, as CUDA has them, compute what the graphs do that were recorded.

No GPU is needed: a stand-in of a CUDA graph works on the same memory whenever it is played, as those do.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from small_experiment import same, small
from test_compiled_engine import CASES, interpreted
from test_engine_choice import Told
from test_population_engine import assert_alike, population_of
from torch import Tensor
from torch.fx import GraphModule, Interpreter, Node

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.device import moved, placed
from ganstudio.gan.game import Game
from ganstudio.training import engine_choice
from ganstudio.training.capture import captured
from ganstudio.training.compilation import recorded_calls
from ganstudio.training.compiled_engine import CompiledEngine
from ganstudio.training.engine import EagerEngine
from ganstudio.training.engine_choice import EngineKeeper, engine_for, population_engine_for, will_compile
from ganstudio.training.population_engine import CompiledPopulation, group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.recording import WARM_UP, Recording, Work, recordable_updates
from ganstudio.training.run import Run


class Recorder:
    """Records as CUDA does: what is played reads and writes the memory that it was recorded with."""

    def __init__(self, *, fails: bool = False) -> None:
        self.recorded = self.played = 0
        self._fails = fails

    def __call__(self, work: Work) -> Recording:
        self.recorded += 1
        if self._fails:
            raise RuntimeError("operation not permitted when stream is capturing")
        for _ in range(WARM_UP):
            work()
        results = tuple(tensor.clone() for tensor in work())

        def play() -> None:
            self.played += 1
            for memory, tensor in zip(results, work(), strict=True):
                memory.copy_(tensor)

        return play, results


def recorded(experiment: Experiment, recorder: Recorder) -> Run:
    return Run(experiment, engine=CompiledEngine(experiment, recordable_updates(experiment, None, recorder)))


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_a_recording_of_every_part_computes_what_its_graphs_do(changes: dict[str, object]) -> None:
    experiment, recorder = small(**changes), Recorder()
    run = recorded(experiment, recorder)
    reference = Run(experiment, engine=interpreted(experiment)[0])
    for each in (run, reference):
        each.advance(4)
        each.advance(3)
    assert recorder.played == 7, "nothing was left to be told operation by operation"
    assert recorder.recorded == (2 if "penalty_schedule__every" in changes else 1)
    assert same(run.snapshot(), reference.snapshot())
    assert run.history.rows == pytest.approx(reference.history.rows, rel=1e-5, abs=1e-6, nan_ok=True)


def test_a_recording_does_not_touch_what_it_gave_before() -> None:
    run = recorded(small(), Recorder())
    run.advance(2)
    before = run.state
    values = [tensor.clone() for tensor in (*before.generator, *before.discriminator, before.ema)]
    run.advance(5)
    for kept, value in zip((*before.generator, *before.discriminator, before.ema), values, strict=True):
        assert torch.equal(kept, value)


def test_live_changes_reach_a_recording() -> None:
    changed = with_value(small(), "optimizers.generator.learning_rate", 0.05)
    run, reference = recorded(small(), Recorder()), Run(small(), engine=interpreted(small())[0])
    for each in (run, reference):
        each.advance(3)
        each.apply(with_value(changed, "training.discriminator_updates", 2))
        each.advance(3)
    assert same(run.snapshot(), reference.snapshot())


def test_what_cannot_be_recorded_is_told_operation_by_operation() -> None:
    recorder = Recorder(fails=True)
    run, reference = recorded(small(), recorder), Run(small(), engine=interpreted(small())[0])
    for each in (run, reference):
        each.advance(3)
        each.advance(3)
    assert recorder.recorded == 1, "it is tried once"
    assert same(run.snapshot(), reference.snapshot())


def test_members_of_a_recorded_population_are_single_runs() -> None:
    population, recorder = PopulationRun(population_of(small(updates__lookahead=2))), Recorder()
    members = population.members
    updates = recordable_updates(members.common.experiment, group_size(members), recorder)
    population.engine = CompiledPopulation(members, updates)
    population.advance(5)
    assert recorder.played == 5
    assert_alike(population, rtol=1e-3, atol=1e-4)


class OnDevice(Interpreter):
    """Runs a graph and writes down what it computes anywhere else than on the device of its inputs."""

    def __init__(self, graph: GraphModule, device: str) -> None:
        super().__init__(graph)
        self.elsewhere: list[Node] = []
        self._device = device

    def run_node(self, n: Node) -> Any:
        result = super().run_node(n)
        if isinstance(result, Tensor) and result.device.type != self._device:
            self.elsewhere.append(n)
        return result


MIXTURE = {"a table of latents from a mixture": {"generator__table_rows": 20, "latent__prior": "mixture"}}


@pytest.mark.parametrize("changes", (CASES | MIXTURE).values(), ids=(CASES | MIXTURE).keys())
def test_an_update_stays_on_its_device_and_never_looks_at_a_number(changes: dict[str, object]) -> None:
    """Where tensors have no numbers, looking at one would fail; so would mixing them with those of the processor."""
    game = Game.of(small(**changes))
    for call in recorded_calls(game).values():
        capture = captured(game, moved(call, torch.device("meta")))
        run = OnDevice(capture.graph, "meta")
        run.run(*capture.examples)
        assert run.elsewhere == []
        assert all(example.device.type == "meta" for example in capture.examples)


ON_CUDA = with_value(small(), "device", "cuda")


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int | None]]:
    """A machine with a GPU and without a C++ compiler: for how many members updates were made for it."""
    made: list[int | None] = []

    def updates(experiment: Experiment, members: int | None = None) -> dict[Any, Any]:
        assert placed(experiment).name == "cuda"
        made.append(members)
        return {"": ""}

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setattr(engine_choice, "recordable_updates", updates)
    monkeypatch.setattr(engine_choice, "SETTLED_SECONDS", 0.0)
    return made


def test_on_cuda_compiled_runs_are_recorded_without_a_compiler(gpu: list[int | None]) -> None:
    assert will_compile(ON_CUDA, "auto", None)
    chosen = engine_for(ON_CUDA, "compiled", 10)
    assert isinstance(chosen.engine, CompiledEngine)
    assert chosen.reason == ""
    assert gpu == [None]


def test_on_cuda_a_population_is_one_group(gpu: list[int | None]) -> None:
    members = PopulationRun(population_of(small())).members
    on_cuda = type(members)(members.games, Game.of(ON_CUDA))
    chosen = population_engine_for(on_cuda, "compiled", None, threads=2)
    assert isinstance(chosen.engine, CompiledPopulation)
    assert gpu == [len(members)]


def on_cuda() -> Any:
    """What a keeper sees of a run on such a machine."""
    return SimpleNamespace(experiment=ON_CUDA, placed=placed(ON_CUDA), engine=EagerEngine())


def test_in_the_window_a_run_on_cuda_is_recorded_once_it_has_settled(gpu: list[int | None]) -> None:
    told: Told = []
    keeper, run = EngineKeeper("auto", lambda *what: told.append(what)), on_cuda()
    keeper.attach(run)
    keeper.tend(playing=False)
    assert gpu == []
    for _ in range(3):
        keeper.tend(playing=True)
    assert isinstance(run.engine, CompiledEngine)
    assert told == [("eager", False, ""), ("eager", True, ""), ("compiled", False, "")]
    assert gpu == [None]
    keeper.choose("eager")
    assert isinstance(run.engine, EagerEngine)


def test_where_recording_fails_training_stays_eager_and_says_why_once(
    gpu: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise RuntimeError("CUDA error: out of memory\nmore lines")

    monkeypatch.setattr(engine_choice, "recordable_updates", refused)
    reason = "the step cannot be recorded: RuntimeError: CUDA error: out of memory"
    told: Told = []
    keeper, run = EngineKeeper("auto", lambda *what: told.append(what)), on_cuda()
    keeper.attach(run)
    for _ in range(3):
        keeper.tend(playing=True)
    assert isinstance(run.engine, EagerEngine)
    assert told == [("eager", False, ""), ("eager", True, ""), ("eager", False, reason)]
    chosen = engine_for(ON_CUDA, "compiled", 10)
    assert isinstance(chosen.engine, EagerEngine)
    assert chosen.reason == reason
