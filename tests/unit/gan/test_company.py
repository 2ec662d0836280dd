"""Discriminators that see several samples at once: packing, minibatch std and discrimination."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import DiscriminatorNetwork
from ganstudio.gan import discriminator as module
from ganstudio.gan.discriminator import COMPANY, MET, SETS, Discriminator, _others
from ganstudio.gan.draws import Normaliser, discriminator_draw, iteration_inputs
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.losses import discriminator_loss
from ganstudio.gan.step import discriminator_update, iteration
from ganstudio.gan.trained_discriminator import TrainedDiscriminator
from ganstudio.messages.snapshot import Progress
from ganstudio.metrics.trained_model import trained_model
from ganstudio.targets import build
from ganstudio.training.run import Run

KINDS: list[dict[str, object]] = [
    {"discriminator.packing": 2},
    {"discriminator.packing": 3, "penalties.wgan_gp": 0.5, "discriminator.dropout": 0.2},
    {"discriminator.minibatch_std": True},
    {"discriminator.minibatch_kernels": 5, "discriminator.minibatch_kernel_dims": 3},
    {"discriminator.packing": 2, "discriminator.minibatch_std": True, "discriminator.minibatch_kernels": 4},
    {"discriminator.packing": 4, "discriminator.spectral_norm": True, "objective": "relativistic_paired"},
    {"discriminator.minibatch_kernels": 4, "discriminator.widths": [], "target": "mixture_1d"},
]


def experiment(settings: dict[str, object]) -> Experiment:
    changed = Experiment()
    small = {
        "generator.widths": [6],
        "discriminator.widths": [7],
        "discriminator.activation": "tanh",
        "discriminator.fourier_features": 0,
        "training.batch_size": 12,
    }
    for path, value in (small | settings).items():
        changed = with_value(changed, path, value)
    return changed


def built(**settings: object) -> tuple[Discriminator, Tensor, Tensor]:
    network = Discriminator(DiscriminatorNetwork.model_validate({"widths": (5,), "activation": "tanh"} | settings), 2)
    parameters, buffers = network.initialise(torch.Generator().manual_seed(1))
    return network, parameters.double(), buffers.double()


def samples(count: int, columns: int = 2, seed: int = 2) -> Tensor:
    return torch.randn(count, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("settings", KINDS, ids=str)
def test_every_kind_can_be_played_saved_and_continued_bit_for_bit(settings: dict[str, object]) -> None:
    chosen = experiment(settings)
    through, begun = Run(chosen), Run(chosen)
    through.advance(9)
    begun.advance(4)
    continued = Run(chosen, begun.snapshot())
    continued.advance(5)
    there, here = through.snapshot().arrays, continued.snapshot().arrays
    assert all(np.array_equal(there[name], here[name]) for name in there)
    assert np.isfinite(through.history.column("discriminator_loss")).all()
    assert not torch.equal(through.state.discriminator.parameters, through.game.initial_state()[1].parameters)


def test_a_discriminator_of_packs_is_the_same_network_on_longer_inputs() -> None:
    packed, parameters, buffers = built(packing=3)
    plain = Discriminator(DiscriminatorNetwork(widths=(5,), activation="tanh"), 6)
    assert packed.inputs == 6 and packed.parameters.shapes == plain.parameters.shapes
    rows = samples(4, 6)
    prepared = packed.prepare(parameters, buffers, training=True)
    expected = plain.evaluate(parameters, torch.empty(0), rows)
    torch.testing.assert_close(packed.forward(prepared, rows, training=True)[0], expected)


@pytest.mark.parametrize(("count", "size"), [(6, 1), (6, 2), (7, 3), (2, 8)])
def test_packs_hold_every_sample_in_order_and_the_first_fill_up_the_last(count: int, size: int) -> None:
    game = Game.of(experiment({"discriminator.packing": size}))
    x = samples(count)
    packs = game.packed(x)
    assert packs.shape == (-(-count // size), 2 * size)
    torch.testing.assert_close(packs.reshape(-1, 2), torch.stack([x[i % count] for i in range(len(packs) * size)]))
    outputs = torch.arange(len(packs)).double()
    of_samples = game.of_samples(outputs, count)
    assert of_samples.tolist() == [i // size for i in range(count)]


def test_the_penalties_of_packs_look_at_the_slopes_of_whole_packs() -> None:
    """A linear D of packs has its weight for a slope: ½ ‖w‖² for R1, (‖w‖ − 1)² for WGAN-GP."""
    chosen = experiment(
        {"discriminator.packing": 3, "discriminator.widths": [], "penalties.r1": 2.0, "penalties.r2": 0.0}
    )
    game = Game.of(chosen)
    state = game.initial_state()
    draw = discriminator_draw(game, build(chosen.target), Normaliser.of(*standardisation(chosen)), 0)
    weight = game.discriminator.parameters.unpack(state.discriminator.parameters)["0.weight"]
    assert weight.shape == (1, 6)
    _, report = discriminator_update(game, state, draw, 0.0)
    torch.testing.assert_close(report.penalty, weight.square().sum())
    gp = with_value(with_value(chosen, "penalties.r1", 0.0), "penalties.wgan_gp", 1.0)
    game = Game.of(gp)
    draw = discriminator_draw(game, build(gp.target), Normaliser.of(*standardisation(gp)), 0)
    torch.testing.assert_close(discriminator_update(game, state, draw, 0.0)[1].penalty, (weight.norm() - 1).square())


def test_minibatch_std_adds_the_mean_spread_of_the_hidden_units() -> None:
    network, parameters, buffers = built(minibatch_std=True)
    weights = network.parameters.unpack(parameters)
    x = samples(6)
    hidden = torch.tanh(x @ weights["0.weight"].T + weights["0.bias"])
    spread = hidden.std(0, unbiased=False).mean().expand(6, 1)
    expected = torch.cat([hidden, spread], 1) @ weights["1.weight"].T + weights["1.bias"]
    prepared = network.prepare(parameters, buffers, training=True)
    torch.testing.assert_close(network.forward(prepared, x, training=True)[0], expected, rtol=1e-6, atol=1e-6)


def test_minibatch_discrimination_is_the_mean_closeness_to_the_others() -> None:
    network, parameters, buffers = built(minibatch_kernels=3, minibatch_kernel_dims=2)
    weights = network.parameters.unpack(parameters)
    x = samples(5)
    hidden = torch.tanh(x @ weights["0.weight"].T + weights["0.bias"]).numpy()
    tensor = weights["minibatch.weight"].numpy()  # (B·C, A)
    closeness = np.zeros((5, 3))
    for i in range(5):
        for b in range(3):
            for j in set(range(5)) - {i}:
                apart = sum(abs(tensor[2 * b + c] @ (hidden[i] - hidden[j])) for c in range(2))
                closeness[i, b] += np.exp(-apart) / 4
    expected = torch.from_numpy(np.hstack([hidden, closeness])) @ weights["1.weight"].T + weights["1.bias"]
    prepared = network.prepare(parameters, buffers, training=True)
    torch.testing.assert_close(network.forward(prepared, x, training=True)[0], expected)


def test_a_batch_that_is_a_single_pack_can_be_normalised() -> None:
    chosen = {"discriminator.packing": 8, "discriminator.normalisation": "batch", "training.batch_size": 2}
    run = Run(experiment(chosen))
    run.advance(2)
    assert np.isfinite(run.history.column("discriminator_loss")).all()


@pytest.mark.parametrize("packing", [1, 3])
def test_many_points_are_compared_with_the_company_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch, packing: int
) -> None:
    network, parameters, buffers = built(minibatch_kernels=3, packing=packing)
    at_once = network.evaluate(parameters, buffers, samples(50))
    sizes = []
    closeness = module._closeness
    monkeypatch.setattr(module, "MOST_COMPARED", 7 * COMPANY * 3 * 4)
    monkeypatch.setattr(module, "_closeness", lambda mine, met: sizes.append(len(mine)) or closeness(mine, met))
    torch.testing.assert_close(network.evaluate(parameters, buffers, samples(50)), at_once)
    assert max(sizes) == 7 and sum(sizes) == 50 * (1 if packing == 1 else SETS)


def test_in_a_large_batch_each_sample_meets_those_that_follow_it_and_one_alone_itself() -> None:
    met = _others(100, torch.device("cpu"))
    assert met.shape == (100, MET)
    assert met[98].tolist() == [99, *range(MET - 1)]
    assert _others(4, torch.device("cpu")).tolist() == [[1, 2, 3], [2, 3, 0], [3, 0, 1], [0, 1, 2]]
    assert _others(1, torch.device("cpu")).tolist() == [[0]]


def test_a_collapsed_batch_is_told_from_a_diverse_one_by_what_d_sees_beside() -> None:
    network, parameters, buffers = built(minibatch_std=True, minibatch_kernels=1)
    last = network.parameters.unpack(parameters)["1.weight"]
    last[:] = torch.tensor([[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, -1.0]])  # only what is seen beside
    prepared = network.prepare(parameters, buffers, training=True)
    alike, diverse = samples(1).expand(6, 2), samples(6)
    outputs = [network.forward(prepared, x, training=True)[0].mean() for x in (alike, diverse)]
    assert outputs[0] < outputs[1] - 0.1


# Spectral norm takes its singular vectors for constants, which a finite difference does not.
@pytest.mark.parametrize("settings", [kind for kind in KINDS if "discriminator.spectral_norm" not in kind], ids=str)
def test_gradients_agree_with_finite_differences_in_double_precision(settings: dict[str, object]) -> None:
    chosen = experiment(settings)
    game = Game.of(chosen)
    state = game.initial_state()
    draw = discriminator_draw(game, build(chosen.target), Normaliser.of(*standardisation(chosen)), 0)
    double = [part.double() if isinstance(part, Tensor) else part for part in draw]
    draw = type(draw)(*double)
    state = state._replace(
        generator=type(state.generator)(*(part.double() for part in state.generator)),
        discriminator=type(state.discriminator)(*(part.double() for part in state.discriminator)),
    )
    theta, psi = state.generator.parameters, state.discriminator.parameters

    def loss(psi: Tensor) -> Tensor:
        return discriminator_loss(game, state, draw, theta, psi)[0]

    gradient, h = torch.func.grad(loss)(psi), 1e-6
    for index in range(0, len(psi), 5):
        moved = torch.zeros_like(psi)
        moved[index] = h
        slope = (loss(psi + moved) - loss(psi - moved)) / (2 * h)
        assert gradient[index].item() == pytest.approx(slope.item(), rel=2e-4, abs=1e-7)


def test_the_company_is_half_real_and_half_generated_samples_of_the_last_update() -> None:
    chosen = experiment({"discriminator.packing": 2, "training.batch_size": 200})
    game = Game.of(chosen)
    normaliser = Normaliser.of(*standardisation(chosen))
    inputs = iteration_inputs(game, build(chosen.target), normaliser, Progress())
    state, _ = iteration(game, game.initial_state(), inputs)
    company = game.discriminator.buffers.unpack(state.discriminator.buffers)["company"]
    real = game.packed(inputs.discriminator[0][0].real)
    assert company.shape == (COMPANY, 4)
    torch.testing.assert_close(company[: COMPANY // 2], real[: COMPANY // 2])
    before = game.initial_state().generator
    z = inputs.discriminator[0][0].latent
    generated = game.packed(game.generator.evaluate(before.parameters, before.buffers, z))
    torch.testing.assert_close(company[COMPANY // 2 :], generated[: COMPANY // 2])


def test_a_single_sample_is_judged_by_its_mean_in_company() -> None:
    network, parameters, buffers = built(packing=3)
    company = network.buffers.unpack(buffers)["company"].view(COMPANY, 3, 2)
    x = samples(4)
    expected = torch.zeros(4, 1, dtype=torch.float64)
    for place in range(0, COMPANY, COMPANY // SETS):
        rows = torch.cat([x, company[place, 1].expand(4, 2), company[place, 2].expand(4, 2)], 1)
        prepared = network.prepare(parameters, buffers, training=False)
        expected += network.forward(prepared, rows, training=False)[0] / SETS
    torch.testing.assert_close(network.evaluate(parameters, buffers, x), expected)


@pytest.mark.parametrize("settings", KINDS, ids=str)
def test_what_is_shown_of_d_at_a_point_does_not_depend_on_the_other_points_shown(settings: dict[str, object]) -> None:
    run = Run(experiment(settings))
    run.advance(3)
    shown = TrainedDiscriminator.of(run.game, run.state, run.normaliser)
    points = run.target.sample(40, np.random.default_rng(0))
    np.testing.assert_allclose(shown(points)[3:7], shown(points[3:7]), rtol=1e-4, atol=1e-5)


def test_d_in_company_gives_no_bound_on_the_divergence_of_single_samples() -> None:
    run = Run(experiment({"discriminator.packing": 2}))
    assert not run.game.judges_alone
    assert trained_model(run.generator, run.state).logits is None
    alone = Run(experiment({}))
    assert alone.game.judges_alone and trained_model(alone.generator, alone.state).logits is not None
