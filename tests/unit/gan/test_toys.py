"""Dirac-GAN and the bilinear game against published numbers, closed forms, and the program's own step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw, IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.layout import Layout
from ganstudio.gan.network import Prepared
from ganstudio.gan.state import Player, State
from ganstudio.gan.step import discriminator_update, generator_update, iteration
from ganstudio.gan.toys import ToyDynamics
from ganstudio.messages.toys import BilinearGame, DiracGan, Rule, Toy

START = np.array([[1.0, 1.0]])
CLIPPED = DiracGan("wasserstein", weight_clipping=1.0)
# The paper's code takes λ(|ψ| − 1) for the gradient of its penalty; the gradient of λ(|ψ| − 1)² has twice that.
GRADIENT_PENALTY = DiracGan("wasserstein", wgan_gp=0.35)


def norm_after(game: DiracGan, rule: Rule, consensus: float = 0.0) -> float:
    played = ToyDynamics(Toy(game, rule, 0.2, consensus)).play(START, 500)
    return float(np.linalg.norm(played[-1, 0]))


@pytest.mark.parametrize(
    ("game", "simultaneous", "alternating"),
    [
        (DiracGan(), 3.09695, 1.42102),
        (DiracGan("non_saturating"), 0.640207, 0.283923),
        (CLIPPED, 1.00215, 1.02412),
        (GRADIENT_PENALTY, 1.80179, 1.22107),
        (DiracGan(r1=1.0), 9.52872e-22, 7.48124e-17),
    ],
    ids=["GAN", "NS-GAN", "WGAN clipped", "WGAN-GP", "R1"],
)
def test_published_norms_after_500_iterations(game: DiracGan, simultaneous: float, alternating: float) -> None:
    """FIELD §4 has them to three figures; these are of Mescheder et al.'s formulas written out in NumPy."""
    assert norm_after(game, "simultaneous") == pytest.approx(simultaneous, rel=1e-4)
    assert norm_after(game, "alternating") == pytest.approx(alternating, rel=1e-4)


def test_consensus_converges_as_its_exact_gradient_does_and_the_published_code_has_half_of_one_term() -> None:
    assert norm_after(DiracGan(), "simultaneous", 1.0) == pytest.approx(2.57855e-10, rel=1e-4)
    assert norm_after(DiracGan(), "alternating", 1.0) == pytest.approx(1.72410e-11, rel=1e-4)
    # With that slip its numbers come out: so the difference is explained.
    slipped = [_published_consensus(alternating) for alternating in (False, True)]
    assert slipped == pytest.approx([2.1e-10, 1.3e-11], rel=0.03)


def _published_consensus(alternating: bool) -> float:
    def field(w: np.ndarray) -> np.ndarray:
        theta, psi = w
        f = 1 / (1 + math.exp(psi * theta))
        slope = -f * (1 - f)
        inner = 0.5 * (psi**2 + theta**2) * f * slope  # the ½ belongs to the energy, not to its derivative
        return np.array([-psi * f - theta * f**2 - psi * inner, theta * f - psi * f**2 - theta * inner])

    w = np.array([1.0, 1.0])
    for _ in range(500):
        moves = ([[1, 0], [0, 1]]) if alternating else [[1, 1]]
        for move in moves:
            w = w + 0.2 * np.array(move) * field(w)
    return float(np.linalg.norm(w))


def test_instance_noise_converges_exactly_and_to_a_floor_where_it_is_sampled() -> None:
    """The published .018 and .016 are one draw of that floor, from 1,000 samples at every step."""
    for rule, exact, published in (("simultaneous", 5.731e-5, 0.018), ("alternating", 4.001e-6, 0.016)):
        dynamics = ToyDynamics(Toy(DiracGan(instance_noise=0.7), rule))
        assert np.linalg.norm(dynamics.play(START, 500)[-1]) == pytest.approx(exact, rel=0.005)
        sampled = dynamics.play(np.repeat(START, 1, 0), 500, seed=1)[250:, 0]
        low, high = np.quantile(np.linalg.norm(sampled, axis=1), [0.01, 0.99])
        assert low < published < high


@pytest.mark.parametrize(
    ("rule", "factor"),
    [
        ("simultaneous", math.sqrt(1 + 0.01)),
        ("extragradient", math.sqrt((1 - 0.01) ** 2 + 0.01)),
        ("optimistic", abs(np.roots([1, -(1 - 0.2j), -0.1j])).max()),  # λ² = (1 − 2iη) λ + iη
        ("alternating", 1.0),
    ],
)
def test_the_bilinear_game_grows_and_shrinks_by_its_factor(rule: Rule, factor: float) -> None:
    dynamics = ToyDynamics(Toy(BilinearGame(), rule, 0.1))
    found = dynamics.eigenvalues()
    assert found is not None
    assert abs(found.step).max() == pytest.approx(factor, rel=1e-12)
    published = {"simultaneous": 1.004988, "extragradient": 0.995038, "optimistic": 0.994936, "alternating": 1.0}
    assert factor == pytest.approx(published[rule], abs=1e-6)
    if rule != "alternating":  # it moves on an ellipse
        norms = np.linalg.norm(dynamics.play(START, 400)[:, 0], axis=1)
        assert norms[-1] / norms[-2] == pytest.approx(factor, rel=1e-6)


