"""Fitting networks to an optimal discriminator: its losses and errors against closed forms and quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from ganstudio.gan.approximation import LOSSES, MOST_LOGIT, Fitting, Points, normalised
from ganstudio.messages.approximation import Approximation
from ganstudio.metrics.divergences import Gaussian, gaussian_divergences

SMALL = Approximation(widths=(2, 8), depths=(1, 2), iterations=60, batch=64)


def mixture(count: int, seed: int) -> Points:
    """Points of (p + q)/2 for p = N(0, 1) and q = N(1, 1), where a* = ½ − x."""
    rng = np.random.default_rng(seed)
    x = rng.normal(np.repeat([0.0, 1.0], count // 2))
    return Points(torch.from_numpy(x[:, None].astype(np.float32)), torch.from_numpy((0.5 - x).astype(np.float32)))


def fitted(approximation: Approximation, training: Points, held_out: Points) -> Fitting:
    fitting = Fitting(approximation, training, held_out)
    for _ in range(approximation.iterations):
        fitting.advance()
    return fitting


def test_the_cross_entropy_is_minus_half_of_v():
    """At D = ½ it is log 2 whatever D* is; at D = D* it is the entropy of D*."""
    logits = torch.linspace(-4, 4, 9, dtype=torch.float64)
    assert float(LOSSES["cross_entropy"](torch.zeros(9, dtype=torch.float64), logits)) == pytest.approx(math.log(2))
    d = torch.sigmoid(logits)
    entropy = float((torch.special.entr(d) + torch.special.entr(1 - d)).mean())
    assert float(LOSSES["cross_entropy"](logits, logits)) == pytest.approx(entropy)


@pytest.mark.parametrize("name", list(LOSSES))
def test_each_loss_is_least_at_d_star(name):
    logits = torch.linspace(-3, 3, 7, dtype=torch.float64)
    outputs = logits.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(LOSSES[name](outputs, logits), outputs)
    np.testing.assert_allclose(gradient.numpy(), 0.0, atol=1e-12)
    at_best = float(LOSSES[name](logits, logits))
    for seed in range(5):
        off = logits + 0.3 * torch.randn(7, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        assert float(LOSSES[name](off, logits)) > at_best


def test_infinite_logits_are_fitted_as_certain_ones():
    outputs = torch.zeros(2, requires_grad=True)
    infinite = torch.tensor([math.inf, -math.inf])
    for loss in LOSSES.values():
        value = loss(outputs, infinite)
        (gradient,) = torch.autograd.grad(value, outputs)
        assert value.isfinite() and gradient.isfinite().all()
        assert gradient[0] < 0 < gradient[1]
    assert float(LOSSES["logit"](outputs.detach(), infinite)) == MOST_LOGIT**2


def test_what_a_blind_d_loses_of_v_is_twice_the_jsd():
    """V(D*) − V(½) = 2 JSD: Goodfellow et al. 2014, theorem 1."""
    fitting = Fitting(SMALL, mixture(1000, 0), mixture(400_000, 1))
    for member in fitting._members:
        member.parameters = torch.zeros_like(member.parameters)
    l2, most, lost = fitting.errors()[0]
    assert lost == pytest.approx(
        2 * gaussian_divergences(Gaussian((0.0,), 1.0), Gaussian((1.0,), 1.0)).jsd.value, abs=2e-3
    )
    x = np.linspace(-12, 13, 200_001)
    density = (np.exp(-(x**2) / 2) + np.exp(-((x - 1) ** 2) / 2)) / (2 * math.sqrt(2 * math.pi))
    off = 1 / (1 + np.exp(x - 0.5)) - 0.5
    assert l2 == pytest.approx(math.sqrt(np.trapezoid(density * off**2, x)), abs=1e-3)
    assert 0.4 < most < 0.5


def test_errors_of_d_star_itself_are_0():
    """a* = ½ − x is a network without a bend: ReLU of x and of −x, subtracted."""
    fitting = Fitting(Approximation(widths=(2,), depths=(1,)), mixture(1000, 0), mixture(1000, 1))
    (member,) = fitting._members
    tensors = {
        "0.weight": torch.tensor([[1.0], [-1.0]]),
        "0.bias": torch.zeros(2),
        "1.weight": torch.tensor([[-1.0, 1.0]]),
        "1.bias": torch.tensor([0.5]),
    }
    member.parameters = member.network.parameters.pack(tensors)
    np.testing.assert_allclose(fitting.errors(), 0.0, atol=1e-6)


def test_networks_learn_and_wider_ones_learn_more_of_what_is_bent():
    """a* of N(0, ¼) against N(0, 1) is a parabola."""

    def points(count: int, seed: int) -> Points:
        x = np.random.default_rng(seed).normal(0.0, np.repeat([0.5, 1.0], count // 2))
        logits = math.log(2) - x**2 * (2 - 0.5)
        return Points(torch.from_numpy(x[:, None].astype(np.float32)), torch.from_numpy(logits.astype(np.float32)))

    approximation = Approximation(widths=(1, 32), depths=(1,), activation="tanh", iterations=400, learning_rate=0.02)
    fitting = Fitting(approximation, points(20_000, 0), points(4000, 1))
    before = fitting.errors()
    for _ in range(approximation.iterations):
        fitting.advance()
    after = fitting.errors()
    assert (after[:, 0] < before[:, 0]).all()
    assert after[1, 0] < 0.02 < 0.1 < after[0, 0]
    assert after[1, 2] < after[0, 2] / 10
    assert (after[:, 2] > -1e-6).all()


@pytest.mark.parametrize("loss", list(LOSSES))
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(loss):
    training, held_out = mixture(2000, 0), mixture(500, 1)
    first, again, other = (
        fitted(
            Approximation(widths=(4,), depths=(2,), iterations=20, loss=loss, seed=seed), training, held_out
        ).errors()
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_network_fits_the_same_whatever_others_are_fitted_beside_it():
    training, held_out = mixture(2000, 0), mixture(500, 1)
    alone = fitted(Approximation(widths=(4,), depths=(1,), iterations=20), training, held_out).errors()
    beside = fitted(Approximation(widths=(4, 16), depths=(1,), iterations=20), training, held_out).errors()
    np.testing.assert_array_equal(alone[0], beside[0])


def test_shapes_run_through_the_widths_of_each_depth():
    fitting = Fitting(SMALL, mixture(100, 0), mixture(100, 1))
    assert SMALL.shapes == ((1, 2), (1, 8), (2, 2), (2, 8))
    # (1 → w → … → 1): weights and biases.
    assert fitting.parameter_counts == (7, 25, 13, 97)
    assert fitting.probabilities(torch.zeros(5, 1)).shape == (4, 5)


def test_places_are_normalised_alike_along_both_axes():
    found = normalised([[3.0, 5.0]], np.array([1.0, 1.0], np.float32), 2.0)
    assert found.tolist() == [[1.0, 2.0]]
