"""Everything random that an update needs, drawn before it, from the streams of its own number."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.gan.game import Game, ema_decay, learning_rate
from ganstudio.gan.priors import sample_prior
from ganstudio.gan.streams import Purpose, stream
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


class DiscriminatorDraw(NamedTuple):
    """For one update of D with batch m: what is None is switched off."""

    real: Tensor  # (m, d), normalised
    latent: Tensor  # (m, z)
    noise: tuple[Tensor, Tensor] | None  # instance noise on real and generated, (m, d) each
    mix: Tensor | None  # ε of WGAN-GP, (m, 1)
    dropout_generator: Tensor | None  # uniforms, (m, dropout_width)
    dropout_real: Tensor | None
    dropout_generated: Tensor | None


class GeneratorDraw(NamedTuple):
    """For one update of G with batch m."""

    latent: Tensor  # (m, z)
    noise: Tensor | None  # instance noise, (m, d)
    dropout_generator: Tensor | None
    dropout_discriminator: Tensor | None


class IterationInputs(NamedTuple):
    """All that one iteration takes from outside: draws, scheduled learning rates, decay of the moving average."""

    discriminator: tuple[tuple[DiscriminatorDraw, float], ...]
    generator: tuple[tuple[GeneratorDraw, float, float], ...]


def iteration_inputs(game: Game, target: Sampler, normaliser: Normaliser, progress: Progress) -> IterationInputs:
    """The inputs of the iteration that follows ``progress``."""
    training, optimizers = game.experiment.training, game.experiment.optimizers
    first_d, first_g = progress.discriminator_updates, progress.generator_updates
    rate_d = learning_rate(optimizers.discriminator, progress.iteration)
    rate_g = learning_rate(optimizers.generator, progress.iteration)
    return IterationInputs(
        tuple(
            (discriminator_draw(game, target, normaliser, update), rate_d)
            for update in range(first_d, first_d + training.discriminator_updates)
        ),
        tuple(
            (generator_draw(game, update), rate_g, ema_decay(training.ema_decay, update))
            for update in range(first_g, first_g + training.generator_updates)
        ),
    )


def discriminator_draw(game: Game, target: Sampler, normaliser: Normaliser, update: int) -> DiscriminatorDraw:
    """The draw of D's update number ``update``, counted from 0 over the whole run."""
    experiment, batch = game.experiment, game.experiment.training.batch_size
    seed = experiment.seed
    real = target.sample(batch, stream(seed, Purpose.DISCRIMINATOR_REAL, update))
    latent = sample_prior(experiment.latent, batch, stream(seed, Purpose.DISCRIMINATOR_LATENT, update), seed)
    noise = mix = drop_g = drop_r = drop_f = None
    sigma = experiment.penalties.instance_noise
    if sigma > 0 or game.needs_mix or game.generator.dropout_width or game.discriminator.dropout_width:
        rng = stream(seed, Purpose.DISCRIMINATOR_NOISE, update)
        if sigma > 0:
            drawn = sigma * torch.from_numpy(rng.standard_normal((2, batch, game.dimension), dtype=np.float32))
            noise = (drawn[0], drawn[1])
        if game.needs_mix:
            mix = _uniforms(rng, batch, 1)
        drop_g = _uniforms(rng, batch, game.generator.dropout_width)
        drop_r = _uniforms(rng, batch, game.discriminator.dropout_width)
        drop_f = _uniforms(rng, batch, game.discriminator.dropout_width)
    return DiscriminatorDraw(
        torch.from_numpy(normaliser.normalised(real)), torch.from_numpy(latent), noise, mix, drop_g, drop_r, drop_f
    )


def generator_draw(game: Game, update: int) -> GeneratorDraw:
    """The draw of G's update number ``update``, counted from 0 over the whole run."""
    experiment, batch = game.experiment, game.experiment.training.batch_size
    seed = experiment.seed
    latent = sample_prior(experiment.latent, batch, stream(seed, Purpose.GENERATOR_LATENT, update), seed)
    noise = drop_g = drop_d = None
    sigma = experiment.penalties.instance_noise
    if sigma > 0 or game.generator.dropout_width or game.discriminator.dropout_width:
        rng = stream(seed, Purpose.GENERATOR_NOISE, update)
        if sigma > 0:
            noise = sigma * torch.from_numpy(rng.standard_normal((batch, game.dimension), dtype=np.float32))
        drop_g = _uniforms(rng, batch, game.generator.dropout_width)
        drop_d = _uniforms(rng, batch, game.discriminator.dropout_width)
    return GeneratorDraw(torch.from_numpy(latent), noise, drop_g, drop_d)


def _uniforms(rng: np.random.Generator, batch: int, width: int) -> Tensor | None:
    return torch.from_numpy(rng.random((batch, width), dtype=np.float32)) if width else None
