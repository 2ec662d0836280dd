"""One iteration walked through: the updates of the step themselves, and beside each what it computed on the way.

The states are those of :func:`ganstudio.gan.step.iteration`, bit for bit, for it is the step's own functions that make
them; the numbers beside are computed again from the same draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw, IterationInputs, Normaliser
from ganstudio.gan.game import Game
from ganstudio.gan.losses import foreseen, generate
from ganstudio.gan.objectives import value_terms
from ganstudio.gan.priors import Floats
from ganstudio.gan.state import State
from ganstudio.gan.step import DiscriminatorReport, GeneratorReport, Moved, row_of, updates
from ganstudio.messages.walkthrough import SHOWN, DiscriminatorWalk, GeneratorWalk


class Walked(NamedTuple):
    """The state after one update, and what that update computed."""

    state: State
    numbers: DiscriminatorWalk | GeneratorWalk


def walk(game: Game, state: State, inputs: IterationInputs, normaliser: Normaliser) -> Iterator[Walked]:
    """The k updates of D and the j of G, one at a time; the last state is the iteration's.

    Where the update rule looks ahead, the updates are those that count, with the gradients found there.
    """
    end, moved = updates(game, state, inputs)
    for index, update in enumerate(moved):
        last = index == len(moved) - 1
        yield Walked(end if last else update.after, _walk_of(game, update, inputs, normaliser))


def walked_iteration(
    game: Game, state: State, inputs: IterationInputs, normaliser: Normaliser
) -> tuple[State, Tensor, tuple[DiscriminatorWalk | GeneratorWalk, ...]]:
    """What :func:`ganstudio.gan.step.iteration` gives, and the walk through it."""
    end, moved = updates(game, state, inputs)
    return end, row_of(moved), tuple(_walk_of(game, update, inputs, normaliser) for update in moved)


def _walk_of(
    game: Game, update: Moved, inputs: IterationInputs, normaliser: Normaliser
) -> DiscriminatorWalk | GeneratorWalk:
    if update.player == "discriminator":
        draw, rate = inputs.discriminator[update.number]
        return _of_discriminator(game, update, draw, rate, normaliser)
    draw_g, rate, _ = inputs.generator[update.number]
    return _of_generator(game, update, draw_g, rate, normaliser)


def _of_discriminator(
    game: Game, update: Moved, draw: DiscriminatorDraw, learning_rate: float, normaliser: Normaliser
) -> DiscriminatorWalk:
    before, after, report = update.at, update.after, update.report
    assert isinstance(report, DiscriminatorReport)  # noqa: S101  # as the player says
    with torch.no_grad():
        real, generated = draw.real, _generated(game, before, draw.latent, draw.dropout_generator)
        if draw.noise is not None:
            real, generated = real + draw.noise[0], generated + draw.noise[1]
        on_real = _judged(game, before, real, draw.dropout_real)
        on_generated = _judged(game, before, generated, draw.dropout_generated)
        real_after = _judged(game, after, real, draw.dropout_real)
        generated_after = _judged(game, after, generated, draw.dropout_generated)
        reference = (on_real, on_generated)  # after the update as well: a critic's scale must not move between the two
        parts = game.objective.parts(on_real, on_generated, game.smoothing)
        real_loss = torch.nan if parts is None else float(parts[0])
        terms = value_terms(on_real, on_generated) if game.objective.is_classifier else None
        probability = game.objective.probability

        def each(outputs: Tensor) -> Floats:
            return _shown(game.of_samples(outputs.flatten(), len(real)))

        return DiscriminatorWalk(
            number=update.number,
            latent=_shown(draw.latent),
            real=normaliser.data(_shown(real)),
            generated=normaliser.data(_shown(generated)),
            real_output=each(on_real),
            generated_output=each(on_generated),
            real_probability=each(probability(on_real, reference)),
            generated_probability=each(probability(on_generated, reference)),
            real_term=None if terms is None else float(terms[0]),
            generated_term=None if terms is None else float(terms[1]),
            real_loss=real_loss,
            generated_loss=float(report.loss) - real_loss,
            loss=float(report.loss),
            penalty=float(report.penalty),
            gradient_norm=float(report.gradient_norm),
            learning_rate=learning_rate,
            step_norm=_distance(update.base.discriminator.parameters, after.discriminator.parameters),
            real_after=each(probability(real_after, reference)),
            generated_after=each(probability(generated_after, reference)),
            loss_after=float(game.objective.discriminator_loss(real_after, generated_after, game.smoothing)),
        )


def _of_generator(
    game: Game, update: Moved, draw: GeneratorDraw, learning_rate: float, normaliser: Normaliser
) -> GeneratorWalk:
    after, report = update.after, update.report
    assert isinstance(report, GeneratorReport)  # noqa: S101  # as the player says
    with torch.no_grad():
        before = _foreseen(game, update.at, draw)
        generated = _generated(game, before, draw.latent, draw.dropout_generator)
        moved = _generated(game, after, draw.latent, draw.dropout_generator)
        seen = generated if draw.noise is None else generated + draw.noise
        output = _judged(game, before, seen, draw.dropout_discriminator)
        on_real = None
        if draw.real is not None:
            real = draw.real if draw.real_noise is None else draw.real + draw.real_noise
            on_real = _judged(game, before, real, draw.dropout_real)
        # Without real samples a critic's zero is that of this batch alone.
        reference = (output if on_real is None else on_real, output)
        probability = game.objective.probability(output, reference)
        seen_after = moved if draw.noise is None else moved + draw.noise
        output_after = _judged(game, before, seen_after, draw.dropout_discriminator)
        probability_after = game.objective.probability(output_after, reference)

    def loss(x: Tensor) -> Tensor:
        return game.objective.generator_loss(_judged(game, before, x, draw.dropout_discriminator), on_real) * len(x)

    def each(outputs: Tensor) -> Floats:
        return _shown(game.of_samples(outputs.flatten(), len(generated)))

    slope: Tensor = torch.func.grad(loss)(seen)
    return GeneratorWalk(
        number=update.number,
        latent=_shown(draw.latent),
        generated=normaliser.data(_shown(generated)),
        generated_output=each(output),
        generated_probability=each(probability),
        pull=-_shown(slope) / normaliser.scale,  # x = c + s·u, so ∂L/∂x = ∂L/∂u / s
        loss=float(report.loss),
        gradient_norm=float(report.gradient_norm),
        learning_rate=learning_rate,
        step_norm=_distance(update.base.generator.parameters, after.generator.parameters),
        moved=normaliser.data(_shown(moved)),
        generated_after=each(probability_after),
        loss_after=float(game.objective.generator_loss(output_after, on_real)),
    )


def _generated(game: Game, state: State, latent: Tensor, uniforms: Tensor | None) -> Tensor:
    return generate(game, state, state.generator.parameters, latent, uniforms)[0]


def _foreseen(game: Game, state: State, draw: GeneratorDraw) -> State:
    """The state with D as G foresees it."""
    player = state.discriminator
    psi = foreseen(game, state, draw, state.generator.parameters, player.parameters)
    return state._replace(discriminator=player._replace(parameters=psi))


def _judged(game: Game, state: State, x: Tensor, uniforms: Tensor | None) -> Tensor:
    player = state.discriminator
    prepared = game.discriminator.prepare(player.parameters, player.buffers, training=True)
    return game.discriminator.forward(prepared, game.packed(x), training=True, uniforms=uniforms)[0]


def _shown(tensor: Tensor) -> Floats:
    array: Floats = tensor[:SHOWN].detach().cpu().numpy()
    return array


def _distance(before: Tensor, after: Tensor) -> float:
    return float(torch.linalg.vector_norm(after - before))
