"""Target and samples side by side, in the plane and on the line."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from ganstudio.colours import LIGHT
from ganstudio.export.drawing import DENSITY, FIELD, legend, quiet
from ganstudio.export.scene import Scene

Floats = NDArray[np.floating]

BINS = 60
"""Of the histogram of samples on the line."""

_D_AXIS = "D(x), probability of being real"
_HALVES = {0.0: "0", 0.5: "½", 1.0: "1"}


def draw_samples(scene: Scene, real: Axes, generated: Axes) -> None:
    """p_data with real samples on the one axes, D with generated samples on the other."""
    if scene.dimension == 1:
        _line(scene, real, scene.real, LIGHT.real, "real samples")
        _line(scene, generated, scene.generated, LIGHT.generated, "generated samples")
        _field_on_line(scene, generated)
        return
    if scene.density is not None:
        real.imshow(
            scene.density, cmap=DENSITY, origin="lower", extent=scene.view, aspect="auto", interpolation="bilinear",
            vmin=0, vmax=_top(scene.density), alpha=0.75,
        )  # fmt: skip
    real.scatter(scene.real[:, 0], scene.real[:, 1], s=3, alpha=0.5, color=LIGHT.real, linewidths=0)
    _finish_plane(scene, real, scene.real)
    image = draw_plane(scene, generated, alpha=0.55)
    generated.contour(*_centres(scene), scene.field, levels=[0.5], colors=LIGHT.muted, linewidths=0.7)
    _finish_plane(scene, generated, scene.generated)
    _colour_bar(generated, image)


def draw_plane(scene: Scene, axes: Axes, alpha: float) -> AxesImage:
    """D's field with generated samples on it."""
    points = scene.generated
    image = axes.imshow(
        scene.field, cmap=FIELD, origin="lower", extent=scene.view, aspect="auto", vmin=0, vmax=1, alpha=alpha
    )
    # A light rim: orange on the orange of the field would not be seen.
    axes.scatter(points[:, 0], points[:, 1], s=4, color=LIGHT.generated, edgecolors=LIGHT.surface, linewidths=0.2)
    return image


def densities(scene: Scene, points: Floats) -> tuple[Floats, Floats]:
    """The density of points on the line in each bin, and the bins' edges; those outside are missed in it."""
    counts, edges = np.histogram(points[:, 0], BINS, scene.view[:2])
    return counts / (len(points) * (edges[1] - edges[0])), edges


def _line(scene: Scene, axes: Axes, points: Floats, colour: str, label: str) -> None:
    x_min, x_max = scene.view[:2]
    if scene.density is not None:
        x = np.linspace(x_min, x_max, scene.density.shape[1] + 1)
        axes.stairs(scene.density[0], x, fill=True, color=LIGHT.density, alpha=0.22)
        axes.stairs(scene.density[0], x, color=LIGHT.density, linewidth=0.9, label=r"$p_\mathrm{data}$")
    axes.stairs(*densities(scene, points), color=colour, linewidth=1.1, label=label)
    # The same for real and generated samples, so that the two can be compared.
    tops = [densities(scene, shown)[0].max() for shown in (scene.real, scene.generated)]
    tops += [scene.density.max()] if scene.density is not None else []
    axes.set_ylim(0, 1.25 * float(max(tops)))
    axes.set_xlim(x_min, x_max)
    axes.locator_params("x", nbins=6)
    axes.set_xlabel("x")
    axes.set_ylabel("density")
    quiet(axes)
    legend(axes, "upper left")
    _note_outside(scene, axes, points)


def _field_on_line(scene: Scene, axes: Axes) -> None:
    right = axes.twinx()
    right.plot(_centres(scene)[0], scene.field[0], color=LIGHT.discriminator, linewidth=1.1)
    right.axhline(0.5, color=LIGHT.discriminator, linewidth=0.6, linestyle=(0, (4, 3)), alpha=0.7)
    right.set_ylim(0, 1)
    right.set_yticks(list(_HALVES), list(_HALVES.values()))
    right.set_ylabel(_D_AXIS, color=LIGHT.discriminator)
    right.spines["top"].set_visible(False)


def _finish_plane(scene: Scene, axes: Axes, points: Floats) -> None:
    x_min, x_max, y_min, y_max = scene.view
    axes.set_xlim(x_min, x_max)
    axes.set_ylim(y_min, y_max)
    axes.set_box_aspect(1)
    axes.locator_params(nbins=5)
    axes.set_xlabel("x₁")  # as the stage names them
    axes.set_ylabel("x₂", labelpad=0)
    _note_outside(scene, axes, points)


def _colour_bar(axes: Axes, image: AxesImage) -> None:
    bar = Colorbar(axes.inset_axes((1.03, 0.0, 0.04, 1.0)), image)
    bar.set_ticks(list(_HALVES), labels=list(_HALVES.values()))
    bar.set_label("D(x)", labelpad=4)


def _note_outside(scene: Scene, axes: Axes, points: Floats) -> None:
    """Say what share of the points the panel does not show, from half a percent on."""
    limits = np.reshape(scene.view, (2, 2))[: points.shape[1]]
    outside = float(np.mean(np.any((points < limits[:, 0]) | (points > limits[:, 1]), axis=1)))
    if outside >= 0.005:
        text = f"{outside:.0%} outside"
        axes.text(0.985, 0.985, text, transform=axes.transAxes, ha="right", va="top", fontsize=7, color=LIGHT.muted)


def _centres(scene: Scene) -> tuple[Floats, Floats]:
    """The middles of the field's columns and rows."""
    x_min, x_max, y_min, y_max = scene.view
    rows, columns = scene.field.shape
    xs = x_min + (np.arange(columns) + 0.5) * (x_max - x_min) / columns
    ys = y_min + (np.arange(rows) + 0.5) * (y_max - y_min) / rows
    return xs, ys


def _top(density: Floats) -> float:
    """Where the colours of the density end: a few peaks do not bleach all else."""
    filled = density[density > 0]
    return float(np.quantile(filled, 0.98)) if len(filled) else 1.0
