"""One compiled update, ready to be called as the step's own would be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.gan.live import Numbers
from ganstudio.gan.state import State
from ganstudio.training.capture import NUMBER, Items, Live, Pattern, state_of
from ganstudio.training.shared_code import SharedCode

INDEX = "index.json"


class Entry(NamedTuple):
    """What the index says of a compiled update; see ``capture.Captured`` and ``shared_code.SharedCode``."""

    file: str
    pattern: Pattern
    tensors: tuple[int, ...]
    outputs: tuple[int, ...]
    borrowed: bool = False


class Code(Protocol):
    """What computes the results of an update; :class:`~ganstudio.training.shared_code.SharedCode` is one."""

    def run(self, inputs: Sequence[Tensor]) -> list[Tensor]: ...


class CompiledUpdate:
    """An update of one player as machine code, or as a graph (``recording``).

    tensors, numbers: which items of a call it takes (``capture.items_of``).
    results: how many tensors it gives, its report with them.
    """

    def __init__(self, entry: Entry, code: Code) -> None:
        self.code = code
        self.tensors = entry.tensors
        self.numbers = tuple(number for number, mark in enumerate(entry.pattern[1:]) if mark == NUMBER)
        self.results = max(entry.outputs, default=-1) + 2
        self._outputs = entry.outputs

    @classmethod
    def load(cls, folder: Path, entry: Entry) -> CompiledUpdate:
        """The update that the index of ``folder`` has as ``entry``. Takes a few milliseconds."""
        return cls(entry, SharedCode(folder / entry.file, borrowed=entry.borrowed))

    def __call__(self, items: Items, live: Live) -> tuple[State, Tensor]:
        """The state after the update, and its report as a vector. ``live`` are the live numbers of the experiment."""
        numbers = vector_of((*live, *[items[number] for number in self.numbers])).to(items[0].device)
        results = self.code.run([*[items[number] for number in self.tensors], numbers])
        return self.state_after(items, results), results[-1]

    def state_after(self, items: Items, results: list[Tensor]) -> State:
        """The state that an update leaves which was called with these items and gave these results."""
        return state_of([results[number] if number >= 0 else items[-1 - number] for number in self._outputs])


def vector_of(numbers: Live) -> Tensor:
    """The numbers that an update is given, (n,); those of a population's members as rows, (members, n)."""
    return vectors_of(numbers, [], 1)[0]


def vectors_of(live: Live, columns: Sequence[NDArray[np.float64]], count: int) -> Tensor:
    """The same for ``count`` calls, (count, …, n): ``live`` for all of them, then what each column, (count, …), has."""
    own = np.array([value.values if isinstance(value, Numbers) else value for value in live], np.float32).T
    shape = columns[0].shape if columns else (count, *own.shape[:-1])
    vectors = np.empty((*shape, len(live) + len(columns)), np.float32)
    if live:
        vectors[..., : len(live)] = own
    for number, column in enumerate(columns, len(live)):
        vectors[..., number] = column
    return torch.from_numpy(vectors)


def load_all(folder: Path) -> dict[Pattern, CompiledUpdate]:
    """All compiled updates of a folder, by the pattern of the calls that they are for.

    Raises:
        OSError, ValueError, RuntimeError: the folder is not there or damaged.
    """
    entries = [Entry(**_tuples(entry)) for entry in json.loads((folder / INDEX).read_text(encoding="utf-8"))]
    return {entry.pattern: CompiledUpdate.load(folder, entry) for entry in entries}


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return {name: _tuples(item) for name, item in value.items()} if isinstance(value, dict) else value
