"""Fidelity and diversity by nearest neighbours: precision, recall, density and coverage."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
NEIGHBOURS = 5
_BALLS = 500


@dataclass(frozen=True)
class NeighbourScores:
    """Every point has a ball that reaches to its k-th nearest neighbour in its own sample.

    Attributes:
        precision: share of generated points inside the ball of some real one (Kynkäänniemi et al. 2019).
        recall: share of real points inside the ball of some generated one.
        density: mean number of real balls around a generated point, over k: 1 for a perfect generator, and more for
            one that keeps to the dense parts (Naeem et al. 2020). No upper bound.
        coverage: share of real balls with a generated point inside (Naeem et al. 2020).
        perfect_coverage: what a perfect generator reads, 1 − 2⁻ᵏ for large equal samples.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    perfect_coverage: float


def neighbour_scores(
    real: NDArray[np.floating], generated: NDArray[np.floating], neighbours: int = NEIGHBOURS
) -> NeighbourScores:
    """Scores of generated points (m, d) against real ones (n, d), n, m > ``neighbours``; samples, none the other's.

    Raises:
        ValueError: there are no more points than neighbours.
    """
    n, m = len(real), len(generated)
    if min(n, m) <= neighbours:
        raise ValueError(f"needs more than {neighbours} points on both sides, not {n} and {m}")
    real_tree, generated_tree = cKDTree(real), cKDTree(generated)
    inside, touched_generated = _inside(generated_tree, real, _radii(real_tree, real, neighbours))
    _, touched_real = _inside(real_tree, generated, _radii(generated_tree, generated, neighbours))
    # Of n + m points in random order, no generated one is nearer than the k-th real: C(n − 1, k) / C(n + m − 1, k).
    missed = np.prod([(n - 1 - i) / (n + m - 1 - i) for i in range(neighbours)])
    return NeighbourScores(
        precision=float(touched_generated.mean()),
        recall=float(touched_real.mean()),
        density=float(inside.sum()) / (neighbours * m),
        coverage=float((inside > 0).mean()),
        perfect_coverage=1.0 - float(missed),
    )


def _radii(tree: cKDTree[None], points: NDArray[np.floating], neighbours: int) -> Floats:
    # The first neighbour is the point itself.
    return np.asarray(tree.query(points, [neighbours + 1])[0])[:, 0]


def _inside(
    tree: cKDTree[None], centres: NDArray[np.floating], radii: Floats
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many of the tree's points lie in each ball, and which of them lie in any."""
    counts = np.zeros(len(centres), np.int64)
    touched = np.zeros(tree.n, np.bool_)
    # In parts: where points repeat, every ball may hold all of them.
    for start in range(0, len(centres), _BALLS):
        part = slice(start, start + _BALLS)
        found = tree.query_ball_point(centres[part], radii[part])
        counts[part] = [len(each) for each in found]
        touched[np.fromiter(chain.from_iterable(found), np.intp)] = True
    return counts, touched
