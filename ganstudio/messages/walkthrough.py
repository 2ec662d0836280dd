"""One iteration, slowly: what every line of the algorithm computed, with the numbers of this very batch."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.messages.snapshot import Floats

SHOWN = 1024
"""Rows of a batch that are told at most; means and norms are over all of it."""


@dataclass(frozen=True)
class DiscriminatorWalk:
    """One ascent of V in θ_D, as a descent of L_D, with G fixed.

    number: which of the k updates of this iteration, from 0.
    latent: (m, z), drawn from p_z. ``real``, ``generated``: (m, d), data coordinates; with instance noise where it is
        on, as D sees them.
    real_output, generated_output: (m,), D's raw outputs. real_probability, generated_probability: the same as D(x).
    real_term, generated_term: the two expectations of V, E log D(x) and E log(1 − D(G(z))); None where D is no
        probability.
    real_loss, generated_loss: the two parts of L_D; their sum is ``loss``. NaN where L_D compares the two sides and is
        no such sum. ``penalty`` is added to it.
    gradient_norm: ‖∇θ_D (L_D + penalty)‖ before clipping. ``step_norm``: ‖Δθ_D‖ of the update.
    real_after, generated_after: D(x) of the same samples after the update, on the same scale. ``loss_after``: L_D of
        the same batch then, penalties excluded.
    """

    number: int
    latent: Floats
    real: Floats
    generated: Floats
    real_output: Floats
    generated_output: Floats
    real_probability: Floats
    generated_probability: Floats
    real_term: float | None
    generated_term: float | None
    real_loss: float
    generated_loss: float
    loss: float
    penalty: float
    gradient_norm: float
    learning_rate: float
    step_norm: float
    real_after: Floats
    generated_after: Floats
    loss_after: float


@dataclass(frozen=True)
class GeneratorWalk:
    """One descent of L_G in θ_G with D fixed. Fields as above.

    pull: (m, d), −∂L_G/∂x for each sample (the batch's 1/m taken out), data coordinates: where D would move it.
    moved: (m, d), G(z) for the same latents after the update. ``generated_after``: what D, still the same, says of
        them; ``loss_after``: L_G of them.
    """

    number: int
    latent: Floats
    generated: Floats
    generated_output: Floats
    generated_probability: Floats
    pull: Floats
    loss: float
    gradient_norm: float
    learning_rate: float
    step_norm: float
    moved: Floats
    generated_after: Floats
    loss_after: float


@dataclass(frozen=True)
class Line:
    """A line of the algorithm (Goodfellow et al. 2014, algorithm 1): what is done, and which fields it fills."""

    name: str
    text: str
    fields: tuple[str, ...]


DISCRIMINATOR_LINES = (
    Line("latents", "Draw m latents z from p_z.", ("latent",)),
    Line("real", "Draw m samples x from p_data.", ("real",)),
    Line("generate", "G maps each z to a sample. G is fixed.", ("generated",)),
    Line(
        "judge",
        "D judges both: 1 is real, 0 is generated.",
        ("real_output", "generated_output", "real_probability", "generated_probability"),
    ),
    Line(
        "loss",
        "The batch means stand for the two expectations.",
        ("real_term", "generated_term", "real_loss", "generated_loss", "loss", "penalty"),
    ),
    Line("gradient", "The gradient in θ_D.", ("gradient_norm",)),
    Line(
        "update",
        "D takes one step.",
        ("learning_rate", "step_norm", "real_after", "generated_after", "loss_after"),
    ),
)
GENERATOR_LINES = (
    Line("latents", "Draw m fresh latents z from p_z.", ("latent",)),
    Line("generate", "G maps each z to a sample.", ("generated",)),
    Line("judge", "D judges them. D is fixed.", ("generated_output", "generated_probability")),
    Line(
        "loss",
        "Only the generated term is left: the real one has no θ_G in it, so its derivative is zero.",
        ("loss",),
    ),
    Line("gradient", "Through D, every sample is told where to go; through G, so is θ_G.", ("pull", "gradient_norm")),
    Line(
        "update",
        "G takes one step.",
        ("learning_rate", "step_norm", "moved", "generated_after", "loss_after"),
    ),
)
