"""Both players' losses on a draw, as functions of both players' parameters.

    L_D(θ, ψ) + penalties      L_G(θ, ψ)

θ are the parameters of G, ψ those of D. What of them is fixed, which gradient is taken, and where to, is the business
of :mod:`ganstudio.gan.step`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import grad

from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw
from ganstudio.gan.game import Game
from ganstudio.gan.optimizers import clip_gradient, differentiable_step
from ganstudio.gan.penalties import PENALTIES, Place, between, output_and_slope
from ganstudio.gan.state import State

Buffers = dict[str, Tensor]


class Judged(NamedTuple):
    """What D's loss computed on the way."""

    objective: Tensor  # (), penalties excluded
    penalty: Tensor  # (), weighted sum of the penalties
    on_real: Tensor  # (m, 1), raw outputs; of packs where D sees packs
    on_generated: Tensor
    buffers: Tensor  # D's, after it


def discriminator_loss(
    game: Game, state: State, draw: DiscriminatorDraw, theta: Tensor, psi: Tensor
) -> tuple[Tensor, Judged]:
    """L_D + penalties, (), with the buffers of ``state``."""
    generated = generate(game, state, theta, draw.latent, draw.dropout_generator)[0]
    real = draw.real
    if draw.noise is not None:
        real, generated = real + draw.noise[0], generated + draw.noise[1]
    real, generated = game.packed(real), game.packed(generated)
    penalised = game.penalised if draw.penalised else frozenset()
    prepared = game.discriminator.prepare(psi, state.discriminator.buffers, training=True)
    slopes: dict[Place, Tensor] = {}

    def judged(place: Place, x: Tensor, before: Buffers, uniforms: Tensor | None) -> tuple[Tensor, Buffers]:
        def discriminate(x: Tensor) -> tuple[Tensor, Buffers]:
            begun = prepared._replace(buffers=before)
            output, after = game.discriminator.forward(begun, x, training=True, uniforms=uniforms)
            return output, after.buffers

        if place not in penalised:
            return discriminate(x)
        output, slopes[place], after = output_and_slope(discriminate, x)
        return output, after

    on_real, after_real = judged("real", real, prepared.buffers, draw.dropout_real)
    on_generated, after = judged("generated", generated, after_real, draw.dropout_generated)
    if draw.mix is not None and draw.penalised:
        mixed = between(real, generated, draw.mix[: len(real)])
        judged("between", mixed, prepared.buffers, draw.dropout_real)

    objective = game.objective.discriminator_loss(on_real, on_generated, game.smoothing)
    penalty = torch.zeros_like(objective)
    if draw.penalised:
        for name, weight in game.active_penalties:
            penalty = penalty + weight * PENALTIES[name].of(slopes[PENALTIES[name].place])
    if draw.penalty_scale is not None:
        penalty = draw.penalty_scale * penalty
    buffers = game.discriminator.buffers.repacked(state.discriminator.buffers, after)
    return objective + penalty, Judged(objective, penalty, on_real, on_generated, buffers)


def generator_loss(game: Game, state: State, draw: GeneratorDraw, theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """L_G, (), and G's buffers after it; against D as it will be after the unrolled updates where there are any."""
    generated, buffers = generate(game, state, theta, draw.latent, draw.dropout_generator)
    if draw.noise is not None:
        generated = generated + draw.noise
    discriminator = game.discriminator.prepare(
        foreseen(game, state, draw, theta, psi), state.discriminator.buffers, training=True
    )

    def judged(x: Tensor, uniforms: Tensor | None) -> Tensor:
        return game.discriminator.forward(discriminator, game.packed(x), training=True, uniforms=uniforms)[0]

    on_generated = judged(generated, draw.dropout_discriminator)
    if draw.real is None:
        return game.objective.generator_loss(on_generated), buffers
    real = draw.real if draw.real_noise is None else draw.real + draw.real_noise
    return game.objective.generator_loss(on_generated, judged(real, draw.dropout_real)), buffers


def generate(game: Game, state: State, theta: Tensor, latent: Tensor, uniforms: Tensor | None) -> tuple[Tensor, Tensor]:
    """G(z), (m, d) in normalised coordinates, and G's buffers after it."""
    prepared = game.generator.prepare(theta, state.generator.buffers, training=True)
    samples, after = game.generator.forward(prepared, latent, training=True, uniforms=uniforms)
    return samples, game.generator.buffers.repacked(state.generator.buffers, after.buffers)


def foreseen(game: Game, state: State, draw: GeneratorDraw, theta: Tensor, psi: Tensor) -> Tensor:
    """ψ after D's next updates, as a function of θ and ψ; Metz et al. 2017, equations 7 to 9."""
    player, optimizer = state.discriminator, game.experiment.optimizers.discriminator
    moments, steps, limit = player.moments, player.steps, game.experiment.penalties.weight_clipping
    for draw_d, learning_rate in draw.unrolled:

        def loss(psi: Tensor, draw_d: DiscriminatorDraw = draw_d) -> Tensor:
            return discriminator_loss(game, state, draw_d, theta, psi)[0]

        gradient = grad(loss)(psi)
        clipped = clip_gradient(gradient, torch.linalg.vector_norm(gradient), optimizer.gradient_clip)
        psi, moments, steps = differentiable_step(optimizer, learning_rate, psi, clipped, moments, steps)
        if limit > 0:
            psi = psi.clamp(-limit, limit)
    return psi
