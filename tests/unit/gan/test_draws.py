"""What an update draws follows from the experiment and the update's number, however it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.draws import Normaliser, burst_inputs, iteration_inputs
from ganstudio.gan.game import Game, standardisation
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build

CASES: dict[str, dict[str, object]] = {
    "plain": {},
    "noise, dropout and ε": {
        "penalties.instance_noise": 0.3,
        "penalties.wgan_gp": 1.0,
        "generator.dropout": 0.2,
        "discriminator.dropout": 0.2,
    },
    "unrolled": {"updates.unrolled_steps": 5},
    "relativistic with noise": {"objective": "relativistic_paired", "penalties.instance_noise": 0.3},
    "a mixture of latents, cells of a raster": {"latent.prior": "mixture", "target": "checkerboard"},
    "one dimension, k = 3": {"target": "mixture_1d", "training.discriminator_updates": 3},
    "a batch that fills a block": {"training.batch_size": 16384},
}


def _experiment(changes: dict[str, object]) -> Experiment:
    experiment = with_value(Experiment(), "training.batch_size", 100)
    for path, value in changes.items():
        experiment = with_value(experiment, path, value)
    return experiment


class _Drawing:
    """A game and what it draws from, made anew."""

    def __init__(self, experiment: Experiment) -> None:
        self._game = Game.of(experiment)
        self._target = build(experiment.target)
        self._normaliser = Normaliser.of(*standardisation(experiment))

    def tensors(self, iteration: int) -> list[Tensor]:
        training = self._game.experiment.training
        updates = (iteration * training.discriminator_updates, iteration * training.generator_updates)
        return list(
            _leaves(iteration_inputs(self._game, self._target, self._normaliser, Progress(iteration, *updates)))
        )


def _leaves(tree: Any) -> Iterator[Tensor]:
    if isinstance(tree, Tensor):
        yield tree
    elif isinstance(tree, tuple):
        for part in tree:
            yield from _leaves(part)


def _numbers(tree: Any) -> Iterator[object]:
    if isinstance(tree, tuple):
        for part in tree:
            yield from _numbers(part)
    elif not isinstance(tree, Tensor):
        yield tree


def _equal(some: list[Tensor], others: list[Tensor]) -> bool:
    return len(some) == len(others) and all(map(torch.equal, some, others))


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_an_iteration_draws_the_same_in_one_go_and_right_away(changes: dict[str, object]) -> None:
    experiment = _experiment(changes)
    large = experiment.training.batch_size > 1000
    whole = _Drawing(experiment)
    drawn = [whole.tensors(n) for n in range(4 if large else 140)]
    for n in (0, 3) if large else (0, 1, 31, 32, 63, 64, 65, 139):
        assert _equal(_Drawing(experiment).tensors(n), drawn[n])
        assert _equal(whole.tensors(n), drawn[n])  # and again, after others


SCHEDULED: dict[str, object] = {
    "penalties.instance_noise": 0.2,
    "penalties.r1": 0.1,
    "penalty_schedule.every": 3,
    "penalty_schedule.noise": "linear",
    "optimizers.discriminator.schedule": "linear",
    "training.generator_updates": 2,
    "updates.unrolled_steps": 2,
    "updates.lookahead": 4,
}


@pytest.mark.parametrize("changes", [*CASES.values(), SCHEDULED], ids=[*CASES.keys(), "schedules, laziness, j = 2"])
def test_a_burst_draws_what_its_iterations_draw_one_by_one(changes: dict[str, object]) -> None:
    experiment = _experiment(changes)
    count = 3 if experiment.training.batch_size > 1000 else 70
    game, target = Game.of(experiment), build(experiment.target)
    normaliser = Normaliser.of(*standardisation(experiment))
    start = Progress(21, 21, 42, schedules_since=10)
    burst = burst_inputs(game, target, normaliser, start, count).each()
    assert len(burst) == count
    for n, together in enumerate(burst):
        progress = start.after(n, experiment.training)
        alone = iteration_inputs(Game.of(experiment), target, normaliser, progress)
        assert _equal([*_leaves(together)], [*_leaves(alone)])
        assert [*_numbers(together)] == [*_numbers(alone)]


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_nothing_is_drawn_twice(changes: dict[str, object]) -> None:
    drawing = _Drawing(_experiment(changes))
    seen: set[tuple[float, ...]] = set()
    for n in range(40 if drawing.tensors(0)[0].shape[0] < 1000 else 2):
        for tensor in drawing.tensors(n):
            if tensor.dim() and len(tensor) > 10:
                start = tuple(tensor.flatten()[:10].tolist())
                assert start not in seen
                seen.add(start)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("training.batch_size", 64),
        ("latent.prior", "uniform"),
        ("target.radius", 0.3),
        ("penalties.instance_noise", 0.5),
    ],
)
def test_after_a_live_change_an_update_draws_what_it_would_have_from_the_beginning(path: str, value: object) -> None:
    before = _experiment({"penalties.instance_noise": 0.1})
    after = with_value(before, path, value)
    target, normaliser = build(after.target), Normaliser.of(*standardisation(before))
    _Drawing(before).tensors(20)
    game = Game.of(after)
    changed = [*_leaves(iteration_inputs(game, target, normaliser, Progress(21, 21, 21)))]
    anew = [*_leaves(iteration_inputs(Game.of(after), target, normaliser, Progress(21, 21, 21)))]
    assert _equal(changed, anew)
    assert not _equal(changed, _Drawing(before).tensors(21))


def test_another_target_in_the_same_game_is_drawn_from_at_once() -> None:
    experiment = _experiment({})
    game, normaliser = Game.of(experiment), Normaliser.of((0.0, 0.0), (1.0, 1.0))
    near, far = (build(with_value(experiment, "target.radius", radius).target) for radius in (1.0, 100.0))
    first = iteration_inputs(game, near, normaliser, Progress()).discriminator[0][0]
    then = iteration_inputs(game, far, normaliser, Progress(1, 1, 1)).discriminator[0][0]
    assert float(first.real.norm(dim=1).mean()) < 2
    assert float(then.real.norm(dim=1).mean()) > 90
