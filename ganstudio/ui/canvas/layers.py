"""The layers of the stage as a table, free of Qt: what each shows, and what it needs of the trainer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from ganstudio.messages.commands import Layer
from ganstudio.view_names import LayerName

ColourRole = Literal["real", "generated", "density", "neutral", "text", "muted", "generator", "discriminator"]
Swatch = Literal["dot", "bars", "ramp", "shade", "line", "dashes", "arrow", "grid"]


@dataclass(frozen=True)
class StageLayer:
    """One layer: its name for people, the theme's colour it is drawn in, and the trainer's layer it is made from.

    ``swatch`` says how the legend draws it; ``on_the_line`` has title, colour and swatch for 1-D targets where they
    differ.
    """

    name: LayerName
    title: str
    help: str
    colour: ColourRole
    swatch: Swatch
    needs: tuple[Layer, ...] = ()
    visible: bool = True
    opacity: float = 1.0
    on_the_line: tuple[str, ColourRole, Swatch] | None = None

    def of_dimension(self, dimension: int) -> StageLayer:
        """The same layer with the title, colour and swatch that it has for targets of this dimension."""
        if dimension != 1 or self.on_the_line is None:
            return self
        title, colour, swatch = self.on_the_line
        return replace(self, title=title, colour=colour, swatch=swatch)


LAYERS: tuple[StageLayer, ...] = (
    StageLayer(
        "real",
        "Real",
        "Samples of the target p_data, drawn once for looking",
        "real",
        "dot",
        opacity=0.85,
        on_the_line=("Real", "real", "bars"),
    ),
    StageLayer(
        "generated",
        "Generated",
        "G(z) for a fixed set of latents z: every dot keeps its identity and moves as G learns",
        "generated",
        "dot",
        needs=("generated",),
        opacity=0.9,
        on_the_line=("Generated", "generated", "line"),
    ),
    StageLayer(
        "field",
        "D(x)",
        "What D says of every point: blue is taken for real, orange for generated, neutral is ½",
        "neutral",
        "ramp",
        needs=("field",),
        opacity=0.55,
        on_the_line=("D(x)", "discriminator", "line"),
    ),
    StageLayer(
        "contour",
        "½ contour",
        "Where D(x) = ½: on this line D cannot tell real from generated",
        "text",
        "line",
        needs=("field",),
        opacity=0.7,
        on_the_line=("½", "discriminator", "dashes"),
    ),
    StageLayer(
        "optimal",
        "D*(x)",
        "The best D there could be against G as it is: p_data / (p_data + p_g), p_g estimated once a second while "
        "training. It takes the place of D(x); transparent where neither density is enough to tell",
        "neutral",
        "ramp",
        needs=("field", "optimal"),
        visible=False,
        opacity=0.55,
        on_the_line=("D*(x)", "text", "dashes"),
    ),
    StageLayer(
        "difference",
        "D − D*",
        "How far D is from the best it could be: blue where D is too high, orange where too low, the full colours at "
        "±1. It takes the place of D(x)",
        "neutral",
        "ramp",
        needs=("field", "optimal"),
        visible=False,
        opacity=0.8,
        on_the_line=("D − D*", "discriminator", "shade"),
    ),
    StageLayer(
        "density",
        "p_data",
        "The target's density",
        "density",
        "shade",
        visible=False,
        opacity=0.8,
        on_the_line=("p_data", "real", "line"),
    ),
    StageLayer(
        "gradients",
        "Gradients",
        "−∂L_G/∂x at generated samples: where D pushes them. The longest arrow's value is in the read-out",
        "generator",
        "arrow",
        needs=("gradients",),
        visible=False,
    ),
    StageLayer(
        "latent_grid",
        "Latent grid",
        "Straight lines of the latent space, as G bends them: how G folds its noise into shape",
        "generated",
        "grid",
        needs=("latent_grid",),
        visible=False,
        opacity=0.7,
        on_the_line=("z → x", "muted", "grid"),
    ),
)
BY_NAME: dict[str, StageLayer] = {layer.name: layer for layer in LAYERS}


@dataclass(frozen=True)
class LayerState:
    """How a layer is shown: switched on or off, and its opacity in [0, 1]."""

    name: str
    visible: bool
    opacity: float


def default_states(dimension: int = 2) -> tuple[LayerState, ...]:
    """How the layers are shown at first. On the line p_data is a curve that hides nothing, so it is on."""
    return tuple(
        LayerState(layer.name, layer.visible or (dimension == 1 and layer.name == "density"), layer.opacity)
        for layer in LAYERS
    )


def wanted(states: Iterable[LayerState]) -> tuple[Layer, ...]:
    """The trainer's layers that the visible ones are made from, each once, in the table's order."""
    visible = {state.name for state in states if state.visible}
    needed = [need for layer in LAYERS if layer.name in visible for need in layer.needs]
    return tuple(dict.fromkeys(needed))


def restored(stored: Iterable[LayerState]) -> tuple[LayerState, ...]:
    """The states for every layer of the table: as stored where known, else as by default; opacities in [0, 1]."""
    known = {state.name: state for state in stored}
    return tuple(
        replace(state, visible=known[state.name].visible, opacity=min(1.0, max(0.0, known[state.name].opacity)))
        if state.name in known
        else state
        for state in default_states()
    )
