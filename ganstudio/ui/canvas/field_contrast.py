"""How far from ½ the colours of the field of D reach, free of Qt."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ganstudio.ui.canvas.stable_step import StableStep

HALF_WIDTHS = (0.05, 0.1, 0.25, 0.5)
"""Of the range ½ ± h that the colours span: near equilibrium D stays so close to ½ that 0 to 1 would show nothing."""
SHARE = 0.98
"""Of the cells lie in the range; the few beyond it have the colours of its ends."""


class FieldContrast:
    """Chooses h for each field, in steps that do not flicker."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._scale = StableStep(HALF_WIDTHS, clock)

    @property
    def half_width(self) -> float:
        """h: the colours span ½ − h to ½ + h."""
        return self._scale.step

    def fit(self, values: NDArray[np.floating]) -> float:
        """h for a field of probabilities of any shape."""
        self._scale.hold(spread(values))
        return self.half_width

    def reset(self) -> None:
        """Forget the fields that were shown: another model is coming."""
        self._scale.reset()


def spread(values: NDArray[np.floating]) -> float:
    """How far from ½ most of a field lies, in [0, ½]; NaN where it has no finite value."""
    distances = np.abs(values[np.isfinite(values)] - 0.5)
    return float(np.quantile(distances, SHARE)) if distances.size else float("nan")


def shares(values: NDArray[np.floating], half_width: float) -> NDArray[np.float64]:
    """Probabilities as places in the range ½ ± ``half_width``: 0 to 1 from end to end, beyond them outside."""
    return 0.5 + (np.asarray(values, np.float64) - 0.5) / (2 * half_width)
