"""States as snapshots and back: named NumPy arrays, checked against the experiment's networks."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ganstudio.errors import UserError
from ganstudio.gan.game import Game
from ganstudio.gan.optimizers import MOMENTS
from ganstudio.gan.state import REMEMBERED, Player, State
from ganstudio.messages.snapshot import Array, Progress, Snapshot

PLAYERS = ("generator", "discriminator")


def to_snapshot(state: State, progress: Progress, centre: tuple[float, ...], scale: tuple[float, ...]) -> Snapshot:
    """The whole state by name; arrays on the CPU, float32."""
    arrays = {name: _numpy(tensor) for name, tensor in _named(state).items()}
    return Snapshot(progress, centre, scale, arrays)


def to_state(snapshot: Snapshot, game: Game) -> State:
    """The state that a snapshot holds.

    Raises:
        UserError: an array is missing, superfluous, or does not fit the experiment's networks; names it.
    """
    expected = _shapes(game)
    # What rules remember comes and goes with them: it begins afresh where the file has none.
    remembered = {f"{player}/{name}" for player in PLAYERS for name in REMEMBERED}
    unknown = snapshot.arrays.keys() - expected.keys() - remembered
    if unknown:
        raise UserError("there is no such state in this experiment", field=min(unknown))
    tensors: dict[str, Tensor] = {}
    for name, shape in expected.items():
        array = snapshot.arrays.get(name)
        if array is None and name in remembered:
            continue
        if array is None:
            raise UserError("this part of the state is missing", field=name)
        if array.shape != shape or array.dtype != np.float32:
            raise UserError(
                f"is {array.dtype} of shape {array.shape}, but the experiment's networks need float32 of {shape}",
                field=name,
            )
        tensors[name] = torch.from_numpy(np.array(array))
    if len(snapshot.centre) != game.dimension or len(snapshot.scale) != game.dimension:
        raise UserError(f"must have {game.dimension} numbers, as the target has dimensions", field="normalisation")
    generator, discriminator = (
        Player(**{name: tensors[f"{player}/{name}"] for name in Player._fields if f"{player}/{name}" in tensors})
        for player in PLAYERS
    )
    return game.adapted(State(generator, discriminator, tensors["ema"]))


def _named(state: State) -> dict[str, Tensor]:
    named = {
        f"{player}/{name}": getattr(getattr(state, player), name)
        for player in PLAYERS
        for name in Player._fields
        if name not in REMEMBERED or getattr(getattr(state, player), name).numel()
    }
    return named | {"ema": state.ema}


def _shapes(game: Game) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for player, network in (("generator", game.generator), ("discriminator", game.discriminator)):
        size = network.parameters.size
        shapes |= {
            f"{player}/parameters": (size,),
            f"{player}/buffers": (network.buffers.size,),
            f"{player}/moments": (MOMENTS, size),
            f"{player}/steps": (),
        }
        shapes |= {f"{player}/previous": (size,)} if game.is_optimistic else {}
        shapes |= {f"{player}/slow": (size,)} if game.looks_ahead else {}
    return shapes | {"ema": (game.generator.parameters.size,)}


def _numpy(tensor: Tensor) -> Array:
    array: Array = tensor.detach().cpu().numpy()
    return array
