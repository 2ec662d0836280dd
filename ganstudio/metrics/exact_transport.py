r"""W1 between two finite sets of weighted points, exactly: the cheapest plan that carries one into the other.

    W1 = min Σᵢⱼ πᵢⱼ |xᵢ − yⱼ|,  π ≥ 0, Σⱼ πᵢⱼ = aᵢ, Σᵢ πᵢⱼ = bⱼ                    Kantorovich 1942

With y shifted by s the plan stays the best one for small s, so ∇ₛ W1 = Σᵢⱼ πᵢⱼ (yⱼ − xᵢ)/|yⱼ − xᵢ| (Danskin's theorem);
mass that does not move adds nothing, which is a subgradient where W1 has a kink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import eye_array, kron, vstack

Floats = NDArray[np.float64]


def exact_w1(x: Floats, a: Floats, y: Floats, b: Floats) -> tuple[float, Floats]:
    """W1 and its gradient (d,) by a shift of y.

    Args:
        x, y: points, (n, d) and (m, d).
        a, b: their masses, (n,) and (m,), above 0, of the same sum.

    Equal masses, as many on either side, are assigned; others make a linear program of n·m unknowns, solved by the
    simplex method: 10,000 take about .04 s.
    """
    way = y[None, :, :] - x[:, None, :]
    length = np.linalg.norm(way, axis=2)
    plan = _assignment(length, a) if _are_equal(a, b) else _program(length, a, b)
    direction = way / np.where(length > 0, length, 1.0)[:, :, None]
    return float((plan * length).sum()), np.asarray(np.einsum("ij,ijk->k", plan, direction))


def _are_equal(a: Floats, b: Floats) -> bool:
    return len(a) == len(b) and np.allclose(a, a[0], rtol=1e-12) and np.allclose(b, a[0], rtol=1e-12)


def _assignment(length: Floats, a: Floats) -> Floats:
    plan = np.zeros_like(length)
    rows, columns = linear_sum_assignment(length)
    plan[rows, columns] = a[rows]
    return plan


def _program(length: Floats, a: Floats, b: Floats) -> Floats:
    n, m = length.shape
    sums = vstack([kron(eye_array(n), np.ones((1, m))), kron(np.ones((1, n)), eye_array(m))]).tocsr()
    # One of the constraints follows from the others; dropping it keeps rounding from contradicting itself. It is that
    # of the largest mass: what rounding leaves for a tiny one may be less than nothing.
    kept = np.delete(np.arange(n + m), n + int(b.argmax()))
    found = linprog(  # type: ignore[call-overload]  # the stubs know of no sparse matrices
        length.ravel(), A_eq=sums[kept], b_eq=np.concatenate([a, b])[kept], method="highs-ds"
    )
    if found.status != 0:
        raise ArithmeticError(f"no transport plan was found: {found.message}")
    return np.asarray(found.x.reshape(n, m))
