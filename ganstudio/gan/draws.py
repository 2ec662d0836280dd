"""Everything random that an update needs, drawn before it; what it is follows from the number of the update."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from ganstudio.experiment.optimizers import Constant, Optimizer
from ganstudio.experiment.penalties import PenaltySchedule
from ganstudio.experiment.schedules import factor
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.game import Game, ema_decay, learning_rate
from ganstudio.gan.priors import sample_prior
from ganstudio.gan.streams import Drawn, Purpose, Turns
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
        result = np.empty_like(data)
        for axis, (centre, scale) in enumerate(zip(self.centre, self.scale, strict=True)):
            # One axis after the other: both at once, NumPy would go through pairs of numbers, in twice the time.
            np.subtract(data[:, axis], centre, out=result[:, axis])
            result[:, axis] /= scale
        return result

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


def burst_inputs(
    game: Game, target: Sampler, normaliser: Normaliser, progress: Progress, count: int
) -> Bundle[IterationInputs]:
    """The inputs of the ``count`` iterations that follow ``progress``."""
    training, optimizers = game.experiment.training, game.experiment.optimizers
    k, j = training.discriminator_updates, training.generator_updates
    here, first_d, first_g = progress.scheduled, progress.discriminator_updates, progress.generator_updates
    of_d, of_g = range(first_d, first_d + count * k), range(first_g, first_g + count * j)
    draws_d = discriminator_draws(game, target, normaliser, of_d, _iterations(here, count, k))
    draws_g = generator_draws(game, target, normaliser, of_g, _iterations(here, count, j))
    rates_d, rates_g = _rates(optimizers.discriminator, here, count, k), _rates(optimizers.generator, here, count, j)
    decays = _decays(training.ema_decay, of_g)
    return Bundle.of(
        IterationInputs,
        count,
        discriminator=_dealt((draws_d.parts, rates_d), len(of_d), k),
        generator=_dealt((draws_g.parts, rates_g, decays), len(of_g), j),
        lookahead=_lookahead(game, progress.iteration, count),
    )


def _dealt(parts: Any, count: int, hands: int) -> tuple[Any, ...]:
    bundle: Bundle[Any] = Bundle(count, parts)
    return tuple(hand.parts for hand in bundle.dealt(hands))


# Of these the members of a population ask for the same.


@lru_cache(maxsize=64)
def _iterations(first: int, count: int, updates: int) -> Sequence[int]:
    """The iteration of each update, of which there are so many in each of ``count`` iterations."""
    iterations = range(first, first + count)
    return iterations if updates == 1 else tuple(iteration for iteration in iterations for _ in range(updates))


@lru_cache(maxsize=64)
def _decays(limit: float, updates: range) -> NDArray[np.float64]:
    """The decay of the moving average in each update of G."""
    return _fixed([ema_decay(limit, update) for update in updates])


@lru_cache(maxsize=64)
def _rates(optimizer: Optimizer, first: int, count: int, updates: int) -> NDArray[np.float64]:
    """The learning rate of so many updates in each of ``count`` iterations."""
    return _fixed(
        np.repeat([learning_rate(optimizer, iteration) for iteration in range(first, first + count)], updates)
    )


def _fixed(numbers: ArrayLike) -> NDArray[np.float64]:
    """An array that nobody can change: several have it."""
    array = np.array(numbers, np.float64)
    array.flags.writeable = False
    return array


def iteration_inputs(game: Game, target: Sampler, normaliser: Normaliser, progress: Progress) -> IterationInputs:
    """The inputs of the iteration that follows ``progress``."""
    return burst_inputs(game, target, normaliser, progress, 1).each()[0]


def discriminator_draws(
    game: Game, target: Sampler, normaliser: Normaliser, updates: range, iterations: Sequence[int]
) -> Bundle[DiscriminatorDraw]:
    """The draws of D's ``updates``, numbered from 0 over the whole run; schedules stand at the iteration of each."""
    plan = game.experiment.penalty_schedule
    return _of_discriminator(
        game,
        target,
        normaliser,
        Turns(updates),
        iterations,
        OF_DISCRIMINATOR,
        [True] * len(updates) if plan.every == 1 else [update % plan.every == 0 for update in updates],
        _penalty_scales(plan, iterations, plan.every),
    )


def discriminator_draw(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, *, iteration: int = 0
) -> DiscriminatorDraw:
    """The same for a single update."""
    return discriminator_draws(game, target, normaliser, range(update, update + 1), [iteration]).each()[0]


def _of_discriminator(
    game: Game,
    target: Sampler,
    normaliser: Normaliser,
    turns: Turns,
    iterations: Sequence[int],
    streams: DiscriminatorStreams,
    penalised: list[bool],
    penalty_scale: Tensor | None,
) -> Bundle[DiscriminatorDraw]:
    g, d = game.generator.dropout_width, game.discriminator.dropout_width
    normals, mix, drop_g, drop_r, drop_f = _disturbances(
        game, streams.noise, turns, iterations, normals=2, uniforms=(int(game.needs_mix), g, d, d)
    )
    return Bundle.of(
        DiscriminatorDraw,
        len(iterations),
        real=_reals(game, target, normaliser, streams.real, turns),
        latent=_latents(game, streams.latent, turns),
        noise=None if normals is None else normals.unbind(1),
        mix=mix,
        dropout_generator=drop_g,
        dropout_real=drop_r,
        dropout_generated=drop_f,
        penalised=penalised,
        penalty_scale=penalty_scale,
    )


