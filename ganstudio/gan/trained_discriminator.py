"""A trained discriminator: points in data coordinates in, raw outputs out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.gan.draws import Normaliser
from ganstudio.gan.game import Game
from ganstudio.gan.priors import Floats
from ganstudio.gan.state import State

CHUNK = 65_536


@dataclass(frozen=True)
class TrainedDiscriminator:
    """D of one state, as it is shown and measured: no dropout, running statistics."""

    game: Game
    parameters: Tensor
    buffers: Tensor
    normaliser: Normaliser

    @classmethod
    def of(cls, game: Game, state: State, normaliser: Normaliser) -> TrainedDiscriminator:
        player = state.discriminator
        return cls(game, player.parameters, player.buffers, normaliser)

    def __call__(self, points: Floats) -> Floats:
        """Raw outputs, (n,), at points (n, dimension) in data coordinates."""
        outputs = torch.empty(len(points))
        with torch.no_grad():
            for start in range(0, len(points), CHUNK):
                x = torch.from_numpy(self.normaliser.normalised(points[start : start + CHUNK]))
                found = self.game.discriminator.evaluate(self.parameters, self.buffers, x.to(self.parameters.device))
                outputs[start : start + CHUNK] = found[:, 0].cpu()
        array: Floats = outputs.numpy()
        return array
