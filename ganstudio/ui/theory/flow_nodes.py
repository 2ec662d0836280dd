"""The parts of a GAN, what flows between them, and which of it takes part in each line of an iteration. No Qt.

Values flow z → G → G(z) → D → loss, and x → D → loss beside; gradients flow back along the same edges, into D alone in
an update of D, and through D into G in an update of G.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganstudio.ui.theory.walk_places import Place, Player

COLUMNS, ROWS = 6, 2


@dataclass(frozen=True)
class Node:
    """A part: where it stands (column, row), what it is called and for, and the setting it leads to."""

    name: str
    title: str
    column: int
    row: int
    colour: str
    help: str
    setting: str
    leads_to: str


@dataclass(frozen=True)
class Edge:
    """What flows from one node to another; ``colour`` is a colour of the theme. Gradients flow for one player."""

    start: str
    end: str
    colour: str
    gradient_of: Player | None = None


NODES: dict[str, Node] = {
    node.name: node
    for node in (
        Node(
            "z",
            "z ~ p_z",
            0,
            0,
            "muted",
            "Noise: latents drawn from the prior p_z.",
            "latent",
            "latent space and prior",
        ),
        Node(
            "G",
            "G",
            1,
            0,
            "generator",
            "The generator, drawn as what it does to a grid of the latent space.",
            "generator",
            "the network G",
        ),
        Node(
            "samples",
            "G(z)",
            2,
            0,
            "generated",
            "Generated samples, as many as there are real ones.",
            "training.batch_size",
            "batch size",
        ),
        Node(
            "D",
            "D",
            3,
            0,
            "discriminator",
            "The discriminator, drawn as what it says of every point: blue is taken for real.",
            "discriminator",
            "the network D",
        ),
        Node(
            "on_generated",
            "D(G(z))",
            4,
            0,
            "generated",
            "What D says of generated samples, from 0 to 1. Their label is 0 for D; G wants them taken for 1.",
            "objective",
            "the objective",
        ),
        Node("loss_G", "L_G", 5, 0, "generator", "What G minimises.", "objective", "the objective"),
        Node(
            "step_G",
            "∇θ_G",
            1,
            1,
            "generator",
            "The gradient of L_G in the parameters of G, which comes through D, and the step that is made of it.",
            "optimizers.generator",
            "the optimizer of G",
        ),
        Node("x", "x ~ p_data", 2, 1, "real", "Real samples, drawn from the target.", "target", "the data source"),
        Node(
            "step_D",
            "∇θ_D",
            3,
            1,
            "discriminator",
            "The gradient of L_D in the parameters of D, and the step that is made of it.",
            "optimizers.discriminator",
            "the optimizer of D",
        ),
        Node(
            "on_real",
            "D(x)",
            4,
            1,
            "real",
            "What D says of real samples, from 0 to 1. Their label is 1.",
            "objective",
            "the objective",
        ),
        Node(
            "loss_D",
            "L_D",
            5,
            1,
            "discriminator",
            "What D minimises: −V(D, G), and penalties.",
            "penalties",
            "penalties",
        ),
    )
}
"""Every part, in the order of the keyboard."""

EDGES: tuple[Edge, ...] = (
    Edge("z", "G", "generated"),
    Edge("G", "samples", "generated"),
    Edge("samples", "D", "generated"),
    Edge("x", "D", "real"),
    Edge("D", "on_generated", "generated"),
    Edge("D", "on_real", "real"),
    Edge("on_generated", "loss_G", "generator"),
    Edge("on_generated", "loss_D", "discriminator"),
    Edge("on_real", "loss_D", "discriminator"),
    Edge("loss_G", "on_generated", "generator", "generator"),
    Edge("on_generated", "D", "generator", "generator"),
    Edge("D", "samples", "generator", "generator"),
    Edge("samples", "G", "generator", "generator"),
    Edge("G", "step_G", "generator", "generator"),
    Edge("loss_D", "on_generated", "discriminator", "discriminator"),
    Edge("loss_D", "on_real", "discriminator", "discriminator"),
    Edge("on_generated", "D", "discriminator", "discriminator"),
    Edge("on_real", "D", "discriminator", "discriminator"),
    Edge("D", "step_D", "discriminator", "discriminator"),
)
COMPARED = Edge("on_real", "loss_G", "generator")
"""Where the objective is relativistic L_G depends on real samples as well."""

OUTSIDE: dict[Player, frozenset[str]] = {
    "discriminator": frozenset({"loss_G", "step_G"}),
    "generator": frozenset({"x", "on_real", "loss_D", "step_D"}),
}
"""What takes no part in an update of a player."""

CURRENT: dict[tuple[Player, str], frozenset[str]] = {
    ("discriminator", "latents"): frozenset({"z"}),
    ("discriminator", "real"): frozenset({"x"}),
    ("discriminator", "generate"): frozenset({"z", "G", "samples"}),
    ("discriminator", "judge"): frozenset({"samples", "x", "D", "on_generated", "on_real"}),
    ("discriminator", "loss"): frozenset({"on_generated", "on_real", "loss_D"}),
    ("discriminator", "gradient"): frozenset({"loss_D", "on_generated", "on_real", "D", "step_D"}),
    ("discriminator", "update"): frozenset({"step_D", "D"}),
    ("generator", "latents"): frozenset({"z"}),
    ("generator", "generate"): frozenset({"z", "G", "samples"}),
    ("generator", "judge"): frozenset({"samples", "D", "on_generated"}),
    ("generator", "loss"): frozenset({"on_generated", "loss_G"}),
    ("generator", "gradient"): frozenset({"loss_G", "on_generated", "D", "samples", "G", "step_G"}),
    ("generator", "update"): frozenset({"step_G", "G"}),
}
"""What a line is about."""

Weight = Literal["current", "taking part", "outside"]


def edges(*, relativistic: bool) -> tuple[Edge, ...]:
    """What flows under an objective."""
    return (*EDGES, COMPARED) if relativistic else EDGES


def weight_of_node(name: str, place: Place | None, *, relativistic: bool = False) -> Weight:
    """How a node takes part in a line of a walk; without one all take part."""
    if place is None:
        return "taking part"
    if name in CURRENT[place.player, place.line.name]:
        return "current"
    outside = OUTSIDE[place.player] - ({"x", "on_real"} if relativistic else frozenset())
    return "outside" if name in outside else "taking part"


def weight_of_edge(edge: Edge, place: Place | None, *, relativistic: bool = False) -> Weight:
    """The same of an edge: values flow until the loss is there, gradients after it."""
    if place is None:
        return "taking part"
    nodes = [weight_of_node(name, place, relativistic=relativistic) for name in (edge.start, edge.end)]
    if "outside" in nodes or edge.gradient_of not in (None, place.player):
        return "outside"
    backwards = place.line.name in ("gradient", "update")
    flows_now = backwards is (edge.gradient_of is not None)
    return "current" if nodes == ["current", "current"] and flows_now else "taking part"


FIXED: dict[Player, str] = {"discriminator": "G", "generator": "D"}
"""The network that an update of a player leaves as it is."""


def caption(place: Place | None) -> str:
    """What is seen, in a few words."""
    if place is None:
        return "Lines: values. Dashes: gradients. Click a part to set it."
    count = f" ({place.number} of {place.of})" if place.of > 1 else ""
    if place.player == "discriminator":
        return f"D learns{count}: both paths; gradients into D alone."
    return f"G learns{count}: the fake path; gradients through D."
