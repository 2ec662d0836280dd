"""A trained generator: latents in, samples in data coordinates out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.gan.checkpoint import to_state
from ganstudio.gan.draws import Normaliser
from ganstudio.gan.game import Game
from ganstudio.gan.priors import Floats, sample_prior
from ganstudio.gan.state import State
from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.snapshot import Snapshot

CHUNK = 65_536


@dataclass(frozen=True)
class TrainedGenerator:
    """G of one state, with the averaged parameters or the current ones."""

    game: Game
    parameters: Tensor
    buffers: Tensor
    normaliser: Normaliser

    @classmethod
    def of(
        cls, game: Game, state: State, normaliser: Normaliser, weights: Literal["ema", "current"]
    ) -> TrainedGenerator:
        parameters = state.ema if weights == "ema" else state.generator.parameters
        return cls(game, parameters, state.generator.buffers, normaliser)

    @classmethod
    def from_snapshot(
        cls, experiment: Experiment, snapshot: Snapshot, weights: Literal["ema", "current"] | None = None
    ) -> TrainedGenerator:
        """The generator of a saved run; ``weights`` default to those that the experiment measures.

        Raises:
            UserError: the snapshot does not fit the experiment.
        """
        game = Game.of(experiment)
        state = to_state(snapshot, game)
        normaliser = Normaliser.of(snapshot.centre, snapshot.scale)
        return cls.of(game, state, normaliser, weights or experiment.measure.weights)

    def __call__(self, latents: Floats) -> Floats:
        """G(z) in data coordinates, (n, dimension), for latents (n, z)."""
        chunks = [self._map(latents[start : start + CHUNK]) for start in range(0, len(latents), CHUNK)]
        return np.concatenate(chunks) if chunks else np.empty((0, self.game.dimension), np.float32)

    def sample(self, count: int, rng: np.random.Generator) -> Floats:
        """``count`` samples in data coordinates from fresh latents, drawn chunk by chunk to bound the memory."""
        experiment = self.game.experiment
        samples = np.empty((count, self.game.dimension), np.float32)
        for start in range(0, count, CHUNK):
            latents = sample_prior(experiment.latent, min(CHUNK, count - start), rng, experiment.seed)
            samples[start : start + CHUNK] = self._map(latents)
        return samples

    def every_sample(self) -> Floats | None:
        """All that G can make, (rows, dimension) in data coordinates, each as likely; None without a latent table."""
        if not self.game.generator.spec.table_rows:
            return None
        with torch.no_grad():
            points = self.game.generator.every_sample(self.parameters, self.buffers)
        return self.normaliser.data(points.cpu().numpy())

    def sample_seeded(self, count: int, seed: int) -> Floats:
        """``count`` samples that depend on ``seed`` alone."""
        return self.sample(count, stream(seed, Purpose.SAMPLE_LATENT))

    def _map(self, latents: Floats) -> Floats:
        with torch.no_grad():
            device = self.parameters.device
            points = self.game.generator.evaluate(self.parameters, self.buffers, torch.from_numpy(latents).to(device))
        return self.normaliser.data(points.cpu().numpy())
