"""Objectives and penalties as records; their mathematics is in :mod:`ganstudio.gan.objectives` and ``penalties``.

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


class NonSaturating(Record):
    """D classifies; G maximises log D(G(z)), whose gradient stays strong while D wins."""

    title: ClassVar[str] = "Non-saturating"
    formula: ClassVar[str] = (
        r"L_D = -E_x \log\sigma(D(x)) - E_z \log(1 - \sigma(D(G(z)))),\; L_G = -E_z \log\sigma(D(G(z)))"
    )
    source: ClassVar[str] = "Goodfellow et al. 2014, section 3"
    kind: Literal["non_saturating"] = "non_saturating"
    label_smoothing: float = _label_smoothing()


class Minimax(Record):
    """The game of the value function itself; G's gradient vanishes while D wins."""

    title: ClassVar[str] = "Minimax (saturating)"
    formula: ClassVar[str] = (
        r"L_D = -E_x \log\sigma(D(x)) - E_z \log(1 - \sigma(D(G(z)))),\; L_G = E_z \log(1 - \sigma(D(G(z))))"
    )
    source: ClassVar[str] = "Goodfellow et al. 2014, equation 1"
    kind: Literal["minimax"] = "minimax"
    label_smoothing: float = _label_smoothing()


class LeastSquares(Record):
    """D regresses to 1 on real and 0 on generated samples; G pulls its outputs to 1."""

    title: ClassVar[str] = "Least squares"
    formula: ClassVar[str] = (
        r"L_D = \tfrac12 E_x (D(x) - 1)^2 + \tfrac12 E_z D(G(z))^2,\; L_G = \tfrac12 E_z (D(G(z)) - 1)^2"
    )
    source: ClassVar[str] = "Mao et al. 2017 (LSGAN), equation 9"
    kind: Literal["least_squares"] = "least_squares"
    label_smoothing: float = _label_smoothing()


class Hinge(Record):
    """D is pushed beyond ±1 and no further; G follows its slope."""

    title: ClassVar[str] = "Hinge"
    formula: ClassVar[str] = r"L_D = E_x \max(0, 1 - D(x)) + E_z \max(0, 1 + D(G(z))),\; L_G = -E_z D(G(z))"
    source: ClassVar[str] = "Lim and Ye 2017; Miyato et al. 2018"
    kind: Literal["hinge"] = "hinge"


class Wasserstein(Record):
    """D is a critic whose mean difference estimates W1; it needs a Lipschitz bound from a penalty or clipping."""

    title: ClassVar[str] = "Wasserstein"
    formula: ClassVar[str] = r"L_D = E_z D(G(z)) - E_x D(x),\; L_G = -E_z D(G(z))"
    source: ClassVar[str] = "Arjovsky et al. 2017, algorithm 1"
    kind: Literal["wasserstein"] = "wasserstein"


Objective = Annotated[
    NonSaturating | Minimax | LeastSquares | Hinge | Wasserstein, Field(discriminator="kind", title="Objective")
]


class Penalties(Record):
    """What is added to D's loss or imposed on D; each is off at 0 and they combine freely."""

    title: ClassVar[str] = "Penalties"
    r1: float = setting(
        0.1,
        label="R1 γ",
        help="squared gradient of D at real samples",
        live=True,
        ge=0,
        le=1000,
        log=True,
        usual="0.01 to 10",
        formula=r"\tfrac{\gamma}{2} E_x \|\nabla_x D(x)\|^2  (Mescheder et al. 2018)",
    )
    r2: float = setting(
        0.1,
        label="R2 γ",
        help="squared gradient of D at generated samples",
        live=True,
        ge=0,
        le=1000,
        log=True,
        usual="0.01 to 10",
        formula=r"\tfrac{\gamma}{2} E_z \|\nabla_x D(G(z))\|^2  (Mescheder et al. 2018)",
    )
    wgan_gp: float = setting(
        0.0,
        label="WGAN-GP λ",
        help="pulls the norm of D's gradient to 1 between real and generated samples",
        live=True,
        ge=0,
        le=1000,
        log=True,
        usual="0.1 to 10",
        formula=r"\lambda E_{\hat x} (\|\nabla_{\hat x} D(\hat x)\| - 1)^2,\; \hat x = \epsilon x + (1-\epsilon) G(z)"
        "  (Gulrajani et al. 2017)",
    )
    weight_clipping: float = setting(
        0.0,
        label="Weight clipping c",
        help="every parameter of D is kept within ±c after each update",
        live=True,
        ge=0,
        le=10,
        log=True,
        usual="0.01 to 0.1",
        formula=r"w \leftarrow \mathrm{clip}(w, -c, c)  (Arjovsky et al. 2017)",
    )
    instance_noise: float = setting(
        0.0,
        label="Instance noise σ",
        help="gaussian noise added to all that D sees while training, in units of the normalised data",
        live=True,
        ge=0,
        le=10,
        log=True,
        usual="0.05 to 0.5",
        formula=r"D(x + \epsilon),\; \epsilon \sim N(0, \sigma^2 I)  (Sønderby et al. 2017)",
    )
