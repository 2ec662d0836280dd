"""What a walk says at each line: the algorithm's listing, why, and the formulas with this batch's numbers. No Qt.

The algorithm is that of Goodfellow et al. 2014 (algorithm 1), for every objective of the program: D ascends V, or
descends its own loss where it is no probability, k times with G fixed; then G descends its loss with D fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment import Experiment
from ganstudio.experiment.objectives import NonSaturating
from ganstudio.experiment.updates import Alternating, Extragradient, Optimistic, Simultaneous
from ganstudio.messages.walkthrough import (
    DISCRIMINATOR_LINES,
    GENERATOR_LINES,
    DiscriminatorWalk,
    GeneratorWalk,
)
from ganstudio.ui.forms.formula import equations
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.theory.loss_parts import LOG_NOT_D, classifies, parts
from ganstudio.ui.theory.walk_places import Place, Player

Floats = NDArray[np.float64]

SHOWN = 3
"""So many samples of a batch are written out; dots stand for the others."""


# -- the listing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A line of the listing: LaTeX. A heading has no ``name``; the others are lines of ``messages.walkthrough``."""

    player: Player
    name: str
    formula: str


_UPDATE = {
    "discriminator": r"\theta_D \leftarrow \theta_D - \eta\;\text{step}(\nabla)",
    "generator": r"\theta_G \leftarrow \theta_G - \eta\;\text{step}(\nabla)",
}


_OPPONENT: dict[type, str] = {
    Alternating: "D fixed",
    Simultaneous: "D as it stood",
    Optimistic: "D as it stood",
    Extragradient: "a step ahead",
}
"""Against which D the update of G is made, by the rule."""


def listing(experiment: Experiment) -> tuple[Entry, ...]:
    """The whole algorithm: a heading for each player, and its lines."""
    training = experiment.training
    loss = r"\hat V(D, G)" if classifies(experiment) else "L_D"
    opponent = _OPPONENT[type(experiment.updates.rule)]
    aim = "ascend V" if classifies(experiment) else "descend its loss"
    formulas = {
        ("discriminator", "latents"): r"z_1 … z_m \sim p_z",
        ("discriminator", "real"): r"x_1 … x_m \sim p_{data}",
        ("discriminator", "generate"): "G(z_i)",
        ("discriminator", "judge"): r"D(x_i)\text{ and }D(G(z_i))",
        ("discriminator", "loss"): rf"{loss}\text{{: means over the batch}}",
        ("discriminator", "gradient"): r"\nabla_{\theta_D} L_D\text{, }L_D = -\hat V"
        if classifies(experiment)
        else r"\nabla_{\theta_D} L_D",
        ("discriminator", "update"): _UPDATE["discriminator"],
        ("generator", "latents"): r"z_1 … z_m \sim p_z\text{, fresh}",
        ("generator", "generate"): "G(z_i)",
        ("generator", "judge"): "D(G(z_i))",
        ("generator", "loss"): r"L_G\text{: both sides compared}"
        if experiment.objective.is_relativistic
        else r"L_G\text{: only the generated term}",
        ("generator", "gradient"): r"\nabla_{\theta_G} L_G\text{, through D}",
        ("generator", "update"): _UPDATE["generator"],
    }
    headings: tuple[tuple[Player, str], ...] = (
        ("discriminator", rf"\text{{{training.discriminator_updates} × D: {aim}, G fixed}}"),
        ("generator", rf"\text{{{training.generator_updates} × G: descend }}L_G\text{{, {opponent}}}"),
    )
    lines = {"discriminator": DISCRIMINATOR_LINES, "generator": GENERATOR_LINES}
    found: list[Entry] = []
    for player, heading in headings:
        found.append(Entry(player, "", heading))
        found += [Entry(player, line.name, formulas[player, line.name]) for line in lines[player]]
    return tuple(found)


# -- what is said at a line -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A formula (LaTeX) and what it is for this batch; ``colour`` is a colour of the theme for its dot, or none."""

    formula: str
    value: str
    colour: str = ""


@dataclass(frozen=True)
class Said:
    """The caption of a line, and its formulas with their numbers."""

    caption: str
    rows: tuple[Row, ...]


_MORE: dict[tuple[Player, str], str] = {
    ("discriminator", "latents"): "Noise is all that G is given.",
    ("discriminator", "real"): "As many as there are latents.",
    ("discriminator", "generate"): "To D they are mere data.",
    ("discriminator", "gradient"): "G(z) counts as a constant: nothing flows into G.",
    ("generator", "generate"): "Now they are functions of the parameters of G.",
    ("generator", "judge"): "G wants them taken for real: 1.",
    ("generator", "update"): "The same latents land elsewhere.",
}


def said(place: Place, experiment: Experiment) -> Said:
    """What there is to say at this place of a walk through an iteration of this experiment."""
    more = _MORE.get((place.player, place.line.name), "")
    rows = _ROWS[place.player, place.line.name](place.step, experiment)
    text = place.line.text
    if (place.player, place.line.name) == ("generator", "loss") and experiment.objective.is_relativistic:
        text = "This objective compares both sides, so the real samples stay in the loss of G."
    return Said(" ".join(filter(None, (text, more))), rows)