def _penalty_scales(plan: PenaltySchedule, iterations: Sequence[int], every: int) -> Tensor | None:
    """By which all penalties are multiplied, (n,): lazy ones make up for the updates that they leave out."""
    if every == 1 and isinstance(plan.weights, Constant):
        return None
    return torch.tensor([every * factor(plan.weights, iteration) for iteration in iterations])


def generator_draws(
    game: Game, target: Sampler, normaliser: Normaliser, updates: range, iterations: Sequence[int]
) -> Bundle[GeneratorDraw]:
    """The draws of G's ``updates``, numbered from 0 over the whole run; schedules stand at the iteration of each."""
    turns, relativistic = Turns(updates), game.is_relativistic
    g, d = game.generator.dropout_width, game.discriminator.dropout_width
    normals, drop_g, drop_d, drop_r = _disturbances(
        game,
        Purpose.GENERATOR_NOISE,
        turns,
        iterations,
        normals=1 + relativistic,
        uniforms=(g, d, d if relativistic else 0),
    )
    return Bundle.of(
        GeneratorDraw,
        len(iterations),
        latent=_latents(game, Purpose.GENERATOR_LATENT, turns),
        noise=None if normals is None else normals[:, 0],
        dropout_generator=drop_g,
        dropout_discriminator=drop_d,
        real=_reals(game, target, normaliser, Purpose.GENERATOR_REAL, turns) if relativistic else None,
        real_noise=normals[:, 1] if normals is not None and relativistic else None,
        dropout_real=drop_r,
        unrolled=_unrolled(game, target, normaliser, updates, iterations),
    )


def generator_draw(
    game: Game, target: Sampler, normaliser: Normaliser, update: int, *, iteration: int = 0
) -> GeneratorDraw:
    """The same for a single update."""
    return generator_draws(game, target, normaliser, range(update, update + 1), [iteration]).each()[0]


def _unrolled(
    game: Game, target: Sampler, normaliser: Normaliser, updates: range, iterations: Sequence[int]
) -> tuple[Any, ...]:
    """Fresh draws for the updates of D that G foresees in each of its own ``updates``: the parts of a bundle of them.

    Lazy penalties are spread evenly over them: each is foreseen with what penalises D on average.
    """
    count = game.experiment.updates.unrolled_steps
    if not count:
        return ()
    each = [iteration for iteration in iterations for _ in range(count)]
    draws = _of_discriminator(
        game,
        target,
        normaliser,
        Turns(updates, count),
        each,
        OF_UNROLLED,
        [True] * len(each),
        _penalty_scales(game.experiment.penalty_schedule, each, every=1),
    )
    rates = np.array([learning_rate(game.experiment.optimizers.discriminator, iteration) for iteration in each])
    return _dealt((draws.parts, rates), len(each), count)


def _lookahead(game: Game, iteration: int, count: int) -> Tensor | None:
    every = game.experiment.updates.lookahead
    return torch.tensor([float((iteration + 1 + n) % every == 0) for n in range(count)]) if every else None


def _noise_level(game: Game, iteration: int) -> float:
    """σ of instance noise in ``iteration``."""
    return game.experiment.penalties.instance_noise * factor(game.experiment.penalty_schedule.noise, iteration)


def _reals(game: Game, target: Sampler, normaliser: Normaliser, purpose: Purpose, turns: Turns) -> Tensor:
    """Batches of real samples, (n, m, d), normalised."""
    batch = game.experiment.training.batch_size

    def make(rng: np.random.Generator, count: int) -> Drawn:
        return (normaliser.normalised(target.sample(count * batch, rng)).reshape(count, batch, -1),)

    (drawn,) = game.draws.drawn(purpose, turns, batch * game.dimension, make, target, normaliser)
    return torch.from_numpy(drawn)


def _latents(game: Game, purpose: Purpose, turns: Turns) -> Tensor:
    """Batches of latents, (n, m, z)."""
    experiment, batch = game.experiment, game.experiment.training.batch_size

    def make(rng: np.random.Generator, count: int) -> Drawn:
        return (sample_prior(experiment.latent, count * batch, rng, experiment.seed).reshape(count, batch, -1),)

    (drawn,) = game.draws.drawn(purpose, turns, batch * experiment.latent.dimension, make)
    return torch.from_numpy(drawn)


def _disturbances(
    game: Game, purpose: Purpose, turns: Turns, iterations: Sequence[int], *, normals: int, uniforms: tuple[int, ...]
) -> Sequence[Tensor | None]:
    """Instance noise, (n, normals, m, d), and uniform numbers, (n, m, width) for each width; None instead of none."""
    batch = game.experiment.training.batch_size
    normals = normals if game.experiment.penalties.instance_noise > 0 else 0
    if not normals and not any(uniforms):
        return [None] * (1 + len(uniforms))

    def make(rng: np.random.Generator, count: int) -> Drawn:
        drawn = [rng.standard_normal((count, normals, batch, game.dimension), dtype=np.float32)]
        drawn += [rng.random((count, batch, width), dtype=np.float32) for width in uniforms]
        return tuple(array if array.size else None for array in drawn)

    numbers = batch * (normals * game.dimension + sum(uniforms))
    noise, *others = (
        None if array is None else torch.from_numpy(array) for array in game.draws.drawn(purpose, turns, numbers, make)
    )
    if noise is not None:
        levels = torch.tensor([_noise_level(game, iteration) for iteration in iterations])
        noise = levels.view(-1, 1, 1, 1) * noise
    return [noise, *others]
