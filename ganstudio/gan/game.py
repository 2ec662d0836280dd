"""The rules of a game: what of an experiment the step needs, with its networks built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.optimizers import Optimizer
from ganstudio.experiment.schedules import factor
from ganstudio.experiment.updates import Optimistic
from ganstudio.gan.discriminator import Discriminator
from ganstudio.gan.generator import Generator
from ganstudio.gan.network import Network
from ganstudio.gan.objectives import ObjectiveFunctions, functions_of
from ganstudio.gan.optimizers import MOMENTS
from ganstudio.gan.penalties import PENALTIES, Place
from ganstudio.gan.state import Player, State, remembering
from ganstudio.gan.streams import Blocks, Purpose, stream
from ganstudio.targets import build
from ganstudio.targets.normalisation import centre_and_scale


@dataclass(frozen=True)
class Game:
    """Networks, objective and live settings of one experiment. Cheap to make anew when a live setting changes."""

    experiment: Experiment
    generator: Generator
    discriminator: Discriminator
    objective: ObjectiveFunctions
    dimension: int

    @classmethod
    def of(cls, experiment: Experiment) -> Game:
        dimension = type(experiment.target).dimension
        return cls(
            experiment=experiment,
            generator=Generator(experiment.generator, experiment.latent, dimension, experiment.seed),
            discriminator=Discriminator(experiment.discriminator, dimension),
            objective=functions_of(experiment.objective),
            dimension=dimension,
        )

    @property
    def smoothing(self) -> float:
        """One-sided label smoothing α; 0 for objectives without labels."""
        smoothing: float = getattr(self.experiment.objective, "label_smoothing", 0.0)
        return smoothing

    @cached_property
    def draws(self) -> Blocks:
        """What this game drew last: another game, with other settings, draws its own."""
        return Blocks(self.experiment.seed)

    @cached_property
    def active_penalties(self) -> tuple[tuple[str, float], ...]:
        """Name and weight of each penalty whose weight is above 0."""
        weights = ((name, getattr(self.experiment.penalties, name)) for name in PENALTIES)
        return tuple((name, weight) for name, weight in weights if weight > 0)

    @cached_property
    def penalised(self) -> frozenset[Place]:
        """Where the active penalties look at D's slopes."""
        return frozenset(PENALTIES[name].place for name, _ in self.active_penalties)

    @cached_property
    def needs_mix(self) -> bool:
        return "between" in self.penalised

    @property
    def is_relativistic(self) -> bool:
        """Whether the losses of both players look at real and at generated samples."""
        return type(self.experiment.objective).is_relativistic

    @property
    def is_optimistic(self) -> bool:
        return isinstance(self.experiment.updates.rule, Optimistic)

    @property
    def looks_ahead(self) -> bool:
        """Whether lookahead calls both players back now and then."""
        return self.experiment.updates.lookahead > 0

    @property
    def has_consensus(self) -> bool:
        """Whether each player's gradient needs the other's loss as well."""
        return self.experiment.updates.consensus > 0

    def packed(self, x: Tensor) -> Tensor:
        """Samples, (m, d), as D takes them: in packs, (⌈m/n⌉, n·d); the first fill up the last pack."""
        size = self.experiment.discriminator.packing
        if size == 1:
            return x
        count = -(-len(x) // size)
        return torch.cat([x] * size)[: count * size].reshape(count, size * x.shape[1])

    def of_samples(self, outputs: Tensor, count: int) -> Tensor:
        """The outputs of D, one for each of ``count`` samples: those of a pack share theirs."""
        size = self.experiment.discriminator.packing
        return outputs if size == 1 else outputs.repeat_interleave(size)[:count]

    @property
    def judges_alone(self) -> bool:
        """Whether D's answer to a sample depends on that sample alone, so that D is a function of x."""
        return not self.discriminator.keeps_company

    def adapted(self, state: State) -> State:
        """The state with what this game's rules remember, and nothing that they don't."""
        optimistic, lookahead = self.is_optimistic, self.looks_ahead
        generator, discriminator = (
            remembering(player, optimistic=optimistic, lookahead=lookahead)
            for player in (state.generator, state.discriminator)
        )
        return state._replace(generator=generator, discriminator=discriminator)

    def initial_state(self) -> State:
        """Both networks as the seed initialises them, moments at 0, the average at G itself."""
        # torch's generator takes one number: the stream turns (seed, purpose) into it.
        first, second = stream(self.experiment.seed, Purpose.INITIALISATION).integers(2**63, size=2)
        generator = _initial_player(self.generator, int(first))
        discriminator = _initial_player(self.discriminator, int(second))
        return self.adapted(State(generator, discriminator, generator.parameters))


def learning_rate(optimizer: Optimizer, iteration: int) -> float:
    """The scheduled learning rate at ``iteration``, counted from 0."""
    return optimizer.learning_rate * factor(optimizer.schedule, iteration)


def ema_decay(limit: float, updates: int) -> float:
    """β_t = min(β, (1 + t)/(10 + t)) after t updates of G: a young average forgets its initialisation quickly."""
    return min(limit, (1 + updates) / (10 + updates)) if limit > 0 else 0.0


def standardisation(experiment: Experiment) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Centre and scale with which data = centre + scale · normalised; the same scale along every axis.

    Raises:
        UserError: the target has nothing to sample from, such as an empty painting.
    """
    rng = stream(experiment.seed, Purpose.NORMALISATION)
    centre, scale = centre_and_scale(build(experiment.target), experiment.normalisation, rng)
    return centre, (scale,) * len(centre)


def _initial_player(network: Network, seed: int) -> Player:
    generator = torch.Generator().manual_seed(seed)
    parameters, buffers = network.initialise(generator)
    return Player(parameters, buffers, torch.zeros(MOMENTS, parameters.numel()), torch.zeros(()))
