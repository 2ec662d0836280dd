"""Lazy penalties, penalties and instance noise with a schedule."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.optimizers import LinearDecay
from ganstudio.experiment.schedules import factor
from ganstudio.gan.draws import Normaliser, discriminator_draw, generator_draw
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.losses import foreseen
from ganstudio.gan.step import discriminator_update
from ganstudio.targets import build
from ganstudio.training.run import Run


def experiment(**settings: object) -> Experiment:
    changed = Experiment()
    small = {"generator.widths": [8], "discriminator.widths": [8], "training.batch_size": 16}
    for path, value in (small | {path.replace("__", "."): value for path, value in settings.items()}).items():
        changed = with_value(changed, path, value)
    return changed


def draws(chosen: Experiment, update: int, iteration: int):
    game = Game.of(chosen)
    target, normaliser = build(chosen.target), Normaliser.of(*standardisation(chosen))
    return (
        game,
        discriminator_draw(game, target, normaliser, update, iteration=iteration),
        generator_draw(game, target, normaliser, update, iteration=iteration),
    )


def test_a_linear_decay_goes_straight_to_its_final_share_and_stays() -> None:
    schedule = LinearDecay(iterations=100, final_share=0.2)
    assert [factor(schedule, t) for t in (0, 25, 50, 100, 10_000)] == pytest.approx([1.0, 0.8, 0.6, 0.2, 0.2])


def test_lazy_penalties_act_every_so_many_updates_by_so_many_times() -> None:
    chosen = experiment(penalty_schedule__every=4, penalties__wgan_gp=0.5)
    game, _, _ = draws(chosen, 0, 0)
    state = game.initial_state()
    eager = experiment(penalties__wgan_gp=0.5)
    for update in range(9):
        lazily, draw = draws(chosen, update, update)[:2]
        plainly, plain = draws(eager, update, update)[:2]
        assert torch.equal(draw.real, plain.real), "no penalty changes what is drawn"
        after, report = discriminator_update(lazily, state, draw, 1e-3)
        _, expected = discriminator_update(plainly, state, plain, 1e-3)
        torch.testing.assert_close(report.loss, expected.loss)
        torch.testing.assert_close(report.penalty, 4 * expected.penalty if update % 4 == 0 else torch.tensor(0.0))
        state = after


@pytest.mark.parametrize("update", [0, 1, 7])
def test_g_foresees_lazy_penalties_as_they_are_on_average(update: int) -> None:
    decay = {"kind": "linear", "iterations": 100}
    plain = experiment(updates__unrolled_steps=3, penalty_schedule__weights=decay, optimizers__discriminator="sgd")
    lazy = with_value(plain, "penalty_schedule.every", 16)
    (game, _, draw), (lazily, _, lazy_draw) = (draws(chosen, update, 30) for chosen in (plain, lazy))
    state = game.initial_state()
    both = [
        foreseen(g, state, d, state.generator.parameters, state.discriminator.parameters)
        for g, d in ((game, draw), (lazily, lazy_draw))
    ]
    torch.testing.assert_close(both[1], both[0])
    assert all(float(scale) == pytest.approx(0.7) for (d, _) in lazy_draw.unrolled for scale in [d.penalty_scale])


def test_without_a_penalty_laziness_changes_nothing() -> None:
    off = {"penalties__r1": 0.0, "penalties__r2": 0.0}
    runs = [Run(experiment(**off)), Run(experiment(**off, penalty_schedule__every=8))]
    for run in runs:
        run.advance(10)
    assert torch.equal(runs[0].state.discriminator.parameters, runs[1].state.discriminator.parameters)


def test_the_weights_of_penalties_follow_their_schedule() -> None:
    decay = {"kind": "linear", "iterations": 100, "final_share": 0.0}
    chosen = experiment(penalty_schedule__weights=decay)
    game, draw, _ = draws(chosen, 7, 25)
    state = game.initial_state()
    report = discriminator_update(game, state, draw, 1e-3)[1]
    constant, plainly, _ = draws(experiment(), 7, 25)
    plain = discriminator_update(constant, state, plainly, 1e-3)[1]
    torch.testing.assert_close(report.penalty, 0.75 * plain.penalty)
    assert discriminator_update(game, state, draws(chosen, 7, 200)[1], 1e-3)[1].penalty.item() == 0


def test_instance_noise_fades_for_both_players() -> None:
    decay = {"kind": "linear", "iterations": 100, "final_share": 0.1}
    plain = experiment(objective="relativistic_paired", penalties__instance_noise=0.4)
    fading = with_value(plain, "penalty_schedule.noise", decay)
    _, full, full_g = draws(plain, 3, 50)
    _, faded, faded_g = draws(fading, 3, 50)
    assert full.noise and faded.noise and full_g.real_noise is not None and faded_g.real_noise is not None
    assert full_g.noise is not None and faded_g.noise is not None
    pairs = [*zip(full.noise, faded.noise, strict=True), (full_g.noise, faded_g.noise)]
    for before, after in [*pairs, (full_g.real_noise, faded_g.real_noise)]:
        torch.testing.assert_close(after, 0.55 * before)
    assert float(full.noise[0].std()) == pytest.approx(0.4, rel=0.3)


def test_a_run_with_schedules_goes_on_bit_for_bit_from_a_snapshot() -> None:
    decay = {"kind": "linear", "iterations": 10}
    chosen = experiment(
        penalties__instance_noise=0.3,
        penalty_schedule__every=3,
        penalty_schedule__noise=decay,
        penalty_schedule__weights="cosine",
    )
    through, begun = Run(chosen), Run(chosen)
    through.advance(12)
    begun.advance(5)
    continued = Run(chosen, begun.snapshot())
    continued.advance(7)
    for name, array in through.snapshot().arrays.items():
        np.testing.assert_array_equal(array, continued.snapshot().arrays[name])
