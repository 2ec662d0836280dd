"""Named tensors inside one flat vector.

All parameters of a player are one vector, so an optimizer step, a moving average or a gradient norm is one
operation, whatever the depth of the network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor


class Layout:
    """Which part of a flat vector is which tensor, by name, in order."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.shapes = dict(shapes)
        self._sizes = [math.prod(shape) for shape in self.shapes.values()]
        self.size = sum(self._sizes)

    def unpack(self, flat: Tensor) -> dict[str, Tensor]:
        """Views of ``flat``, (size,), by name."""
        parts = torch.split(flat, self._sizes)
        return {name: part.view(shape) for (name, shape), part in zip(self.shapes.items(), parts, strict=True)}

    def pack(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """The flat vector of tensors that have these names and shapes."""
        if not self.shapes:
            return torch.empty(0)
        return torch.cat([tensors[name].reshape(-1) for name in self.shapes])

    def repacked(self, flat: Tensor, tensors: Mapping[str, Tensor]) -> Tensor:
        """The vector in the place of ``flat``, with these tensors; where there are none it is ``flat`` itself."""
        return self.pack(tensors) if self.shapes else flat
