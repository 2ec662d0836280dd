r"""Dirac-GAN and the bilinear game, made of the program's own objectives, penalties and rules, in double precision.

Both players are one number: w = (θ, ψ). Each descends its own loss along the field

    v(w) = (−∂L_G/∂θ, −∂L_D/∂ψ)      consensus:  v − γ ∇½‖v‖² = v − γ (v′)ᵀ v

by the rules (h is the step size, P the projection of weight clipping)

    simultaneous    w ← P(w + h v(w))
    alternating     θ ← θ + h v_θ(θ, ψ), then ψ ← P(ψ + h v_ψ(θ, ψ)); discriminator_first the other way round
    extragradient   w ← P(w + h v(w + h v(w)))                         Korpelevich 1976
    optimistic      w ← P(w + 2h v(w_t) − h v(w_{t−1})), v(w_{−1}) = v(w_0)   Daskalakis et al. 2018

The game is locally stable where the eigenvalues of v′ have negative real parts, and a rule converges where those of its
own step lie inside the unit circle (Mescheder et al. 2018, section 2 and lemma A.1).

With h = .2 from (1, 1), the norm of w after 500 iterations (Mescheder et al. 2018, figure 3 and its published code):

                                   simultaneous   alternating (G first)
    minimax                        3.0969         1.4210
    non-saturating                 .64021         .28392
    Wasserstein, clipped at 1      1.0022         1.0241
    Wasserstein + WGAN-GP .35      1.8018         1.2211       their λ = .7 times |ψ| − 1 is the gradient: ours is 2λ
    minimax + R1 1                 9.529e-22      7.481e-17
    minimax, consensus 1           2.579e-10      1.724e-11
    minimax, instance noise .7     5.7e-5         4.0e-6

The last two are not the 2.1e-10 / 1.3e-11 and .018 / .016 that the published code reads. It computes ∇½‖v‖² with a
factor ½ too many in one of its two terms; and it draws 1,000 noisy samples at every step, so that what it reads is the
floor which sampling leaves: ``seed`` of :meth:`ToyDynamics.play` does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from ganstudio.experiment.objectives import Hinge, LeastSquares, Minimax, NonSaturating, Wasserstein
from ganstudio.gan.objectives import OBJECTIVES, ObjectiveFunctions
from ganstudio.gan.optimizers import optimistic
from ganstudio.gan.penalties import PENALTIES, output_and_slope
from ganstudio.gan.rules import Moves, alternating, extragradient, generator_first, simultaneous
from ganstudio.gan.rules import Rule as ProgramRule
from ganstudio.messages.toys import BilinearGame, DiracGan, Rule, Toy, ToyObjective

Floats = NDArray[np.float64]
Field = Callable[[Tensor], Tensor]
"""v: (n, 2) → (n, 2)."""

NOISE_NODES = 256
"""Equally likely values that stand for the normal distribution where the expectation over instance noise is taken."""
NOISE_SAMPLES = 1000
"""Draws an update where it is sampled, as in the published code."""

TRACED_FROM = 20
"""Iterations from which one is traced first: that takes as long as a hundred, but once for each toy."""

_OBJECTIVES: dict[ToyObjective, ObjectiveFunctions] = {
    "minimax": OBJECTIVES[Minimax],
    "non_saturating": OBJECTIVES[NonSaturating],
    "least_squares": OBJECTIVES[LeastSquares],
    "hinge": OBJECTIVES[Hinge],
    "wasserstein": OBJECTIVES[Wasserstein],
}


class _Point(NamedTuple):
    """w, (n, 2), and the step before, (n, 2), NaN where there was none."""

    w: Tensor
    previous: Tensor


def _unchanged(start: _Point, ahead: _Point) -> _Point:
    """Gradient descent remembers nothing of a look ahead."""
    return start


Iteration = Callable[[_Point], _Point]
"""From one iteration to the next."""


@dataclass(frozen=True)
class Eigenvalues:
    """At the equilibrium (0, 0): of v′, (2,), and of one whole step of the rule, (2,) or, optimistic, (4,); complex.

    The largest modulus of ``step`` is the factor by which a rule shrinks or grows the distance each iteration.
    """

    field: NDArray[np.complex128]
    step: NDArray[np.complex128]


class ToyDynamics:
    """The field, trajectories and eigenvalues of one toy.

    Raises:
        ValueError: a number of the toy is negative or not finite, or the step size is 0.
    """

    def __init__(self, toy: Toy) -> None:
        numbers = {"step_size": toy.step_size, "consensus": toy.consensus}
        numbers |= {name: value for name, value in vars(toy.game).items() if name != "objective"}
        for name, value in numbers.items():
            if not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a finite number of at least 0, not {value}")
        if toy.step_size == 0:
            raise ValueError("step_size must be above 0")
        self.toy = toy
        self._losses = _LOSSES[type(toy.game)](toy.game)
        self._clip = float(getattr(toy.game, "weight_clipping", 0.0))
        self._sigma = float(getattr(toy.game, "instance_noise", 0.0))

    def field(self, points: NDArray[np.floating]) -> Floats:
        """v at ``points``, (n, 2) of (θ, ψ); (n, 2). With consensus where it is on."""
        return _numpy(self._field(torch.from_numpy(np.asarray(points, np.float64))))

    def field_on_grid(self, low: float, high: float, count: int) -> tuple[Floats, Floats]:
        """Positions and vectors, (count², 2) each, on a square grid of the plane; θ varies fastest."""
        axis = np.linspace(low, high, count)
        points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        return points, self.field(points)

    def play(self, starts: NDArray[np.floating], iterations: int, seed: int | None = None) -> Floats:
        """The trajectories from ``starts``, (n, 2): (iterations + 1, n, 2), the first row the starts themselves.

        Instance noise is averaged over exactly, or with a ``seed`` drawn afresh for every evaluation of the field.
        """
        w = self._clipped(torch.from_numpy(np.array(starts, np.float64)))
        point = _Point(w, torch.full_like(w, torch.nan))
        if seed is not None and self._sigma > 0:
            iteration = self._iteration(self._sampled_field(seed))
        elif iterations >= TRACED_FROM:
            iteration = _traced_iteration(self.toy, len(w))
        else:
            iteration = self._iteration(self._field)
        visited = [w]
        with torch.no_grad():
            for _ in range(iterations):
                point = iteration(point)
                visited.append(point.w)
        return _numpy(torch.stack(visited))

    def eigenvalues(self) -> Eigenvalues | None:
        """At the equilibrium; None where the field has no derivative there: WGAN-GP's |ψ| has a kink at 0."""
        if getattr(self.toy.game, "wgan_gp", 0.0) > 0:
            return None
        rule = _RULES[self.toy.rule]
        at = torch.zeros(4, dtype=torch.float64)

        def step(pair: Tensor) -> Tensor:
            """One step as a map of the point and of the step before it, which only the optimistic rule remembers."""
            after = rule(self._moves(self._field), _Point(pair[None, :2], pair[None, 2:]))
            return torch.cat([after.w[0], after.previous[0]])

        remembers = self.toy.rule == "optimistic"
        whole = _numpy(torch.func.jacrev(step)(at))
        jacobian = _numpy(torch.func.jacrev(lambda w: self._field(w[None])[0])(at[:2]))
        return Eigenvalues(
            np.linalg.eigvals(jacobian).astype(np.complex128),
            np.linalg.eigvals(whole if remembers else whole[:2, :2]).astype(np.complex128),
        )

    def _iteration(self, field: Field) -> Iteration:
        rule = _RULES[self.toy.rule]
        return lambda point: rule(self._moves(field), point)

    def _moves(self, field: Field) -> Moves[_Point]:
        """One gradient step of each player, as the program's own rules take them."""
        step_size, is_optimistic = self.toy.step_size, self.toy.rule == "optimistic"
        found: list[tuple[Tensor, Tensor]] = []  # simultaneous players share the field at their point

        def velocity(w: Tensor) -> Tensor:
            if not found or found[-1][0] is not w:
                found.append((w, field(w)))
            return found[-1][1]

        def move(mask: Tensor, base: _Point, at: _Point) -> _Point:
            before, previous = base
            after = before + step_size * torch.where(mask, velocity(at.w), 0.0)
            if is_optimistic:
                after, step = optimistic(before, after, previous)
                previous = torch.where(mask, step, previous)
            return _Point(self._clipped(torch.where(mask, after, before)), previous)

        def join(d: _Point, g: _Point) -> _Point:
            return _Point(torch.where(_OF_D, d.w, g.w), torch.where(_OF_D, d.previous, g.previous))

        return Moves[_Point]([partial(move, _OF_D)], [partial(move, ~_OF_D)], join, _unchanged)

    @cached_property
    def _field(self) -> Field:
        if self._sigma == 0:
            nothing = torch.zeros(2, 1, 1, dtype=torch.float64)
            return self._field_with(lambda: nothing)
        # Midpoints of equally likely slices, brought to variance 1: the objective's plain mean then integrates.
        from scipy.special import ndtri  # a tenth of a second to import

        nodes = ndtri((np.arange(NOISE_NODES) + 0.5) / NOISE_NODES)
        values = self._sigma * torch.from_numpy(nodes / nodes.std())[:, None]
        both = torch.stack([values, values])
        return self._field_with(lambda: both)

    def _sampled_field(self, seed: int) -> Field:
        generator = torch.Generator().manual_seed(seed)
        shape = (2, NOISE_SAMPLES, 1)
        return self._field_with(lambda: self._sigma * torch.randn(shape, generator=generator, dtype=torch.float64))

    def _field_with(self, noise: Callable[[], Tensor]) -> Field:
        """v with the noise on real and generated samples, (2, m, 1), that ``noise`` gives at each evaluation."""

        def single(w: Tensor, drawn: Tensor) -> Tensor:
            def generator_loss(theta: Tensor) -> Tensor:
                return self._losses(theta, w[1], drawn)[0]

            def discriminator_loss(psi: Tensor) -> Tensor:
                return self._losses(w[0], psi, drawn)[1]

            gradient = torch.func.grad
            return -torch.stack([gradient(generator_loss)(w[0]), gradient(discriminator_loss)(w[1])])

        weight = self.toy.consensus

        def regularised(w: Tensor, drawn: Tensor) -> Tensor:
            def energy(w: Tensor) -> tuple[Tensor, Tensor]:
                v = single(w, drawn)
                return 0.5 * v.square().sum(), v

            slope, v = torch.func.grad(energy, has_aux=True)(w)
            return v - weight * slope  # type: ignore[no-any-return]

        batched = torch.func.vmap(regularised if weight > 0 else single, in_dims=(0, None))
        return lambda w: batched(w, noise())

    def _clipped(self, w: Tensor) -> Tensor:
        """Weight clipping of D; Arjovsky et al. 2017, algorithm 1, line 7."""
        if self._clip == 0:
            return w
        return torch.stack([w[:, 0], w[:, 1].clamp(-self._clip, self._clip)], dim=1)


