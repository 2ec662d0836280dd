"""Optimizers and learning-rate schedules as records; executed in :mod:`ganstudio.gan.optimizers`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ganstudio.experiment.setting import Record, setting


class Constant(Record):
    """The same learning rate throughout."""

    title: ClassVar[str] = "Constant"
    formula: ClassVar[str] = r"\eta_t = \eta"
    kind: Literal["constant"] = "constant"


class Cosine(Record):
    """Constant first, then half a cosine down to a final share."""

    title: ClassVar[str] = "Cosine"
    formula: ClassVar[str] = (
        r"\eta_t = \eta\,[f + (1-f)\tfrac12(1 + \cos \pi s)],\; s = \mathrm{clip}((t - aT)/(T - aT), 0, 1)"
    )
    source: ClassVar[str] = "Loshchilov and Hutter 2017"
    kind: Literal["cosine"] = "cosine"
    iterations: int = setting(
        10_000,
        label="Length T",
        help="iteration at which the final share is reached",
        unit="iterations",
        live=True,
        ge=1,
        le=10**9,
        log=True,
    )
    constant_share: float = setting(
        0.0, label="Constant share a", help="share of the length before the decay begins", live=True, ge=0, lt=1
    )
    final_share: float = setting(
        0.05, label="Final share f", help="share of the learning rate that is left at the end", live=True, ge=0, le=1
    )


class LinearDecay(Record):
    """Down in a straight line to a final share, which may be nothing."""

    title: ClassVar[str] = "Linear decay"
    formula: ClassVar[str] = r"\eta_t = \eta\,[1 - (1 - f) \min(1, t/T)]"
    kind: Literal["linear"] = "linear"
    iterations: int = setting(
        5000,
        label="Length T",
        help="iteration at which the final share is reached",
        unit="iterations",
        live=True,
        ge=1,
        le=10**9,
        log=True,
    )
    final_share: float = setting(
        0.0, label="Final share f", help="share that is left at the end", live=True, ge=0, le=1
    )


class LinearWarmup(Record):
    """From almost nothing to the full learning rate, then constant."""

    title: ClassVar[str] = "Linear warm-up"
    formula: ClassVar[str] = r"\eta_t = \eta \min(1, (t + 1)/T)"
    kind: Literal["warmup"] = "warmup"
    iterations: int = setting(
        500,
        label="Length T",
        help="iteration at which the full learning rate is reached",
        unit="iterations",
        live=True,
        ge=1,
        le=10**9,
        log=True,
    )


Schedule = Annotated[Constant | Cosine | LinearDecay | LinearWarmup, Field(discriminator="kind", title="Schedule")]


class OptimizerSpec(Record):
    """What every optimizer has."""

    learning_rate: float = setting(
        1e-3,
        label="Learning rate",
        help="step size; too high and the players chase each other in circles",
        live=True,
        ge=0,
        le=10,
        log=True,
        usual="1e-4 to 1e-2",
        formula=r"\eta",
    )
    schedule: Schedule = Field(
        default=Constant(),
        title="Schedule",
        description="how the learning rate changes, counted from the beginning or from the last change of the target",
        json_schema_extra={"live": True},
    )
    weight_decay: float = setting(
        0.0,
        label="Weight decay",
        help="pulls parameters to 0: added to the gradient, or decoupled from it in AdamW",
        live=True,
        ge=0,
        le=1,
        log=True,
        usual="0 to 0.01",
        formula=r"\lambda",
    )
    gradient_clip: float = setting(
        0.0,
        label="Gradient clip",
        help="largest norm the player's whole gradient may have; 0 does not clip",
        live=True,
        ge=0,
        le=1e6,
        log=True,
        usual="0 or 1 to 10",
        formula=r"g \leftarrow g \min(1, c / \|g\|)",
    )


class SGD(OptimizerSpec):
    """Stochastic gradient descent, with momentum if wanted."""

    title: ClassVar[str] = "SGD"
    formula: ClassVar[str] = r"v \leftarrow \mu v + (1-\tau) g,\; \theta \leftarrow \theta - \eta v"
    source: ClassVar[str] = "Sutskever et al. 2013"
    kind: Literal["sgd"] = "sgd"
    momentum: float = setting(
        0.0, label="Momentum μ", help="share of the last step that is kept", live=True, ge=0, lt=1
    )
    dampening: float = setting(
        0.0, label="Dampening τ", help="share of the gradient that momentum ignores", live=True, ge=0, le=1
    )
    nesterov: bool = setting(
        False, label="Nesterov", help="look ahead along the momentum; needs momentum and no dampening", live=True
    )

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> Self:
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError("nesterov needs a momentum above 0 and a dampening of 0")
        return self


class Adam(OptimizerSpec):
    """Steps scaled by running means of the gradient and of its square."""

    title: ClassVar[str] = "Adam"
    formula: ClassVar[str] = r"\theta \leftarrow \theta - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)"
    source: ClassVar[str] = "Kingma and Ba 2015"
    kind: Literal["adam"] = "adam"
    beta1: float = setting(
        0.0, label="β₁", help="memory of the gradient; 0 or 0.5 suits GANs", live=True, ge=0, lt=1, usual="0 to 0.9"
    )
    beta2: float = setting(
        0.99, label="β₂", help="memory of the squared gradient", live=True, ge=0, lt=1, usual="0.9 to 0.999"
    )
    epsilon: float = setting(1e-8, label="ε", help="keeps the division finite", live=True, gt=0, le=1, log=True)
    amsgrad: bool = setting(False, label="AMSGrad", help="never let the squared-gradient memory shrink", live=True)


class AdamW(Adam):
    """Adam with weight decay taken out of the gradient."""

    title: ClassVar[str] = "AdamW"
    formula: ClassVar[str] = r"\theta \leftarrow (1 - \eta\lambda)\theta - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)"
    source: ClassVar[str] = "Loshchilov and Hutter 2019"
    kind: Literal["adamw"] = "adamw"  # type: ignore[assignment]


class RMSprop(OptimizerSpec):
    """Steps scaled by a running mean of the squared gradient."""

    title: ClassVar[str] = "RMSprop"
    formula: ClassVar[str] = r"\theta \leftarrow \theta - \eta\, g / (\sqrt{v} + \epsilon)"
    source: ClassVar[str] = "Hinton 2012"
    kind: Literal["rmsprop"] = "rmsprop"
    alpha: float = setting(0.99, label="α", help="memory of the squared gradient", live=True, ge=0, lt=1)
    momentum: float = setting(
        0.0, label="Momentum μ", help="share of the last step that is kept", live=True, ge=0, lt=1
    )
    epsilon: float = setting(1e-8, label="ε", help="keeps the division finite", live=True, gt=0, le=1, log=True)
    centered: bool = setting(
        False, label="Centred", help="subtract the squared mean gradient: scales by its variance", live=True
    )


Optimizer = Annotated[SGD | Adam | AdamW | RMSprop, Field(discriminator="kind", title="Optimizer")]


_GOOD_PACE = Adam(learning_rate=2e-3, schedule=Cosine(iterations=30_000, final_share=0.02))
"""Fast at first, then slow: at a constant rate the players keep shaking, narrow clusters come out at half their width
and the JSD stays twice to three times as high."""


class Optimizers(Record):
    """One optimizer for each player; two learning rates are the two time-scale rule (TTUR, Heusel et al. 2017)."""

    title: ClassVar[str] = "Optimizers"
    generator: Optimizer = Field(
        default=_GOOD_PACE,
        title="Generator",
        description="how G descends its loss; another one begins without the moments of the old",
        json_schema_extra={"live": True},
    )
    discriminator: Optimizer = Field(
        default=_GOOD_PACE,
        title="Discriminator",
        description="how D descends its loss; another one begins without the moments of the old; a learning rate above "
        "G's lets D keep up (TTUR, Heusel et al. 2017)",
        json_schema_extra={"live": True},
    )
