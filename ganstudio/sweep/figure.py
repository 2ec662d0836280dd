"""The figure of a benchmark: the JSD over time for each target and recipe, and how many modes were found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ganstudio.colours import LIGHT, SERIES
from ganstudio.export.drawing import STYLE, decades, level, quiet
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.protocol import Protocol

COLUMNS = 4
PANEL = (2.9, 2.25)
"""Inches of one panel, its labels included."""

LEAST_JSD = 5e-4
_POINTS = 200

_Dashes = tuple[float, tuple[float, ...]]
_Look = tuple[str, _Dashes]
"""A colour, and dashes as matplotlib has them."""

_DASHES: tuple[_Dashes, ...] = ((0, ()), (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def figure(outcomes: Sequence[Outcome], protocol: Protocol) -> Figure:
    """Small multiples: a panel of the JSD for each target, then one of the modes for each that has some.

    Thin lines are seeds, strong ones their median; a dot is a seed and a bar the mean over seeds.
    """
    targets = _order(one.target for one in outcomes)
    with_modes = _order(one.target for one in outcomes if one.coverage is not None)
    recipes = _order(one.recipe for one in outcomes)
    look = {name: _look(number) for number, name in enumerate(recipes)}
    columns = max(1, min(COLUMNS, max(len(targets), len(with_modes))))
    rows = math.ceil(len(targets) / columns) + math.ceil(len(with_modes) / columns)
    legend_rows = math.ceil(len(recipes) / (2 * columns))
    margin = 0.45 + 0.2 * legend_rows  # inches above the panels
    size = (0.3 + PANEL[0] * columns, PANEL[1] * rows + margin)
    with matplotlib.style.context(["default", STYLE]):
        drawn = Figure(figsize=size)
        grid = drawn.add_gridspec(
            rows, columns, left=0.62 / size[0], right=1 - 0.45 / size[0], bottom=0.42 / size[1],
            top=1 - (margin + 0.12) / size[1], wspace=0.42, hspace=0.52,
        )  # fmt: skip
        for number, target in enumerate(targets):
            axes = drawn.add_subplot(grid[number // columns, number % columns])
            axes.set_title(target)
            _draw_jsd(axes, [one for one in outcomes if one.target == target], protocol, look)
        first = math.ceil(len(targets) / columns)
        for number, target in enumerate(with_modes):
            axes = drawn.add_subplot(grid[first + number // columns, number % columns])
            axes.set_title(f"{target}: modes and HQ")
            _draw_coverage(axes, [one for one in outcomes if one.target == target], recipes, look)
        handles = [
            Line2D([], [], color=colour, linestyle=dashes, label=name) for name, (colour, dashes) in look.items()
        ]
        drawn.legend(handles=handles, loc="upper left", ncols=2 * columns, bbox_to_anchor=(0.0, 1 - 0.28 / size[1]))
        drawn.text(
            0.12 / size[0], 1 - 0.2 / size[1], f"Benchmark of quality: {protocol.told()} a run, every seed",
            fontsize=9, fontweight="bold", va="center",
        )  # fmt: skip
    return drawn


def _draw_jsd(axes: Axes, outcomes: list[Outcome], protocol: Protocol, look: dict[str, _Look]) -> None:
    end = max(one.processor_seconds for one in outcomes)
    for recipe in _order(one.recipe for one in outcomes):
        colour, dashes = look[recipe]
        curves = [_curve(one) for one in outcomes if one.recipe == recipe]
        for seconds, jsd in curves:
            axes.plot(seconds, jsd, color=colour, alpha=0.35, linewidth=0.6)
        axes.plot(*_median(curves), color=colour, linestyle=dashes, linewidth=1.5)
    for threshold in protocol.thresholds:
        level(axes, threshold, f"{threshold:g}")
    axes.set_yscale("log")
    axes.set_ylim(max(LEAST_JSD, 0.5 * min(one.jsd_floor for one in outcomes)), 1.15 * math.log(2))
    decades(axes)
    axes.set_xlim(0, max(end, 1e-3))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel("training (s of processor time)")
    axes.set_ylabel("JSD (nats)")
    quiet(axes)


def _draw_coverage(axes: Axes, outcomes: list[Outcome], recipes: list[str], look: dict[str, _Look]) -> None:
    """For each recipe the share of the modes that were captured, filled, and beside it the share of HQ samples."""
    for place, recipe in enumerate(recipes):
        found = [one.coverage for one in outcomes if one.recipe == recipe and one.coverage is not None]
        if not found:
            continue
        colour, _ = look[recipe]
        modes = [one.modes_captured / one.modes_total for one in found]
        good = [one.hq_fraction for one in found]
        for shift, values, filled in ((-0.19, modes, True), (0.19, good, False)):
            axes.bar(
                place + shift, float(np.mean(values)), width=0.36, edgecolor=colour, linewidth=0.9,
                facecolor=colour if filled else LIGHT.surface, alpha=0.55 if filled else 1.0,
            )  # fmt: skip
            spread = np.linspace(-0.09, 0.09, len(values)) if len(values) > 1 else np.zeros(1)
            axes.plot(place + shift + spread, values, "o", color=LIGHT.text, markersize=2.2, clip_on=False)
    level(axes, 1.0, "all")
    axes.set_xlim(-0.6, len(recipes) - 0.4)
    axes.set_ylim(0, 1.12)
    axes.set_xticks([])
    axes.set_xlabel("filled: modes captured; open: HQ samples", labelpad=8)
    axes.set_ylabel("share")
    quiet(axes)


def _curve(outcome: Outcome) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    seconds = np.array([point.processor_seconds for point in outcome.curve])
    return seconds, np.maximum([point.jsd for point in outcome.curve], LEAST_JSD)


def _median(
    curves: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The median of curves whose points lie at different times, up to where the first of them ends."""
    at = np.linspace(0, min(float(seconds[-1]) for seconds, _ in curves), _POINTS)
    return at, np.median([np.interp(at, seconds, jsd) for seconds, jsd in curves], axis=0)


def _look(number: int) -> _Look:
    return SERIES[number % len(SERIES)], _DASHES[number // len(SERIES) % len(_DASHES)]


def _order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