def _latents(step: DiscriminatorWalk | GeneratorWalk, experiment: Experiment) -> tuple[Row, ...]:
    m = experiment.training.batch_size
    return (
        Row("m", f"{m:,} latents of {experiment.latent.dimension} numbers, {experiment.latent.prior.title.lower()}"),
        Row("z_1, z_2, …", _vectors(step.latent), "text"),
    )


def _real(step: DiscriminatorWalk, experiment: Experiment) -> tuple[Row, ...]:
    return (Row("x_1, x_2, …", _vectors(step.real), "real"),)


def _generated(step: DiscriminatorWalk | GeneratorWalk, experiment: Experiment) -> tuple[Row, ...]:
    return (Row("G(z_1), G(z_2), …", _vectors(step.generated), "generated"),)


def _judged_by_d(step: DiscriminatorWalk, experiment: Experiment) -> tuple[Row, ...]:
    real, generated = _outputs(step, experiment)
    assert real is not None  # noqa: S101  # an update of D has real samples
    return (
        Row("D(x_i)", f"{_few(real)}  mean {figure(float(real.mean()))}, label 1", "real"),
        Row("D(G(z_i))", f"{_few(generated)}  mean {figure(float(generated.mean()))}, label 0", "generated"),
    )


def _judged_for_g(step: GeneratorWalk, experiment: Experiment) -> tuple[Row, ...]:
    _, generated = _outputs(step, experiment)
    return (Row("D(G(z_i))", f"{_few(generated)}  mean {figure(float(generated.mean()))}", "generated"),)


def _loss_of_d(step: DiscriminatorWalk, experiment: Experiment) -> tuple[Row, ...]:
    of, value = parts(experiment), classifies(experiment)
    if of is None:
        return (Row(equations(experiment.objective.formula)[0], figure(step.loss), "discriminator"), *_penalties(step))
    means = (step.real_term, step.generated_term) if value else (step.real_loss, step.generated_loss)
    rows = [
        Row(
            _mean(part.formula), f"{_sum(part.of(outputs.astype(np.float64)), step, experiment)} = {figure(mean)}", side
        )
        for part, outputs, mean, side in (
            (of.real, step.real_output, means[0], "real"),
            (of.generated, step.generated_output, means[1], "generated"),
        )
        if mean is not None
    ]
    if value and step.real_term is not None and step.generated_term is not None:
        total = step.real_term + step.generated_term
        rows.append(Row(r"\hat V", f"{figure(total)} (−log 4 = −1.386)", "value"))
        is_minus_v = math.isclose(step.loss, -total, rel_tol=1e-5)  # not with label smoothing, nor with another offset
        rows.append(Row(r"L_D = -\hat V" if is_minus_v else "L_D", figure(step.loss), "discriminator"))
    else:
        rows.append(Row("L_D", figure(step.loss), "discriminator"))
    return (*rows, *_penalties(step))


def _penalties(step: DiscriminatorWalk) -> tuple[Row, ...]:
    row = Row(r"\text{penalties}", f"{figure(step.penalty)}, added to it", "discriminator")
    return (row,) if step.penalty else ()


def _loss_of_g(step: GeneratorWalk, experiment: Experiment) -> tuple[Row, ...]:
    of = parts(experiment)
    if of is None:
        return (Row(equations(experiment.objective.formula)[1], figure(step.loss), "generator"),)
    terms = of.generator.of(step.generated_output.astype(np.float64))
    rows = [
        Row(rf"\nabla_{{\theta_G}} {_mean(of.real.formula)}", "0: there is no G in it", "real"),
        Row(
            f"L_G = {_mean(of.generator.formula)}",
            f"{_sum(terms, step, experiment)} = {figure(step.loss)}",
            "generator",
        ),
    ]
    if isinstance(experiment.objective, NonSaturating):
        rows.append(Row(rf"-\log D\text{{ for }}{LOG_NOT_D.formula}", "the same aim, a stronger gradient while D wins"))
    return tuple(rows)


def _gradient_of_d(step: DiscriminatorWalk, experiment: Experiment) -> tuple[Row, ...]:
    what = r"(L_D + \text{penalties})" if step.penalty else "L_D"
    norm = Row(rf"\|\nabla_{{\theta_D}} {what}\|", figure(step.gradient_norm), "discriminator")
    return (norm, *_added(experiment), *_clipped(experiment.optimizers.discriminator.gradient_clip, step.gradient_norm))


def _gradient_of_g(step: GeneratorWalk, experiment: Experiment) -> tuple[Row, ...]:
    lengths = np.linalg.norm(step.pull, axis=1)
    return (
        Row(
            r"-\partial L_G / \partial G(z_i)",
            f"the arrows; length {figure(float(lengths.mean()))} on average, {figure(float(lengths.max()))} at most",
            "generator",
        ),
        Row(r"\|\nabla_{\theta_G} L_G\|", figure(step.gradient_norm), "generator"),
        *_added(experiment),
        *_clipped(experiment.optimizers.generator.gradient_clip, step.gradient_norm),
    )


