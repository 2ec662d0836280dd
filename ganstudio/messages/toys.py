"""Games of two numbers, small enough to be drawn whole: what is to be played, as plain records.

Their mathematics is in :mod:`ganstudio.gan.toys`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ToyObjective = Literal["minimax", "non_saturating", "least_squares", "hinge", "wasserstein"]
Rule = Literal["simultaneous", "alternating", "discriminator_first", "extragradient", "optimistic"]


@dataclass(frozen=True)
class DiracGan:
    """p_data = δ₀, p_g = δ_θ, D(x) = −ψx: the simplest GAN there is (Mescheder et al. 2018, definition 2.1).

    The sign of ψ is the paper's, where D is high on generated samples; elsewhere in this program it is high on real
    ones. Penalties are those of the experiment, off at 0; ``instance_noise`` is σ.
    """

    objective: ToyObjective = "minimax"
    r1: float = 0.0
    r2: float = 0.0
    wgan_gp: float = 0.0
    weight_clipping: float = 0.0
    instance_noise: float = 0.0


@dataclass(frozen=True)
class BilinearGame:
    """min over x, max over y of xy: the core of every game that circles. x is written θ, and y is written ψ."""


@dataclass(frozen=True)
class Toy:
    """A game and how it is played.

    step_size: h, of both players, above 0.
    rule: ``simultaneous`` moves both from where they stand; ``alternating`` G, then D, as the paper's code does;
        ``discriminator_first`` D, then G, as an iteration of this program does; ``extragradient`` steps with the
        gradient found one step ahead (Korpelevich 1976); ``optimistic`` with 2v_t − v_{t−1} (Daskalakis et al. 2018).
    consensus: weight of −∇½‖v‖², which every rule then follows as well (Mescheder et al. 2017); 0 is off.
    """

    game: DiracGan | BilinearGame = DiracGan()
    rule: Rule = "simultaneous"
    step_size: float = 0.2
    consensus: float = 0.0