@pytest.mark.parametrize(
    ("toy", "expected"),
    [
        (Toy(DiracGan()), [0.5j, -0.5j]),  # ±f'(0) i: Mescheder et al. 2018, lemma 2.3
        (Toy(DiracGan(r1=0.3)), np.roots([1, 0.3, 0.25])),  # −γ/2 ± √(γ²/4 − f'(0)²): lemma 4.1
        (Toy(DiracGan(r1=2.0)), np.roots([1, 2.0, 0.25])),
        (Toy(DiracGan("wasserstein")), [1j, -1j]),
        (Toy(DiracGan("wasserstein"), consensus=0.5), [-0.5 + 1j, -0.5 - 1j]),
        # −f″(0)σ² on the diagonal, twice: lemma 3.2 has f″(0)σ² ± √(f″(0)²σ⁴ − f'(0)²) with f″(0) = −¼.
        (Toy(DiracGan(instance_noise=0.7)), np.roots([1, 0.5 * 0.49, 0.25])),
    ],
)
def test_eigenvalues_at_the_equilibrium_are_those_of_the_paper(toy: Toy, expected: Any) -> None:
    found = ToyDynamics(toy).eigenvalues()
    assert found is not None
    np.testing.assert_allclose(np.sort_complex(found.field), np.sort_complex(np.array(expected)), atol=1e-9)
    np.testing.assert_allclose(np.sort_complex(found.step), np.sort_complex(1 + 0.2 * np.array(expected)), atol=1e-9)


def test_the_kink_of_wgan_gp_has_no_eigenvalues() -> None:
    assert ToyDynamics(Toy(GRADIENT_PENALTY)).eigenvalues() is None


def test_the_field_on_a_grid_is_the_papers() -> None:
    points, vectors = ToyDynamics(Toy(DiracGan("non_saturating", r1=0.4))).field_on_grid(-2, 2, 5)
    theta, psi = points.T
    expected = np.stack([-psi / (1 + np.exp(-psi * theta)), theta / (1 + np.exp(psi * theta)) - 0.4 * psi], axis=1)
    np.testing.assert_allclose(vectors, expected, atol=1e-12)
    assert points[1, 0] > points[0, 0] and points[1, 1] == points[0, 1]


def test_many_starts_play_as_each_alone_does() -> None:
    dynamics = ToyDynamics(Toy(DiracGan("least_squares", r2=0.1), "optimistic"))
    starts = np.array([[1.0, 1.0], [-0.5, 2.0], [0.3, -0.7]])
    together = dynamics.play(starts, 20)
    assert together.shape == (21, 3, 2)
    for index, start in enumerate(starts):
        np.testing.assert_allclose(dynamics.play(start[None], 20)[:, 0], together[:, index], rtol=1e-12)


@pytest.mark.parametrize("toy", [Toy(step_size=0.0), Toy(consensus=-1.0), Toy(DiracGan(r1=math.nan))])
def test_numbers_without_sense_are_refused(toy: Toy) -> None:
    with pytest.raises(ValueError, match=r"step_size|consensus|r1"):
        ToyDynamics(toy)


class _OneNumber:
    """A network of one number, in the shape that the step knows: G(z) = θ, or D(x) = −ψx."""

    def __init__(self, forward: Any) -> None:
        self.parameters, self.buffers = Layout({"number": (1,)}), Layout({})
        self._forward = forward

    def prepare(self, parameters: Tensor, buffers: Tensor, *, training: bool) -> Prepared:
        return Prepared({"number": parameters}, {})

    def forward(self, prepared: Prepared, x: Tensor, *, training: bool, uniforms: Tensor | None = None) -> Any:
        return self._forward(prepared.weights["number"], x), prepared


def _one_number_each(game: DiracGan, rule: str, consensus: float, rate: float) -> tuple[Game, State]:
    """``gan.step``'s own game, with plain gradient descent and networks of one number, in double precision."""
    experiment = Experiment()
    settings: dict[str, Any] = {"objective": game.objective, "training.ema_decay": 0.0}
    settings |= {"updates.rule": rule, "updates.consensus": consensus}
    settings |= {f"penalties.{name}": value for name, value in vars(game).items() if name != "objective"}
    for player in ("generator", "discriminator"):
        settings |= {f"optimizers.{player}": "sgd", f"optimizers.{player}.learning_rate": rate}
    for path, value in settings.items():
        experiment = with_value(experiment, path, value)
    generator: Any = _OneNumber(lambda theta, z: theta.expand(len(z), 1))
    discriminator: Any = _OneNumber(lambda psi, x: -psi * x)
    stepped = Game(experiment, generator, discriminator, Game.of(experiment).objective, 1)

    def one() -> Player:
        return Player(*(torch.tensor(value, dtype=torch.float64) for value in ([1.0], [], [[0.0]] * 3, 0.0)))

    return stepped, stepped.adapted(State(one(), one(), one().parameters))


