"""A run's next iteration, walked through: the same state, history, measures and snapshots as training makes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ganstudio.gan.draws import IterationInputs, Normaliser
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.gan.walkthrough import walked_iteration
from ganstudio.messages.walkthrough import DiscriminatorWalk, GeneratorWalk
from ganstudio.training.run import Run


class _WalkingEngine:
    """Executes iterations as the eager engine does, and keeps what was computed on the way."""

    name = "walking"

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self.steps: tuple[DiscriminatorWalk | GeneratorWalk, ...] = ()

    def advance(self, game: Game, state: State, inputs: Sequence[IterationInputs]) -> tuple[State, Tensor]:
        rows = []
        for single in inputs:
            state, numbers, self.steps = walked_iteration(game, state, single, self._normaliser)
            rows.append(numbers)
        return state, torch.stack(rows)


def walk_iteration(run: Run) -> tuple[DiscriminatorWalk | GeneratorWalk, ...]:
    """Play one iteration of ``run`` and return its k updates of D and j of G, with all their numbers.

    Raises:
        NonFiniteError: a number stopped being finite; the run stands right before that iteration.
    """
    walking = _WalkingEngine(run.normaliser)
    usual, run.engine = run.engine, walking
    try:
        run.advance(1)
    finally:
        run.engine = usual
    return walking.steps
