"""The state of a game: a tree of tensors, never changed in place."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Player(NamedTuple):
    """One player: flat parameters (P,), flat buffers (B,), optimizer moments (3, P), optimizer steps ()."""

    parameters: Tensor
    buffers: Tensor
    moments: Tensor
    steps: Tensor


class State(NamedTuple):
    """Both players, and the moving average of G's parameters, (P_G,)."""

    generator: Player
    discriminator: Player
    ema: Tensor
