"""All measures of one set of samples against a target, as one record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.distances import SampleDistances, sample_distances
from ganstudio.metrics.estimators import Material, Reading, read_all
from ganstudio.metrics.flags import Evidence, warnings
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.metrics.model import Model
from ganstudio.targets.distribution import TargetDistribution

MAX_REAL = 200_000
"""Fresh samples of p_data that points are judged against: as many as the points, up to this."""

_REAL_STREAM = 0x7265616C


@dataclass(frozen=True)
class Evaluation:
    """How far n samples are from p_data.

    ``jsd`` and what belongs to it are those of :class:`~ganstudio.metrics.jsd.JsdEstimate`, in nats, and
    ``jsd_estimators`` all that apply; ``kl`` is KL(p_data ‖ p_g) and ``reverse_kl_density`` KL(p_g ‖ p_data), as
    :class:`~ganstudio.metrics.held_out.HeldOut` tells and leaves untold them, with what a perfect generator read in
    ``…_floor``. The numbers of modes are of :class:`~ganstudio.metrics.coverage.ModeCoverage`, None where the target
    has none; those of ``distances`` of :class:`~ganstudio.metrics.distances.SampleDistances`. ``warnings`` are of
    :mod:`ganstudio.metrics.flags`. ``real_samples`` were drawn of p_data to judge against.
    """

    n: int
    real_samples: int
    cells: int
    jsd: float
    jsd_floor: float
    jsd_low: float
    jsd_high: float
    jsd_estimators: dict[str, Reading]
    kl: float | None
    kl_floor: float | None
    reverse_kl_density: float | None
    reverse_kl_density_floor: float | None
    distances: SampleDistances
    warnings: tuple[str, ...]
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
        """The numbers by their names as plain JSON values, distances beside the rest; what is not finite is null."""
        own = {name: value for name, value in vars(self).items() if name != "distances"}
        readings = {name: vars(reading) for name, reading in self.jsd_estimators.items()}
        tree: dict[str, Any] = _plain(own | {"jsd_estimators": readings} | vars(self.distances))
        return tree


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
    model: Model | None = None,
) -> Evaluation:
    """Measure ``points``, (n, dimension) in data coordinates, against ``target``; seconds for 20,000 of them.

    Args:
        points: the samples, in any order; those beyond the plot count in the cell that stands for all of it.
        target: p_data.
        cells: cells of the histogram along each axis.
        seed: of the fresh samples of p_data, and of the simulations behind the noise floors.
        histogram: the estimator for this target, where it was built before; ``cells`` and ``seed`` are then its own.
        model: what generated the points: with it come the estimators that need a generator or a discriminator.

    Raises:
        UserError: there are no points, they are of another dimension than the target, or one is not finite.
    """
    points = checked_points(points, target.dimension)
    rng = np.random.default_rng([_REAL_STREAM, seed])
    # Files may be sorted, and what takes the first so many of the points, or every other one, must not notice.
    shuffled = points[rng.permutation(len(points))]
    count = min(len(points), MAX_REAL)
    real, null = target.sample(count, rng), target.sample(count, rng)
    if histogram is None:
        histogram = HistogramJsd(target, cells, seed=seed)
    material = Material(shuffled, real, null, target, histogram, seed, model)
    estimate, coverage = histogram.estimate(points), mode_coverage(points, target)
    found, perfect = material.held_out, material.perfect
    readings = read_all(material)
    return Evaluation(
        n=len(points),
        real_samples=count,
        cells=estimate.cells,
        jsd=estimate.value,
        jsd_floor=estimate.floor,
        jsd_low=estimate.low,
        jsd_high=estimate.high,
        jsd_estimators=readings,
        kl=None if found is None else found.kl(),
        kl_floor=None if perfect is None else perfect.kl(),
        reverse_kl_density=None if found is None else found.reverse_kl(),
        reverse_kl_density_floor=None if perfect is None else perfect.reverse_kl(),
        distances=sample_distances(shuffled, real, null),
        warnings=warnings(Evidence.of(shuffled, np.concatenate([real, null]), target, readings)),
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


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
