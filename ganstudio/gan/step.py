"""One iteration of the game as pure functions: (game, state, draw, live numbers) → (state, report).

    k times   θ_D ← θ_D − optimizer(∇_{θ_D} [L_D(D(x), D(G(z))) + penalties])      G fixed
    j times   θ_G ← θ_G − optimizer(∇_{θ_G}  L_G(D(G(z))))                          D fixed

after Goodfellow et al. 2014, algorithm 1, with the signs turned so that both players descend. This is the only
place where an iteration is written; an engine decides how it is executed. Nothing random is drawn here, nothing is
logged, no number is read back from a tensor, and no argument is changed.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import grad_and_value

from ganstudio.experiment.optimizers import Optimizer
from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw, IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.objectives import value_function
from ganstudio.gan.optimizers import clip_gradient, optimizer_step
from ganstudio.gan.penalties import PENALTIES, Place, between, output_and_slope
from ganstudio.gan.state import Player, State

Buffers = dict[str, Tensor]


class DiscriminatorReport(NamedTuple):
    """Scalars of one update of D, each ()."""

    loss: Tensor  # the objective's, penalties excluded
    penalty: Tensor  # weighted sum of the penalties
    value: Tensor  # V(D, G) on the batch; NaN where D is no probability
    real_output: Tensor  # mean of D on real samples, as a probability
    generated_output: Tensor
    gradient_norm: Tensor  # of loss + penalty, before clipping


class GeneratorReport(NamedTuple):
    """Scalars of one update of G, each ()."""

    loss: Tensor
    gradient_norm: Tensor


def iteration(game: Game, state: State, inputs: IterationInputs) -> tuple[State, Tensor]:
    """k updates of D, then j of G. The row, (8,), holds history's columns after the iteration's number."""
    on_discriminator: DiscriminatorReport | None = None
    on_generator: GeneratorReport | None = None
    for draw, learning_rate in inputs.discriminator:
        state, on_discriminator = discriminator_update(game, state, draw, learning_rate)
    for draw_g, learning_rate, decay in inputs.generator:
        state, on_generator = generator_update(game, state, draw_g, learning_rate, decay)
    return state, row(on_discriminator, on_generator)


def row(on_discriminator: DiscriminatorReport | None, on_generator: GeneratorReport | None) -> Tensor:
    """The reports of a D and a G update as one row, (8,), in the order of ``messages.history.COLUMNS[1:]``."""
    some = on_discriminator or on_generator
    if some is None:
        raise ValueError("a row needs the report of at least one player")
    none = torch.full_like(some.loss, torch.nan)
    d = on_discriminator or DiscriminatorReport(none, none, none, none, none, none)
    g = on_generator or GeneratorReport(none, none)
    return torch.stack(
        [d.loss, g.loss, d.penalty, d.value, d.real_output, d.generated_output, d.gradient_norm, g.gradient_norm]
    )


def discriminator_update(
    game: Game, state: State, draw: DiscriminatorDraw, learning_rate: float
) -> tuple[State, DiscriminatorReport]:
    """One descent of D with G fixed."""
    experiment = game.experiment
    player = state.discriminator
    generated = _generate(game, state, draw.latent, draw.dropout_generator)[0]
    real = draw.real
    if draw.noise is not None:
        real, generated = real + draw.noise[0], generated + draw.noise[1]

    penalised = game.penalised

    def loss(parameters: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]:
        prepared = game.discriminator.prepare(parameters, player.buffers, training=True)
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
        if draw.mix is not None:
            judged("between", between(real, generated, draw.mix), prepared.buffers, draw.dropout_real)

        objective = game.objective.discriminator_loss(on_real, on_generated, game.smoothing)
        penalty = torch.zeros_like(objective)
        for name, weight in game.active_penalties:
            penalty = penalty + weight * PENALTIES[name].of(slopes[PENALTIES[name].place])
        buffers = game.discriminator.buffers.pack(after)
        return objective + penalty, (objective, penalty, on_real, on_generated, buffers)

    gradient, (_, aux) = grad_and_value(loss, has_aux=True)(player.parameters)
    objective, penalty, on_real, on_generated, buffers = aux
    updated, norm = _descend(player, gradient, experiment.optimizers.discriminator, learning_rate)
    limit = experiment.penalties.weight_clipping
    if limit > 0:  # Arjovsky et al. 2017, algorithm 1, line 7
        updated = updated._replace(parameters=updated.parameters.clamp(-limit, limit))
    reference = (on_real, on_generated)
    report = DiscriminatorReport(
        loss=objective,
        penalty=penalty,
        value=value_function(on_real, on_generated)
        if game.objective.is_classifier
        else torch.full_like(objective, torch.nan),
        real_output=game.objective.probability(on_real, reference).mean(),
        generated_output=game.objective.probability(on_generated, reference).mean(),
        gradient_norm=norm,
    )
    return state._replace(discriminator=updated._replace(buffers=buffers)), report


def generator_update(
    game: Game, state: State, draw: GeneratorDraw, learning_rate: float, ema_decay: float
) -> tuple[State, GeneratorReport]:
    """One descent of G with D fixed, then one step of G's moving average."""
    player = state.generator
    discriminator = game.discriminator.prepare(
        state.discriminator.parameters, state.discriminator.buffers, training=True
    )

    def loss(parameters: Tensor) -> tuple[Tensor, Tensor]:
        generated, buffers = _generate(
            game, state._replace(generator=player._replace(parameters=parameters)), draw.latent, draw.dropout_generator
        )
        if draw.noise is not None:
            generated = generated + draw.noise
        output, _ = game.discriminator.forward(
            discriminator, generated, training=True, uniforms=draw.dropout_discriminator
        )
        return game.objective.generator_loss(output), buffers

    gradient, (value, buffers) = grad_and_value(loss, has_aux=True)(player.parameters)
    updated, norm = _descend(player, gradient, game.experiment.optimizers.generator, learning_rate)
    ema = torch.lerp(updated.parameters, state.ema, ema_decay) if ema_decay > 0 else updated.parameters
    return state._replace(generator=updated._replace(buffers=buffers), ema=ema), GeneratorReport(value, norm)


def _generate(game: Game, state: State, latent: Tensor, uniforms: Tensor | None) -> tuple[Tensor, Tensor]:
    """G(z), (m, d) in normalised coordinates, and G's buffers after it."""
    prepared = game.generator.prepare(state.generator.parameters, state.generator.buffers, training=True)
    samples, after = game.generator.forward(prepared, latent, training=True, uniforms=uniforms)
    return samples, game.generator.buffers.pack(after.buffers)


def _descend(player: Player, gradient: Tensor, optimizer: Optimizer, learning_rate: float) -> tuple[Player, Tensor]:
    """The player after one optimizer step, and the norm of its gradient before clipping."""
    norm = torch.linalg.vector_norm(gradient)
    clipped = clip_gradient(gradient, norm, optimizer.gradient_clip)
    parameters, moments, steps = optimizer_step(
        optimizer, learning_rate, player.parameters, clipped, player.moments, player.steps
    )
    return player._replace(parameters=parameters, moments=moments, steps=steps), norm
