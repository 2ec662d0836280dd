"""A walk through an iteration ends where the step ends, and its numbers are those of the batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.draws import Normaliser, iteration_inputs
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.state import Player
from ganstudio.gan.step import iteration
from ganstudio.gan.walkthrough import walk, walked_iteration
from ganstudio.messages.snapshot import Progress
from ganstudio.messages.walkthrough import (
    DISCRIMINATOR_LINES,
    GENERATOR_LINES,
    SHOWN,
    DiscriminatorWalk,
    GeneratorWalk,
)
from ganstudio.targets import build

KINDS: list[dict[str, object]] = [
    {},
    {"training.discriminator_updates": 3, "training.generator_updates": 2},
    {"generator.normalisation": "batch", "discriminator.spectral_norm": True, "discriminator.dropout": 0.3},
    {"objective": "wasserstein", "penalties.wgan_gp": 1.0, "penalties.instance_noise": 0.2},
    {"objective": "least_squares", "objective.label_smoothing": 0.1, "target": "mixture_1d"},
    {"objective": "hinge", "generator.dropout": 0.2},
    {"objective": "minimax", "objective.label_smoothing": 0.1},
    {"objective": "relativistic_paired", "penalties.instance_noise": 0.2},
    {"objective": "relativistic_average", "updates.rule": "simultaneous", "training.generator_updates": 2},
    {"objective": "f_kl", "updates.rule": "extragradient", "training.discriminator_updates": 2},
    {"objective": "f_reverse_kl", "updates.rule": "optimistic", "updates.lookahead": 1},
    {"updates.unrolled_steps": 2, "updates.consensus": 0.3},
]


class _Setup:
    def __init__(self, settings: dict[str, object]) -> None:
        experiment = Experiment()
        small = {"generator.widths": [8], "discriminator.widths": [8], "training.batch_size": 16}
        for path, value in (small | settings).items():
            experiment = with_value(experiment, path, value)
        self.game = Game.of(experiment)
        self.normaliser = Normaliser.of(*standardisation(experiment))
        self.state = self.game.initial_state()
        self.inputs = iteration_inputs(self.game, build(experiment.target), self.normaliser, Progress())


@pytest.mark.parametrize("settings", KINDS, ids=str)
def test_the_end_is_bit_for_bit_that_of_the_step(settings: dict[str, object]) -> None:
    setup = _Setup(settings)
    state, row = iteration(setup.game, setup.state, setup.inputs)
    walked, walked_row, steps = walked_iteration(setup.game, setup.state, setup.inputs, setup.normaliser)
    for one, other in zip(
        (*state.generator, *state.discriminator, state.ema, row),
        (*walked.generator, *walked.discriminator, walked.ema, walked_row),
        strict=True,
    ):
        assert torch.equal(one.nan_to_num(-9.0), other.nan_to_num(-9.0))
    training = setup.game.experiment.training
    kinds = [DiscriminatorWalk] * training.discriminator_updates + [GeneratorWalk] * training.generator_updates
    assert [type(step) for step in steps] == kinds


@pytest.mark.parametrize("settings", KINDS, ids=str)
def test_the_numbers_beside_are_those_that_the_step_used(settings: dict[str, object]) -> None:
    """The loss that the shown outputs give is the step's own: so they are the outputs it had."""
    setup = _Setup(settings)
    game = setup.game
    for step in walk(game, setup.state, setup.inputs, setup.normaliser):
        if isinstance(step.numbers, DiscriminatorWalk):
            told = step.numbers
            real, generated = (torch.from_numpy(side)[:, None] for side in (told.real_output, told.generated_output))
            loss = game.objective.discriminator_loss(real, generated, game.smoothing)
            assert told.loss == pytest.approx(float(loss), rel=1e-6)
            if game.is_relativistic:
                assert np.isnan(told.real_loss) and np.isnan(told.generated_loss)
            else:
                assert told.real_loss + told.generated_loss == pytest.approx(told.loss, rel=1e-6)
            assert told.real.shape == told.generated.shape
            if game.objective.is_classifier:
                value = np.log(told.real_probability).mean() + np.log1p(-told.generated_probability).mean()
                assert told.real_term is not None and told.generated_term is not None
                assert told.real_term + told.generated_term == pytest.approx(value, rel=1e-5)
                if game.smoothing == 0:  # V is minus the binary cross-entropy on labels 1 and 0
                    assert -told.real_loss == pytest.approx(told.real_term, rel=1e-6)
            else:
                assert told.real_term is None
        else:
            drawn = step.numbers
            if not game.is_relativistic:  # whose loss needs outputs on real samples as well
                loss = game.objective.generator_loss(torch.from_numpy(drawn.generated_output)[:, None])
                assert drawn.loss == pytest.approx(float(loss), rel=1e-6)
            assert drawn.step_norm > 0
            assert np.abs(drawn.moved - drawn.generated).max() > 0


