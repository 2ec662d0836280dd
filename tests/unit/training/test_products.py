"""Products of matrices as captured graphs have them: the same numbers, whatever the shapes."""

from __future__ import annotations

import ctypes
import subprocess
from itertools import product as every
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from ganstudio.training import products
from ganstudio.training.compiler import compiler
from ganstudio.training.products import FEW, MOST, PRODUCTS, SOURCE, is_own, product, product_of_layer

Floats = NDArray[np.float32]
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


def test_products_of_a_layer_are_our_own_where_the_processor_has_the_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, weights = torch.randn(256, 64), torch.randn(64, 64)
    many = torch.randn(3, 256, 64), torch.randn(3, 64, 2)
    monkeypatch.setattr(products, "is_own", lambda: True)
    torch.testing.assert_close(product(batch, weights), batch @ weights)
    torch.testing.assert_close(product_of_layer(*many), many[0] @ many[1])
    assert product(batch, torch.ones(64, MOST // 64 + 1)) is NotImplemented
    monkeypatch.setattr(products, "is_own", lambda: False)
    assert product(batch, weights) is product_of_layer(*many) is NotImplemented


class _Source:
    """``product.h`` as a library of its own, for vectors of 16 numbers or of 8."""

    def __init__(self, folder: Path, options: list[str]) -> None:
        program, made = folder / "program.cpp", folder / "made.so"
        program.write_text(
            f'#include "{SOURCE}"\n'
            'extern "C" void products(const float* l, int64_t lr, int64_t lc, const float* r, int64_t rr, int64_t rc, '
            "int64_t many, int64_t ln, int64_t rn, int64_t m, int64_t k, int64_t n, float* out) "
            "{ ganstudio::products({l, lr, lc}, {r, rr, rc}, many, ln, rn, m, k, n, out); }"
        )
        flags = ["-std=c++20", "-O1", "-march=native", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *options]
        subprocess.run([str(compiler()), *flags, str(program), "-o", str(made)], check=True)
        self._run = ctypes.CDLL(str(made)).products
        number, pointer = ctypes.c_int64, ctypes.c_void_p
        self._run.argtypes = [pointer, number, number, pointer, *[number] * 8, pointer]
        self._run.restype = None

    def __call__(self, left: Floats, right: Floats) -> Floats:
        """(many, m, k) times (many, k, n), whatever their strides."""
        (many, m, k), n = left.shape, right.shape[2]
        out = np.full((many, m, n), np.nan, np.float32)
        (left_next, *left_strides), (right_next, *right_strides) = (
            [stride // 4 for stride in side.strides] for side in (left, right)
        )
        sides = (left.ctypes.data, *left_strides, right.ctypes.data, *right_strides)
        self._run(*sides, many, left_next, right_next, m, k, n, out.ctypes.data)
        return out


@pytest.mark.skipif(not is_own(), reason="this processor has no vectors of 8 numbers")
@pytest.mark.parametrize("options", [[], ["-mno-avx512f"]], ids=["the most there is", "vectors of 8"])
def test_our_own_has_the_product_of_every_shape_and_writes_nothing_else(tmp_path: Path, options: list[str]) -> None:
    multiply = _Source(tmp_path, options)
    rng = np.random.default_rng(0)

    def matrices(rows: int, columns: int, turned: bool) -> Floats:
        drawn = rng.standard_normal((2, columns, rows) if turned else (2, rows, columns)).astype(np.float32)
        return drawn.swapaxes(1, 2) if turned else drawn

    for m, k, n in every((1, 2, 5, 6, 7, 12, 13, 40), (1, 3, 33), (1, 2, 7, 8, 9, 16, 17, 34, 48, 63, 64, 65, 130)):
        for left_turned, right_turned in every([False, True], repeat=2):
            left, right = matrices(m, k, left_turned), matrices(k, n, right_turned)
            exact = left.astype(np.float64) @ right.astype(np.float64)
            np.testing.assert_allclose(multiply(left, right), exact, rtol=1e-5, atol=3e-5)


@pytest.mark.skipif(not is_own(), reason="this processor has no vectors of 8 numbers")
def test_what_is_not_a_number_stays_in_its_own_row_and_column(tmp_path: Path) -> None:
    left, right = np.ones((1, 9, 3), np.float32), np.ones((1, 3, 5), np.float32)
    left[0, 4, 1], right[0, 2, 3] = np.nan, np.inf
    found = _Source(tmp_path, [])(left, right)[0]
    assert np.isnan(found[4]).all() and np.isinf(np.delete(found[:, 3], 4)).all()
    assert (np.delete(np.delete(found, 4, axis=0), 3, axis=1) == 3).all()
