"""Objectives as records; their mathematics is in :mod:`ganstudio.gan.objectives` and ``f_divergences``.

Signs: every loss is minimised by its own player. D(x) below is the network's raw output, σ the logistic function.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ganstudio.experiment.setting import Record, setting


def _label_smoothing() -> float:
    return setting(  # type: ignore[no-any-return]
        0.0,
        label="Label smoothing",
        help="one-sided: D's label for real samples is 1 minus this",
        live=True,
        ge=0,
        le=0.5,
        usual="0 to 0.1",
        formula=r"y_{real} = 1 - \alpha",
    )


class ObjectiveSpec(Record):
    """What is known of every objective.

    ``is_classifier``: σ(D) is trained to be the probability of being real, so that V(D, G) is defined.
    ``in_nats``: its losses are logarithms. ``is_relativistic``: each side is judged against the other, so that both
    players need D's outputs on both.
    """

    is_classifier: ClassVar[bool] = False
    in_nats: ClassVar[bool] = False
    is_relativistic: ClassVar[bool] = False

    @property
    def saturates(self) -> bool:
        """Whether G minimises the very value that D maximises, whose slope vanishes while D wins."""
        return False


class NonSaturating(ObjectiveSpec):
    """D classifies; G maximises log D(G(z)), whose gradient stays strong while D wins."""

    title: ClassVar[str] = "Non-saturating"
    formula: ClassVar[str] = (
        r"L_D = -E_x \log\sigma(D(x)) - E_z \log(1 - \sigma(D(G(z)))),\; L_G = -E_z \log\sigma(D(G(z)))"
    )
    source: ClassVar[str] = "Goodfellow et al. 2014, section 3"
    is_classifier: ClassVar[bool] = True
    in_nats: ClassVar[bool] = True
    kind: Literal["non_saturating"] = "non_saturating"
    label_smoothing: float = _label_smoothing()


class Minimax(ObjectiveSpec):
    """The game of the value function itself; G's gradient vanishes while D wins."""

    title: ClassVar[str] = "Minimax (saturating)"
    formula: ClassVar[str] = (
        r"L_D = -E_x \log\sigma(D(x)) - E_z \log(1 - \sigma(D(G(z)))),\; L_G = E_z \log(1 - \sigma(D(G(z))))"
    )
    source: ClassVar[str] = "Goodfellow et al. 2014, equation 1"
    is_classifier: ClassVar[bool] = True
    in_nats: ClassVar[bool] = True
    kind: Literal["minimax"] = "minimax"
    label_smoothing: float = _label_smoothing()

    @property
    def saturates(self) -> bool:
        """It does: this is where the word comes from."""
        return True


class LeastSquares(ObjectiveSpec):
    """D regresses to 1 on real and 0 on generated samples; G pulls its outputs to 1."""

    title: ClassVar[str] = "Least squares"
    formula: ClassVar[str] = (
        r"L_D = \tfrac12 E_x (D(x) - 1)^2 + \tfrac12 E_z D(G(z))^2,\; L_G = \tfrac12 E_z (D(G(z)) - 1)^2"
    )
    source: ClassVar[str] = "Mao et al. 2017 (LSGAN), equation 9"
    kind: Literal["least_squares"] = "least_squares"
    label_smoothing: float = _label_smoothing()


class Hinge(ObjectiveSpec):
    """D is pushed beyond ±1 and no further; G follows its slope."""

    title: ClassVar[str] = "Hinge"
    formula: ClassVar[str] = r"L_D = E_x \max(0, 1 - D(x)) + E_z \max(0, 1 + D(G(z))),\; L_G = -E_z D(G(z))"
    source: ClassVar[str] = "Lim and Ye 2017; Miyato et al. 2018"
    kind: Literal["hinge"] = "hinge"


class Wasserstein(ObjectiveSpec):
    """D is a critic whose mean difference estimates W1; it needs a Lipschitz bound from a penalty or clipping."""

    title: ClassVar[str] = "Wasserstein"
    formula: ClassVar[str] = r"L_D = E_z D(G(z)) - E_x D(x),\; L_G = -E_z D(G(z))"
    source: ClassVar[str] = "Arjovsky et al. 2017, algorithm 1"
    kind: Literal["wasserstein"] = "wasserstein"


class RelativisticPaired(ObjectiveSpec):
    """D says of each pair which is the real one; there is one equilibrium, and no mode is left for good."""

    title: ClassVar[str] = "Relativistic paired"
    formula: ClassVar[str] = r"L_D = -E_{x,z} \log\sigma(D(x) - D(G(z))),\; L_G = -E_{x,z} \log\sigma(D(G(z)) - D(x))"
    source: ClassVar[str] = "Jolicoeur-Martineau 2019 (RpGAN); Huang et al. 2024 (R3GAN)"
    in_nats: ClassVar[bool] = True
    is_relativistic: ClassVar[bool] = True
    kind: Literal["relativistic_paired"] = "relativistic_paired"


