"""One compiled update, loaded and ready to be called as the step's own would be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from ganstudio.gan.live import Numbers
from ganstudio.gan.state import State
from ganstudio.training.capture import NUMBER, Items, Pattern, state_of
from ganstudio.training.shared_code import SUFFIX, SharedCode

INDEX = "index.json"


class Entry(NamedTuple):
    """What the index says of a compiled update; see ``capture.Captured``."""

    file: str
    pattern: Pattern
    tensors: tuple[int, ...]
    outputs: tuple[int, ...]


class CompiledUpdate:
    """An update of one player as machine code; one that is for many members may be called by several threads."""

    def __init__(self, entry: Entry, loader: Any) -> None:
        self._run = loader.run
        items = len(entry.pattern) - 1
        self._given = tuple(number for number, mark in enumerate(entry.pattern[1:]) if mark == NUMBER)
        # Called thousands of times a second: which items go in, and which of items and results come out.
        self._inputs = itemgetter(*entry.tensors)
        self._outputs = itemgetter(*(items + number if number >= 0 else -1 - number for number in entry.outputs))
        self._known: tuple[tuple[float | Numbers, ...], Tensor] = ((), torch.empty(0))

    @classmethod
    def load(cls, folder: Path, entry: Entry) -> CompiledUpdate:
        """The update that the index of ``folder`` has as ``entry``. Takes a few milliseconds."""
        file = folder / entry.file
        if file.suffix == SUFFIX:
            return cls(entry, SharedCode(file))
        # What torch._inductor.aoti_load_package calls in the end; importing that package takes a second and 70 MB.
        loader = torch._C._aoti.AOTIModelPackageLoader(str(file), "model", True, 1, -1)
        return cls(entry, loader)

    def __call__(self, items: Items, live: Sequence[float | Numbers]) -> tuple[State, Tensor]:
        """The state after the update, and its report as a vector. ``live`` are the live numbers of the experiment."""
        numbers = (*live, *[items[number] for number in self._given])
        known = self._known
        if numbers != known[0]:  # Most stay the same for a long time.
            known = self._known = numbers, vector_of(numbers).to(items[0].device)
        results = self._run([*self._inputs(items), known[1]])
        return state_of(self._outputs(items + results)), results[-1]


def vector_of(numbers: Sequence[float | Numbers]) -> Tensor:
    """The numbers that an update is given, (n,); those of a population's members as rows, (members, n)."""
    # By way of NumPy, which is quicker: falling learning rates are other numbers each time.
    if numbers and isinstance(numbers[0], Numbers):  # then all of them are
        rows = np.array([number.values for number in numbers], np.float32)  # type: ignore[union-attr]
        return torch.from_numpy(np.ascontiguousarray(rows.T))
    return torch.from_numpy(np.array(numbers, np.float32))


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
