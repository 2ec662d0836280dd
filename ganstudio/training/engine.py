"""How the step is executed. The mathematics is in :mod:`ganstudio.gan.step`; an engine adds none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.gan.step import iteration


class Engine(Protocol):
    """Executes iterations; the same inputs give the same results with every engine within float tolerance."""

    name: str

    def advance(self, game: Game, state: State, inputs: Sequence[IterationInputs]) -> tuple[State, Tensor]:
        """The state after ``inputs``, and one row of numbers an iteration, (n, 8); no argument is changed."""


class EagerEngine:
    """Runs the step as it is written, operation by operation."""

    name = "eager"

    def advance(self, game: Game, state: State, inputs: Sequence[IterationInputs]) -> tuple[State, Tensor]:
        rows = []
        for single in inputs:
            state, row = iteration(game, state, single)
            rows.append(row)
        return state, torch.stack(rows)