class RelativisticAverage(ObjectiveSpec):
    """D says of each sample whether it is more real than the other side is on average."""

    title: ClassVar[str] = "Relativistic average"
    formula: ClassVar[str] = (
        r"L_D = -E_x \log\sigma(D(x) - E_z D(G(z))) - E_z \log(1 - \sigma(D(G(z)) - E_x D(x))),\; "
        r"L_G = -E_z \log\sigma(D(G(z)) - E_x D(x)) - E_x \log(1 - \sigma(D(x) - E_z D(G(z))))"
    )
    source: ClassVar[str] = "Jolicoeur-Martineau 2019 (RaGAN), equations 10 to 13"
    in_nats: ClassVar[bool] = True
    is_relativistic: ClassVar[bool] = True
    kind: Literal["relativistic_average"] = "relativistic_average"


class FDivergence(ObjectiveSpec):
    """D bounds a divergence D_f(p_data ‖ p_g) from below, tightly where it is optimal; G makes it small.

    Nowozin et al. 2016, equation 6: F = E_x g(D(x)) − E_z f*(g(D(G(z)))), with the output activation g that keeps g(D)
    in the domain of the conjugate f*(t) = sup_u (ut − f(u)).
    """

    source: ClassVar[str] = "Nowozin et al. 2016 (f-GAN), tables 1 and 2"
    conjugate_value: ClassVar[float] = 0.0
    """f*(g(D)) = g(D) = f'(1) where p_g = p_data and D is optimal."""
    generator_loss: Literal["alternative", "minimax"] = setting(
        "alternative",
        label="Loss of G",
        help="minimax: G minimises the bound itself, −E f*(g(D)); alternative: −E g(D), whose slope is stronger while "
        "D wins (section 3.2 of the paper)",
        live=True,
    )

    @property
    def saturates(self) -> bool:
        """As chosen."""
        return self.generator_loss == "minimax"


class FKullbackLeibler(FDivergence):
    """Covers all of p_data: missing a part of it costs without bound."""

    title: ClassVar[str] = "f-GAN: KL"
    formula: ClassVar[str] = r"L_D = -E_x D(x) + E_z e^{D(G(z)) - 1},\; \max -L_D = KL(p_{data} \| p_g)"
    in_nats: ClassVar[bool] = True
    conjugate_value: ClassVar[float] = 1.0
    kind: Literal["f_kl"] = "f_kl"


class FReverseKullbackLeibler(FDivergence):
    """Stays where p_data is: samples outside it cost without bound, missing modes little."""

    title: ClassVar[str] = "f-GAN: reverse KL"
    formula: ClassVar[str] = r"L_D = E_x e^{-D(x)} + E_z D(G(z)) - 1,\; \max -L_D = KL(p_g \| p_{data})"
    in_nats: ClassVar[bool] = True
    conjugate_value: ClassVar[float] = -1.0
    kind: Literal["f_reverse_kl"] = "f_reverse_kl"


class FPearson(FDivergence):
    """Squared differences of the densities, relative to p_g."""

    title: ClassVar[str] = "f-GAN: Pearson χ²"
    formula: ClassVar[str] = (
        r"L_D = -E_x D(x) + E_z [\tfrac14 D(G(z))^2 + D(G(z))],\; \max -L_D = \int (p_{data} - p_g)^2 / p_g"
    )
    kind: Literal["f_pearson"] = "f_pearson"


class FHellinger(FDivergence):
    """Squared differences of the square roots of the densities; never above 2."""

    title: ClassVar[str] = "f-GAN: squared Hellinger"
    formula: ClassVar[str] = (
        r"L_D = -E_x (1 - e^{-D(x)}) + E_z (e^{D(G(z))} - 1),\; \max -L_D = \int (\sqrt{p_{data}} - \sqrt{p_g})^2"
    )
    kind: Literal["f_hellinger"] = "f_hellinger"


class FTotalVariation(FDivergence):
    """Half the difference of the densities; D is a critic bounded by ±½."""

    title: ClassVar[str] = "f-GAN: total variation"
    formula: ClassVar[str] = (
        r"L_D = \tfrac12 E_z \tanh D(G(z)) - \tfrac12 E_x \tanh D(x),\; \max -L_D = \tfrac12 \int |p_{data} - p_g|"
    )
    kind: Literal["f_total_variation"] = "f_total_variation"


class FJensenShannon(FDivergence):
    """The game of the value function, shifted by log 4 so that its optimum is 2·JSD."""

    title: ClassVar[str] = "f-GAN: Jensen–Shannon"
    formula: ClassVar[str] = (
        r"L_D = -E_x \log\sigma(D(x)) - E_z \log(1 - \sigma(D(G(z)))) - \log 4,\; \max -L_D = 2\, JSD(p_{data} \| p_g)"
    )
    is_classifier: ClassVar[bool] = True
    in_nats: ClassVar[bool] = True
    kind: Literal["f_jensen_shannon"] = "f_jensen_shannon"


Objective = Annotated[
    NonSaturating
    | Minimax
    | LeastSquares
    | Hinge
    | Wasserstein
    | RelativisticPaired
    | RelativisticAverage
    | FKullbackLeibler
    | FReverseKullbackLeibler
    | FPearson
    | FHellinger
    | FTotalVariation
    | FJensenShannon,
    Field(discriminator="kind", title="Objective"),
]
