"""A toy game played for the window: its trajectories, its field and its eigenvalues as one event."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.gan.toys import Eigenvalues, ToyDynamics
from ganstudio.messages.commands import PlayToy
from ganstudio.messages.events import ToyPlayed
from ganstudio.messages.toys import Toy

MOST_ITERATIONS = 20_000
MOST_STARTS = 256
MOST_GRID = 101


def toy_played(command: PlayToy, generation: int) -> ToyPlayed:
    """The answer to a ``PlayToy``.

    Raises:
        UserError: a number is out of range; the message names it.
    """
    bounds = {
        "iterations": (command.iterations, MOST_ITERATIONS),
        "starts": (len(command.starts), MOST_STARTS),
        "grid": (command.grid, MOST_GRID),
    }
    for name, (number, most) in bounds.items():
        if not 0 <= number <= most:
            raise UserError(f"must be between 0 and {most:,}, not {number:,}", field=name)
    try:
        dynamics = ToyDynamics(command.toy)
    except ValueError as error:
        raise UserError(str(error), field="toy") from error
    starts = np.array(command.starts, np.float64).reshape(-1, 2)
    if len(starts):
        trajectories = dynamics.play(starts, command.iterations, command.seed)
    else:
        trajectories = np.empty((command.iterations + 1, 0, 2))
    positions = vectors = np.empty((0, 2))
    if command.grid:
        positions, vectors = dynamics.field_on_grid(-command.reach, command.reach, command.grid)
    found = _eigenvalues(command.toy)
    return ToyPlayed(
        generation,
        command.request,
        command.toy,
        trajectories,
        positions,
        vectors,
        None if found is None else _parts(found.field),
        None if found is None else _parts(found.step),
    )


@lru_cache(maxsize=16)
def _eigenvalues(toy: Toy) -> Eigenvalues | None:
    """They depend on nothing else: where it starts is asked dozens of times a second while it is dragged."""
    return ToyDynamics(toy).eigenvalues()


def _parts(numbers: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.column_stack([numbers.real, numbers.imag])