@lru_cache(maxsize=32)
def _traced_iteration(toy: Toy, count: int) -> Iteration:
    """One iteration of ``count`` points, written out as the plain operations that it comes to: the same bits.

    Nested transforms of functions (gradients of gradients, for each point) cost a millisecond a call, whatever they
    compute; the operations themselves take a fifth of it.
    """
    dynamics = ToyDynamics(toy)
    iteration = dynamics._iteration(dynamics._field)

    def flat(w: Tensor, previous: Tensor) -> tuple[Tensor, Tensor]:
        after = iteration(_Point(w, previous))
        return after.w, after.previous

    graph = make_fx(flat)(*torch.ones(2, count, 2, dtype=torch.float64))
    graph.graph.eliminate_dead_code()
    graph.recompile()
    return lambda point: _Point(*graph(*point))


Losses = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
"""θ (), ψ () and noise (2, m, 1) → L_G (), L_D ()."""


def _dirac_losses(game: DiracGan) -> Losses:
    """x = 0 and G(z) = θ, seen through D(x) = −ψx; with instance noise on both."""
    objective = _OBJECTIVES[game.objective]
    weights = [(name, float(getattr(game, name))) for name in PENALTIES]

    def losses(theta: Tensor, psi: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        def discriminate(x: Tensor) -> tuple[Tensor, tuple[()]]:
            return -psi * x, ()

        real, generated = noise[0], theta + noise[1]
        on_generated, slope, _ = output_and_slope(discriminate, generated)
        loss = objective.discriminator_loss(discriminate(real)[0], on_generated, 0.0)
        for name, weight in weights:
            if weight > 0:  # D is linear: its slope is the same wherever a penalty looks
                loss = loss + weight * PENALTIES[name].of(slope)
        return objective.generator_loss(on_generated), loss

    return losses


def _bilinear_losses(game: BilinearGame) -> Losses:
    def losses(x: Tensor, y: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        return x * y, -x * y

    return losses


_LOSSES: dict[type, Callable[..., Losses]] = {DiracGan: _dirac_losses, BilinearGame: _bilinear_losses}

_OF_D = torch.tensor([False, True])

_RULES: dict[Rule, ProgramRule[_Point]] = {
    "simultaneous": simultaneous,
    "alternating": generator_first,
    "discriminator_first": alternating,
    "extragradient": extragradient,
    "optimistic": simultaneous,  # with moves of 2Δ_t − Δ_{t−1}
}


def _numpy(tensor: Tensor) -> Floats:
    array: Floats = tensor.detach().numpy()
    return array
