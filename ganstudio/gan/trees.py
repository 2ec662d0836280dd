"""Trees: tuples, nested as they may be, with tensors at their leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor


def mapped(tree: Any, function: Callable[[Any], Any], kinds: tuple[type, ...] = (Tensor,)) -> Any:
    """The tree with ``function`` of each leaf of these ``kinds`` in its place; all others stay as they are."""
    if isinstance(tree, kinds):
        return function(tree)
    if isinstance(tree, tuple):
        parts = [mapped(part, function, kinds) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return tree
