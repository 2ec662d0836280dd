"""How the mean over a batch stands for an expectation: it scatters around it by σ/√m. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

REFERENCE_SHARE = 2 / 3
"""Of all terms: they give the expectation; the others, which it has not seen, give the batches."""
SIZES = tuple(4**power for power in range(7))
MOST_BATCHES = 20
"""Batches of one size that are told."""


@dataclass(frozen=True)
class BatchMeans:
    """One expectation and what batches make of it, all of the same terms.

    expectation, error: the mean of a large sample of its own, and its standard error. sigma: of a single term.
    running: (n,), the means of the first 1, 2, … n terms of another sample.
    sizes, means: (k,), batches of the latter that have no term in common with others of their size.
    """

    expectation: float
    error: float
    sigma: float
    running: Floats
    sizes: Floats
    means: Floats

    def band(self, size: float) -> float:
        """σ/√m: two thirds of all batches of ``size`` lie so close to the expectation."""
        return self.sigma / float(np.sqrt(size))


def batch_means(terms: Floats) -> BatchMeans:
    """From independent terms, (n,); at least three."""
    split = round(len(terms) * REFERENCE_SHARE)
    reference, shown = terms[:split], terms[split:]
    sigma = float(reference.std(ddof=1))
    sizes: list[Floats] = []
    means: list[Floats] = []
    for size in SIZES:
        count = min(len(shown) // size, MOST_BATCHES)
        if count:
            means.append(shown[: count * size].reshape(count, size).mean(1))
            sizes.append(np.full(count, float(size)))
    return BatchMeans(
        expectation=float(reference.mean()),
        error=sigma / float(np.sqrt(split)),
        sigma=sigma,
        running=np.cumsum(shown) / np.arange(1, len(shown) + 1),
        sizes=np.concatenate(sizes),
        means=np.concatenate(means),
    )
