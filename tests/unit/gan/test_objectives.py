"""Objectives against their closed forms, torch's losses, quadrature and finite differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.objectives import (
    FKullbackLeibler,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    RelativisticAverage,
    RelativisticPaired,
    Wasserstein,
)
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.objectives import OBJECTIVES, value_function

REAL = torch.tensor([[0.3], [-1.2], [4.0]], dtype=torch.float64)
GENERATED = torch.tensor([[-0.7], [2.1], [-3.0]], dtype=torch.float64)


def test_the_table_holds_every_objective_that_can_be_chosen() -> None:
    assert set(OBJECTIVES) == set(kinds_of(Experiment, "objective").values())


@pytest.mark.parametrize("objective", [NonSaturating, Minimax])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_discriminators_loss_is_the_cross_entropy_on_labels_one_and_zero(objective: type, smoothing: float) -> None:
    loss = OBJECTIVES[objective].discriminator_loss(REAL, GENERATED, smoothing)
    expected = bce(REAL, torch.full_like(REAL, 1 - smoothing)) + bce(GENERATED, torch.zeros_like(GENERATED))
    torch.testing.assert_close(loss, expected)


def test_the_value_function_is_minus_the_cross_entropy() -> None:
    expected = -bce(REAL, torch.ones_like(REAL)) - bce(GENERATED, torch.zeros_like(GENERATED))
    torch.testing.assert_close(value_function(REAL, GENERATED), expected)


def test_the_generators_losses_follow_their_equations() -> None:
    probability = torch.sigmoid(GENERATED)
    expected = {
        NonSaturating: -probability.log().mean(),
        Minimax: (1 - probability).log().mean(),
        LeastSquares: 0.5 * ((GENERATED - 1) ** 2).mean(),
        Hinge: -GENERATED.mean(),
        Wasserstein: -GENERATED.mean(),
    }
    for objective, value in expected.items():
        torch.testing.assert_close(OBJECTIVES[objective].generator_loss(GENERATED), value)


def test_least_squares_hinge_and_wasserstein_discriminators_follow_their_equations() -> None:
    least = OBJECTIVES[LeastSquares].discriminator_loss(REAL, GENERATED, 0.2)
    torch.testing.assert_close(least, 0.5 * ((REAL - 0.8) ** 2).mean() + 0.5 * (GENERATED**2).mean())
    hinge = OBJECTIVES[Hinge].discriminator_loss(REAL, GENERATED, 0.0)
    expected = (1 - REAL).clamp(min=0).mean() + (1 + GENERATED).clamp(min=0).mean()
    torch.testing.assert_close(hinge, expected)
    critic = OBJECTIVES[Wasserstein].discriminator_loss(REAL, GENERATED, 0.0)
    torch.testing.assert_close(critic, GENERATED.mean() - REAL.mean())


def test_relativistic_losses_compare_every_sample_with_the_other_side() -> None:
    real, generated = REAL.flatten().numpy(), GENERATED.flatten().numpy()
    paired = OBJECTIVES[RelativisticPaired]
    expected = np.log1p(np.exp(generated - real)).mean()
    assert paired.discriminator_loss(REAL, GENERATED, 0.0).item() == pytest.approx(expected)
    assert paired.generator_loss(GENERATED, REAL).item() == pytest.approx(np.log1p(np.exp(real - generated)).mean())

    def average(up: np.ndarray, down: np.ndarray) -> float:
        sigma_up, sigma_down = 1 / (1 + np.exp(down.mean() - up)), 1 / (1 + np.exp(up.mean() - down))
        return float(-np.log(sigma_up).mean() - np.log(1 - sigma_down).mean())

    averaged = OBJECTIVES[RelativisticAverage]
    assert averaged.discriminator_loss(REAL, GENERATED, 0.0).item() == pytest.approx(average(real, generated))
    assert averaged.generator_loss(GENERATED, REAL).item() == pytest.approx(average(generated, real))


@pytest.mark.parametrize("objective", [RelativisticPaired, RelativisticAverage])
def test_an_offset_of_a_relativistic_discriminator_changes_nothing(objective: type) -> None:
    functions = OBJECTIVES[objective]
    for loss in (lambda r, g: functions.discriminator_loss(r, g, 0.0), lambda r, g: functions.generator_loss(g, r)):
        torch.testing.assert_close(loss(REAL + 7, GENERATED + 7), loss(REAL, GENERATED))
    reference = (REAL, GENERATED)
    moved = functions.probability(REAL + 7, (REAL + 7, GENERATED + 7))
    torch.testing.assert_close(moved, functions.probability(REAL, reference))
    with pytest.raises(ValueError, match="needs D's outputs on real samples"):
        functions.generator_loss(GENERATED)


@pytest.mark.parametrize("objective", sorted(OBJECTIVES, key=lambda kind: kind.__name__))
def test_the_parts_of_a_loss_are_what_each_side_adds_to_it(objective: type) -> None:
    functions = OBJECTIVES[objective]
    parts = functions.parts(REAL, GENERATED, 0.1)
    if objective.is_relativistic:
        assert parts is None
        return
    assert parts is not None
    torch.testing.assert_close(parts[0] + parts[1], functions.discriminator_loss(REAL, GENERATED, 0.1))
    other = functions.parts(REAL, GENERATED + 1, 0.1)
    assert other is not None
    torch.testing.assert_close(other[0], parts[0])


def test_losses_stay_finite_where_the_logarithm_of_a_probability_would_not() -> None:
    sure = torch.tensor([[200.0]])
    for objective in (NonSaturating, Minimax):
        functions = OBJECTIVES[objective]
        assert functions.discriminator_loss(-sure, sure, 0.0).item() == pytest.approx(400.0)
        assert math.isfinite(functions.generator_loss(-sure).item())


@pytest.mark.parametrize("objective", sorted(OBJECTIVES, key=lambda kind: kind.__name__))
def test_gradients_agree_with_finite_differences(objective: type) -> None:
    functions = OBJECTIVES[objective]
    real, generated = REAL.clone().requires_grad_(), GENERATED.clone().requires_grad_()
    torch.autograd.gradcheck(lambda r, g: functions.discriminator_loss(r, g, 0.1), (real, generated))
    torch.autograd.gradcheck(functions.generator_loss, (generated, real))
    if functions.alternative is not None:
        torch.autograd.gradcheck(functions.alternative, (generated,))


@pytest.mark.parametrize("objective", sorted(OBJECTIVES, key=lambda kind: kind.__name__))
def test_outputs_read_as_probabilities_with_a_half_where_d_is_undecided(objective: type) -> None:
    relative = dict.fromkeys((Wasserstein, RelativisticPaired, RelativisticAverage), 1.5)
    undecided = ({LeastSquares: 0.5, FKullbackLeibler: 1.0} | relative).get(objective, 0.0)
    reference = (torch.tensor([2.0, 4.0]), torch.tensor([-1.0, 1.0]))  # means 3 and 0: midway is 1.5
    read = OBJECTIVES[objective].probability(torch.tensor([undecided, -1e9, 1e9]), reference)
    torch.testing.assert_close(read, torch.tensor([0.5, 0.0, 1.0]))


class TestTwoGaussians:
    """p = N(0, 1), q = N(1, 1) with the optimal D: the truths hold by quadrature of our own functions."""

    @staticmethod
    def _optimal_logit(x: np.ndarray, shift: float = 1.0) -> torch.Tensor:
        # D* = p/(p + q), so logit D* = log p − log q.
        return torch.from_numpy(norm.logpdf(x) - norm.logpdf(x, shift))

    def _expectation(self, function: object, shift: float) -> float:
        value, _ = quad(lambda x: norm.pdf(x, shift) * function(np.array([x])), -10, 11, epsabs=1e-11)  # type: ignore[operator]
        return float(value)

    def test_the_value_function_is_minus_log_four_plus_twice_the_jsd(self) -> None:
        far = torch.tensor([1e9], dtype=torch.float64)  # switches the other expectation off
        on_real = self._expectation(lambda x: value_function(self._optimal_logit(x), -far).item(), 0.0)
        on_generated = self._expectation(lambda x: value_function(far, self._optimal_logit(x)).item(), 1.0)
        assert on_real + on_generated == pytest.approx(-1.163451, abs=1e-6)

    @pytest.mark.parametrize(("objective", "truth"), [(Minimax, 0.397973), (NonSaturating, 0.602027)])
    def test_the_generators_gradient_at_the_optimal_discriminator(self, objective: type, truth: float) -> None:
        # G(z) = z + θ at θ = 1; d/dθ E_z f(D*(z + θ)) = E_q[∂f/∂x], D* fixed.
        functions = OBJECTIVES[objective]

        def slope(x: np.ndarray) -> float:
            point = torch.tensor(x, requires_grad=True)
            logit = -0.5 * point**2 + 0.5 * (point - 1) ** 2
            (gradient,) = torch.autograd.grad(functions.generator_loss(logit), point)
            return float(gradient)

        assert abs(self._expectation(slope, 1.0)) == pytest.approx(truth, abs=1e-6)
