"""Older session files made into what this program reads: pure functions from one format version to the next.

**When a version must rise**: whenever what an older program would do with the new file is wrong. It refuses fields it
does not know, so a new field of any record in ``session.json`` or ``painting.json`` is enough; the function here then
adds the field with the value that keeps the old meaning (never "the default of today", which may change again).
A new version needs: its number below, its function in ``MIGRATIONS``, and a file of the version before it in
``tests/data``, with a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganstudio.messages.snapshot import Array

FORMAT_VERSION = 3
"""What this program writes."""


@dataclass(frozen=True)
class Tree:
    """A session file as it was read, before validation.

    ``document`` is ``session.json`` with the painting's commands back in its target; ``arrays`` are the tensors of
    each entry, by the entry's name. Migrations make a new one and leave the old as it was.
    """

    document: dict[str, Any]
    arrays: dict[str, dict[str, Array]]


Migration = Callable[[Tree], Tree]


def _methods(tree: Tree) -> Tree:
    """1 → 2: rules of updates, penalties over time, packing, minibatch features, latent tables, x beside its Fourier
    features; all off before.
    """
    experiment = dict(tree.document["experiment"])
    experiment["generator"] = {**experiment["generator"], "fourier_input": False, "table_rows": 0}
    experiment["discriminator"] = {
        **experiment["discriminator"],
        "fourier_input": False,
        "packing": 1,
        "minibatch_std": False,
        "minibatch_kernels": 0,
        "minibatch_kernel_dims": 4,
    }
    experiment["penalty_schedule"] = {"every": 1, "weights": {"kind": "constant"}, "noise": {"kind": "constant"}}
    experiment["updates"] = {
        "rule": {"kind": "alternating"},
        "consensus": 0.0,
        "lookahead": 0,
        "lookahead_share": 0.5,
        "unrolled_steps": 0,
    }
    return Tree({**tree.document, "experiment": experiment}, tree.arrays)


def _single_updates(tree: Tree) -> Tree:
    """2 → 3: how many single updates followed the iteration of a snapshot, and since when schedules count.

    History has the single updates of where the run stood; snapshots of a timeline were made as their iteration ended.
    Schedules counted from the beginning.
    """
    document = dict(tree.document)
    if document.get("progress") is not None:
        rows, progress = tree.arrays["history.safetensors"]["rows"], document["progress"]
        alone = (rows[:, 0] == progress["iteration"]) & np.isnan(rows[:, 1:3]).any(axis=1)  # no loss of D, or of G
        document["progress"] = {**progress, "single_updates": int(alone.sum()), "schedules_since": 0}
    if "timeline" in document:
        document["timeline"] = [
            {**moment, "progress": {**moment["progress"], "single_updates": 0, "schedules_since": 0}}
            for moment in document["timeline"]
        ]
    return Tree(document, tree.arrays)


MIGRATIONS: dict[int, Migration] = {1: _methods, 2: _single_updates}
"""By the version each begins from; one for every version before ``FORMAT_VERSION``."""


def migrated(
    tree: Tree, version: int, *, current: int = FORMAT_VERSION, migrations: Mapping[int, Migration] = MIGRATIONS
) -> Tree:
    """The tree of format ``version`` as one of format ``current``, its ``format_version`` included.

    Raises:
        KeyError, TypeError, ValueError, IndexError, AttributeError: the tree was not of that version.
    """
    for step in range(version, current):
        tree = migrations[step](tree)
        tree = Tree({**tree.document, "format_version": step + 1}, tree.arrays)
    return tree
