r"""The contribution of one cell to the JSD, estimated from its count without the bias of the plug-in.

A cell of known mass p and unknown mass q, with n samples of q, contributes to the JSD

    (1/n) · ½ [λ ln λ + μ ln μ − (λ + μ) ln((λ + μ) / 2)],    λ = n p known, μ = n q,

and its count k is (nearly) Poisson(μ). Putting k for μ is biased, because x ln x is convex. Two facts remove that:

1. μ ln μ: Grassberger's k·G(k), G(k) = ψ(⌊k/2⌋ + ½) + ln 2, is unbiased up to μ E₁(2μ), which is below .141 for any μ
   and gone beyond μ ≈ 3 (second-order corrections fail there: they know nothing of cells that expect one point).
2. (λ + μ) ln(λ + μ) is not a function of one count, so no digamma of k fits. But if k ~ Poisson(μ) and j ~ Poisson(λ)
   then k + j ~ Poisson(λ + μ), for which Grassberger's estimate holds; and as λ is known, the added count need not be
   drawn: its expectation over j is taken (Rao-Blackwell), which adds no noise.

In both, the oscillating ±½ in G is faded out between k = 2 and 12 in favour of ψ(k): the bias stays within .0005 of the
above and the noise of well-filled cells falls to that of the plug-in.

Source of G: P. Grassberger, "Entropy estimates from insufficient samplings", arXiv:physics/0307138 (2003).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, exp1, gammaln, xlogy

Floats = NDArray[np.float64]

_SMALL = 32.0
"""Expected counts up to which the expectation over j is summed; beyond, a series in 1/λ is exact enough."""

_TABLE = 64
"""Counts for which the sums are tabulated."""

_ADDED = 112
"""Terms of the sums: Poisson(32) exceeds this with probability 1e-25."""

_FADE = (2, 12)


def count_log_count(counts: NDArray[np.int64]) -> Floats:
    """The estimate of μ ln μ from k ~ Poisson(μ), for each count k ≥ 0; of the same shape."""
    k = np.maximum(counts, 1)
    fade = np.clip((_FADE[1] - k) / (_FADE[1] - _FADE[0]), 0.0, 1.0)
    weight = fade * fade * (3 - 2 * fade)
    smooth = digamma(k)
    oscillating = digamma(k // 2 + 0.5) + np.log(2)
    return np.asarray(counts * (smooth + weight * (oscillating - smooth)), np.float64)


class CellTerms:
    """Terms t(k) with E t(k) ≈ ½ [λ ln λ + μ ln μ − (λ + μ) ln((λ + μ)/2)] for k ~ Poisson(μ), cell by cell.

    Args:
        expected: λ, (cells,), at least 0: the counts that p_data would give.
    """

    def __init__(self, expected: Floats) -> None:
        self._expected = expected
        self._own = xlogy(expected, expected) + expected * np.log(2)
        # Tables are shared between cells that expect the same: uniform targets have one, disjoint ones few.
        lam, self._row = np.unique(expected, return_inverse=True)
        lam = lam[lam <= _SMALL]
        j = np.arange(_ADDED)
        # Poisson probabilities, (rows, j); xlogy makes them right at λ = 0.
        probability = np.exp(xlogy(j, lam[:, None]) - lam[:, None] - gammaln(j + 1.0))
        k = np.arange(_TABLE)
        self._mixed = probability @ count_log_count(np.add.outer(j, k))  # (rows, k)
        self._tabulated = expected <= _SMALL

    def __call__(self, counts: NDArray[np.int64]) -> Floats:
        """t(k) of counts (…, cells)."""
        mixed = np.empty(counts.shape)
        table = self._tabulated & (counts < _TABLE)
        rows = np.broadcast_to(self._row, counts.shape)
        mixed[table] = self._mixed[rows[table], counts[table]]
        expected = np.broadcast_to(self._expected, counts.shape)
        mixed[~table] = _mixed_series(expected[~table], counts[~table])
        return np.asarray(0.5 * (self._own + counts * np.log(2) + count_log_count(counts) - mixed), np.float64)

    def unseen(self, counts: NDArray[np.int64]) -> float:
        """By how much, at most, the sum of terms reads too low because nothing was found in its empty cells.

        Were their q truly 0, the bias is −½ Σ λ E₁(2λ) over them.
        """
        lam = self._expected[(counts == 0) & (self._expected > 0)]
        return float(0.5 * (lam * exp1(2 * lam)).sum())


def _mixed_series(expected: Floats, counts: NDArray[np.int64]) -> Floats:
    # E h(k + j) over j ~ Poisson(λ) for h(x) = x ψ(x) ≈ x ln x − ½ − 1/12x: Taylor around m = k + λ with the central
    # moments λ, λ, 3λ² + λ.
    m = expected + counts
    return np.asarray(
        m * np.log(m) + expected / (2 * m) - expected / (6 * m**2) + expected**2 / (4 * m**3) - 0.5 - 1 / (12 * m)
    )
