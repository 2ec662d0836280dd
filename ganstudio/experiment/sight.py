"""What can be seen of a target from its samples alone: by it a recipe may choose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sight:
    """What samples of a target look like, as D sees them.

    Attributes:
        clusters: separate clusters, at least 1; a shape that hangs together is one.
        spacing: distance from the middle of a cluster to that of its nearest neighbour, the median over all clusters,
            normalised units; infinite where there is one cluster.
        width: standard deviation of a cluster along an axis, the median over all clusters, in the same units.
    """

    clusters: int
    spacing: float
    width: float
