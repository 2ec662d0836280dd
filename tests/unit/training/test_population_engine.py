"""Every member of a population goes the way of a single run of its own, for every entry of every table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from small_experiment import small
from test_compiled_engine import CASES, Interpreter

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.population import Axis, PopulationSpec, sweepable
from ganstudio.gan.game import Game
from ganstudio.gan.live import Numbers
from ganstudio.gan.members import Members, grouped, joined, member_of, stacked
from ganstudio.gan.state import State
from ganstudio.training import population_engine
from ganstudio.training.capture import Pattern, captured
from ganstudio.training.compilation import DisagreementError, check_update, recorded_calls
from ganstudio.training.compiled_update import CompiledUpdate, Entry
from ganstudio.training.population_engine import CompiledPopulation, EagerPopulation, group_size
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.run import Run
from ganstudio.training.shared_code import SharedCode
from ganstudio.training.structure import key


def population_of(experiment: Experiment, count: int = 4) -> tuple[Experiment, ...]:
    """Members that differ in their seeds and in both learning rates."""
    members = []
    for number in range(count):
        member = with_value(experiment, "seed", number)
        member = with_value(member, "optimizers.generator.learning_rate", 1e-3 * (number + 1))
        members.append(with_value(member, "optimizers.discriminator.learning_rate", 2e-3 / (number + 1)))
    return tuple(members)


def interpreted(members: Members) -> tuple[CompiledPopulation, list[Interpreter]]:
    """The compiled engine with the graphs themselves in the place of machine code."""
    game, size = members.common, group_size(members)
    updates: dict[Pattern, CompiledUpdate] = {}
    interpreters = []
    for pattern, call in recorded_calls(game).items():
        capture = captured(game, call, size)
        interpreters.append(Interpreter(capture.graph))
        updates[pattern] = CompiledUpdate(Entry("", pattern, capture.tensors, capture.outputs), interpreters[-1])
    return CompiledPopulation(members, updates, size), interpreters


def assert_alike(population: PopulationRun, *, rtol: float, atol: float) -> None:
    """Every member stands where a single run of its experiment does."""
    for number, experiment in enumerate(population.experiments):
        single = Run(experiment)
        single.advance(population.progress.iteration)
        mine, theirs = population.snapshot(number), single.snapshot()
        assert (mine.centre, mine.scale) == (theirs.centre, theirs.scale)
        assert mine.arrays.keys() == theirs.arrays.keys()
        for name, array in theirs.arrays.items():
            scale = max(1.0, float(np.abs(array[np.isfinite(array)]).max(initial=0.0)))
            np.testing.assert_allclose(
                mine.arrays[name], array, rtol=rtol, atol=atol * scale, err_msg=f"{number}: {name}", equal_nan=True
            )


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_members_of_every_kind_are_single_runs(changes: dict[str, object]) -> None:
    population = PopulationRun(population_of(small(**changes)), keep_history=True)
    population.advance(1)
    assert_alike(population, rtol=1e-3, atol=1e-5)
    population.advance(2)
    assert_alike(population, rtol=1e-3, atol=1e-4)
    single = Run(population.experiments[2])
    single.advance(3)
    np.testing.assert_allclose(population.histories[2].rows, single.history.rows, rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("rule", ["alternating", "simultaneous", "extragradient", "optimistic"])
def test_members_stay_single_runs_for_thirty_iterations(rule: str) -> None:
    population = PopulationRun(population_of(small(updates__rule=rule, optimizers__generator__epsilon=1e-3)))
    population.advance(30)
    assert_alike(population, rtol=1e-2, atol=2e-3)


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_graphs_of_a_population_compute_what_the_step_does(changes: dict[str, object]) -> None:
    members = Members.of(population_of(small(**changes)))
    engine, interpreters = interpreted(members)
    population = PopulationRun([game.experiment for game in members.games], engine)
    population.advance(3)
    training = population.experiment.training
    assert sum(one.calls for one in interpreters) >= 3 * (training.discriminator_updates + training.generator_updates)
    assert_alike(population, rtol=1e-3, atol=1e-4)


def test_groups_compute_what_all_members_together_do(monkeypatch: pytest.MonkeyPatch) -> None:
    experiments = population_of(small(updates__lookahead=2), 7)
    members = Members.of(experiments)
    monkeypatch.setattr(population_engine, "GROUP_NUMBERS", 3 * 12 * 8)  # three members of 12 units and batches of 8
    assert group_size(members) == 3
    engine, interpreters = interpreted(members)
    population = PopulationRun(experiments, engine)
    population.advance(4)
    assert [one.calls for one in interpreters] == [3 * 4, 3 * 4]  # 3, 3 and 1 members, filled up
    assert_alike(population, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("count", "fit", "processes", "size"),
    [(32, 8, 1, 8), (32, 8, 2, 8), (32, 8, 3, 6), (32, 8, 16, 2), (32, 100, 1, 32), (32, 100, 4, 8), (3, 8, 4, 1)],
)
def test_every_process_has_a_group_that_fits_the_caches(
    monkeypatch: pytest.MonkeyPatch, count: int, fit: int, processes: int, size: int
) -> None:
    monkeypatch.setattr(population_engine, "GROUP_NUMBERS", fit * 12 * 8)
    assert group_size(Members.of(population_of(small(), count)), processes) == size


def test_a_damaged_library_is_no_code(tmp_path: Path) -> None:
    (tmp_path / "update-0.so").write_bytes(b"nothing")
    with pytest.raises(OSError, match="update-0"):
        SharedCode(tmp_path / "update-0.so")


ALL_ON: dict[str, object] = {
    "objective__label_smoothing": 0.1,
    "penalties__r1": 0.2,
    "penalties__r2": 0.3,
    "penalties__wgan_gp": 0.1,
    "penalties__weight_clipping": 0.5,
    "penalties__instance_noise": 0.1,
    "optimizers__generator__weight_decay": 0.01,
    "optimizers__generator__gradient_clip": 1.0,
    "optimizers__generator__beta1": 0.3,
    "optimizers__discriminator__weight_decay": 0.01,
    "optimizers__discriminator__gradient_clip": 1.0,
    "optimizers__discriminator__beta1": 0.3,
    "updates__consensus": 0.1,
    "updates__lookahead": 2,
}


@pytest.mark.parametrize("path", sweepable(small(**ALL_ON)))
def test_a_swept_number_is_each_members_own(path: str) -> None:
    base = small(**ALL_ON)
    values = (2.0, 4.0, 1.0, 3.0) if path.endswith(("lookahead", "iterations")) else (0.5, 0.05, 0.25, 0.125)
    spec = PopulationSpec(base=base, rows=Axis(path=path, values=values))
    population = PopulationRun(spec.members())
    population.advance(4)
    assert_alike(population, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "path",
    [
        "penalties.r1",
        "penalties.wgan_gp",
        "penalties.instance_noise",
        "updates.consensus",
        "updates.lookahead",
        "optimizers.discriminator.beta1",
        "optimizers.generator.weight_decay",
        "training.ema_decay",
        "objective.label_smoothing",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_nothing_is_a_value_of_a_swept_number_as_any(path: str, first: bool) -> None:
    on = (1.0, 2.0, 3.0) if path == "updates.lookahead" else (0.1, 0.2, 0.3)
    spec = PopulationSpec(base=small(), rows=Axis(path=path, values=(0.0, *on) if first else (*on, 0.0)))
    population = PopulationRun(spec.members())
    population.advance(3)
    for number in range(4):
        single = Run(population.experiments[number])
        single.advance(3)
        mine, theirs = population.snapshot(number).arrays, single.snapshot().arrays
        for name in ("generator/parameters", "discriminator/parameters", "ema"):
            np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-3, atol=1e-5, err_msg=name)


def test_a_population_of_seeds_under_a_mixture_with_a_table_is_refused() -> None:
    base = small(generator__table_rows=20, latent__prior="mixture")
    with pytest.raises(UserError, match="another prior"):
        PopulationRun(population_of(base))


def test_another_number_of_members_is_compiled_by_itself() -> None:
    experiment = small()
    assert len({key(experiment), key(experiment, 4), key(experiment, 8)}) == 3


def test_machine_code_that_mixes_members_up_is_refused() -> None:
    game = Game.of(small())
    (pattern, call), *_ = recorded_calls(game).items()
    capture = captured(game, call, 3)

    class Mixed(Interpreter):
        def run(self, inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
            return [result.flip(0) for result in super().run(inputs)]

    entry = Entry("", pattern, capture.tensors, capture.outputs)
    check_update(game, call, CompiledUpdate(entry, Interpreter(capture.graph)), 3)
    with pytest.raises(DisagreementError, match="discriminator"):
        check_update(game, call, CompiledUpdate(entry, Mixed(capture.graph)), 3)


def test_a_step_of_a_population_changes_no_argument() -> None:
    population = PopulationRun(population_of(small()))
    population.advance(2)
    tensors = [*population.state.generator, *population.state.discriminator, population.state.ema]
    before = [tensor.clone() for tensor in tensors]
    population.advance(3)
    assert all(torch.equal(old, new) for old, new in zip(before, tensors, strict=True))


def test_parts_of_a_state_are_the_whole_again() -> None:
    state = Members.of(population_of(small(), 5)).initial_state()
    parts = grouped(state, 2)
    assert [len(part.ema) for part in parts] == [2, 2, 2]
    again: State = joined(parts, 5)
    assert torch.equal(again.generator.parameters, state.generator.parameters)
    assert torch.equal(member_of(again, 4).ema, state.ema[4])


def test_numbers_and_what_a_member_lacks_are_laid_side_by_side() -> None:
    together = stacked([(1.0, torch.ones(2), True, None), (2.0, None, True, None)])
    assert together[0] == Numbers((1.0, 2.0))
    assert torch.equal(together[1], torch.tensor([[1.0, 1.0], [0.0, 0.0]]))
    assert together[2:] == (True, None)
    with pytest.raises(ValueError, match="differs between the members"):
        stacked([(True,), (False,)])


def test_a_group_in_which_nobody_has_what_others_have_takes_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population_engine, "GROUP_NUMBERS", 2 * 12 * 8)  # two members of 12 units and batches of 8
    experiments = [
        with_value(experiment, "penalties.instance_noise", noise)
        for experiment, noise in zip(population_of(small()), (0.0, 0.0, 0.2, 0.3), strict=True)
    ]
    members = Members.of(experiments)
    engine, interpreters = interpreted(members)
    population = PopulationRun(experiments, engine)
    population.advance(3)
    assert sum(one.calls for one in interpreters) == 3 * 2 * 2
    assert_alike(population, rtol=1e-3, atol=1e-4)


def test_a_group_whose_members_all_broke_lets_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population_engine, "GROUP_NUMBERS", 2 * 12 * 8)  # two members of 12 units and batches of 8
    experiments = population_of(small())
    members = Members.of(experiments)
    population = PopulationRun(experiments, interpreted(members)[0])
    population.state.generator.parameters[2:] = torch.nan
    population.advance(6)
    assert sorted(population.faults) == [2, 3]
    for number in (0, 1):
        single = Run(experiments[number])
        single.advance(6)
        np.testing.assert_allclose(
            population.snapshot(number).arrays["generator/parameters"],
            single.snapshot().arrays["generator/parameters"],
            rtol=1e-3,
            atol=1e-4,
        )


def test_eager_and_compiled_have_the_names_of_single_engines() -> None:
    assert (EagerPopulation.name, CompiledPopulation.name) == ("eager", "compiled")
