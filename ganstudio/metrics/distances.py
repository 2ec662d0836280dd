"""How far two samples are from each other, by measures that need no cells and no density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.metrics.neighbours import NEIGHBOURS, neighbour_scores
from ganstudio.metrics.pair_statistics import energy_distance, mmd2
from ganstudio.metrics.transport import sliced_w2, w2

MAX_SLICED = 50_000
MAX_ASSIGNED = 1_000
"""Points a side in the exact W2: its time grows with the cube, and several times more where points repeat."""

MAX_PAIRED = 4_000
MAX_NEIGHBOURS = 10_000
MMD_BANDWIDTH = 1.0
LARGEST = 1e100
"""Coordinates beyond this have no squares: distances are not given then."""


@dataclass(frozen=True)
class SampleDistances:
    """Distances of n generated samples to as many real ones, in data units; None where n does not allow them.

    Attributes:
        sliced_w2, w2: Wasserstein-2; ``…_floor`` is what two samples of p_data read, as many as were taken.
        w2_samples: points a side of the exact one, at most 1,000.
        energy, mmd2: unbiased, so they scatter around 0 for a perfect generator; ``pair_samples`` points a side, at
            most 4,000. ``mmd2_bandwidth`` is h of the gaussian kernel.
        precision, recall, density, coverage: by nearest neighbours, of ``neighbour_samples`` points a side, at most
            10,000. A perfect generator reads ``perfect_coverage`` for the last, and 1 for density.
    """

    sliced_w2: float | None = None
    sliced_w2_floor: float | None = None
    sliced_w2_samples: int | None = None
    w2: float | None = None
    w2_floor: float | None = None
    w2_samples: int | None = None
    energy: float | None = None
    mmd2: float | None = None
    mmd2_bandwidth: float | None = None
    pair_samples: int | None = None
    precision: float | None = None
    recall: float | None = None
    density: float | None = None
    coverage: float | None = None
    perfect_coverage: float | None = None
    neighbour_samples: int | None = None


def sample_distances(
    points: NDArray[np.floating], real: NDArray[np.floating], null: NDArray[np.floating]
) -> SampleDistances:
    """Distances from points to real samples, (n, dimension) each, in random order; ``null`` are more real ones."""
    n = min(len(points), len(real), len(null))
    if n < 2 or float(np.abs(points).max()) > LARGEST:
        return SampleDistances()
    points, real, null = (side.astype(np.float64) for side in (points, real, null))
    sliced, paired, near = min(n, MAX_SLICED), min(n, MAX_PAIRED), min(n, MAX_NEIGHBOURS)
    assigned = w2(points, real, MAX_ASSIGNED)
    scores = neighbour_scores(real[:near], points[:near]) if near > NEIGHBOURS else None
    return SampleDistances(
        sliced_w2=sliced_w2(points[:sliced], real[:sliced]),
        sliced_w2_floor=sliced_w2(null[:sliced], real[:sliced]),
        sliced_w2_samples=sliced,
        w2=assigned.value,
        w2_floor=w2(null, real, assigned.points).value,
        w2_samples=assigned.points,
        energy=energy_distance(points[:paired], real[:paired]),
        mmd2=mmd2(points[:paired], real[:paired], MMD_BANDWIDTH),
        mmd2_bandwidth=MMD_BANDWIDTH,
        pair_samples=paired,
        **({} if scores is None else vars(scores) | {"neighbour_samples": near}),
    )
