"""How the iterations of a population are executed: the step's own functions, carried over to all members at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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

Updated = tuple[State, Tensor]
InputsOf = Callable[[Sequence[int]], Bundle[IterationInputs]]
"""Draws the stacked inputs of the members with these numbers, for all iterations that are to be played."""
GROUP_NUMBERS = 2**19
"""Outputs of hidden units of a group, about: 2 MB, of which an update keeps several at a time."""


class PopulationEngine(Protocol):
    """Executes iterations of all members; each is as a single run of its own within float tolerance."""

    name: str

    def advance(self, members: Members, state: State, inputs_of: InputsOf) -> tuple[State, Tensor]:
        """The stacked state afterwards, and rows of numbers, (n, members, 8); no argument is changed."""


class EagerPopulation:
    """Runs the step as it is written under ``torch.func.vmap``, operation by operation."""

    name = "eager"

    def advance(self, members: Members, state: State, inputs_of: InputsOf) -> tuple[State, Tensor]:
        return self._step_by_step(members, state, inputs_of(range(len(members))))

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
    caches; and as many groups at the same time as there are ``threads``, each with its own draws. How many these are
    decides how large a group is, and so the last bits of the results.
    """

    name = "compiled"

    def __init__(self, members: Members, compiled: Mapping[Pattern, CompiledUpdate], threads: int = 1) -> None:
        self._size = group_size(members, threads)
        self._groups = members.groups(self._size)
        self._compiled = compiled
        self._player = PlanPlayer(compiled)
        at_once = min(threads, len(self._groups))
        self._threads = ThreadPoolExecutor(at_once, "population") if at_once > 1 else None

    def advance(self, members: Members, state: State, inputs_of: InputsOf) -> tuple[State, Tensor]:
        count, size = len(members), self._size
        numbers = numbers_of_groups(count, size)
        play = map if self._threads is None else self._threads.map
        after, rows = zip(
            *play(partial(self._play, inputs_of), self._groups, numbers, grouped(state, size)), strict=True
        )
        return joined(after, count), torch.cat(rows, 1)[:, :count]

    def _play(self, inputs_of: InputsOf, group: Members, numbers: Sequence[int], state: State) -> tuple[State, Tensor]:
        rest = partial(self._step_by_step, group)
        return self._player.advance(group.around, state, inputs_of(numbers), group.live, rest)

    def _updated(self, members: Members, call: Call) -> Updated:
        items = items_of(*call[1:])
        compiled = self._compiled.get(pattern_of(call.player, items))
        return super()._updated(members, call) if compiled is None else compiled(items, members.live)


def group_size(members: Members, threads: int = 1) -> int:
    """How many members are one call of compiled code: as many as fit the caches and leave no thread without a group.

    All groups are alike, and so many that all threads have equally many, where there are enough members. A GPU, which
    has no such caches, is given all of them at once.
    """
    experiment = members.common.experiment
    if placed(experiment).name != "cpu":
        return len(members)
    units = sum(experiment.generator.widths) + sum(experiment.discriminator.widths)
    most = max(1, GROUP_NUMBERS // (experiment.training.batch_size * max(1, units)))
    groups = -(-len(members) // most)
    groups = min(len(members), -(-groups // threads) * threads)
    return -(-len(members) // groups)
