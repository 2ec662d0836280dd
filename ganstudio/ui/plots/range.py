"""Axis ranges that move in steps: they grow at once, and shrink only when it has been worth while for some time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Bounds = tuple[float, float]

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Mantissas of the steps to which free ends are rounded."""

CEILINGS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Mantissas of the far end of a range that begins at a fixed one: data fill at least three quarters of it."""


def nice_step(size: float) -> float:
    """The smallest round number (1, 2, 2.5 or 5 times a power of ten) that is at least ``size`` > 0."""
    return _at_least(size, STEPS)


def nice_ceiling(value: float) -> float:
    """The next round number at or above ``value`` > 0, by finer steps than :func:`nice_step`."""
    return _at_least(value, CEILINGS)


def _at_least(value: float, mantissas: tuple[float, ...]) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    # The tolerance keeps 0.3, which is a little more than 3 × 0.1 in floating point, at 0.3.
    return next((power * m for m in mantissas if power * m >= value * (1 - 1e-9)), power * 10)


def robust_extent(values: NDArray[np.float64], share: float = 0.01, factor: float = 3.0) -> Bounds | None:
    """Where ``values`` lie, without the few that would flatten all others; None when there are none.

    All of them, unless their span is more than ``factor`` times that of the inner 1 − 2·``share``: then that one.
    """
    if len(values) == 0:
        return None
    low, high = float(values.min()), float(values.max())
    if len(values) < 1 / share:
        return low, high
    inner = max(1, int(len(values) * share))
    ordered = np.partition(values, (inner, len(values) - 1 - inner))
    inner_low, inner_high = float(ordered[inner]), float(ordered[-1 - inner])
    if high - low > factor * (inner_high - inner_low) > 0:
        return inner_low, inner_high
    return low, high


class StableRange:
    """The range of one axis, with hysteresis. Call :meth:`fit` with the extent of the data at every redraw.

    Args:
        low: a fixed lower end, or None to follow the data in steps.
        high: the same for the upper end.
        smallest: the least span, so that equal values do not fill the axis with rounding errors.
        shrink_below: the share of the range that data must use lest it shrinks.
        patience: how many calls in a row they must use less before it does.
    """

    def __init__(
        self,
        *,
        low: float | None = None,
        high: float | None = None,
        smallest: float = 1e-9,
        shrink_below: float = 0.4,
        patience: int = 60,
    ) -> None:
        self._low = low
        self._high = high
        self._smallest = smallest
        self._shrink_below = shrink_below
        self._patience = patience
        self._bounds: Bounds | None = None
        self._spare = 0

    @property
    def bounds(self) -> Bounds | None:
        """The range as it stands; None before the first data."""
        return self._bounds

    def reset(self) -> None:
        """Forget the range: the next data choose it afresh."""
        self._bounds = None
        self._spare = 0

    def fit(self, low: float, high: float) -> Bounds:
        """The range for data between ``low`` and ``high``, both finite."""
        low = low if self._low is None else self._low
        high = high if self._high is None else self._high
        if self._bounds is None:
            self._bounds = self._rounded(low, high)
            return self._bounds
        now_low, now_high = self._bounds
        if low < now_low or high > now_high:
            grown_low, grown_high = self._rounded(min(low, now_low), max(high, now_high))
            # The end that the data did not leave stays where it is.
            self._bounds = (grown_low if low < now_low else now_low, grown_high if high > now_high else now_high)
            self._spare = 0
        elif max(high - low, self._smallest) < self._shrink_below * (now_high - now_low):
            self._spare += 1
            if self._spare >= self._patience:
                self._bounds = self._rounded(low, high)
                self._spare = 0
        else:
            self._spare = 0
        return self._bounds

    def _rounded(self, low: float, high: float) -> Bounds:
        span = max(high - low, self._smallest)
        if self._low is not None and self._high is not None:
            return self._low, self._high
        if self._low is not None:
            return self._low, self._low + nice_ceiling(span)
        if self._high is not None:
            return self._high - nice_ceiling(span), self._high
        middle = (low + high) / 2
        low, high = min(low, middle - span / 2), max(high, middle + span / 2)
        step = nice_step(span / 5)
        margin = span / 50  # a curve does not run along the edge
        return math.floor((low - margin) / step) * step, math.ceil((high + margin) / step) * step
