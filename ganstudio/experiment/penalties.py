"""Penalties as records; their mathematics is in :mod:`ganstudio.gan.penalties`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ganstudio.experiment.optimizers import Constant, Schedule
from ganstudio.experiment.setting import Record, setting


class Penalties(Record):
    """What is added to D's loss or imposed on D; each is off at 0 and they combine freely."""

    title: ClassVar[str] = "Penalties"
    r1: float = setting(
        0.3,
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
        0.3,
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


class PenaltySchedule(Record):
    """When the penalties act, and how they change while training."""

    title: ClassVar[str] = "Penalties over time"
    every: int = setting(
        1,
        label="Lazy: every",
        help="updates of D between two that are penalised, each then by so many times as much; spares time",
        unit="updates",
        live=True,
        ge=1,
        le=1000,
        log=True,
        usual="1, or 4 to 16",
        formula=r"n R \text{ every n-th update}  (Karras et al. 2020)",
    )
    weights: Schedule = Field(
        default=Constant(),
        title="Weights over time",
        description="how the weights of R1, R2 and WGAN-GP change",
        json_schema_extra={"live": True},
    )
    noise: Schedule = Field(
        default=Constant(),
        title="Noise over time",
        description="how the instance noise changes; it is meant to fade",
        json_schema_extra={"live": True},
    )
