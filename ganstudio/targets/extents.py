"""Extents around targets: all of the mass, and a little margin."""

from __future__ import annotations

import numpy as np

from ganstudio.experiment.painting import Extent
from ganstudio.targets.distribution import Floats

MARGIN = 1.1
REACH = 4.0  #: standard deviations kept around every centre: outside lies less than 1.3e-4 of a 2-D gaussian


def square(half: float) -> Extent:
    """The square of half-width ``half``, enlarged by the margin, around the origin."""
    half *= MARGIN
    return Extent(x_min=-half, x_max=half, y_min=-half, y_max=half)


def interval(low: float, high: float) -> Extent:
    """A 1-D extent from ``low`` to ``high`` with the margin on both sides."""
    margin = (high - low) * (MARGIN - 1) / 2
    return Extent(x_min=low - margin, x_max=high + margin, y_min=0.0, y_max=1.0)


def around_points(points: Floats, sigma: float) -> Extent:
    """The extent of points (n, dimension) that are blurred by ``sigma``.

    Where the spans of x and y are within a factor of three it is square, so that distances look true; otherwise
    each axis has its own span, since a square would squeeze the data into a line.
    """
    low = points.min(axis=0) - REACH * sigma
    high = points.max(axis=0) + REACH * sigma
    span = high - low
    widest = float(span.max())
    # Equal points have no span: one unit, or what float32 can still resolve at that distance.
    widest = widest or max(1.0, 1e-3 * float(np.abs(points).max()))
    span[span < 1e-5 * widest] = widest
    if len(span) == 2 and span.max() <= 3 * span.min():
        span[:] = span.max()
    centre, half = (low + high) / 2, span / 2 * MARGIN
    if len(span) == 1:
        return Extent(x_min=centre[0] - half[0], x_max=centre[0] + half[0], y_min=0.0, y_max=1.0)
    return Extent(
        x_min=centre[0] - half[0], x_max=centre[0] + half[0], y_min=centre[1] - half[1], y_max=centre[1] + half[1]
    )
