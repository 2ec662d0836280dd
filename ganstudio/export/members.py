"""What came of a population: a table of its members, and a figure with the samples of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ganstudio.colours import LIGHT
from ganstudio.experiment import Experiment
from ganstudio.export.drawing import DENSITY
from ganstudio.export.writing import style
from ganstudio.metrics.coverage import ModeCoverage
from ganstudio.session.atomic import replace_file
from ganstudio.targets.distribution import TargetDistribution

PANEL = 1.45
"""Inches of a side of one panel."""
BINS = 50
DENSITY_CELLS = 120
HEADROOM = 1.6
"""Of the density axis over the target's highest density, for all members alike: one that collapsed rises above it."""
_MARGIN, _TITLE, _HEADING = 0.25, 0.34, 0.1
"""Around everything, above each panel, and above all of them; inches."""


@dataclass(frozen=True)
class MemberResult:
    """Where a member of a population came to.

    values: what it has of its own, by path. jsd: nats, None where it was not measured, as of a broken one. coverage:
    None without modes. points: (n, dimension) samples in data coordinates. fault: what was not finite; '' of a member
    that is whole.
    """

    label: str
    values: dict[str, float]
    experiment: Experiment
    iteration: int
    jsd: float | None
    coverage: ModeCoverage | None
    points: NDArray[np.float32]
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values by name, without the samples."""
        coverage = self.coverage
        return {
            "label": self.label,
            "seed": self.experiment.seed,
            "settings": {path: value for path, value in self.values.items() if path != "seed"},
            "iterations": self.iteration,
            "jsd": self.jsd,
            "modes_captured": coverage.captured if coverage else None,
            "modes_total": coverage.total if coverage else None,
            "hq_fraction": coverage.hq_fraction if coverage else None,
            "reverse_kl": coverage.reverse_kl if coverage else None,
            "broken": self.fault,
        }


def write_members(results: Sequence[MemberResult], floor: float, path: Path) -> None:
    """Write a row for each member as CSV; a column for each setting that was swept, by its path.

    Raises:
        UserError: the file cannot be written; what was there is kept.
    """
    text = io.StringIO()
    swept = list(dict.fromkeys(name for result in results for name in result.values if name != "seed"))
    facts = [name for name in results[0].as_json() if name != "settings"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["member", *facts, "jsd_floor", *swept])
    for number, result in enumerate(results):
        told = result.as_json()
        own = [result.values.get(name) for name in swept]
        writer.writerow([number, *(told[name] for name in facts), floor, *own])
    with replace_file(path) as file:
        file.write(text.getvalue().encode())


def clouds(results: Sequence[MemberResult], target: TargetDistribution, shape: tuple[int, int], floor: float) -> Figure:
    """The samples of every member on the density of the target, in a grid of ``shape`` (rows, columns)."""
    rows, columns = shape
    width = columns * PANEL + 2 * _MARGIN
    height = rows * (PANEL + _TITLE) + 2 * _MARGIN + _HEADING
    cells = DENSITY_CELLS if target.dimension == 2 else 1
    density = target.density_raster(target.extent, DENSITY_CELLS, cells)
    with style():
        figure = Figure(figsize=(width, height))
        for number, result in enumerate(results):
            row, column = divmod(number, columns)
            left = _MARGIN + column * PANEL
            bottom = height - _MARGIN - _HEADING - (row + 1) * (PANEL + _TITLE)
            axes = figure.add_axes((left / width, bottom / height, 0.93 * PANEL / width, 0.93 * PANEL / height))
            _draw(axes, result, target, density)
        whole = [result.jsd for result in results if result.jsd is not None]
        told = f"best JSD {min(whole):.4f}, floor {floor:.4f} nats" if whole else "no member is whole"
        figure.text(
            _MARGIN / width, 1 - (_MARGIN + 0.04) / height, f"Population of {len(results)}: {told}".replace("-", "−"),
            fontsize=9, fontweight="bold", va="center",
        )  # fmt: skip
    return figure


def _draw(axes: Axes, result: MemberResult, target: TargetDistribution, density: NDArray[np.float32] | None) -> None:
    extent = target.extent
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(extent.x_min, extent.x_max)
    jsd = "" if result.jsd is None else f"JSD {result.jsd:.4f}".replace("-", "−")
    axes.set_title(f"{result.label}\n{jsd or 'broken'}", fontsize=6, fontweight="normal", pad=2)
    if target.dimension == 1:
        if density is not None:
            edges = np.linspace(extent.x_min, extent.x_max, density.shape[1] + 1)
            axes.stairs(density[0], edges, fill=True, color=LIGHT.density, alpha=0.22)
        counts, edges = np.histogram(result.points[:, 0], BINS, (extent.x_min, extent.x_max))
        axes.stairs(counts / (len(result.points) * (edges[1] - edges[0])), edges, color=LIGHT.generated, linewidth=0.8)
        axes.set_ylim(0, None if density is None else HEADROOM * float(density.max()))
        return
    axes.set_ylim(extent.y_min, extent.y_max)
    if density is not None:
        axes.imshow(
            density, cmap=DENSITY, origin="lower", aspect="auto", interpolation="bilinear", vmin=0,
            vmax=float(np.quantile(density[density > 0], 0.98)) if (density > 0).any() else 1.0,
            extent=(extent.x_min, extent.x_max, extent.y_min, extent.y_max), alpha=0.75,
        )  # fmt: skip
    points = result.points
    axes.scatter(points[:, 0], points[:, 1], s=1.2, alpha=0.6, color=LIGHT.generated, linewidths=0)
