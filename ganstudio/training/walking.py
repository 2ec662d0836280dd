"""A run's next iteration, walked through: the same state, history, measures and snapshots as training makes."""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs, Normaliser
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.gan.walkthrough import walked_iteration
from ganstudio.messages.walkthrough import DiscriminatorWalk, GeneratorWalk
from ganstudio.training.engine import Engine
from ganstudio.training.run import Run


class _WalkingEngine:
    """Lets the usual engine execute iterations, so that they are its own bit for bit, and walks through them beside.

    The numbers of the walk are those of the step as it is written: where the usual engine is a compiled one they agree
    with what it computed within float tolerance.
    """

    def __init__(self, usual: Engine, normaliser: Normaliser) -> None:
        self._usual, self._normaliser = usual, normaliser
        self.name = usual.name
        self.steps: tuple[DiscriminatorWalk | GeneratorWalk, ...] = ()

    def advance(self, game: Game, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        rows = []
        for number, single in enumerate(inputs.each()):
            _, _, self.steps = walked_iteration(game, state, single, self._normaliser)
            state, numbers = self._usual.advance(game, state, inputs.cut(number, number + 1))
            rows.append(numbers)
        return state, torch.cat(rows)


def walk_iteration(run: Run) -> tuple[DiscriminatorWalk | GeneratorWalk, ...]:
    """Play one iteration of ``run`` and return its k updates of D and j of G, with all their numbers.

    Raises:
        NonFiniteError: a number stopped being finite; the run stands right before that iteration.
    """
    usual = run.engine
    walking = run.engine = _WalkingEngine(usual, run.normaliser)
    try:
        run.advance(1)
    finally:
        run.engine = usual
    return walking.steps