ZERO = torch.zeros(1, 1, dtype=torch.float64)
FOR_D = DiscriminatorDraw(ZERO, ZERO, None, ZERO + 0.5, None, None, None)
FOR_G = GeneratorDraw(ZERO, None, None, None)
GAMES = [DiracGan(), DiracGan("non_saturating", r1=0.3, r2=0.1), CLIPPED, GRADIENT_PENALTY]
PROGRAMS: dict[Rule, str] = {
    "simultaneous": "simultaneous",
    "discriminator_first": "alternating",
    "extragradient": "extragradient",
    "optimistic": "optimistic",
}
"""The toys' rules as an experiment names them; the paper's order, G first, the program does not offer."""


def played(game: DiracGan, rule: Rule, consensus: float = 0.0, iterations: int = 100) -> list[float]:
    """(θ, ψ) after iterations of the program's own step from (1, 1)."""
    stepped, state = _one_number_each(game, PROGRAMS[rule], consensus, 0.2)
    inputs = IterationInputs(((FOR_D, 0.2),), ((FOR_G, 0.2, 0.0),))
    for _ in range(iterations):
        state, _ = iteration(stepped, state, inputs)
    return [state.generator.parameters.item(), state.discriminator.parameters.item()]


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("rule", PROGRAMS)
def test_a_toy_is_played_as_the_step_plays_it(game: DiracGan, rule: Rule) -> None:
    toy = ToyDynamics(Toy(game, rule)).play(START, 100)[-1, 0]
    assert played(game, rule) == pytest.approx(toy.tolist(), rel=1e-9)


@pytest.mark.parametrize("rule", PROGRAMS)
def test_consensus_is_played_as_the_step_plays_it(rule: Rule) -> None:
    game = DiracGan("non_saturating", r1=0.1)
    toy = ToyDynamics(Toy(game, rule, consensus=0.7)).play(START, 60)[-1, 0]
    assert played(game, rule, 0.7, 60) == pytest.approx(toy.tolist(), rel=1e-9)


@pytest.mark.parametrize("game", GAMES)
def test_the_papers_order_is_that_of_the_steps_updates_with_g_first(game: DiracGan) -> None:
    stepped, state = _one_number_each(game, "alternating", 0.0, 0.2)
    for _ in range(100):
        state, _ = generator_update(stepped, state, FOR_G, 0.2, 0.0)
        state, _ = discriminator_update(stepped, state, FOR_D, 0.2)
    reached = [state.generator.parameters.item(), state.discriminator.parameters.item()]
    assert reached == pytest.approx(ToyDynamics(Toy(game, "alternating")).play(START, 100)[-1, 0].tolist(), rel=1e-9)


@pytest.mark.parametrize(
    ("game", "rule", "consensus", "published"),
    [
        (DiracGan(), "simultaneous", 0.0, 3.10),
        (DiracGan("non_saturating"), "simultaneous", 0.0, 0.640),
        (CLIPPED, "simultaneous", 0.0, 1.00),
        (GRADIENT_PENALTY, "simultaneous", 0.0, 1.80),
        (DiracGan(r1=1.0), "simultaneous", 0.0, 9.5e-22),
        (DiracGan(), "simultaneous", 1.0, 2.579e-10),
    ],
)
def test_the_programs_own_step_reads_the_published_norms(
    game: DiracGan, rule: Rule, consensus: float, published: float
) -> None:
    """Mescheder et al. 2018, figure 3, by ``gan.step.iteration``; of consensus without the published code's slip."""
    assert np.linalg.norm(played(game, rule, consensus, 500)) == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(
    ("rule", "factor"), [("simultaneous", 1.004988), ("extragradient", 0.995038), ("optimistic", 0.994936)]
)
def test_the_programs_own_step_spirals_at_the_rates_of_the_bilinear_game(rule: Rule, factor: float) -> None:
    """D(x) = −ψx with the critic's loss is the game θψ, whose rates are known (FIELD: η = .1)."""
    stepped, state = _one_number_each(DiracGan("wasserstein"), PROGRAMS[rule], 0.0, 0.1)
    inputs = IterationInputs(((FOR_D, 0.1),), ((FOR_G, 0.1, 0.0),))
    norms = []
    for _ in range(200):
        state, _ = iteration(stepped, state, inputs)
        norms.append(math.hypot(state.generator.parameters.item(), state.discriminator.parameters.item()))
    assert norms[-1] / norms[-2] == pytest.approx(factor, abs=2e-6)
