"""Many trees of one kind in one: a single tensor with a leading axis in the place of many tensors.

A tree is a tuple of tuples, tensors, numbers and switches, as what an iteration takes from outside is. To make an
object for each tensor of every update takes longer than to draw a small batch. So many are made, moved and stacked at
once, and taken apart as late as possible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor

from ganstudio.gan.device import moved
from ganstudio.gan.live import Numbers
from ganstudio.gan.trees import mapped

Tree = TypeVar("Tree")


@dataclass(frozen=True)
class Bundle(Generic[Tree]):
    """``size`` trees.

    ``parts`` is built as each of them is. It has one tensor, (size, …), for a tensor of theirs, (…); an array, (size,),
    for a number, or (size, members) for one of which the members of a population have their own; a list for a switch;
    and None for what none of them has.
    """

    size: int
    parts: Any

    @classmethod
    def of(cls, kind: Callable[..., Tree], size: int, **parts: Any) -> Bundle[Tree]:
        """Of named tuples of this ``kind``."""
        return cls(size, kind(**parts))

    def each(self) -> list[Tree]:
        """The trees one by one; their tensors are views."""
        return _each(self.parts, self.size)

    def on(self, device: torch.device) -> Bundle[Tree]:
        """The same with all tensors on ``device``."""
        return Bundle(self.size, moved(self.parts, device))

    def cut(self, first: int, end: int) -> Bundle[Tree]:
        """The trees from number ``first`` to before ``end``."""
        return self._rows(end - first, slice(first, end))

    def dealt(self, hands: int) -> tuple[Bundle[Tree], ...]:
        """As cards are dealt: the first ``hands`` trees become the first of each bundle, and so on."""
        if hands == 1:
            return (self,)
        return tuple(self._rows(self.size // hands, slice(hand, None, hands)) for hand in range(hands))

    def _rows(self, size: int, rows: slice) -> Bundle[Tree]:
        return Bundle(size, mapped(self.parts, itemgetter(rows), (Tensor, np.ndarray, list)))


def _each(parts: Any, count: int) -> list[Any]:
    if isinstance(parts, Tensor):
        return list(parts.unbind())
    if isinstance(parts, np.ndarray):
        numbers = parts.tolist()
        return numbers if parts.ndim == 1 else [Numbers(tuple(row)) for row in numbers]
    if isinstance(parts, list):
        return parts
    if isinstance(parts, tuple) and parts:
        rows = zip(*[_each(part, count) for part in parts], strict=True)
        return list(map(type(parts)._make, rows)) if hasattr(parts, "_make") else list(rows)
    return [parts] * count
