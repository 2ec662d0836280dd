"""What panels of figures are made of: curves, levels, colour maps, and the style they share."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import EngFormatter, FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from ganstudio.colours import LIGHT

Floats = NDArray[np.float64]

STYLE: dict[str, Any] = {
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 6,
    "axes.labelsize": 8,
    "axes.labelcolor": LIGHT.text,
    "axes.edgecolor": LIGHT.muted,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "grid.color": LIGHT.grid,
    "grid.linewidth": 0.5,
    "xtick.color": LIGHT.muted,
    "ytick.color": LIGHT.muted,
    "xtick.labelcolor": LIGHT.text,
    "ytick.labelcolor": LIGHT.text,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 1.2,
    "text.color": LIGHT.text,
    "lines.linewidth": 1.2,
    "figure.facecolor": LIGHT.surface,
    "savefig.facecolor": LIGHT.surface,
    # Text as text in PDF with its fonts embedded, as outlines in SVG: both look the same on every machine.
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "gan-studio",
}

BUCKETS = 500
"""Parts of the run for each of which the span of a curve is drawn; keeps vector files of long runs small."""

SMOOTHING = 100
"""Strong curves are the mean over one part in so many of the run."""

FIELD = LinearSegmentedColormap.from_list("field", [LIGHT.generated, LIGHT.neutral, LIGHT.real])
DENSITY = LinearSegmentedColormap.from_list("density", [LIGHT.surface, LIGHT.density])


def curve(axes: Axes, x: Floats, y: Floats, colour: str, label: str = "") -> None:
    """Draw the span of the values faint and their running mean strong; NaN must be left out before."""
    if not len(x):
        return
    spread = np.array_split(np.arange(len(x)), min(BUCKETS, len(x)))
    middle = np.array([x[part].mean() for part in spread])
    low = np.array([y[part].min() for part in spread])
    high = np.array([y[part].max() for part in spread])
    mean = smoothed(y)[[part[len(part) // 2] for part in spread]]
    if len(x) > BUCKETS:
        axes.fill_between(middle, low, high, color=colour, alpha=0.22, linewidth=0)
    else:
        axes.plot(x, y, color=colour, alpha=0.3, linewidth=0.6)
    marker = "o" if len(x) < 2 else ""
    axes.plot(middle, mean, color=colour, label=label, marker=marker, markersize=3, solid_capstyle="round")


def window_of(count: int) -> int:
    """Over how many values of ``count`` a strong curve is the mean; odd."""
    return max(1, count // SMOOTHING) // 2 * 2 + 1


def smoothed(y: Floats) -> Floats:
    """The mean over a window around each value, which ends where the values do: no lag, as in a live plot."""
    half = window_of(len(y)) // 2
    total = np.concatenate([[0.0], np.cumsum(y)])
    at = np.arange(len(y))
    first, last = np.maximum(at - half, 0), np.minimum(at + half + 1, len(y))
    mean: Floats = (total[last] - total[first]) / (last - first)
    return mean


def level(axes: Axes, value: float, text: str, colour: str = LIGHT.muted) -> None:
    """A dashed horizontal line with its name in the right margin."""
    axes.axhline(value, color=colour, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1.5)
    axes.text(
        1.015, value, text, transform=axes.get_yaxis_transform(), va="center", ha="left", fontsize=7, color=colour
    )


def over_iterations(axes: Axes, scale_to: float) -> None:
    """Make the x axis one of iterations, from 0 to at least 1."""
    axes.set_xlim(0, max(1.0, scale_to))
    axes.set_xlabel("iteration")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    quiet(axes)


def decades(axes: Axes) -> None:
    """Ticks of a logarithmic y axis whose limits are set: at powers of ten, or closer where there are few of them."""
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high > 50 * low else (1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def quiet(axes: Axes) -> None:
    """A faint grid and no frame above and to the right."""
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)


def legend(axes: Axes, location: Literal["best", "upper left"] = "best") -> None:
    """Names of the curves in their own colours, without a frame."""
    axes.legend(loc=location, labelcolor="linecolor", borderaxespad=0.3, labelspacing=0.25)


def empty(axes: Axes, reason: str) -> None:
    """Say why there is nothing to see."""
    axes.text(0.5, 0.5, reason, transform=axes.transAxes, ha="center", va="center", color=LIGHT.muted, fontsize=7.5)
