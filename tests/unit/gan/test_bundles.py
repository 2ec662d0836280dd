"""Many trees in one are what they are one by one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs, Normaliser, burst_inputs
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.live import Numbers
from ganstudio.gan.members import stacked_inputs
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build


class Pair(NamedTuple):
    points: Tensor
    rest: tuple[Any, ...]


def bundle(size: int) -> Bundle[Pair]:
    numbers = torch.arange(size, dtype=torch.float32)
    rest = (np.arange(size, dtype=np.float64), None, (), (10 * numbers,))
    return Bundle.of(Pair, size, points=torch.stack([numbers, -numbers], 1), rest=rest)


def told(pair: Pair) -> tuple[Any, ...]:
    return (pair.points.tolist(), *pair.rest[:3], float(pair.rest[3][0]))


def pair_number(n: int) -> tuple[Any, ...]:
    return ([n, -n], n, None, (), 10 * n)


@given(size=st.integers(1, 30))
def test_each_tree_has_its_own_row_of_everything(size: int) -> None:
    assert [told(pair) for pair in bundle(size).each()] == [pair_number(n) for n in range(size)]


@given(rounds=st.integers(1, 6), hands=st.integers(1, 6))
def test_trees_are_dealt_in_turn(rounds: int, hands: int) -> None:
    dealt = bundle(rounds * hands).dealt(hands)
    assert [[told(pair) for pair in hand.each()] for hand in dealt] == [
        [pair_number(number * hands + hand) for number in range(rounds)] for hand in range(hands)
    ]


@given(size=st.integers(1, 30), first=st.integers(0, 29), end=st.integers(1, 30))
def test_some_in_a_row_can_be_cut_out(size: int, first: int, end: int) -> None:
    end = min(end, size)
    first = min(first, end)
    part = bundle(size).cut(first, end)
    assert part.size == end - first
    assert [told(pair) for pair in part.each()] == [pair_number(n) for n in range(first, end)]


def inputs_of(experiment: Experiment, count: int) -> Bundle[IterationInputs]:
    normaliser = Normaliser.of(*standardisation(experiment))
    return burst_inputs(Game.of(experiment), build(experiment.target), normaliser, Progress(), count)


def members(**settings: list[float]) -> list[Experiment]:
    experiment = with_value(with_value(Experiment(), "training.batch_size", 20), "updates.lookahead", 3)
    experiment = with_value(experiment, "optimizers.generator.schedule", "constant")
    made = []
    for number in range(3):
        made.append(with_value(experiment, "seed", number))
        for path, values in settings.items():
            made[-1] = with_value(made[-1], path.replace("__", "."), values[number])
    return made


def test_inputs_of_members_are_those_of_each_side_by_side() -> None:
    experiments = members(
        optimizers__generator__learning_rate=[1e-3, 2e-3, 3e-3], penalties__instance_noise=[0.1, 0.0, 0.3]
    )
    own = [inputs_of(experiment, 5) for experiment in experiments]
    together = stacked_inputs(own, own[0]).each()
    assert len(together) == 5
    for n, whole in enumerate(together):
        singles = [one.each()[n] for one in own]
        ((on_d, rate_d),), ((on_g, rate_g, _),) = whole.discriminator, whole.generator
        assert rate_g == Numbers((1e-3, 2e-3, 3e-3))
        assert rate_d == Numbers(tuple(single.discriminator[0][1] for single in singles))
        assert on_d.penalised is True
        assert on_d.noise is not None
        assert whole.lookahead is not None
        assert whole.lookahead.tolist() == [[float(n == 2)]] * 3
        for number, single in enumerate(singles):
            draw = single.discriminator[0][0]
            assert torch.equal(on_d.real[number], draw.real)
            assert torch.equal(on_g.latent[number], single.generator[0][0].latent)
            for noise, one in zip(on_d.noise, draw.noise or [torch.zeros(20, 2)] * 2, strict=True):
                assert torch.equal(noise[number], one)


def test_what_no_member_of_a_group_has_is_nothing_of_the_shape_that_others_have() -> None:
    without, with_noise = members(penalties__instance_noise=[0.0, 0.0, 0.3])[1:]
    together = stacked_inputs([inputs_of(without, 4)] * 2, inputs_of(with_noise, 1)).each()
    for whole in together:
        noise = whole.generator[0][0].noise
        assert noise is not None
        assert torch.equal(noise, torch.zeros(2, 20, 2))


def test_members_whose_updates_compute_something_else_are_refused() -> None:
    lazy = with_value(with_value(Experiment(), "penalties.r1", 0.1), "penalty_schedule.every", 2)
    early = inputs_of(lazy, 2)
    late = burst_inputs(Game.of(lazy), build(lazy.target), Normaliser.of(*standardisation(lazy)), Progress(1, 1, 1), 2)
    with pytest.raises(ValueError, match="differs between the members"):
        stacked_inputs([early, late], early)
