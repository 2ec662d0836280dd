"""Products of matrices as captured graphs have them: the same numbers, whatever the shapes."""

from __future__ import annotations

from itertools import product as every

import pytest
import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from ganstudio.training.products import FEW, PRODUCTS, product

SIZES = (1, 2, 3, FEW, FEW + 1, 40)


def _matrix(rows: int, columns: int, *, turned: bool, many: tuple[int, ...] = ()) -> Tensor:
    """Random, float64; ``turned``: its columns lie in memory one after the other."""
    shape = (*many, columns, rows) if turned else (*many, rows, columns)
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(rows + 7 * columns), dtype=torch.float64)
    return matrix.mT if turned else matrix


@pytest.mark.parametrize("many", [(), (3,)], ids=["a pair", "many pairs"])
@pytest.mark.parametrize("turned", list(every([False, True], repeat=2)))
def test_every_shape_has_the_library_s_product(turned: tuple[bool, bool], many: tuple[int, ...]) -> None:
    found = 0
    for rows, inner, columns in every(SIZES, repeat=3):
        left = _matrix(rows, inner, turned=turned[0], many=many)
        right = _matrix(inner, columns, turned=turned[1], many=many)
        own = product(left, right)
        if isinstance(own, Tensor):
            found += 1
            torch.testing.assert_close(own, left @ right, rtol=1e-12, atol=1e-12)
    assert found > 50


@pytest.mark.parametrize("turned", list(every([False, True], repeat=2)))
def test_a_graph_made_with_them_ends_and_computes_the_same(turned: tuple[bool, bool]) -> None:
    for rows, inner, columns in ((40, 2, 8), (40, 40, 2), (2, 40, 2), (40, 40, 40), (40, 2, 40), (2, 40, 40)):
        left = _matrix(rows, inner, turned=turned[0])
        right, bias = _matrix(inner, columns, turned=turned[1]), torch.ones(columns, dtype=torch.float64)

        def both(left: Tensor, right: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
            return left @ right, torch.addmm(bias, left, right)

        graph = make_fx(both, decomposition_table=PRODUCTS, tracing_mode="fake")(left, right, bias)
        for own, theirs in zip(graph(left, right, bias), both(left, right, bias), strict=True):
            torch.testing.assert_close(own, theirs, rtol=1e-12, atol=1e-12)


def test_wide_products_stay_the_library_s() -> None:
    assert product(torch.ones(256, 64), torch.ones(64, 64)) is NotImplemented
    assert product(torch.ones(256, 64), torch.ones(1, 64).T) is NotImplemented
