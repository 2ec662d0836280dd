"""Everything random that an update needs, drawn before it, from the streams of its own number."""

from __future__ import annotations

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
from ganstudio.gan.streams import Purpose
from ganstudio.gan.streams import passing_stream as stream
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
MOST_UNROLLED = 64
"""More than an update of G can foresee, so that the numbers of their draws never meet."""


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
    training, optimizers, here = game.experiment.training, game.experiment.optimizers, progress.iteration
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
        _lookahead(game, here),
    )


def discriminator_draw(
    game: Game,
    target: Sampler,
    normaliser: Normaliser,
    update: int,
    *,
    iteration: int = 0,
    streams: DiscriminatorStreams = OF_DISCRIMINATOR,
) -> DiscriminatorDraw:
    """The draw of D's update number ``update``, counted from 0 over the whole run, in ``iteration``."""
    experiment, batch = game.experiment, game.experiment.training.batch_size
    seed = experiment.seed
    real = target.sample(batch, stream(seed, streams.real, update))
    latent = sample_prior(experiment.latent, batch, stream(seed, streams.latent, update), seed)
    noise = mix = drop_g = drop_r = drop_f = None
    sigma = experiment.penalties.instance_noise
    plan = experiment.penalty_schedule
    if sigma > 0 or game.needs_mix or game.generator.dropout_width or game.discriminator.dropout_width:
        rng = stream(seed, streams.noise, update)
        if sigma > 0:
            level = sigma * factor(plan.noise, iteration)
            drawn = level * torch.from_numpy(rng.standard_normal((2, batch, game.dimension), dtype=np.float32))
            noise = (drawn[0], drawn[1])
        if game.needs_mix:
            mix = _uniforms(rng, batch, 1)
        drop_g = _uniforms(rng, batch, game.generator.dropout_width)
        drop_r = _uniforms(rng, batch, game.discriminator.dropout_width)
        drop_f = _uniforms(rng, batch, game.discriminator.dropout_width)
    return DiscriminatorDraw(
        real=torch.from_numpy(normaliser.normalised(real)),
        latent=torch.from_numpy(latent),
        noise=noise,
        mix=mix,
        dropout_generator=drop_g,
        dropout_real=drop_r,
        dropout_generated=drop_f,
        penalised=update % plan.every == 0,
        penalty_scale=_penalty_scale(plan, iteration, plan.every),
    )


def _penalty_scale(plan: PenaltySchedule, iteration: int, every: int) -> Tensor | None:
    """By which all penalties are multiplied, (): lazy ones make up for the updates that they leave out."""
    if every == 1 and isinstance(plan.weights, Constant):
        return None
    return torch.tensor(every * factor(plan.weights, iteration))


def generator_draw(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, *, iteration: int = 0
) -> GeneratorDraw:
    """The draw of G's update number ``update``, counted from 0 over the whole run, in ``iteration``."""
    experiment, batch = game.experiment, game.experiment.training.batch_size
    seed = experiment.seed
    latent = sample_prior(experiment.latent, batch, stream(seed, Purpose.GENERATOR_LATENT, update), seed)
    noise = drop_g = drop_d = real = real_noise = drop_r = None
    if game.is_relativistic:
        drawn = target.sample(batch, stream(seed, Purpose.GENERATOR_REAL, update))
        real = torch.from_numpy(normaliser.normalised(drawn))
    sigma = experiment.penalties.instance_noise
    if sigma > 0 or game.generator.dropout_width or game.discriminator.dropout_width:
        rng = stream(seed, Purpose.GENERATOR_NOISE, update)
        level = sigma * factor(experiment.penalty_schedule.noise, iteration)
        if sigma > 0:
            noise = level * torch.from_numpy(rng.standard_normal((batch, game.dimension), dtype=np.float32))
        drop_g = _uniforms(rng, batch, game.generator.dropout_width)
        drop_d = _uniforms(rng, batch, game.discriminator.dropout_width)
        if game.is_relativistic:
            if sigma > 0:
                real_noise = level * torch.from_numpy(rng.standard_normal((batch, game.dimension), dtype=np.float32))
            drop_r = _uniforms(rng, batch, game.discriminator.dropout_width)
    unrolled = _unrolled(game, target, normaliser, update, iteration)
    return GeneratorDraw(torch.from_numpy(latent), noise, drop_g, drop_d, real, real_noise, drop_r, unrolled)


def _unrolled(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, iteration: int
) -> tuple[tuple[DiscriminatorDraw, float], ...]:
    """Fresh draws for the updates of D that G foresees in its own update number ``update``.

    Lazy penalties are spread evenly over them: each is foreseen with what penalises D on average.
    """
    count = game.experiment.updates.unrolled_steps
    scale = _penalty_scale(game.experiment.penalty_schedule, iteration, every=1)
    rate = learning_rate(game.experiment.optimizers.discriminator, iteration)
    return tuple(
        (
            discriminator_draw(
                game, target, normaliser, MOST_UNROLLED * update + step, iteration=iteration, streams=OF_UNROLLED
            )._replace(penalised=True, penalty_scale=scale),
            rate,
        )
        for step in range(count)
    )


def _lookahead(game: Game, iteration: int) -> Tensor | None:
    every = game.experiment.updates.lookahead
    return torch.tensor(float((iteration + 1) % every == 0)) if every else None


def _uniforms(rng: np.random.Generator, batch: int, width: int) -> Tensor | None:
    return torch.from_numpy(rng.random((batch, width), dtype=np.float32)) if width else None
