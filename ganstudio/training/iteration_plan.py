"""An iteration as a list of calls of compiled updates, to be played many times over with no Python in between.

In what order a rule calls which update, and with what, is the same in every iteration whose inputs are of the same
kinds. So it is asked once, with stand-ins in the places of tensors and numbers: the step's own function runs over them,
and what the updates are called with is written down as a *plan*. ``iterations.h`` plays it, or ``recording``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.live import Numbers
from ganstudio.gan.state import State
from ganstudio.gan.step import UpdateFunctions, updates
from ganstudio.training.capture import (
    STATE_TENSORS,
    Items,
    Live,
    Pattern,
    items_of,
    leaves_of,
    pattern_of,
    state_of,
    tensors_of,
    with_leaves,
)
from ganstudio.training.compiled_update import CompiledUpdate, vectors_of


class PlannedCall(NamedTuple):
    """One call of an update. Registers hold first the tensors of the state, then those that the iteration is given,
    then a vector of numbers for each call, then the results of one call after the other.

    taken: the registers that it takes.
    numbers: which leaves of the iteration's inputs are its numbers, besides the live ones.
    first: the first register of its results, the last of which is its report.
    """

    update: CompiledUpdate
    taken: tuple[int, ...]
    numbers: tuple[int, ...]
    first: int

    @property
    def report(self) -> int:
        """The register of its last result."""
        return self.first + self.update.results - 1


@dataclass(frozen=True)
class IterationPlan:
    """The calls of an iteration.

    given: which leaves of its inputs are tensors that stand in registers.
    after: the registers that are the state's tensors afterwards.
    reports: the number of the call whose report is D's, and that of G's.
    """

    calls: tuple[PlannedCall, ...]
    given: tuple[int, ...]
    after: tuple[int, ...]
    reports: tuple[int, int]

    def taken_from(self, columns: Items, count: int, live: Live) -> list[Tensor]:
        """What so many iterations with these leaves take, in rows: tensors, then the numbers of each call."""
        given = [columns[number] for number in self.given]
        return given + [vectors_of(live, [columns[place] for place in call.numbers], count) for call in self.calls]


def recorded_plan(
    game: Game, inputs: IterationInputs, compiled: Mapping[Pattern, CompiledUpdate]
) -> IterationPlan | None:
    """The plan of an iteration with inputs like these; None where more than compiled updates belongs to it."""
    leaves = leaves_of(inputs)
    # Objects of their own, which are told from each other by what they are, not by their values.
    stand_ins = [_stand_in(leaf) for leaf in leaves]
    tensors = [number for number, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]
    numbers = [number for number, leaf in enumerate(leaves) if isinstance(leaf, (float, Numbers))]
    given = [stand_ins[number] for number in tensors]
    before = [torch.empty(0) for _ in range(STATE_TENSORS)]
    met: list[_Met] = []

    def recording(player: str) -> Any:
        def update(_: Game, base: State, *drawn: Any, at: State | None = None, opponent: Any = None) -> Any:
            items = items_of(base, None if at is base else at, drawn, opponent)
            found = compiled[pattern_of(player, items)]
            results = [torch.empty(0) for _ in range(found.results)]
            met.append(_Met(found, items, torch.empty(0), results))
            return found.state_after(items, results), results[-1]

        return update

    alike = with_leaves(inputs, given, [stand_ins[number] for number in numbers])
    execute = UpdateFunctions(recording("discriminator"), recording("generator"))
    try:
        state, moved = updates(game, state_of(before), alike, execute)
        vectors, results = [call.vector for call in met], chain.from_iterable(call.results for call in met)
        register = _numbered([*before, *given, *vectors, *results])
        leaf = _numbered(stand_ins)
        calls = tuple(
            PlannedCall(
                call.update,
                taken=tuple(register[id(tensor)] for tensor in call.tensors),
                numbers=tuple(leaf[id(call.items[number])] for number in call.update.numbers),
                first=register[id(call.results[0])],
            )
            for call in met
        )
        after = tuple(register[id(tensor)] for tensor in tensors_of(state))
    except KeyError:  # an update that was not compiled, or a tensor that no update made
        return None
    reports = _numbered(call.results[-1] for call in met)
    on_d, on_g = moved[len(inputs.discriminator) - 1], moved[-1]
    return IterationPlan(calls, tuple(tensors), after, (reports[id(on_d.report)], reports[id(on_g.report)]))


class _Met(NamedTuple):
    """A call of an update on stand-ins; ``vector`` is that of its numbers."""

    update: CompiledUpdate
    items: Items
    vector: Tensor
    results: list[Tensor]

    @property
    def tensors(self) -> list[Tensor]:
        """What the update takes, in order."""
        return [*(self.items[number] for number in self.update.tensors), self.vector]


def _stand_in(leaf: Any) -> Any:
    if isinstance(leaf, Tensor):
        return torch.empty(0)
    if isinstance(leaf, float):
        return _Number(leaf)
    return Numbers(leaf.values) if isinstance(leaf, Numbers) else leaf


class _Number(float):
    """Each is an object of its own, as floats need not be."""


def _numbered(objects: Iterable[object]) -> dict[int, int]:
    """The number of each object, by its identity."""
    return {id(one): number for number, one in enumerate(objects)}
