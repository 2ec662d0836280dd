"""The state of a game: a tree of tensors, never changed in place."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

NOTHING = torch.empty(0)


class Player(NamedTuple):
    """One player: flat parameters (P,), flat buffers (B,), optimizer moments (3, P), optimizer steps ().

    ``previous``: the displacement before, (P,), NaN where there was none, which the optimistic rule remembers.
    ``slow``: where lookahead goes back to, (P,). Both are (0,) where no rule asks for them.
    """

    parameters: Tensor
    buffers: Tensor
    moments: Tensor
    steps: Tensor
    previous: Tensor = NOTHING
    slow: Tensor = NOTHING


REMEMBERED = ("previous", "slow")
"""The fields of a player that only some rules have."""


class State(NamedTuple):
    """Both players, and the moving average of G's parameters, (P_G,)."""

    generator: Player
    discriminator: Player
    ema: Tensor


def remembering(player: Player, *, optimistic: bool, lookahead: bool) -> Player:
    """The player with what the rules remember, begun afresh where it was not there, and without what none asks for."""
    parameters = player.parameters
    previous, slow = player.previous, player.slow
    if optimistic != bool(previous.numel()):
        previous = torch.full_like(parameters, torch.nan) if optimistic else parameters.new_empty(0)
    if lookahead != bool(slow.numel()):
        slow = parameters.clone() if lookahead else parameters.new_empty(0)
    return player._replace(previous=previous, slow=slow)
