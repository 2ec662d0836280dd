"""One iteration walked through: the updates of the step themselves, and beside each what it computed on the way.

The states are those of :func:`ganstudio.gan.step.iteration`, bit for bit, for it is the step's own functions that make
them; the numbers beside are computed again from the same draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from ganstudio.experiment.objectives import Hinge, LeastSquares, Minimax, NonSaturating, Wasserstein
from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw, IterationInputs, Normaliser
from ganstudio.gan.game import Game
from ganstudio.gan.objectives import value_terms
from ganstudio.gan.priors import Floats
from ganstudio.gan.state import State
from ganstudio.gan.step import (
    DiscriminatorReport,
    GeneratorReport,
    discriminator_update,
    generator_update,
    row,
)
from ganstudio.messages.walkthrough import SHOWN, DiscriminatorWalk, GeneratorWalk

SILENT: dict[type, float] = {NonSaturating: -math.inf, Minimax: -math.inf, LeastSquares: 0.0, Hinge: -1.0}
SILENT[Wasserstein] = 0.0
"""The output on generated samples at which their part of L_D is 0, which parts L_D into two."""


class Walked(NamedTuple):
    """The state after one update, and what that update computed."""

    state: State
    numbers: DiscriminatorWalk | GeneratorWalk
    report: DiscriminatorReport | GeneratorReport


def walk(game: Game, state: State, inputs: IterationInputs, normaliser: Normaliser) -> Iterator[Walked]:
    """The k updates of D and the j of G, one at a time; the last state is the iteration's."""
    for number, (draw, rate) in enumerate(inputs.discriminator):
        before = state
        state, on_d = discriminator_update(game, before, draw, rate)
        yield Walked(state, _of_discriminator(game, before, state, draw, number, rate, on_d, normaliser), on_d)
    for number, (draw_g, rate, decay) in enumerate(inputs.generator):
        before = state
        state, on_g = generator_update(game, before, draw_g, rate, decay)
        yield Walked(state, _of_generator(game, before, state, draw_g, number, rate, on_g, normaliser), on_g)


def walked_iteration(
    game: Game, state: State, inputs: IterationInputs, normaliser: Normaliser
) -> tuple[State, Tensor, tuple[DiscriminatorWalk | GeneratorWalk, ...]]:
    """What :func:`ganstudio.gan.step.iteration` gives, and the walk through it."""
    walked = list(walk(game, state, inputs, normaliser))
    reports = [step.report for step in walked]
    on_d = next((report for report in reversed(reports) if isinstance(report, DiscriminatorReport)), None)
    on_g = next((report for report in reversed(reports) if isinstance(report, GeneratorReport)), None)
    return walked[-1].state, row(on_d, on_g), tuple(step.numbers for step in walked)


def _of_discriminator(
    game: Game,
    before: State,
    after: State,
    draw: DiscriminatorDraw,
    number: int,
    learning_rate: float,
    report: DiscriminatorReport,
    normaliser: Normaliser,
) -> DiscriminatorWalk:
    with torch.no_grad():
        real, generated = draw.real, _generated(game, before, draw.latent, draw.dropout_generator)
        if draw.noise is not None:
            real, generated = real + draw.noise[0], generated + draw.noise[1]
        on_real = _judged(game, before, real, draw.dropout_real)
        on_generated = _judged(game, before, generated, draw.dropout_generated)
        silent = torch.full_like(on_generated, SILENT[type(game.experiment.objective)])
        real_loss = game.objective.discriminator_loss(on_real, silent, game.smoothing)
        terms = value_terms(on_real, on_generated) if game.objective.is_classifier else None
        probability = game.objective.probability
        return DiscriminatorWalk(
            number=number,
            latent=_shown(draw.latent),
            real=normaliser.data(_shown(real)),
            generated=normaliser.data(_shown(generated)),
            real_output=_shown(on_real.flatten()),
            generated_output=_shown(on_generated.flatten()),
            real_probability=_shown(probability(on_real, (on_real, on_generated)).flatten()),
            generated_probability=_shown(probability(on_generated, (on_real, on_generated)).flatten()),
            real_term=None if terms is None else float(terms[0]),
            generated_term=None if terms is None else float(terms[1]),
            real_loss=float(real_loss),
            generated_loss=float(report.loss - real_loss),
            loss=float(report.loss),
            penalty=float(report.penalty),
            gradient_norm=float(report.gradient_norm),
            learning_rate=learning_rate,
            step_norm=_distance(before.discriminator.parameters, after.discriminator.parameters),
        )


def _of_generator(
    game: Game,
    before: State,
    after: State,
    draw: GeneratorDraw,
    number: int,
    learning_rate: float,
    report: GeneratorReport,
    normaliser: Normaliser,
) -> GeneratorWalk:
    with torch.no_grad():
        generated = _generated(game, before, draw.latent, draw.dropout_generator)
        moved = _generated(game, after, draw.latent, draw.dropout_generator)
        seen = generated if draw.noise is None else generated + draw.noise
        output = _judged(game, before, seen, draw.dropout_discriminator)
        # A critic's zero is that of this batch alone: nothing real is looked at here.
        probability = game.objective.probability(output, (output, output))

    def loss(x: Tensor) -> Tensor:
        return game.objective.generator_loss(_judged(game, before, x, draw.dropout_discriminator)) * len(x)

    slope: Tensor = torch.func.grad(loss)(seen)
    return GeneratorWalk(
        number=number,
        latent=_shown(draw.latent),
        generated=normaliser.data(_shown(generated)),
        generated_output=_shown(output.flatten()),
        generated_probability=_shown(probability.flatten()),
        pull=-_shown(slope) / normaliser.scale,  # x = c + s·u, so ∂L/∂x = ∂L/∂u / s
        loss=float(report.loss),
        gradient_norm=float(report.gradient_norm),
        learning_rate=learning_rate,
        step_norm=_distance(before.generator.parameters, after.generator.parameters),
        moved=normaliser.data(_shown(moved)),
    )


def _generated(game: Game, state: State, latent: Tensor, uniforms: Tensor | None) -> Tensor:
    prepared = game.generator.prepare(state.generator.parameters, state.generator.buffers, training=True)
    return game.generator.forward(prepared, latent, training=True, uniforms=uniforms)[0]


def _judged(game: Game, state: State, x: Tensor, uniforms: Tensor | None) -> Tensor:
    player = state.discriminator
    prepared = game.discriminator.prepare(player.parameters, player.buffers, training=True)
    return game.discriminator.forward(prepared, x, training=True, uniforms=uniforms)[0]


def _shown(tensor: Tensor) -> Floats:
    array: Floats = tensor[:SHOWN].detach().cpu().numpy()
    return array


def _distance(before: Tensor, after: Tensor) -> float:
    return float(torch.linalg.vector_norm(after - before))
