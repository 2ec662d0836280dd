"""An update of a player as a graph of tensor operations, with every number that may change as an input.

The graph is made by the step's own functions. What an update is called with is first taken to pieces: a list of items,
and their *pattern*, which says of each item that it is a tensor or a number, or else holds the item itself: what is
absent or switched decides what there is to compute. Updates of one game that have the same pattern are the same graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.func import vmap
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw, IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.live import LiveNumber, Numbers, live_values, with_live_numbers
from ganstudio.gan.state import Player, State
from ganstudio.gan.step import DiscriminatorReport, GeneratorReport, discriminator_update, generator_update
from ganstudio.training.products import PRODUCTS

Items = list[Any]
Pattern = tuple[Any, ...]
Live = Sequence[float | Numbers]
"""Values of live numbers, in the order of ``live_values``."""
Draw = DiscriminatorDraw | GeneratorDraw

TENSOR, NUMBER = "tensor", "number"
STATE_TENSORS = 2 * len(Player._fields) + 1

UPDATES: dict[str, Callable[..., tuple[State, Any]]] = {
    "discriminator": discriminator_update,
    "generator": generator_update,
}
REPORTS: dict[str, type[DiscriminatorReport] | type[GeneratorReport]] = {
    "discriminator": DiscriminatorReport,
    "generator": GeneratorReport,
}


class Call(NamedTuple):
    """What an update of ``player`` is called with; its own draw comes with its learning rate (and the EMA's decay).

    ``at`` is None where it is ``base``.
    """

    player: str
    base: State
    at: State | None
    drawn: tuple[Draw | float | Numbers, ...]
    opponent: Draw | None


@dataclass(frozen=True)
class Captured:
    """A graph, what it takes, and how its results make a state.

    tensors: the numbers of the items that it takes, in order. After them comes the vector of numbers, as in
        :func:`update_of_tensors`. Of a population each has a leading axis of members.
    outputs: for each tensor of the state after the update, the number of the result that it is, or, where the update
        leaves it as it was, −1 − the number of an item. After the state's results comes the report, as a vector.
    """

    graph: GraphModule
    examples: tuple[Tensor, ...]
    tensors: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def operations(self) -> set[Any]:
        """What is called on the way."""
        return {node.target for node in self.graph.graph.nodes}

    @property
    def bytes(self) -> int:
        """Of everything that is taken and computed on the way."""
        values = (node.meta.get("val") for node in self.graph.graph.nodes)
        return sum(value.nbytes for value in values if isinstance(value, Tensor))


def items_of(base: State, at: State | None, drawn: Sequence[Draw | float | Numbers], opponent: Draw | None) -> Items:
    """All leaves of a call, in order: tensors, numbers, what is absent, what is switched."""
    items: Items = [*base.generator, *base.discriminator, base.ema]
    if at is not None:
        items += [*at.generator, *at.discriminator, at.ema]
    return _followed_by(items, (*drawn, opponent))


def leaves_of(inputs: IterationInputs) -> Items:
    """All that an iteration takes from outside, in order, as the items of a call; of a bundle's parts: columns."""
    return _followed_by([], chain(*inputs.discriminator, *inputs.generator, (inputs.lookahead,)))


def with_leaves(inputs: IterationInputs, tensors: Sequence[Tensor], numbers: Sequence[Any]) -> IterationInputs:
    """These inputs with others in the places of their tensors and numbers, taken in their order."""
    return _put_back(inputs, list(tensors), list(numbers))  # type: ignore[no-any-return]


def pattern_of(player: str, items: Items) -> Pattern:
    """What decides which graph an update is."""
    return (player, *map(_mark, items))


def update_of_tensors(game: Game, call: Call) -> Callable[..., tuple[Tensor, ...]]:
    """The update of a call as a function of tensors alone.

    It takes the tensors among the items of the call, then one vector: the live numbers of the experiment, then all
    numbers among the items. It gives all tensors of the state after the update, then the report as a vector.
    """
    values = live_values(game.experiment)
    given = [item for item in items_of(*call[1:]) if _mark(item) == NUMBER]

    def update(*inputs: Tensor) -> tuple[Tensor, ...]:
        tensors, live = list(inputs[:-1]), inputs[-1].unbind(0)
        playing = Game.of(with_live_numbers(game.experiment, dict(zip(values, live, strict=False))))
        arguments = [LiveNumber(tensor, float(n)) for tensor, n in zip(live[len(values) :], given, strict=True)]
        base, at, drawn, opponent = (_put_back(part, tensors, arguments) for part in call[1:])
        state, report = UPDATES[call.player](playing, base, *drawn, at=at, opponent=opponent)
        return (*tensors_of(state), torch.stack(report))

    return update


def captured(game: Game, call: Call, members: int | None = None) -> Captured:
    """The graph of this update of this game; of a population of so many members where their number is given.

    Raises:
        Exception: whatever torch raises where the update cannot be a graph.
    """
    items = items_of(*call[1:])
    values, given = live_values(game.experiment), [item for item in items if isinstance(item, float)]
    where = [number for number, item in enumerate(items) if isinstance(item, Tensor)]
    update = update_of_tensors(game, call)
    # Copies, for a young state holds one tensor in several places: in the graph they are inputs of their own.
    device = call.base.ema.device
    examples = (*(items[number].clone() for number in where), torch.tensor([*values.values(), *given], device=device))
    if members is not None:
        update, examples = vmap(update), tuple(torch.stack([example] * members) for example in examples)
    # Only processors compile products of ours; and what torch keeps as a constant it may have made anywhere.
    products = PRODUCTS if device.type == "cpu" else {}
    graph = make_fx(update, decomposition_table=products, tracing_mode="fake")(*examples).to(device)
    return _pruned(graph, examples, where)


def tensors_of(state: State) -> list[Tensor]:
    """All tensors of a state, in order."""
    return [*state.generator, *state.discriminator, state.ema]


def state_of(tensors: Sequence[Tensor]) -> State:
    """The state that these are the tensors of."""
    size = len(Player._fields)
    return State(Player._make(tensors[:size]), Player._make(tensors[size : 2 * size]), tensors[2 * size])


def _followed_by(items: Items, parts: Iterable[Any]) -> Items:
    """The items, and after them the leaves of these parts."""
    for part in parts:
        if isinstance(part, tuple):
            items += part
        else:
            items.append(part)
    for item in items:
        if item.__class__ is tuple and item:  # pairs of noise, or updates of D that G foresees
            return list(_leaves(items))
    return items


def _leaves(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, tuple) and item:
            yield from _leaves(item)
        else:
            yield item


def _mark(item: Any) -> Any:
    if isinstance(item, Tensor):
        return TENSOR
    return NUMBER if isinstance(item, (float, Numbers)) else item


def _put_back(tree: Any, tensors: list[Tensor], numbers: list[LiveNumber]) -> Any:
    """``tree`` with the first of ``tensors`` and ``numbers``, which are taken away, in the places of its own."""
    if isinstance(tree, Tensor):
        return tensors.pop(0)
    if isinstance(tree, tuple):
        parts = [_put_back(item, tensors, numbers) for item in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return numbers.pop(0) if isinstance(tree, (float, Numbers)) else tree


def _pruned(graph: GraphModule, examples: tuple[Tensor, ...], where: Sequence[int]) -> Captured:
    """Without the tensors that the update does not look at, or only passes on; ``where`` they are among the items."""
    *nodes, _ = graph.graph.find_nodes(op="placeholder")
    (output,) = graph.graph.find_nodes(op="output")
    passed = dict(zip(nodes, where, strict=True))
    *state, report = output.args[0]
    results = list(dict.fromkeys(node for node in state if node not in passed))
    outputs = tuple(-1 - passed[node] if node in passed else results.index(node) for node in state)
    output.args = ((*results, report),)
    used = [bool(node.users) for node in nodes]
    for node in nodes:
        if not node.users:
            graph.graph.erase_node(node)
    graph.graph.lint()
    graph.recompile()
    kept = [example for example, is_used in zip(examples, [*used, True], strict=True) if is_used]
    return Captured(graph, tuple(kept), tuple(n for n, is_used in zip(where, used, strict=True) if is_used), outputs)
