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
    differ, and ``help_on_the_line`` what it means there. ``visible`` is how it is at first, ``visible_on_the_line`` the
    same for 1-D targets, where a curve hides nothing: there all are opaque at first.
    """

    name: LayerName
    title: str
    help: str
    colour: ColourRole
    swatch: Swatch
    needs: tuple[Layer, ...] = ()
    visible: bool = True
    visible_on_the_line: bool = False
    opacity: float = 1.0
    on_the_line: tuple[str, ColourRole, Swatch] | None = None
    help_on_the_line: str = ""

    def of_dimension(self, dimension: int) -> StageLayer:
        """The same layer with the title, colour, swatch and help that it has for targets of this dimension."""
        if dimension != 1 or self.on_the_line is None:
            return self
        title, colour, swatch = self.on_the_line
        return replace(self, title=title, colour=colour, swatch=swatch, help=self.help_on_the_line or self.help)


LAYERS: tuple[StageLayer, ...] = (
    StageLayer(
        "real",
        "Real",
        "Samples of the target p_data, drawn once for looking",
        "real",
        "dot",
        opacity=0.85,
        on_the_line=("Real", "real", "bars"),
        help_on_the_line="How many of 20,000 samples of p_data, drawn once for looking, fall into each bar: a density",
    ),
    StageLayer(
        "generated",
        "Generated",
        "G(z) for a fixed set of latents z: every dot keeps its identity and moves as G learns",
        "generated",
        "dot",
        needs=("generated",),
        opacity=0.9,
        visible_on_the_line=True,
        on_the_line=("p_g", "generated", "line"),
        help_on_the_line="p_g, the density of what G makes: p_z pushed through G, nearly without noise (its corners "
        "are those of G's activations). The dots below 0 are G(z) for a fixed set of latents",
    ),
    StageLayer(
        "field",
        "D(x)",
        "What D says of every point: blue is taken for real, orange for generated, neutral is ½",
        "neutral",
        "ramp",
        needs=("field",),
        opacity=0.55,
        visible_on_the_line=True,
        on_the_line=("D(x)", "discriminator", "line"),
        help_on_the_line="What D says of every x, on the axis at the right: 1 is taken for real, 0 for generated",
    ),
    StageLayer(
        "contour",
        "½ contour",
        "Where D(x) = ½: on this line D cannot tell real from generated",
        "text",
        "line",
        needs=("field",),
        opacity=0.7,
        visible_on_the_line=True,
        on_the_line=("½", "discriminator", "dashes"),
        help_on_the_line="½: where D cannot tell real from generated",
    ),
    StageLayer(
        "optimal",
        "D*(x)",
        "The best D there could be against G as it is: p_data / (p_data + p_g), p_g estimated every few seconds while "
        "training. It takes the place of D(x); transparent where neither density is enough to tell",
        "neutral",
        "ramp",
        needs=("field", "optimal"),
        visible=False,
        opacity=0.55,
        visible_on_the_line=True,
        on_the_line=("D*(x)", "text", "dashes"),
        help_on_the_line="The best D there could be against G's current parameters: p_data/(p_data + p_g), on the axis "
        "at the right",
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
        help_on_the_line="How far D is from the best it could be: the area between D and D*",
    ),
    StageLayer(
        "density",
        "p_data",
        "The target's density",
        "density",
        "shade",
        visible=False,
        opacity=0.8,
        visible_on_the_line=True,
        on_the_line=("p_data", "real", "line"),
        help_on_the_line="The target's density p_data",
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
        visible_on_the_line=True,
        on_the_line=("z → x", "muted", "grid"),
        help_on_the_line="Where G puts z: every line stands for the same share of p_z, so the feet are as dense as p_z "
        "and the heads as dense as p_g. Of longer latents z₁ is shown; the others are spread over the prior",
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
    """How the layers are shown at first. On the line they make the figure of the paper."""
    return tuple(
        LayerState(layer.name, layer.visible_on_the_line, 1.0)
        if dimension == 1
        else LayerState(layer.name, layer.visible, layer.opacity)
        for layer in LAYERS
    )


def carried(states: Iterable[LayerState], old: int, new: int) -> tuple[LayerState, ...]:
    """The states for targets of another dimension: what was chosen stays, what was as by default follows that."""
    before, after = ({state.name: state for state in default_states(dimension)} for dimension in (old, new))
    return tuple(after[state.name] if state == before[state.name] else state for state in states)


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
