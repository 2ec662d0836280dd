"""Walking through an iteration with whatever engine plays the run."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.training.engine import EagerEngine
from ganstudio.training.run import Run
from ganstudio.training.walking import walk_iteration


class OtherEngine(EagerEngine):
    """Agrees with the step to a few bits, as compiled code does."""

    name = "other"

    def advance(self, game: Game, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        state, rows = super().advance(game, state, inputs)
        player = state.generator
        shifted = player._replace(parameters=torch.nextafter(player.parameters, torch.ones_like(player.parameters)))
        return state._replace(generator=shifted), rows


def run() -> Run:
    experiment = Experiment()
    for path, value in {"generator.widths": [8], "discriminator.widths": [8], "training.batch_size": 16}.items():
        experiment = with_value(experiment, path, value)
    return Run(experiment)


def test_the_engine_of_the_run_makes_the_state_bit_for_bit() -> None:
    walked, played = run(), run()
    for one in (walked, played):
        one.engine = OtherEngine()
    for _ in range(3):
        steps = walk_iteration(walked)
        played.advance(1)
        assert len(steps) == 2
    ours, theirs = walked.snapshot(), played.snapshot()
    assert all(np.array_equal(ours.arrays[name], theirs.arrays[name]) for name in ours.arrays)
    np.testing.assert_array_equal(walked.history.rows, played.history.rows)


def test_the_engine_is_the_run_s_again_afterwards() -> None:
    walked = run()
    engine = walked.engine = OtherEngine()
    walk_iteration(walked)
    assert walked.engine is engine
