"""The engine that executes compiled updates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.live import live_values
from ganstudio.gan.state import State
from ganstudio.gan.step import DiscriminatorReport, GeneratorReport, UpdateFunctions, row, updates
from ganstudio.training.capture import STATE_TENSORS, UPDATES, Pattern, items_of, pattern_of
from ganstudio.training.compiled_update import CompiledUpdate
from ganstudio.training.structure import structure


class _Known(NamedTuple):
    """What was met of calls whose items are of the same kinds: which of them are switches, and the update for each
    way in which they may stand; None where none was compiled."""

    switches: list[int]
    updates: dict[tuple[bool, ...], CompiledUpdate | None]


class CompiledEngine:
    """Runs each update of a player as one call of machine code; in what order, is the step's business.

    It can play every game of the structure that it was compiled for, whatever the live numbers, k and j. An update of
    a pattern that was not compiled is run as it is written.
    """

    name = "compiled"

    def __init__(self, experiment: Experiment, compiled: Mapping[Pattern, CompiledUpdate]) -> None:
        self._structure = structure(experiment)
        self._compiled = compiled
        self._by_kinds: dict[tuple[object, ...], _Known] = {}
        self._live: tuple[float, ...] = ()
        self._execute = UpdateFunctions(self._update_of("discriminator"), self._update_of("generator"))

    def fits(self, experiment: Experiment) -> bool:
        """Whether this is an engine for that experiment."""
        return structure(experiment) == self._structure

    def advance(self, game: Game, state: State, inputs: Sequence[IterationInputs]) -> tuple[State, Tensor]:
        self._live = tuple(live_values(game.experiment).values())
        on_d, on_g = [], []
        for single in inputs:
            state, moved = updates(game, state, single, self._execute)
            # Reports are vectors here; rows are made of all of them at once.
            on_d.append(moved[len(single.discriminator) - 1].report)
            on_g.append(moved[-1].report)
        reports = (torch.stack(on_d).unbind(1), torch.stack(on_g).unbind(1))  # type: ignore[arg-type]
        return state, row(DiscriminatorReport(*reports[0]), GeneratorReport(*reports[1]))

    def _update_of(self, player: str) -> Any:
        def update(game: Game, base: State, *drawn: Any, at: State | None = None, opponent: Any = None) -> Any:
            at = None if at is base else at
            items = items_of(base, at, drawn, opponent)
            # The same as the pattern, and quicker to make: what is no tensor and no number is a switch or absent.
            kinds = (player, *map(type, items[STATE_TENSORS:]))
            known = self._by_kinds.get(kinds)
            if known is None:
                switches = [number for number, item in enumerate(items) if item is True or item is False]
                known = self._by_kinds[kinds] = _Known(switches, {})
            switched = tuple([items[number] for number in known.switches])
            try:
                compiled = known.updates[switched]
            except KeyError:
                compiled = known.updates[switched] = self._compiled.get(pattern_of(player, items))
            if compiled is not None:
                return compiled(items, self._live)
            state, report = UPDATES[player](game, base, *drawn, at=at, opponent=opponent)
            return state, torch.stack(report)

        return update
