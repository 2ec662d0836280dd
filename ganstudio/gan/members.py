"""A population of games of one structure, played as one: every tensor has a leading axis of members.

The step is written for a single game. ``torch.func.vmap`` carries it over to all members; here is what it is given:
their states and draws, one upon the other, each drawn from the member's own streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.population import shared
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.device import device_of
from ganstudio.gan.draws import IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.live import Numbers, live_numbers, with_live_numbers
from ganstudio.gan.state import State
from ganstudio.gan.trees import mapped

Tree = TypeVar("Tree")
SHARE = "updates.lookahead_share"


@dataclass(frozen=True)
class Members:
    """The games of all members, and the one that they have in common: it decides what there is to compute."""

    games: tuple[Game, ...]
    common: Game

    @classmethod
    def of(cls, experiments: Sequence[Experiment]) -> Members:
        """The games of these experiments.

        Raises:
            UserError: they cannot be one population; names the field.
        """
        common = Game.of(shared(experiments))
        return cls(tuple(Game.of(experiment) for experiment in experiments), common)

    def __len__(self) -> int:
        return len(self.games)

    @cached_property
    def live(self) -> tuple[Numbers, ...]:
        """The live numbers of all members, in the order of those of the common game."""
        return live_numbers(self.common.experiment, [game.experiment for game in self.games])

    @cached_property
    def around(self) -> Game:
        """The common game for what the step does between updates, to the stacked states as they are."""
        common = self.common.experiment
        shares = [[game.experiment.updates.lookahead_share] for game in self.games]  # (members, 1)
        return Game.of(with_live_numbers(common, {SHARE: torch.tensor(shares, device=device_of(common))}))

    def groups(self, size: int) -> tuple[Members, ...]:
        """These members, so many at a time, as :func:`numbers_of_groups` has them."""
        return tuple(
            Members(tuple(self.games[number] for number in numbers), self.common)
            for numbers in numbers_of_groups(len(self), size)
        )

    def initial_state(self) -> State:
        """Each member as its seed initialises it."""
        return stacked([self.common.adapted(game.initial_state()) for game in self.games])


def numbers_of_groups(count: int, size: int) -> list[list[int]]:
    """The members in each group of ``size``; the last member is repeated where the last group would have fewer."""
    return [[min(number, count - 1) for number in range(first, first + size)] for first in range(0, count, size)]


def stacked(trees: Sequence[Tree]) -> Tree:
    """One tree of tensors (members, …) from those of the members; their numbers side by side as :class:`Numbers`.

    What a member does not have while others do (noise, where its own is 0) is 0 for it.

    Raises:
        ValueError: what decides what there is to compute differs between the members.
    """
    return _together(trees, 0)  # type: ignore[no-any-return]


def stacked_inputs(inputs: Sequence[Bundle[IterationInputs]], like: Bundle[IterationInputs]) -> Bundle[IterationInputs]:
    """The inputs of iterations of some members, from those of each.

    What none of them has while ``like`` does, inputs of the game that all members have in common, is 0 for them.
    """
    count = inputs[0].size
    whole: IterationInputs = _together([one.parts for one in inputs], 1, like.parts, count)
    if whole.lookahead is not None:  # (n, members, 1), for beside it are parameters, (members, P)
        whole = whole._replace(lookahead=whole.lookahead[..., None])
    return Bundle(count, whole)


def member_of(tree: Tree, number: int) -> Tree:
    """What of a stacked tree of tensors belongs to one member."""
    return mapped(tree, itemgetter(number))  # type: ignore[no-any-return]


def grouped(state: State, size: int) -> list[State]:
    """A stacked state in parts of ``size`` members, the last filled up as :func:`numbers_of_groups` does."""
    count = len(state.ema)
    if missing := -count % size:
        state = mapped(state, lambda tensor: torch.cat([tensor, *[tensor[-1:]] * missing]))
    return [mapped(state, itemgetter(slice(first, first + size))) for first in range(0, count, size)]


def joined(parts: Sequence[State], count: int) -> State:
    """The stacked state of the first ``count`` members of these parts."""
    return _joined(parts, count)  # type: ignore[no-any-return]


def chosen(taken: Tensor, fresh: State, old: State) -> State:
    """``fresh`` for the members for which ``taken``, (members,), holds; ``old`` for the others."""

    def of(one: Any, other: Any) -> Any:
        if isinstance(one, Tensor):
            return torch.where(taken.view(-1, *[1] * (one.dim() - 1)), one, other)
        return type(one)(*map(of, one, other))

    return of(fresh, old)  # type: ignore[no-any-return]


def _together(trees: Sequence[Any], axis: int, like: Any = None, count: int = 0) -> Any:
    """The trees of all members in one, stacked along ``axis``.

    What none of them has while ``like`` does is 0, of the same shape for each of ``count`` iterations.
    """
    some = next((tree for tree in trees if tree is not None), None)
    if some is None and like is not None:
        some = mapped(like, lambda tensor: tensor.new_zeros(count, *tensor.shape[1:]))
    if isinstance(some, Tensor):
        return torch.stack([torch.zeros_like(some) if tree is None else tree for tree in trees], axis)
    if isinstance(some, np.ndarray):
        return np.stack(trees, axis)
    if isinstance(some, float):
        return Numbers(tuple(trees))
    if isinstance(some, (bool, list)):
        if any(tree != some for tree in trees):
            raise ValueError("what an update has to compute differs between the members")
        return some
    if isinstance(some, tuple) and some:
        if any(tree is None for tree in trees):
            nothing = mapped(some, torch.zeros_like)
            trees = [nothing if tree is None else tree for tree in trees]
        of_like = like if isinstance(like, tuple) and len(like) == len(some) else [None] * len(some)
        parts = [_together(own, axis, one, count) for *own, one in zip(*trees, of_like, strict=True)]
        return type(some)(*parts) if hasattr(some, "_fields") else tuple(parts)
    return some


def _joined(parts: Sequence[Any], count: int) -> Any:
    some = parts[0]
    if isinstance(some, Tensor):
        return torch.cat(list(parts))[:count]
    return type(some)(*(_joined(part, count) for part in zip(*parts, strict=True)))
