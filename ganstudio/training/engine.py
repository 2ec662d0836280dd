"""How the step is executed. The mathematics is in :mod:`ganstudio.gan.step`; an engine adds none."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.gan.step import UpdateFunctions, iteration, rows_of, updates


class Engine(Protocol):
    """Executes iterations; the same inputs give the same results with every engine within float tolerance."""

    name: str

    def advance(self, game: Game, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        """The state after ``inputs``, and one row of numbers an iteration, (n, 8); no argument is changed."""


class EagerEngine:
    """Runs the step as it is written, operation by operation."""

    name = "eager"

    def advance(self, game: Game, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        rows = []
        for single in inputs.each():
            state, row = iteration(game, state, single)
            rows.append(row)
        return state, torch.stack(rows)


def played_by(
    execute: UpdateFunctions, game: Game, state: State, inputs: Bundle[IterationInputs]
) -> tuple[State, Tensor]:
    """The state after ``inputs``, and one row of numbers an iteration, by updates whose reports are vectors, (…, n).

    Rows are made of all of them at once, which is quicker.
    """
    on_d, on_g = [], []
    for single in inputs.each():
        state, moved = updates(game, state, single, execute)
        on_d.append(moved[len(single.discriminator) - 1].report)
        on_g.append(moved[-1].report)
    return state, rows_of(torch.stack(on_d), torch.stack(on_g))  # type: ignore[arg-type]