def test_the_pull_is_the_slope_of_the_generators_loss_in_data_coordinates() -> None:
    setup = _Setup({"target.radius": 3.0})
    step = [found.numbers for found in walk(setup.game, setup.state, setup.inputs, setup.normaliser)][-1]
    after = iteration(setup.game, setup.state, setup.inputs._replace(generator=()))[0]
    assert isinstance(step, GeneratorWalk)

    def losses(points: np.ndarray) -> np.ndarray:
        x = torch.from_numpy(setup.normaliser.normalised(points.astype(np.float32)))
        player = after.discriminator
        outputs = setup.game.discriminator.evaluate(player.parameters, player.buffers, x)
        return torch.nn.functional.softplus(-outputs).double().numpy()[:, 0]

    away = 2e-3 * step.pull
    slope = (losses(step.generated + away) - losses(step.generated - away)) / 4e-3
    np.testing.assert_allclose(slope, -(step.pull**2).sum(1), rtol=0.1, atol=1e-4)


def test_large_batches_are_told_in_part_and_averaged_in_full() -> None:
    setup = _Setup({"training.batch_size": 2 * SHOWN})
    first = next(walk(setup.game, setup.state, setup.inputs, setup.normaliser)).numbers
    assert isinstance(first, DiscriminatorWalk)
    assert len(first.real) == len(first.latent) == SHOWN
    assert first.real_term is not None
    assert first.real_term != pytest.approx(np.log(first.real_probability).mean(), rel=1e-9)


def test_every_line_of_the_algorithm_names_fields_that_there_are_and_no_field_is_left_out() -> None:
    for lines, record in ((DISCRIMINATOR_LINES, DiscriminatorWalk), (GENERATOR_LINES, GeneratorWalk)):
        named = [field for line in lines for field in line.fields]
        assert sorted([*named, "number"]) == sorted(record.__dataclass_fields__)


def test_after_an_update_the_same_batch_is_judged_by_who_moved() -> None:
    setup = _Setup({"training.discriminator_updates": 2})
    opponent = setup.state.discriminator
    for step in walk(setup.game, setup.state, setup.inputs, setup.normaliser):
        told = step.numbers
        player = step.state.discriminator if isinstance(told, DiscriminatorWalk) else opponent

        def judged(points: np.ndarray, player: Player = player) -> np.ndarray:
            x = torch.from_numpy(setup.normaliser.normalised(points))
            outputs = setup.game.discriminator.evaluate(player.parameters, player.buffers, x)
            return outputs[:, 0].double().numpy()

        if isinstance(told, DiscriminatorWalk):
            real, generated = judged(told.real), judged(told.generated)
            np.testing.assert_allclose(told.real_after, 1 / (1 + np.exp(-real)), rtol=1e-5)
            np.testing.assert_allclose(told.generated_after, 1 / (1 + np.exp(-generated)), rtol=1e-5)
            loss = np.logaddexp(0, -real).mean() + np.logaddexp(0, generated).mean()
            assert told.loss_after == pytest.approx(loss, rel=1e-5)
            assert told.loss_after < told.loss, "a small step along the gradient lowers the loss of its batch"
            opponent = step.state.discriminator
        else:
            moved = judged(told.moved)
            np.testing.assert_allclose(told.generated_after, 1 / (1 + np.exp(-moved)), rtol=1e-5)
            assert told.loss_after == pytest.approx(np.logaddexp(0, -moved).mean(), rel=1e-5)
            assert told.loss_after < told.loss
