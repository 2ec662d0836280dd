"""Which engine plays: decided by the command alone, or prepared beside the run and swapped in between two bursts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_experiment import small

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages import commands, events
from ganstudio.training import compiled_cache, compiler, engine_choice
from ganstudio.training.compiled_engine import CompiledEngine
from ganstudio.training.engine import EagerEngine
from ganstudio.training.engine_choice import WORTH_COMPILING, EngineKeeper, engine_for
from ganstudio.training.preparation import Preparation
from ganstudio.training.run import Run
from ganstudio.training.structure import key
from ganstudio.training.trainer import Trainer


class FakePreparation:
    """A compiler that is done when it is told to be."""

    made: list[FakePreparation]

    def __init__(self, experiment: Experiment, members: int | None = None, *, nice: bool = True) -> None:
        self.key = key(experiment, members)
        self.finished = self.cancelled = False
        self.failure: str | None = None
        self.made.append(self)

    def reason(self) -> str | None:
        return self.failure

    def wait(self, seconds: float) -> None:
        self.finished = True

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def compilers(monkeypatch: pytest.MonkeyPatch) -> list[FakePreparation]:
    """The preparations that were begun; what they compile can be loaded once they are finished."""
    FakePreparation.made = []

    def loaded(experiment: Experiment, members: int | None = None) -> dict[object, object] | None:
        ready = any(made.finished and made.key == key(experiment, members) for made in FakePreparation.made)
        return {"": ""} if ready else None

    monkeypatch.setattr(engine_choice, "Preparation", FakePreparation)
    monkeypatch.setattr(engine_choice, "loaded", loaded)
    monkeypatch.setattr(engine_choice, "is_compiled", lambda *what: loaded(*what) is not None)
    monkeypatch.setattr(engine_choice, "fault", lambda device: None)
    monkeypatch.setattr(engine_choice, "SETTLED_SECONDS", 0.0)
    return FakePreparation.made


Told = list[tuple[str, bool, str]]


@pytest.fixture
def keeper(compilers: list[FakePreparation]) -> Iterator[tuple[EngineKeeper, Told]]:
    told: Told = []
    keeper = EngineKeeper("auto", lambda *what: told.append(what))
    yield keeper, told
    keeper.close()


def test_the_compiled_engine_takes_over_when_it_is_ready(
    keeper: tuple[EngineKeeper, Told], compilers: list[FakePreparation]
) -> None:
    keep, told = keeper
    run = Run(small())
    keep.attach(run)
    keep.tend(playing=False)
    assert not compilers  # nobody trains: nothing to prepare
    keep.tend(playing=True)
    keep.tend(playing=True)
    assert isinstance(run.engine, EagerEngine)
    compilers[0].finished = True
    keep.tend(playing=True)
    assert isinstance(run.engine, CompiledEngine)
    assert told == [("eager", False, ""), ("eager", True, ""), ("compiled", False, "")]
    assert len(compilers) == 1


def test_a_live_change_keeps_the_engine_and_another_structure_prepares_another(
    keeper: tuple[EngineKeeper, Told], compilers: list[FakePreparation]
) -> None:
    keep, _ = keeper
    run = Run(small())
    keep.attach(run)
    keep.tend(playing=True)
    compilers[0].finished = True
    keep.tend(playing=True)
    engine = run.engine
    run.apply(with_value(run.experiment, "penalties.r1", 2.0))
    keep.attach(run)
    assert run.engine is engine
    run.apply(with_value(run.experiment, "training.batch_size", 16))
    keep.attach(run)
    assert isinstance(run.engine, EagerEngine)
    keep.tend(playing=True)
    assert len(compilers) == 2
    run.apply(with_value(run.experiment, "training.batch_size", 8))
    keep.attach(run)
    assert compilers[1].cancelled
    assert isinstance(run.engine, CompiledEngine)  # known from before


def test_why_nothing_is_compiled_is_told_once(
    keeper: tuple[EngineKeeper, Told], compilers: list[FakePreparation]
) -> None:
    keep, told = keeper
    for batch in (8, 16):
        run = Run(small(training__batch_size=batch))
        keep.attach(run)
        keep.tend(playing=True)
        compilers[-1].finished, compilers[-1].failure = True, "the compiler broke"
        compilers[-1].key = ""
        for _ in range(3):
            keep.tend(playing=True)
        assert isinstance(run.engine, EagerEngine)
    assert len(compilers) == 2
    assert [reason for _, _, reason in told if reason] == ["the compiler broke"]


def test_pinned_to_eager_nothing_is_prepared_and_what_was_is_given_up(
    keeper: tuple[EngineKeeper, Told], compilers: list[FakePreparation]
) -> None:
    keep, _ = keeper
    run = Run(small())
    keep.attach(run)
    keep.tend(playing=True)
    keep.choose("eager")
    assert compilers[0].cancelled
    keep.tend(playing=True)
    assert len(compilers) == 1
    keep.choose("compiled")
    keep.tend(playing=False)  # asked for by hand: at once
    assert len(compilers) == 2


def test_who_gives_up_while_something_is_compiled_does_not_wait_for_it(compilers: list[FakePreparation]) -> None:
    chosen = engine_for(small(), "compiled", 10, given_up=lambda: True)
    assert isinstance(chosen.engine, EagerEngine)
    assert chosen.reason == engine_choice.GIVEN_UP
    assert compilers[0].cancelled
    assert not compilers[0].finished


def test_the_trainer_tells_of_its_engine_and_swaps_it_between_bursts(compilers: list[FakePreparation]) -> None:
    told: list[events.Event] = []
    trainer = Trainer(told.append, engine="auto")
    trainer.handle(commands.Start(small(), 1))
    trainer.handle(commands.ChooseEngine("eager"))
    trainer.handle(commands.Play(3))
    while trainer.playing:
        trainer.work()
    changes = [event for event in told if isinstance(event, events.EngineChanged)]
    assert [(event.engine, event.preparing) for event in changes] == [("eager", False)]
    chunks = [event.chunk for event in told if isinstance(event, events.HistoryGrew)]
    assert sum(len(chunk.engines) for chunk in chunks) == 1


@pytest.mark.parametrize(
    ("iterations", "stop", "compiled"),
    [
        (WORTH_COMPILING, None, True),
        (WORTH_COMPILING - 1, None, False),
        (None, None, True),
        (10**6, WORTH_COMPILING - 1, False),
        (None, WORTH_COMPILING, True),
    ],
)
def test_on_the_command_line_auto_follows_from_experiment_and_iterations(
    compilers: list[FakePreparation], iterations: int | None, stop: int | None, compiled: bool
) -> None:
    chosen = engine_for(small(stop__iterations=stop), "auto", iterations)
    assert isinstance(chosen.engine, CompiledEngine) is compiled
    assert chosen.reason == ""


def test_without_a_compiler_training_is_eager_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    chosen = engine_for(small(), "compiled", 10)
    assert isinstance(chosen.engine, EagerEngine)
    assert "no-such-compiler" in chosen.reason


@pytest.mark.parametrize(("platform", "device", "word"), [("win32", "cpu", "Windows"), ("linux", "mps", "mps")])
def test_where_nothing_can_be_compiled_there_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, platform: str, device: str, word: str
) -> None:
    monkeypatch.setattr(compiler.sys, "platform", platform)
    reason = compiler.fault(device)
    assert reason is not None and word in reason


def test_the_cache_keeps_what_was_used_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiled_cache, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(compiled_cache, "KEPT", 2)
    for age, name in enumerate(("newest", "older", "oldest")):
        (tmp_path / name).mkdir()
        (tmp_path / name / compiled_cache.INDEX).write_text("[]")
        os.utime(tmp_path / name, (10**9 - age, 10**9 - age))
    (tmp_path / "compiling-left").mkdir()
    os.utime(tmp_path / "compiling-left", (10**9, 10**9))
    compiled_cache.tidy()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["newest", "older"]


def test_a_damaged_file_in_the_cache_is_thrown_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiled_cache, "cache_folder", lambda: tmp_path)
    folder = compiled_cache.folder_of(small())
    folder.mkdir()
    (folder / compiled_cache.INDEX).write_text('[{"file": "gone.pt2", "pattern": [], "tensors": [], "outputs": []}]')
    assert compiled_cache.loaded(small()) is None
    assert not folder.exists()


def test_a_cache_that_may_not_be_looked_into_counts_as_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(compiled_cache, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(Path, "is_file", refused)
    assert not compiled_cache.is_compiled(small())
    assert compiled_cache.loaded(small()) is None


def test_a_preparation_that_is_cancelled_leaves_nothing_running(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ganstudio.training.preparation.cache_folder", lambda: tmp_path)
    preparation = Preparation(small())
    assert not preparation.finished
    preparation.cancel()
    assert preparation.finished


@pytest.mark.skipif(compiler.fault("cpu") is not None, reason=str(compiler.fault("cpu")))
def test_compiled_machine_code_trains_as_the_step_does_and_is_kept_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    # What torch finds out about the compiler it may keep from test run to test run: that takes it as long as the rest.
    monkeypatch.setattr("ganstudio.training.preparation.scratch_folder", lambda: None)
    experiment = small(generator__activation="tanh", discriminator__activation="softplus")
    chosen = engine_for(experiment, "compiled", 100)
    assert chosen.reason == ""
    run, eager = Run(experiment, engine=chosen.engine), Run(experiment)
    for count in (1, 99):
        for each in (run, eager):
            each.advance(count)
        first, second = run.snapshot().arrays, eager.snapshot().arrays
        for name, array in second.items():
            np.testing.assert_allclose(first[name], array, rtol=1e-2, atol=2e-3, err_msg=name)
    # Another launch finds it: no compiler is needed any more, and the bits are the same.
    again = engine_for(experiment, "compiled", 100)
    repeated = Run(experiment, engine=again.engine)
    for count in (7, 93):
        repeated.advance(count)
    third = repeated.snapshot().arrays
    assert all(np.array_equal(run.snapshot().arrays[name], third[name]) for name in third)
