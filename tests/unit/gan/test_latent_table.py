"""A learned table before G: which row a latent picks, what moves it, and how few samples there are."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import (
    GeneratorNetwork,
    Latent,
    MixturePrior,
    NormalPrior,
    Prior,
    TruncatedNormalPrior,
    UniformPrior,
)
from ganstudio.gan.draws import Normaliser, generator_draw
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.generator import TABLE, Generator
from ganstudio.gan.losses import generator_loss
from ganstudio.gan.priors import sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.commands import RequestFrame
from ganstudio.targets import build
from ganstudio.training.look import look
from ganstudio.training.run import Run

PRIORS = [NormalPrior(), UniformPrior(bound=3.0), TruncatedNormalPrior(bound=1.5), MixturePrior(count=5)]
ROWS = 50


def experiment(**settings: object) -> Experiment:
    changed = Experiment()
    small = {"generator.widths": [8], "discriminator.widths": [8], "generator.table_rows": ROWS, "latent.dimension": 3}
    for path, value in (small | {path.replace("__", "."): value for path, value in settings.items()}).items():
        changed = with_value(changed, path, value)
    return changed


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.kind)
def test_every_row_is_picked_equally_often_under_every_prior(prior: Prior) -> None:
    latent = Latent.model_validate({"dimension": 3, "prior": prior})
    network = Generator(GeneratorNetwork(table_rows=20), latent, 2, 7)
    latents = sample_prior(latent, 40_000, stream(1, Purpose.LOOK_LATENT), 7)
    counts = np.bincount(network.chosen(torch.from_numpy(latents)).numpy(), minlength=20)
    assert abs(counts - 2000).max() < 5 * 45, "five standard deviations"


def test_a_latent_becomes_its_row_and_goes_through_the_network() -> None:
    latent = Latent(dimension=3)
    network = Generator(GeneratorNetwork(widths=(5,), table_rows=4), latent, 2, 0)
    plain = Generator(GeneratorNetwork(widths=(5,)), latent, 2, 0)
    parameters, buffers = network.initialise(torch.Generator().manual_seed(0))
    rows = network.parameters.unpack(parameters)[TABLE]
    # The quartiles of the normal distribution lie at ±.6745.
    z = torch.tensor([[-2.0, 9, 9], [-0.6, 0, 0], [0.6, 1, 1], [0.7, -4, 2]])
    shared = parameters[: plain.parameters.size]
    torch.testing.assert_close(network.evaluate(parameters, buffers, z), plain.evaluate(shared, buffers, rows))
    extreme = torch.tensor([[-1e9, 0.0, 0.0], [1e9, 0.0, 0.0]])
    assert network.chosen(extreme).tolist() == [0, 3]


def test_rows_are_moved_by_the_gradient_of_the_samples_they_make_and_others_stay() -> None:
    chosen = experiment(optimizers__generator="sgd", training__batch_size=4, generator__activation="tanh")
    game = Game.of(chosen)
    state = game.initial_state()
    draw = generator_draw(game, build(chosen.target), Normaliser.of(*standardisation(chosen)), 0)
    psi = state.discriminator.parameters.double()
    state = state._replace(discriminator=state.discriminator._replace(buffers=state.discriminator.buffers.double()))
    draw = draw._replace(latent=draw.latent.double())
    theta = state.generator.parameters.double()

    def loss(theta: Tensor) -> Tensor:
        return generator_loss(game, state, draw, theta, psi)[0]

    slopes = game.generator.parameters.unpack(torch.func.grad(loss)(theta))[TABLE]
    picked = set(game.generator.chosen(draw.latent).tolist())
    assert {int(row) for row in slopes.abs().sum(1).nonzero()} == picked
    start = game.generator.parameters.size - ROWS * 3
    for row in picked:
        moved = torch.zeros_like(theta)
        moved[start + 3 * row] = 1e-6
        slope = (loss(theta + moved) - loss(theta - moved)) / 2e-6
        assert slopes[row, 0].item() == pytest.approx(slope.item(), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("prior", ["normal", "mixture"])
def test_p_g_has_no_more_points_than_the_table_has_rows(prior: str) -> None:
    run = Run(experiment(latent__prior=prior))
    run.advance(5)
    made = run.generator.sample_seeded(5000, 1)
    assert len(np.unique(made.round(5), axis=0)) <= ROWS
    assert not torch.equal(run.state.ema, run.state.generator.parameters), "rows are averaged as well"


def test_a_run_with_a_table_goes_on_bit_for_bit_from_a_snapshot() -> None:
    chosen = experiment()
    through, begun = Run(chosen), Run(chosen)
    through.advance(9)
    begun.advance(4)
    continued = Run(chosen, begun.snapshot())
    continued.advance(5)
    for name, array in through.snapshot().arrays.items():
        np.testing.assert_array_equal(array, continued.snapshot().arrays[name])


@pytest.mark.parametrize("prior", ["normal", "mixture"])
def test_on_the_line_p_g_is_the_rows_that_fall_into_each_cell(prior: str) -> None:
    run = Run(experiment(target="mixture_1d", latent__prior=prior))
    run.advance(3)
    view = (-6.0, 6.0, -1.0, 1.0)
    field = look(run, RequestFrame(("generated",), view, cells=40), 0, 0.0).generated_line
    assert field is not None
    edges = np.linspace(-6, 6, 41)
    counts, _ = np.histogram(run.generator.sample_seeded(50_000, 1)[:, 0], edges)
    np.testing.assert_allclose(field.values[0] * 0.3, counts / 50_000, atol=0.006)
    assert float(field.values.sum()) * 0.3 == pytest.approx(1)
    assert np.allclose(field.values * 0.3 * ROWS, (field.values * 0.3 * ROWS).round(), atol=1e-4)
