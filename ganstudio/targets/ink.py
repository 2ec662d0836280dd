"""How a command's coverage changes the ink of a cell.

A cell holds between 0, empty, and 1, full. Painting with coverage c ∈ [0, 1] fills that share of what is still
empty, ink ← ink + c·(1 − ink); erasing takes that share of what is there, ink ← ink·(1 − c). So painting over a place
makes it denser and never overflows, the eraser is the brush's mirror image, and strokes may come in any order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ganstudio.targets.canvas import Ink

Compose = Callable[[Ink, NDArray[np.float64]], Ink]


def painted(ink: Ink, coverage: NDArray[np.float64]) -> Ink:
    """``ink`` after painting; coverage outside [0, 1] is clipped to it."""
    covered = coverage.clip(0.0, 1.0)
    # 1 − ink is exact in float64, so an empty cell takes the coverage itself and a full one stays at exactly 1.
    return (ink + covered * (1.0 - ink.astype(np.float64))).astype(np.float32)


def erased(ink: Ink, coverage: NDArray[np.float64]) -> Ink:
    """``ink`` after erasing; coverage outside [0, 1] is clipped to it."""
    return (ink * (1.0 - coverage.clip(0.0, 1.0))).astype(np.float32)
