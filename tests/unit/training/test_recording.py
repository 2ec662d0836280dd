"""Recordings of iterations, as CUDA has them, compute what the graphs do that were recorded.

No GPU is needed: a stand-in of a CUDA graph works on the same memory whenever it is played, as those do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from ganstudio.training.capture import Pattern, captured, state_of, tensors_of
from ganstudio.training.compilation import recorded_calls
from ganstudio.training.compiled_engine import CompiledEngine
from ganstudio.training.compiled_update import CompiledUpdate, Entry
from ganstudio.training.engine import EagerEngine
from ganstudio.training.engine_choice import EngineKeeper, engine_for, population_engine_for, what_is_made, will_compile
from ganstudio.training.iteration_plan import IterationPlan, PlannedCall
from ganstudio.training.population_engine import CompiledPopulation, group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.products import small_product
from ganstudio.training.recording import WARM_UP, RecordedPlan, Recording, Work, recordable_updates, recorded_on_cuda
from ganstudio.training.run import Run

aten = torch.ops.aten


class Recorder:
    """Records as CUDA does: what is played reads and writes the memory that it was recorded with."""

    def __init__(self, *, room: int = 100) -> None:
        self.recorded = self.played = 0
        self._room = room

    def __call__(self, work: Work) -> Recording:
        self.recorded += 1
        if self.recorded > self._room:
            raise RuntimeError("CUDA error: out of memory")
        for _ in range(WARM_UP):
            work()
        results = tuple(tensor.clone() for tensor in work())

        def play() -> None:
            self.played += 1
            for memory, tensor in zip(results, work(), strict=True):
                memory.copy_(tensor)

        return play, results


TRIED = 2
"""Iterations that are recorded only to see whether they can be."""


def recordable(experiment: Experiment, recorder: Recorder, members: int | None = None) -> dict[Pattern, CompiledUpdate]:
    updates = recordable_updates(experiment, members, record=recorder)
    assert updates is not None
    assert recorder.recorded == TRIED
    return updates


def recorded(experiment: Experiment, recorder: Recorder) -> Run:
    return Run(experiment, engine=CompiledEngine(experiment, recordable(experiment, recorder)))


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_a_recording_of_every_part_computes_what_its_graphs_do(changes: dict[str, object]) -> None:
    experiment, recorder = small(**changes), Recorder()
    run = recorded(experiment, recorder)
    reference = Run(experiment, engine=interpreted(experiment)[0])
    for each in (run, reference):
        each.advance(4)
        each.advance(3)
    assert recorder.played == 7, "nothing was left to be told operation by operation"
    assert recorder.recorded - TRIED == (2 if "penalty_schedule__every" in changes else 1)
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


def test_what_cannot_be_recorded_is_found_out_before_anything_is_played() -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        recordable_updates(small(), record=Recorder(room=0))


def test_where_there_is_no_room_for_another_recording_its_graphs_are_run_one_by_one() -> None:
    recorder = Recorder(room=TRIED)
    run, reference = recorded(small(), recorder), Run(small(), engine=interpreted(small())[0])
    for each in (run, reference):
        each.advance(3)
        each.advance(3)
    assert recorder.recorded == TRIED + 1, "it is tried once"
    assert recorder.played == 0
    assert same(run.snapshot(), reference.snapshot())


def test_who_gives_up_does_not_wait_for_all_updates() -> None:
    recorder = Recorder()
    assert recordable_updates(small(), None, lambda: True, record=recorder) is None
    assert recorder.recorded == 0


class Reports:
    """Code of an update that changes nothing, and reports so many zeros."""

    def __init__(self, numbers: int) -> None:
        self._numbers = numbers

    def run(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        return [torch.zeros(self._numbers)]


def test_tensors_that_change_places_in_a_state_are_not_lost() -> None:
    tensors = [tensor + number for number, tensor in enumerate(tensors_of(Run(small()).state))]
    count = len(tensors)
    calls = tuple(
        PlannedCall(CompiledUpdate(Entry("", (), (), ()), Reports(numbers)), (), (), count + 2 + number)
        for number, numbers in enumerate((6, 2))
    )
    first, second = (number for number in range(count) if tensors[number].shape == tensors[0].shape)
    after = list(range(count))
    after[first], after[second] = second, first
    plan = RecordedPlan(IterationPlan(calls, (), tuple(after), (0, 1)), Recorder(), state_of(tensors), [], (0.5,))
    state, _ = plan.play(state_of(tensors), [], 3, (0.5,))
    assert torch.equal(tensors_of(state)[first], tensors[second])
    assert torch.equal(tensors_of(state)[second], tensors[first])


def test_off_the_processor_products_are_the_library_s() -> None:
    game = Game.of(small(generator__widths=[20], training__batch_size=16))
    on, off = [], []
    for call in recorded_calls(game).values():
        on.append(captured(game, call).operations)
        off.append(captured(game, moved(call, torch.device("meta"))).operations)
    assert any(small_product in operations for operations in on)
    assert not any(small_product in operations for operations in off)


def test_members_of_a_recorded_population_are_single_runs() -> None:
    population, recorder = PopulationRun(population_of(small(updates__lookahead=2))), Recorder()
    members = population.members
    updates = recordable(members.common.experiment, recorder, group_size(members))
    population.engine = CompiledPopulation(members, updates, len(members))
    population.advance(5)
    assert recorder.played == 5
    assert_alike(population, rtol=1e-3, atol=1e-4)


SCALED = {aten.mul.Tensor, aten.div.Tensor, aten.add.Tensor, aten.sub.Tensor, aten.pow.Tensor_Tensor}
"""Take a single number from the processor as it is, as their second argument."""


class OnDevice(Interpreter):
    """Runs a graph and writes down what it computes anywhere else than on the device of its inputs."""

    def __init__(self, graph: GraphModule, device: str) -> None:
        super().__init__(graph)
        self.elsewhere: list[Node] = []
        self._device = device

    def run_node(self, n: Node) -> Any:
        result = super().run_node(n)
        if isinstance(result, Tensor) and result.device.type != self._device:
            is_factor = result.dim() == 0 and all(user.target in SCALED and user.args[0] is not n for user in n.users)
            if not is_factor:
                self.elsewhere.append(n)
        return result


MIXTURE = {"a table of latents from a mixture": {"generator__table_rows": 20, "latent__prior": "mixture"}}


@pytest.mark.parametrize("members", [None, 3], ids=["a run", "a population"])
@pytest.mark.parametrize("changes", (CASES | MIXTURE).values(), ids=(CASES | MIXTURE).keys())
def test_an_update_stays_on_its_device_and_never_looks_at_a_number(
    changes: dict[str, object], members: int | None
) -> None:
    """Where tensors have no numbers, looking at one would fail; so would mixing them with those of the processor."""
    game = Game.of(small(**changes))
    for call in recorded_calls(game).values():
        capture = captured(game, moved(call, torch.device("meta")), members)
        run = OnDevice(capture.graph, "meta")
        run.run(*capture.examples)
        assert run.elsewhere == []
        assert all(example.device.type == "meta" for example in capture.examples)


def test_what_a_rule_no_longer_remembers_stays_on_the_device() -> None:
    game = Game.of(small(updates__lookahead=3, updates__rule="optimistic"))
    state = moved(game.initial_state(), torch.device("meta"))
    forgotten = Game.of(small()).adapted(state)
    assert {tensor.device.type for tensor in tensors_of(forgotten)} == {"meta"}
    assert forgotten.generator.slow.numel() == forgotten.generator.previous.numel() == 0


class FakeCuda:
    """Writes down what is asked of ``torch.cuda``, and on which stream; a graph whose capture ``fails`` never ends."""

    def __init__(self, *, fails: bool) -> None:
        self.told: list[str] = []
        self.fails = fails
        self.stream_name = "main"

    def current_stream(self) -> Any:
        return self._stream(self.stream_name)

    def Stream(self) -> Any:
        return self._stream("beside")

    def _stream(self, name: str) -> Any:
        return SimpleNamespace(name=name, wait_stream=lambda other: self.told.append(f"{name} waits for {other.name}"))

    @contextmanager
    def stream(self, stream: Any) -> Iterator[None]:
        before, self.stream_name = self.stream_name, stream.name
        try:
            yield
        finally:
            self.stream_name = before

    def CUDAGraph(self) -> Any:
        return SimpleNamespace(replay=lambda: self.told.append("replay"))

    @contextmanager
    def graph(self, graph: Any) -> Iterator[None]:
        self.stream_name = "capture"
        yield
        if self.fails:
            raise RuntimeError("operation failed due to a previous error during capture")
        self.stream_name = "main"


@pytest.mark.parametrize("fails", [False, True])
def test_a_cuda_graph_is_warmed_up_beside_and_leaves_the_stream_as_it_was(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    cuda = FakeCuda(fails=fails)
    monkeypatch.setattr(torch, "cuda", cuda)

    def work() -> tuple[Tensor]:
        cuda.told.append(f"work on {cuda.stream_name}")
        return (torch.ones(1),)

    expected = ["beside waits for main", *["work on beside"] * WARM_UP, "main waits for beside", "work on capture"]
    if fails:
        with pytest.raises(RuntimeError, match="capture"):
            recorded_on_cuda(work)
    else:
        play, results = recorded_on_cuda(work)
        play()
        expected.append("replay")
        assert torch.equal(results[0], torch.ones(1))
    assert cuda.told == expected
    assert cuda.stream_name == "main"


ON_CUDA = with_value(small(), "device", "cuda")


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int | None]]:
    """A machine with a GPU and without a C++ compiler: for how many members updates were made for it."""
    made: list[int | None] = []

    def updates(experiment: Experiment, members: int | None = None, *_: object) -> dict[Any, Any]:
        assert placed(experiment).name == "cuda"
        made.append(members)
        return {"": ""}

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setattr(engine_choice, "recordable_updates", updates)
    monkeypatch.setattr(engine_choice, "SETTLED_SECONDS", 0.0)
    return made


def test_on_cuda_compiled_runs_are_recorded_without_a_compiler(
    gpu: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_choice, "is_compiled", lambda *_: True)  # for the processor, which is no use here
    assert will_compile(ON_CUDA, "auto", None)
    assert "recording" in what_is_made(ON_CUDA)
    assert "compiling" in what_is_made(small())
    chosen = engine_for(ON_CUDA, "compiled", 10)
    assert isinstance(chosen.engine, CompiledEngine)
    assert chosen.reason == ""
    assert gpu == [None]


def test_on_cuda_a_population_is_one_group(gpu: list[int | None]) -> None:
    members = PopulationRun(population_of(small())).members
    on_cuda = type(members)(members.games, Game.of(ON_CUDA))
    chosen = population_engine_for(on_cuda, "compiled", None, processes=2)
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
    keeper.choose("auto")
    assert isinstance(run.engine, CompiledEngine)
    again = on_cuda()
    keeper.attach(again)  # begun again
    assert isinstance(again.engine, CompiledEngine)
    assert gpu == [None], "it was made once"


def test_a_run_on_cuda_does_not_take_what_was_compiled_for_the_processor(
    gpu: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_choice, "fault", lambda _: None)
    monkeypatch.setattr(engine_choice, "loaded", lambda *_: {"": ""})
    keeper, run = EngineKeeper("auto", lambda *_: None), on_cuda()
    keeper.attach(run)
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
