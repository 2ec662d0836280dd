"""The running mean behind the strong curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WINDOWS = (1, 10, 30, 100, 300, 1000)
"""Numbers of updates over which a curve can be smoothed; 1 does not smooth."""

DEFAULT_WINDOW = 30

_BLOCK = 64
"""Values that are smoothed by one product of matrices: a hundred thousand take a few milliseconds."""


class RunningMean:
    """The mean of all values at first, then the exponential mean with a memory of about ``window`` values.

    m_n = m_{n−1} + (y_n − m_{n−1}) / min(n, window), so nothing is pulled to where a run began.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._count = 0
        self._mean = 0.0
        decay = 1 - 1 / window
        after = np.arange(_BLOCK)
        self._kernel = np.tril(decay ** np.maximum(after[:, None] - after, 0)) / window
        self._carry = decay ** (after + 1)

    def extend(self, values: Floats) -> Floats:
        """The mean after each of ``values``, which follow the earlier ones."""
        if self._window == 1:
            return values
        growing = max(0, min(len(values), self._window - self._count))
        return np.concatenate((self._plain(values[:growing]), self._exponential(values[growing:])))

    def _plain(self, values: Floats) -> Floats:
        """While there are fewer values than the window."""
        if len(values) == 0:
            return values
        counts = self._count + 1 + np.arange(len(values))
        means: Floats = (self._mean * self._count + np.cumsum(values)) / counts
        self._mean, self._count = float(means[-1]), int(counts[-1])
        return means

    def _exponential(self, values: Floats) -> Floats:
        means = np.empty_like(values)
        for start in range(0, len(values), _BLOCK):
            block = values[start : start + _BLOCK]
            size = len(block)
            smoothed = self._kernel[:size, :size] @ block + self._carry[:size] * self._mean
            means[start : start + size] = smoothed
            self._mean = float(smoothed[-1])
        return means
