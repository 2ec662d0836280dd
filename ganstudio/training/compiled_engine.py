"""The engine that executes compiled updates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.live import live_values
from ganstudio.gan.state import State
from ganstudio.gan.step import UpdateFunctions
from ganstudio.training.capture import UPDATES, Pattern, items_of, pattern_of
from ganstudio.training.compiled_update import CompiledUpdate
from ganstudio.training.engine import played_by
from ganstudio.training.plan_player import PlanPlayer
from ganstudio.training.structure import structure


class CompiledEngine:
    """Plays iterations as machine code, or as recordings; in what order updates are called, is the step's business.

    It can play every game of the structure that it was compiled for, whatever the live numbers, k and j. An update of
    a pattern that was not compiled is run as it is written.
    """

    name = "compiled"

    def __init__(self, experiment: Experiment, compiled: Mapping[Pattern, CompiledUpdate]) -> None:
        self._structure = structure(experiment)
        self._compiled = compiled
        self._player = PlanPlayer(compiled)

    def fits(self, experiment: Experiment) -> bool:
        """Whether this is an engine for that experiment."""
        return structure(experiment) == self._structure

    def advance(self, game: Game, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        live = tuple(live_values(game.experiment).values())
        return self._player.advance(game, state, inputs, live, partial(self._step_by_step, game, live))

    def _step_by_step(
        self, game: Game, live: tuple[float, ...], state: State, inputs: Bundle[IterationInputs]
    ) -> tuple[State, Tensor]:
        """The same, one call after the other."""
        execute = UpdateFunctions(self._update_of("discriminator", live), self._update_of("generator", live))
        return played_by(execute, game, state, inputs)

    def _update_of(self, player: str, live: tuple[float, ...]) -> Any:
        def update(game: Game, base: State, *drawn: Any, at: State | None = None, opponent: Any = None) -> Any:
            items = items_of(base, None if at is base else at, drawn, opponent)
            compiled = self._compiled.get(pattern_of(player, items))
            if compiled is not None:
                return compiled(items, live)
            state, report = UPDATES[player](game, base, *drawn, at=at, opponent=opponent)
            return state, torch.stack(report)

        return update
