"""How the iterations of a population are executed: the step's own functions, carried over to all members at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.func import vmap

from ganstudio.gan.bundles import Bundle
from ganstudio.gan.device import placed
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.live import Numbers
from ganstudio.gan.members import Members, grouped, joined, numbers_of_groups
from ganstudio.gan.state import State
from ganstudio.gan.step import UpdateFunctions
from ganstudio.messages.population import Burst
from ganstudio.training.capture import (
    Call,
    Pattern,
    items_of,
    pattern_of,
    state_of,
    update_of_tensors,
)
from ganstudio.training.compiled_update import CompiledUpdate, vector_of
from ganstudio.training.engine import played_by
from ganstudio.training.plan_player import PlanPlayer
from ganstudio.training.population_draws import PopulationDraws

Updated = tuple[State, Tensor]
GROUP_NUMBERS = 2**19
"""Outputs of hidden units of a group, about: 2 MB, of which an update keeps several at a time."""


class PopulationEngine(Protocol):
    """Executes iterations of all members; each is as a single run of its own within float tolerance."""

    name: str

    def advance(self, draws: PopulationDraws, state: State, burst: Burst) -> tuple[State, Tensor]:
        """The stacked state afterwards, and rows of numbers, (n, members, 8); no argument is changed."""

    def close(self) -> None:
        """End what was started, after which iterations can still be played, if more slowly."""


class EagerPopulation:
    """Runs the step as it is written under ``torch.func.vmap``, operation by operation."""

    name = "eager"

    def advance(self, draws: PopulationDraws, state: State, burst: Burst) -> tuple[State, Tensor]:
        return self._step_by_step(draws.members, state, draws.inputs(burst, range(len(draws.members))))

    def close(self) -> None:
        """Nothing was started."""

    def _step_by_step(self, members: Members, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        execute = UpdateFunctions(self._update_of("discriminator", members), self._update_of("generator", members))
        return played_by(execute, members.around, state, inputs)

    def _update_of(self, player: str, members: Members) -> Callable[..., Any]:
        def update(_: Any, base: State, *drawn: Any, at: State | None = None, opponent: Any = None) -> Updated:
            call = Call(player, base, None if at is base else at, drawn, opponent)
            return self._updated(members, call)

        return update

    def _updated(self, members: Members, call: Call) -> Updated:
        """The stacked state after an update, and its reports as rows of a matrix."""
        items = items_of(*call[1:])
        numbers = vector_of((*members.live, *(item for item in items if isinstance(item, Numbers))))
        *tensors, report = vmap(update_of_tensors(members.common, call))(
            *(item for item in items if isinstance(item, Tensor)), numbers.to(call.base.ema.device)
        )
        return state_of(tensors), report


class CompiledPopulation(EagerPopulation):
    """Runs each update of a group of members as one call of machine code, where there is one for its pattern.

    Members are played a few at a time (:func:`group_size`), so that what a group works on stays in the processor's
    caches. How large a ``group`` is decides the last bits of the results.
    """

    name = "compiled"

    def __init__(self, members: Members, compiled: Mapping[Pattern, CompiledUpdate], group: int) -> None:
        self.group = group
        self._groups = members.groups(group)
        self._compiled = compiled
        self._player = PlanPlayer(compiled)

    def advance(self, draws: PopulationDraws, state: State, burst: Burst) -> tuple[State, Tensor]:
        count, size = len(draws.members), self.group
        parts = zip(self._groups, numbers_of_groups(count, size), grouped(state, size), strict=True)
        played = [self._play(group, part, draws.inputs(burst, numbers)) for group, numbers, part in parts]
        after, rows = zip(*played, strict=True)
        return joined(after, count), torch.cat(rows, 1)[:, :count]

    def _play(self, group: Members, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
        rest = partial(self._step_by_step, group)
        return self._player.advance(group.around, state, inputs, group.live, rest)

    def _updated(self, members: Members, call: Call) -> Updated:
        items = items_of(*call[1:])
        compiled = self._compiled.get(pattern_of(call.player, items))
        return super()._updated(members, call) if compiled is None else compiled(items, members.live)


def group_size(members: Members, processes: int = 1) -> int:
    """How many members are one call of compiled code: as many as fit the caches and leave no process without a group.

    All groups are alike, and so many that all processes have equally many, where there are enough members. A GPU, which
    has no such caches, is given all of them at once.
    """
    experiment = members.common.experiment
    if placed(experiment).name != "cpu":
        return len(members)
    units = sum(experiment.generator.widths) + sum(experiment.discriminator.widths)
    most = max(1, GROUP_NUMBERS // (experiment.training.batch_size * max(1, units)))
    groups = -(-len(members) // most)
    groups = min(len(members), -(-groups // processes) * processes)
    return -(-len(members) // groups)
