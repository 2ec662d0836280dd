"""Where tensors live."""

from __future__ import annotations

from typing import Any, TypeVar

import torch
from torch import Tensor

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment

Tree = TypeVar("Tree")


def device_of(experiment: Experiment) -> torch.device:
    """The device that the experiment asks for.

    Raises:
        UserError: this machine does not have it; the message lists those it has.
    """
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available[experiment.device]:
        there = ", ".join(name for name, is_there in available.items() if is_there)
        raise UserError(f"this machine has no {experiment.device}; it has: {there}", field="device")
    return torch.device(experiment.device)


def moved(tree: Tree, device: torch.device) -> Tree:
    """A tuple of tensors, nested as it may be, on ``device``; on the CPU it is the tree itself."""
    if device.type == "cpu":
        return tree
    result: Tree = _moved(tree, device)
    return result


def _moved(tree: Any, device: torch.device) -> Any:
    if isinstance(tree, Tensor):
        return tree.to(device)
    if isinstance(tree, tuple):
        parts = [_moved(part, device) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return tree