def _update_of_d(step: DiscriminatorWalk, experiment: Experiment) -> tuple[Row, ...]:
    rows = [
        _step(step, experiment.optimizers.discriminator.title, "D"),
        Row(r"L_D\text{ of this batch}", _change(step.loss, step.loss_after), "discriminator"),
        Row(r"\text{mean }D(x_i)", _change(_mean_of(step.real_probability), _mean_of(step.real_after)), "real"),
        Row(
            r"\text{mean }D(G(z_i))",
            _change(_mean_of(step.generated_probability), _mean_of(step.generated_after)),
            "generated",
        ),
    ]
    if experiment.penalties.weight_clipping > 0:
        rows.insert(1, Row(r"\max |\theta_D|", f"{experiment.penalties.weight_clipping:g} at most: clipped"))
    return tuple(rows)


def _update_of_g(step: GeneratorWalk, experiment: Experiment) -> tuple[Row, ...]:
    moved = float(np.linalg.norm(step.moved - step.generated, axis=1).mean())
    return (
        _step(step, experiment.optimizers.generator.title, "G"),
        Row(r"\text{mean }\|\Delta G(z_i)\|", figure(moved), "generated"),
        Row(
            r"\text{mean }D(G(z_i))",
            _change(_mean_of(step.generated_probability), _mean_of(step.generated_after)),
            "generated",
        ),
        Row(r"L_G\text{ of these latents}", _change(step.loss, step.loss_after), "generator"),
    )


_ROWS: dict[tuple[Player, str], Callable[..., tuple[Row, ...]]] = {
    ("discriminator", "latents"): _latents,
    ("discriminator", "real"): _real,
    ("discriminator", "generate"): _generated,
    ("discriminator", "judge"): _judged_by_d,
    ("discriminator", "loss"): _loss_of_d,
    ("discriminator", "gradient"): _gradient_of_d,
    ("discriminator", "update"): _update_of_d,
    ("generator", "latents"): _latents,
    ("generator", "generate"): _generated,
    ("generator", "judge"): _judged_for_g,
    ("generator", "loss"): _loss_of_g,
    ("generator", "gradient"): _gradient_of_g,
    ("generator", "update"): _update_of_g,
}


# -- numbers as text ------------------------------------------------------------------------------------------------


def _outputs(
    step: DiscriminatorWalk | GeneratorWalk, experiment: Experiment
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32]]:
    """What the formulas call D(x) and D(G(z)): probabilities of a classifier, else the raw outputs."""
    if classifies(experiment):
        return getattr(step, "real_probability", None), step.generated_probability
    return getattr(step, "real_output", None), step.generated_output


def _mean(formula: str) -> str:
    return rf"\tfrac1m \sum_i {formula}"


def _mean_of(values: NDArray[np.floating]) -> float:
    return float(values.mean(dtype=np.float64))


def _few(values: NDArray[np.floating]) -> str:
    dots = ", …" if len(values) > SHOWN else ""
    return ", ".join(figure(float(value)) for value in values[:SHOWN]) + dots


def _vectors(points: NDArray[np.floating]) -> str:
    shown = [f"({', '.join(_short(float(value)) for value in point[:SHOWN])}" for point in points[:SHOWN]]
    closing = ", …)" if points.shape[1] > SHOWN else ")"
    return ", ".join(text + closing for text in shown) + (", …" if len(points) > SHOWN else "")


def _short(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _sum(terms: Floats, step: DiscriminatorWalk | GeneratorWalk, experiment: Experiment) -> str:
    """The mean of a batch, its first terms written out."""
    first, *others = (float(term) for term in terms[:SHOWN])
    text = _short(first) + "".join(f" {'−' if term < 0 else '+'} {abs(term):.2f}" for term in others)
    dots = " + …" if experiment.training.batch_size > SHOWN else ""
    return f"1/{experiment.training.batch_size} ({text}{dots})"


def _change(before: float, after: float) -> str:
    return f"{_fine(before)} → {_fine(after)}"


def _fine(value: float) -> str:
    """One step changes little: a digit more than elsewhere."""
    return f"{value:.4f}".replace("-", "−") if abs(value) < 10 else figure(value)


def _step(step: DiscriminatorWalk | GeneratorWalk, optimizer: str, player: str) -> Row:
    rate = f"{step.learning_rate:.3g}".replace("e-0", "e−")
    return Row(rf"\|\Delta\theta_{player}\|", f"{figure(step.step_norm)} by {optimizer}, η = {rate}")


def _added(experiment: Experiment) -> tuple[Row, ...]:
    """What the update rule adds to a gradient."""
    weight = experiment.updates.consensus
    return (Row(r"\text{with consensus, }\gamma", f"{weight:g}"),) if weight > 0 else ()


def _clipped(limit: float, norm: float) -> tuple[Row, ...]:
    """What becomes of a gradient that is longer than it may be; 0 sets no limit."""
    return (Row(r"\text{clipped to}", figure(limit)),) if 0 < limit < norm else ()
