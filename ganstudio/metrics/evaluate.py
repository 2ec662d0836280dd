"""All measures of one set of samples against a target, as one record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.targets.distribution import TargetDistribution


@dataclass(frozen=True)
class Evaluation:
    """How far n samples are from p_data.

    ``jsd`` and what belongs to it are those of :class:`~ganstudio.metrics.jsd.JsdEstimate`, in nats; the rest is of
    :class:`~ganstudio.metrics.coverage.ModeCoverage` and None where the target has no modes.
    """

    n: int
    cells: int
    jsd: float
    jsd_floor: float
    jsd_low: float
    jsd_high: float
    modes_captured: int | None = None
    modes_total: int | None = None
    hq_fraction: float | None = None
    perfect_hq_fraction: float | None = None
    reverse_kl: float | None = None
    perfect_reverse_kl: float | None = None
    mode_shares: tuple[float, ...] | None = None
    sigma_ratio: float | None = None
    sigma_ratios: tuple[float | None, ...] | None = None
    mode_offsets: tuple[float | None, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields by their names as plain JSON values; what is not a finite number is null."""
        return {name: _plain(value) for name, value in vars(self).items()}


_OF_COVERAGE = {
    "modes_captured": "captured",
    "modes_total": "total",
    "hq_fraction": "hq_fraction",
    "perfect_hq_fraction": "perfect_hq_fraction",
    "reverse_kl": "reverse_kl",
    "perfect_reverse_kl": "perfect_reverse_kl",
    "mode_shares": "shares",
    "sigma_ratio": "sigma_ratio",
    "sigma_ratios": "sigma_ratios",
    "mode_offsets": "offsets",
}
"""Fields of an evaluation, and what they are called in the coverage."""


def evaluate(
    points: NDArray[np.floating],
    target: TargetDistribution,
    *,
    cells: int = 30,
    seed: int = 0,
    histogram: HistogramJsd | None = None,
) -> Evaluation:
    """Measure ``points``, (n, dimension) in data coordinates, against ``target``.

    Args:
        points: the samples; those beyond the plot count in the cell that stands for all of it.
        target: p_data.
        cells: cells of the histogram along each axis.
        seed: of the simulations behind the noise floor; the samples are judged without randomness.
        histogram: the estimator for this target, where it was built before; ``cells`` and ``seed`` are then its own.

    Raises:
        UserError: there are no points, they are of another dimension than the target, or one is not finite.
    """
    points = checked_points(points, target.dimension)
    estimate = (histogram or HistogramJsd(target, cells, seed=seed)).estimate(points)
    coverage = mode_coverage(points, target)
    return Evaluation(
        n=len(points),
        cells=estimate.cells,
        jsd=estimate.value,
        jsd_floor=estimate.floor,
        jsd_low=estimate.low,
        jsd_high=estimate.high,
        **({} if coverage is None else {field: getattr(coverage, name) for field, name in _OF_COVERAGE.items()}),
    )


def checked_points(points: NDArray[np.floating], dimension: int) -> NDArray[np.floating]:
    """``points`` as (n, dimension) with n ≥ 1, all finite; a flat array of numbers will do for dimension 1.

    Raises:
        UserError: they are not.
    """
    array = np.asarray(points)
    if array.dtype.kind not in "fiu":
        raise UserError(f"must be numbers, not {array.dtype}", field="points")
    if array.ndim == 1 and dimension == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] != dimension:
        columns = "one column" if dimension == 1 else f"{dimension} columns"
        raise UserError(
            f"the target is {dimension}-D, so they need {columns}; their shape is {array.shape}", field="points"
        )
    if not len(array):
        raise UserError("there are none", field="points")
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if len(bad):
        more = f" ({len(bad)} such rows in all)" if len(bad) > 1 else ""
        raise UserError(f"row {bad[0] + 1}, counted from 1, is not a finite number{more}", field="points")
    return array


def _plain(value: float | tuple[float | None, ...] | None) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if value is None or not math.isfinite(value) else value
