"""How data become what D sees: a centre and one scale for all axes."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ganstudio.targets.distribution import TargetDistribution

Normalisation = Literal["standardise", "extent", "none"]
SAMPLES = 20_000


def centre_and_scale(
    target: TargetDistribution, normalisation: Normalisation, rng: np.random.Generator
) -> tuple[tuple[float, ...], float]:
    """Centre (dimension,) and scale with which data = centre + scale · normalised, by an experiment's setting."""
    if normalisation == "none":
        return (0.0,) * target.dimension, 1.0
    if normalisation == "extent":
        extent = target.extent
        centres = ((extent.x_min + extent.x_max) / 2, (extent.y_min + extent.y_max) / 2)[: target.dimension]
        return tuple(centres), max(extent.width, extent.height if target.dimension > 1 else 0.0) / 2
    points = target.sample(SAMPLES, rng).astype(float)
    # One scale for both axes keeps distances what they look like. Below what float32 resolves there is no spread.
    spread = float(points.var(0).mean() ** 0.5)
    scale = spread if spread > 1e-7 * float(abs(points).max()) else 1.0
    return tuple(float(value) for value in points.mean(0)), scale
