"""Looking at a target: how many separate clusters its samples fall into. It sees samples only, never the density."""

from __future__ import annotations

import math
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.sight import Sight
from ganstudio.targets.distribution import Floats, TargetDistribution
from ganstudio.targets.normalisation import Normalisation, centre_and_scale
from ganstudio.targets.registry import build

SAMPLES = 8000
NEIGHBOURS = 15
"""Two samples belong together where each is among so many nearest of the other. A thin line breaks by chance at one
sample in 2¹⁴, with fewer neighbours more often; a cluster needs more samples than that to be seen."""
FEWEST = 8
"""Samples that are a cluster; fewer are stragglers between clusters."""

_seen: WeakKeyDictionary[TargetDistribution, dict[Normalisation, Sight]] = WeakKeyDictionary()


def sight_of(experiment: Experiment) -> Sight | None:
    """What is seen of the target of this experiment, in the units in which D sees it; None where it has no samples.

    The same for every seed. The first look at a target takes some hundredths of a second.
    """
    try:
        target = build(experiment.target)
    except UserError:
        return None
    known = _seen.setdefault(target, {})
    if experiment.normalisation not in known:
        _, scale = centre_and_scale(target, experiment.normalisation, np.random.default_rng(0))
        seen = separate_clusters(target.sample(SAMPLES, np.random.default_rng(1)))
        known[experiment.normalisation] = Sight(seen.clusters, seen.spacing / scale, seen.width / scale)
    return known[experiment.normalisation]


def separate_clusters(points: NDArray[np.floating]) -> Sight:
    """How many separate clusters the points (n, dimension) fall into, how far apart and how wide, in their own units.

    These are the parts of the graph of mutual nearest neighbours (Brito et al. 1997), which needs no unit of length:
    clusters may be wide or narrow, heavy or light. A point that lies between two of them is near to neither, and joins
    nothing. Equal points count once: a few that are drawn again and again are no clusters.
    """
    # Slow to import, and no first frame needs it.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    distinct = np.unique(points.astype(np.float64), axis=0)
    count = len(distinct)
    if count <= NEIGHBOURS:
        return _one_cluster(distinct)
    _, nearest = cKDTree(distinct).query(distinct, k=NEIGHBOURS + 1)
    starts = np.arange(0, count * (NEIGHBOURS + 1) + 1, NEIGHBOURS + 1)
    near = csr_array((np.ones(nearest.size, dtype=bool), nearest.ravel(), starts), shape=(count, count))
    _, labels = connected_components(near.multiply(near.T), directed=False)
    sizes = np.bincount(labels)
    kept = sizes >= FEWEST
    if kept.sum() < 2:
        return _one_cluster(distinct)
    centres = np.column_stack([np.bincount(labels, weights=axis) for axis in distinct.T]) / sizes[:, None]
    squares = np.bincount(labels, weights=((distinct - centres[labels]) ** 2).mean(axis=1)) / sizes
    return Sight(int(kept.sum()), _spacing(centres[kept]), float(np.median(np.sqrt(squares[kept]))))


def _one_cluster(points: Floats) -> Sight:
    return Sight(1, math.inf, float(np.sqrt(points.var(axis=0).mean())) if len(points) else 0.0)


def _spacing(centres: Floats) -> float:
    from scipy.spatial import cKDTree

    distances, _ = cKDTree(centres).query(centres, k=[2])  # the nearest is the centre itself
    return float(np.median(distances))
