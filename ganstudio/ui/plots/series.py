"""One curve of a plot over iterations: what was measured, and its running mean, both small enough to draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.ui.plots.decimation import Decimator
from ganstudio.ui.plots.smoothing import RunningMean

Floats = NDArray[np.float64]


class Series:
    """Grows with the history. What an update did not produce (NaN) is left out, so the curve joins over it.

    Attributes:
        raw: all values.
        smooth: their running mean over ``window``.
    """

    def __init__(self, window: int = 1) -> None:
        self.raw = Decimator()
        self.smooth = Decimator()
        self._mean = RunningMean(window)

    def append(self, iterations: Floats, values: Floats) -> None:
        """Add values that follow the earlier ones."""
        finite = np.isfinite(values)
        if not finite.all():
            iterations, values = iterations[finite], values[finite]
        self.raw.append(iterations, values)
        self.smooth.append(iterations, self._mean.extend(values))

    def __len__(self) -> int:
        """How many values there were."""
        return len(self.raw)
