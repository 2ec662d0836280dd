"""Everything random that an update needs, drawn before it; what it is follows from the number of the update."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.experiment.optimizers import Constant
from ganstudio.experiment.penalties import PenaltySchedule
from ganstudio.experiment.schedules import factor
from ganstudio.gan.game import Game, ema_decay, learning_rate
from ganstudio.gan.priors import sample_prior
from ganstudio.gan.streams import Purpose, Turn
from ganstudio.messages.snapshot import Progress


class Sampler(Protocol):
    """Samples of p_data in data coordinates; ``ganstudio.targets.TargetDistribution`` is one."""

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float32]: ...


class Normaliser(NamedTuple):
    """data = centre + scale · normalised, per axis; float32 arrays (dimension,)."""

    centre: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, centre: tuple[float, ...], scale: tuple[float, ...]) -> Normaliser:
        return cls(np.array(centre, np.float32), np.array(scale, np.float32))

    def normalised(self, data: NDArray[np.float32]) -> NDArray[np.float32]:
        return (data - self.centre) / self.scale

    def data(self, normalised: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.centre + self.scale * normalised


class DiscriminatorStreams(NamedTuple):
    """Where an update of D draws from."""

    real: Purpose
    latent: Purpose
    noise: Purpose


OF_DISCRIMINATOR = DiscriminatorStreams(
    Purpose.DISCRIMINATOR_REAL, Purpose.DISCRIMINATOR_LATENT, Purpose.DISCRIMINATOR_NOISE
)
OF_UNROLLED = DiscriminatorStreams(Purpose.UNROLLED_REAL, Purpose.UNROLLED_LATENT, Purpose.UNROLLED_NOISE)


class DiscriminatorDraw(NamedTuple):
    """For one update of D with batch m: what is None is switched off."""

    real: Tensor  # (m, d), normalised
    latent: Tensor  # (m, z)
    noise: tuple[Tensor, Tensor] | None  # instance noise on real and generated, (m, d) each
    mix: Tensor | None  # ε of WGAN-GP, (m, 1)
    dropout_generator: Tensor | None  # uniforms, (m, dropout_width)
    dropout_real: Tensor | None
    dropout_generated: Tensor | None
    penalised: bool = True  # lazy penalties stay out of most updates
    penalty_scale: Tensor | None = None  # (), of all penalties, where a schedule or laziness asks for one


class GeneratorDraw(NamedTuple):
    """For one update of G with batch m."""

    latent: Tensor  # (m, z)
    noise: Tensor | None  # instance noise, (m, d)
    dropout_generator: Tensor | None
    dropout_discriminator: Tensor | None
    real: Tensor | None = None  # (m, d), normalised, where G's loss looks at them
    real_noise: Tensor | None = None
    dropout_real: Tensor | None = None
    unrolled: tuple[tuple[DiscriminatorDraw, float], ...] = ()  # D's next updates as G foresees them


class IterationInputs(NamedTuple):
    """All that one iteration takes from outside: draws, scheduled learning rates, decay of the moving average."""

    discriminator: tuple[tuple[DiscriminatorDraw, float], ...]
    generator: tuple[tuple[GeneratorDraw, float, float], ...]
    lookahead: Tensor | None = None  # (), above 0 where both players go back; None where lookahead is off


def iteration_inputs(game: Game, target: Sampler, normaliser: Normaliser, progress: Progress) -> IterationInputs:
    """The inputs of the iteration that follows ``progress``."""
    training, optimizers, here = game.experiment.training, game.experiment.optimizers, progress.scheduled
    first_d, first_g = progress.discriminator_updates, progress.generator_updates
    rate_d = learning_rate(optimizers.discriminator, here)
    rate_g = learning_rate(optimizers.generator, here)
    return IterationInputs(
        tuple(
            (discriminator_draw(game, target, normaliser, update, iteration=here), rate_d)
            for update in range(first_d, first_d + training.discriminator_updates)
        ),
        tuple(
            (
                generator_draw(game, target, normaliser, update, iteration=here),
                rate_g,
                ema_decay(training.ema_decay, update),
            )
            for update in range(first_g, first_g + training.generator_updates)
        ),
        _lookahead(game, progress.iteration),
    )


def discriminator_draw(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, *, iteration: int = 0
) -> DiscriminatorDraw:
    """The draw of D's update number ``update``, counted from 0 over the whole run; schedules stand at ``iteration``."""
    plan = game.experiment.penalty_schedule
    penalised, scale = update % plan.every == 0, _penalty_scale(plan, iteration, plan.every)
    return _discriminator_draw(game, target, normaliser, Turn(update), iteration, OF_DISCRIMINATOR, penalised, scale)


def _discriminator_draw(
    game: Game,
    target: Sampler,
    normaliser: Normaliser,
    turn: Turn,
    iteration: int,
    streams: DiscriminatorStreams,
    penalised: bool,
    scale: Tensor | None,
) -> DiscriminatorDraw:
    real = _real(game, target, normaliser, streams.real, turn)
    latent = _latent(game, streams.latent, turn)
    g, d = game.generator.dropout_width, game.discriminator.dropout_width
    noisy = game.experiment.penalties.instance_noise > 0
    if not (noisy or game.needs_mix or g or d):
        return DiscriminatorDraw(real, latent, None, None, None, None, None, penalised, scale)
    drawn, mix, drop_g, drop_r, drop_f = _disturbances(
        game, streams.noise, turn, normals=2 if noisy else 0, uniforms=(int(game.needs_mix), g, d, d)
    )
    noise = None
    if drawn is not None:
        drawn = _noise_level(game, iteration) * drawn
        noise = (drawn[0], drawn[1])
    return DiscriminatorDraw(real, latent, noise, mix, drop_g, drop_r, drop_f, penalised, scale)


