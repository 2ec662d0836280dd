"""Matrix products of small networks, written so that a compiled update gets them quickly.

A library's product has a cost of its own, and is several times as slow where a matrix is narrow as where it is wide,
though the numbers are the same. Between a batch of m samples and layers of few units

    (m, k) (k, n)     k and n few    is written out: Σ_i of k outer products, with the batch along the vector unit
    (k, m) (m, n)     k and n few    is k · n sums over the batch
    (m, k) (k, n)     k one or two   is written out as it is

so that the compiler makes one loop of them and their neighbours. Other narrow products are turned so that the library
is at its best. All of it is the same product: sums are taken in another order at most. Products of many members of a
population are of another kind (``bmm``) and stay the library's: written out they took longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

FEW = 8
"""Units of a layer up to which a product is narrow."""
PAIR = 2

aten = torch.ops.aten


def product(left: Tensor, right: Tensor) -> Any:
    """``left`` (…, m, k) times ``right`` (…, k, n), each pair of what may be many: a tensor (…, m, n).

    NotImplemented, which tells torch to go on as usual, where the library's product is the best there is.
    """
    (rows, inner), columns = left.shape[-2:], right.shape[-1]
    if inner <= FEW and columns <= FEW:
        across = left.mT  # (…, k, m), and so is the result: what follows runs along the batch
        return _sum([right[..., i, :, None] * across[..., i, None, :] for i in range(inner)]).mT
    if rows <= FEW and columns <= FEW:
        return (left[..., :, None, :] * right.mT[..., None, :, :]).sum(-1)
    if inner <= PAIR:
        return _sum([left[..., i, None] * right[..., i, None, :] for i in range(inner)])
    if 1 < columns <= FEW and columns < rows:
        if left.stride(-2) == 1:  # slopes, turned, times what a layer saw
            return (right.mT @ left.mT).mT.contiguous()
        if right.stride(-1) == 1:
            return left @ right.mT.contiguous().mT
    return NotImplemented


def _product_and_sum(bias: Tensor, left: Tensor, right: Tensor, *, beta: float = 1, alpha: float = 1) -> Any:
    found = product(left, right) if beta == alpha == 1 else NotImplemented
    return found + bias if isinstance(found, Tensor) else NotImplemented


def _sum(terms: list[Tensor]) -> Tensor:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


PRODUCTS: dict[Any, Callable[..., Any]] = {aten.mm.default: product, aten.addmm.default: _product_and_sum}
"""What stands in a captured graph in the place of torch's products."""
