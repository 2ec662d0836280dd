"""How the players' updates follow each other, as records; executed in :mod:`ganstudio.gan.rules` and ``step``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ganstudio.experiment.setting import Record, setting


class Alternating(Record):
    """D moves k times, then G j times, which sees where D went."""

    title: ClassVar[str] = "Alternating"
    formula: ClassVar[str] = (
        r"\psi \leftarrow \psi - \eta_D \nabla_\psi L_D(\theta, \psi),\; "
        r"\theta \leftarrow \theta - \eta_G \nabla_\theta L_G(\theta, \psi)"
    )
    source: ClassVar[str] = "Goodfellow et al. 2014, algorithm 1"
    kind: Literal["alternating"] = "alternating"


class Simultaneous(Record):
    """Both move against the other as it stood; circles outwards where alternating circles."""

    title: ClassVar[str] = "Simultaneous"
    formula: ClassVar[str] = r"\omega \leftarrow \omega - \eta\, \nabla(\omega),\; \omega = (\theta, \psi)"
    source: ClassVar[str] = "Mescheder et al. 2018, section 2"
    kind: Literal["simultaneous"] = "simultaneous"


class Extragradient(Record):
    """Both look one step ahead, and move along the gradients found there; twice the work."""

    title: ClassVar[str] = "Extragradient"
    formula: ClassVar[str] = (
        r"\omega' = \omega - \eta \nabla(\omega),\; \omega \leftarrow \omega - \eta \nabla(\omega')"
    )
    source: ClassVar[str] = "Korpelevich 1976; Gidel et al. 2019, algorithm 4"
    kind: Literal["extragradient"] = "extragradient"


class Optimistic(Record):
    """Both move twice their step less the one before: extragradient's cure for circling, without its second pass."""

    title: ClassVar[str] = "Optimistic"
    formula: ClassVar[str] = r"\omega \leftarrow \omega + 2\Delta_t - \Delta_{t-1}"
    source: ClassVar[str] = "Daskalakis et al. 2018 (OGDA; optimistic Adam, algorithm 1)"
    kind: Literal["optimistic"] = "optimistic"


UpdateRule = Annotated[Alternating | Simultaneous | Extragradient | Optimistic, Field(discriminator="kind")]


class Updates(Record):
    """How the two players' updates follow each other, and what is added to them."""

    title: ClassVar[str] = "Update rule"
    rule: UpdateRule = Field(
        default=Alternating(),
        title="Order",
        description="who moves when, and where the gradients are taken",
        json_schema_extra={"live": True},
    )
    consensus: float = setting(
        0.0,
        label="Consensus γ",
        help="both players also descend half the squared norm of all gradients, which pulls to where the game rests",
        live=True,
        ge=0,
        le=1000,
        log=True,
        usual="0 or 0.1 to 10",
        formula=r"g \leftarrow g + \gamma \nabla \tfrac12 \|(\nabla_\theta L_G, \nabla_\psi L_D)\|^2"
        "  (Mescheder et al. 2017)",
    )
    lookahead: int = setting(
        0,
        label="Lookahead every",
        help="iterations after which both players go back part of the way they came; 0 never",
        unit="iterations",
        live=True,
        ge=0,
        le=10**6,
        log=True,
        usual="0 or 5 to 1000",
        formula=r"\bar\omega \leftarrow \bar\omega + \alpha(\omega - \bar\omega),\; \omega \leftarrow \bar\omega"
        "  (Zhang et al. 2019; Chavdarova et al. 2021)",
    )
    lookahead_share: float = setting(
        0.5,
        label="Lookahead α",
        help="share of the way that is kept; 1 keeps all of it",
        live=True,
        gt=0,
        le=1,
        usual="0.5",
    )
    unrolled_steps: int = setting(
        0,
        label="Unrolled D steps",
        help="updates of D that G foresees, and differentiates through, in each of its own; 0 takes D as it stands",
        unit="updates",
        live=True,
        ge=0,
        le=20,
        usual="0 or 1 to 10",
        formula=r"\nabla_\theta L_G(\theta, \psi_n(\theta)),\; "
        r"\psi_n \text{ after n steps } \psi \leftarrow \psi - \eta_D \nabla_\psi L_D(\theta, \psi)"
        "  (Metz et al. 2017)",
    )
