"""The panel of mode coverage: shares of generated samples at the modes of the target, beside p_data's."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ganstudio.colours import LIGHT
from ganstudio.export.drawing import empty, legend, quiet
from ganstudio.export.scene import Scene
from ganstudio.metrics.coverage import mode_coverage


def draw_coverage(scene: Scene, axes: Axes) -> None:
    """Bars of the shares among high-quality samples, lines of the target's weights, and the numbers of the papers."""
    target, points = scene.run.target, scene.generated
    points = points[np.isfinite(points).all(axis=1)]
    found = mode_coverage(points, target) if len(points) else None
    quiet(axes)
    axes.set_xlabel("mode")
    axes.set_ylabel("share of HQ samples")
    if found is None or target.mode_weights is None:
        empty(axes, "this target has no separate modes")
        return
    modes = np.arange(1, found.total + 1)
    axes.bar(modes, found.shares, width=0.7, color=LIGHT.generated, alpha=0.8, label=f"generated, n = {len(points):,}")
    label = r"$p_\mathrm{data}$"
    axes.hlines(target.mode_weights, modes - 0.45, modes + 0.45, color=LIGHT.real, linewidth=1.4, label=label)
    axes.set_xlim(0.3, found.total + 0.7)
    axes.set_ylim(0, 1.35 * max(float(target.mode_weights.max()), *found.shares))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    ratio = "" if found.sigma_ratio is None else f" · σ ratio {found.sigma_ratio:.2f}"
    said = f"{found.captured}/{found.total} modes · HQ {found.hq_fraction:.1%}{ratio}"
    axes.text(0.985, 0.985, said, transform=axes.transAxes, ha="right", va="top", fontsize=7, color=LIGHT.muted)
    legend(axes, "upper left")
