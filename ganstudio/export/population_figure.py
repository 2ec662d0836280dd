"""A population as a figure: every member's samples over the target, and how their JSD went."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ganstudio.colours import LIGHT
from ganstudio.experiment.equilibrium import LOG_2
from ganstudio.export.drawing import level, over_iterations
from ganstudio.export.population import PopulationPicture
from ganstudio.export.writing import style

SIDE = 1.15
"""Inches of a member's panel."""
CURVES = 3.6
"""Inches that the curves take at the right."""
LEAST_HEIGHT = 3.6
MARK = 1.1
"""Size of a sample, in points."""


def population_figure(picture: PopulationPicture) -> Figure:
    """The figure, for :func:`ganstudio.export.writing.write_figure`."""
    rows, columns = picture.shape
    width, height = columns * SIDE + CURVES + 0.8, max(LEAST_HEIGHT, rows * SIDE + 1.1)
    with style():
        figure = Figure(figsize=(width, height))
        top, bottom = 1 - 0.85 / height, 0.25 / height
        grid = figure.add_gridspec(
            rows, columns, left=0.55 / width, right=(0.55 + columns * SIDE) / width, top=top, bottom=bottom,
            wspace=0.08, hspace=0.08 if picture.columns else 0.24,
        )  # fmt: skip
        for member in range(len(picture.names)):
            row, column = divmod(member, columns)
            _draw_member(picture, member, figure.add_subplot(grid[row, column]))
        curves = figure.add_axes(
            ((columns * SIDE + 1.3) / width, 0.5 / height, (CURVES - 1.05) / width, top - 0.5 / height)
        )
        _draw_curves(picture, curves)
        figure.text(0.15 / width, 1 - 0.2 / height, picture.title, fontsize=12, fontweight="bold", va="center")
        figure.text(0.15 / width, 1 - 0.42 / height, picture.facts, fontsize=8, color=LIGHT.muted, va="center")
        if picture.columns:
            middle = (0.55 + columns * SIDE / 2) / width
            figure.text(middle, top + 0.26 / height, picture.column_title, fontsize=8, ha="center", va="center")
        if picture.rows:
            figure.text(0.12 / width, (top + bottom) / 2, picture.row_title, fontsize=8, rotation=90, va="center")
    return figure


def _draw_member(picture: PopulationPicture, member: int, axes: Axes) -> None:
    row, column = divmod(member, picture.shape[1])
    x_min, x_max, y_min, y_max = picture.view
    axes.set_xlim(x_min, x_max)
    axes.set_ylim(y_min, y_max)
    axes.set_xticks([])
    axes.set_yticks([])
    if picture.are_curves:
        axes.fill_between(picture.real[:, 0], picture.real[:, 1], color=LIGHT.real, alpha=0.25, linewidth=0)
        axes.plot(*picture.generated[member].T, color=LIGHT.generated, linewidth=1.0)
    else:
        axes.set_box_aspect((y_max - y_min) / (x_max - x_min))
        for points, colour, alpha in ((picture.real, LIGHT.real, 0.4), (picture.generated[member], LIGHT.generated, 1)):
            # Samples as pixels also in SVG and PDF: ten thousand of them as shapes make a file that nobody can open.
            axes.plot(*points.T, ".", color=colour, alpha=alpha, markersize=MARK, markeredgewidth=0, rasterized=True)
    jsd = float(picture.jsd[member])
    said = "diverged" if member in picture.broken else f"{jsd:.3f}" if np.isfinite(jsd) else ""
    axes.text(0.96, 0.96, said, transform=axes.transAxes, ha="right", va="top", fontsize=6.5)
    if not picture.columns:
        axes.set_title(picture.names[member], fontsize=7, fontweight="normal", pad=2)
    elif row == 0:
        axes.set_title(picture.columns[column], loc="center", fontsize=7.5, fontweight="normal", pad=3)
    if picture.rows and column == 0:
        axes.set_ylabel(picture.rows[row], fontsize=7.5)


def _draw_curves(picture: PopulationPicture, axes: Axes) -> None:
    axes.set_title("JSD of all members")
    axes.set_ylabel("JSD (nats)")
    axes.set_ylim(-0.02, 1.05 * LOG_2)
    if len(picture.iterations):
        axes.plot(picture.iterations, picture.measured, color=LIGHT.jsd, alpha=0.3, linewidth=0.6)
        known = np.isfinite(picture.measured).any(axis=1)
        middle = np.nanmedian(picture.measured[known], axis=1)
        axes.plot(picture.iterations[known], middle, color=LIGHT.jsd, linewidth=1.6, label="median")
        axes.plot(picture.iterations, picture.floors, color=LIGHT.muted, linewidth=0.8, linestyle=":", label="floor")
        axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.93), borderaxespad=0.3)
    over_iterations(axes, float(picture.iterations[-1]) if len(picture.iterations) else 0.0)
    level(axes, LOG_2, "ln 2")
