"""Matrix products of small networks, written so that a compiled update gets them quickly.

A library's product is made for matrices of many hundreds of rows and columns. Between a batch of m samples and layers
of few units

    (m, k) (k, n)     k and n few    is written out: Σ_i of k outer products, with the batch along the vector unit
    (n, k) (k, m)     k and n few    likewise
    (k, m) (m, n)     k and n few    is k · n sums over the batch
    (m, k) (k, n)     k one or two   is written out as it is

so that the compiler makes one loop of them and their neighbours. The first kinds are laid down as (n, m): what follows
then runs along the batch, with vectors, where along the few units it went number by number. All others of a
layer's size are an operation of our own, ``product.h``, which compiled updates hold as source: half of the library's
time from 16 to 256 units. All of it is the same product: sums are taken in another order at most. Products of many
members of a population (``bmm``) are not written out, which took longer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

FEW = 8
"""Units of a layer up to which a product is narrow."""
PAIR = 2
MOST = 2**17
"""Numbers of the right matrix that a core's own cache holds easily: 256 × 512. Beyond, the library's is the better."""

aten = torch.ops.aten

_library: Any = torch.library.Library("ganstudio", "DEF")  # type: ignore[no-untyped-call]
_library.define("small_product(Tensor left, Tensor right) -> Tensor")
_library.impl("small_product", lambda left, right: left @ right, "CompositeExplicitAutograd")
small_product = torch.ops.ganstudio.small_product.default
"""``left`` (m, k) or (members, m, k) times ``right`` (k, n) or (members, k, n)."""

SOURCE = Path(__file__).with_name("product.h")
_CALL = """
AOTITorchError aoti_torch_cpu_small_product(AtenTensorHandle left, AtenTensorHandle right, AtenTensorHandle* out) {
  int64_t dimension, *sizes, *columns, *left_strides, *right_strides;
  void *left_numbers, *right_numbers, *numbers;
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_dim(left, &dimension));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_sizes(left, &sizes));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_sizes(right, &columns));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_strides(left, &left_strides));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_strides(right, &right_strides));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_data_ptr(left, &left_numbers));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_data_ptr(right, &right_numbers));
  const int64_t first = dimension - 2, many = first ? sizes[0] : 1;
  const int64_t m = sizes[first], k = sizes[first + 1], n = columns[first + 1];
  const int64_t shape[3] = {many, m, n}, strides[3] = {m * n, n, 1};
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_empty_strided(
      dimension, shape + 1 - first, strides + 1 - first,
      aoti_torch_dtype_float32(), aoti_torch_device_type_cpu(), 0, out));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_data_ptr(*out, &numbers));
  ganstudio::products(
      {static_cast<const float*>(left_numbers), left_strides[first], left_strides[first + 1]},
      {static_cast<const float*>(right_numbers), right_strides[first], right_strides[first + 1]},
      many, first ? left_strides[0] : 0, first ? right_strides[0] : 0, m, k, n, static_cast<float*>(numbers));
  return AOTI_TORCH_SUCCESS;
}
"""


def _shape(left: Tensor, right: Tensor) -> Tensor:
    return left.new_empty((*left.shape[:-1], right.shape[-1]))


torch.library.register_fake(small_product, _shape, lib=_library)


def is_own() -> bool:
    """Whether this machine's products of layers are our own: it has vectors of 8 or 16 numbers."""
    return sys.platform != "win32" and torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")


def source() -> list[str]:
    """What a compiled update with such products holds as source: C declarations and what is between them."""
    return [f'"C++" {{\n{SOURCE.read_text(encoding="utf-8")}}}', _CALL] if is_own() else []


def product(left: Tensor, right: Tensor) -> Any:
    """``left`` (…, m, k) times ``right`` (…, k, n), each pair of what may be many: a tensor (…, m, n).

    NotImplemented, which tells torch to go on as usual, where the library's product is the best there is.
    """
    (rows, inner), columns = left.shape[-2:], right.shape[-1]
    if inner <= FEW and columns <= FEW:
        return _laid_down(_outer_products(right.mT, left.mT)).mT  # runs along the batch, as what follows will
    if inner <= FEW and rows <= FEW:
        return _laid_down(_outer_products(left, right))
    if rows <= FEW and columns <= FEW:
        return (left[..., :, None, :] * right.mT[..., None, :, :]).sum(-1)
    if inner <= PAIR:
        return _outer_products(left, right)
    return product_of_layer(left, right)


def product_of_layer(left: Tensor, right: Tensor) -> Any:
    """The same, without writing anything out."""
    if right.shape[-2] * right.shape[-1] > MOST or not is_own():
        return NotImplemented
    return small_product(left, right)


def _product_and_sum(bias: Tensor, left: Tensor, right: Tensor, *, beta: float = 1, alpha: float = 1) -> Any:
    found = product(left, right) if beta == alpha == 1 else NotImplemented
    return found + bias if isinstance(found, Tensor) else NotImplemented


def _outer_products(left: Tensor, right: Tensor) -> Tensor:
    return _sum([left[..., i, None] * right[..., i, None, :] for i in range(left.shape[-1])])


def _sum(terms: list[Tensor]) -> Tensor:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _laid_down(matrix: Tensor) -> Tensor:
    """The same, (…, r, c), to be kept row after row, where the compiler would keep it turned, or not at all."""
    whole = matrix.contiguous()
    return whole.as_strided(whole.shape, whole.stride())  # a view of memory: so it must be in memory


PRODUCTS: dict[Any, Callable[..., Any]] = {
    aten.mm.default: product,
    aten.addmm.default: _product_and_sum,
    aten.bmm.default: product_of_layer,
}
"""What stands in a captured graph in the place of torch's products."""