def _penalty_scale(plan: PenaltySchedule, iteration: int, every: int) -> Tensor | None:
    """By which all penalties are multiplied, (): lazy ones make up for the updates that they leave out."""
    if every == 1 and isinstance(plan.weights, Constant):
        return None
    return torch.tensor(every * factor(plan.weights, iteration))


def generator_draw(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, *, iteration: int = 0
) -> GeneratorDraw:
    """The draw of G's update number ``update``, counted from 0 over the whole run; schedules stand at ``iteration``."""
    turn, relativistic = Turn(update), game.is_relativistic
    latent = _latent(game, Purpose.GENERATOR_LATENT, turn)
    real = _real(game, target, normaliser, Purpose.GENERATOR_REAL, turn) if relativistic else None
    unrolled = _unrolled(game, target, normaliser, update, iteration)
    g, d = game.generator.dropout_width, game.discriminator.dropout_width
    noisy = game.experiment.penalties.instance_noise > 0
    if not (noisy or g or d):
        return GeneratorDraw(latent, None, None, None, real, None, None, unrolled)
    drawn, drop_g, drop_d, drop_r = _disturbances(
        game,
        Purpose.GENERATOR_NOISE,
        turn,
        normals=noisy * (1 + relativistic),
        uniforms=(g, d, d if relativistic else 0),
    )
    noise = real_noise = None
    if drawn is not None:
        drawn = _noise_level(game, iteration) * drawn
        noise, real_noise = drawn[0], drawn[1] if relativistic else None
    return GeneratorDraw(latent, noise, drop_g, drop_d, real, real_noise, drop_r, unrolled)


def _unrolled(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, iteration: int
) -> tuple[tuple[DiscriminatorDraw, float], ...]:
    """Fresh draws for the updates of D that G foresees in its own update number ``update``.

    Lazy penalties are spread evenly over them: each is foreseen with what penalises D on average.
    """
    count = game.experiment.updates.unrolled_steps
    if not count:
        return ()
    scale = _penalty_scale(game.experiment.penalty_schedule, iteration, every=1)
    rate = learning_rate(game.experiment.optimizers.discriminator, iteration)
    return tuple(
        (
            _discriminator_draw(
                game, target, normaliser, Turn(update, step, count), iteration, OF_UNROLLED, True, scale
            ),
            rate,
        )
        for step in range(count)
    )


def _lookahead(game: Game, iteration: int) -> Tensor | None:
    every = game.experiment.updates.lookahead
    return torch.tensor(float((iteration + 1) % every == 0)) if every else None


def _noise_level(game: Game, iteration: int) -> float:
    """σ of instance noise in ``iteration``."""
    return game.experiment.penalties.instance_noise * factor(game.experiment.penalty_schedule.noise, iteration)


def _real(game: Game, target: Sampler, normaliser: Normaliser, purpose: Purpose, turn: Turn) -> Tensor:
    """A batch of real samples, (m, d), normalised."""
    batch = game.experiment.training.batch_size

    def make(rng: np.random.Generator, count: int) -> Sequence[Tensor]:
        drawn = normaliser.normalised(target.sample(count * batch, rng))
        return torch.from_numpy(drawn).view(count, batch, -1).unbind()

    return game.draws.part(purpose, turn, batch * game.dimension, make, target, normaliser)


def _latent(game: Game, purpose: Purpose, turn: Turn) -> Tensor:
    """A batch of latents, (m, z)."""
    experiment, batch = game.experiment, game.experiment.training.batch_size

    def make(rng: np.random.Generator, count: int) -> Sequence[Tensor]:
        drawn = sample_prior(experiment.latent, count * batch, rng, experiment.seed)
        return torch.from_numpy(drawn).view(count, batch, -1).unbind()

    return game.draws.part(purpose, turn, batch * experiment.latent.dimension, make)


def _disturbances(
    game: Game, purpose: Purpose, turn: Turn, *, normals: int, uniforms: tuple[int, ...]
) -> tuple[Tensor | None, ...]:
    """Standard normal numbers, (normals, m, d), and uniform ones, (m, width) for each width; None instead of none."""
    batch = game.experiment.training.batch_size

    def make(rng: np.random.Generator, count: int) -> Sequence[tuple[Tensor | None, ...]]:
        drawn = [rng.standard_normal((count, normals, batch, game.dimension), dtype=np.float32)]
        drawn += [rng.random((count, batch, width), dtype=np.float32) for width in uniforms]
        parts = [torch.from_numpy(array).unbind() if array.size else (None,) * count for array in drawn]
        return list(zip(*parts, strict=True))

    return game.draws.part(purpose, turn, batch * (normals * game.dimension + sum(uniforms)), make)
