"""The panels of figures, by name: each draws one plot of a scene on the axes it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from ganstudio.colours import LIGHT
from ganstudio.experiment.equilibrium import LOG_2, LOG_4, Level, equilibrium
from ganstudio.export.coverage_panel import draw_coverage
from ganstudio.export.drawing import curve, decades, empty, legend, level, over_iterations, quiet
from ganstudio.export.sample_panels import draw_samples
from ganstudio.export.scene import Scene

_NO_HISTORY = "no update was made yet"
_LEAST_JSD = 5e-5


@dataclass(frozen=True)
class Panel:
    """A plot; ``draw`` gets a scene and as many axes as ``titles`` has names."""

    titles: tuple[str, ...]
    draw: Callable[..., None]


def _losses(scene: Scene, axes: Axes) -> None:
    levels = equilibrium(scene.experiment)
    _curves(
        scene, axes,
        ("discriminator_loss", "D", LIGHT.discriminator, levels.discriminator_loss),
        ("generator_loss", "G", LIGHT.generator, levels.generator_loss),
    )  # fmt: skip
    in_nats = scene.experiment.objective.in_nats
    axes.set_ylabel("loss (nats)" if in_nats else "loss")


def _value(scene: Scene, axes: Axes) -> None:
    axes.set_ylabel("V(D, G) (nats)")
    if not len(scene.column("value")[0]) and len(scene.column("discriminator_loss")[0]):
        over_iterations(axes, scene.iteration)
        axes.set_yticks([])
        empty(axes, "not defined: with this objective\nD is no probability")
        return
    _curves(scene, axes, ("value", "", LIGHT.value, equilibrium(scene.experiment).value or Level(-LOG_4, "−log 4")))


def _scores(scene: Scene, axes: Axes) -> None:
    axes.set_ylabel("mean of D, probability")
    _curves(
        scene, axes,
        ("real_output", "on real", LIGHT.real, None),
        ("generated_output", "on generated", LIGHT.generated, None),
    )  # fmt: skip
    axes.set_ylim(0, 1)
    rest = equilibrium(scene.experiment).output
    level(axes, rest.value if rest else 0.5, rest.text if rest else "½")


def _gradients(scene: Scene, axes: Axes) -> None:
    axes.set_ylabel("norm of the gradient")
    axes.set_yscale("log")
    _curves(
        scene, axes,
        ("discriminator_gradient_norm", "D", LIGHT.discriminator, None),
        ("generator_gradient_norm", "G", LIGHT.generator, None),
    )  # fmt: skip
    decades(axes)


def _jsd(scene: Scene, axes: Axes) -> None:
    measures = scene.measures
    x = measures["iteration"]
    low, value, high, floor = (np.maximum(measures[name], _LEAST_JSD) for name in ("low", "jsd", "high", "floor"))
    bottom = max(_LEAST_JSD, float(min(floor.min(), value.min())) / 2)
    axes.set_yscale("log")
    axes.fill_between(x, bottom, floor, color=LIGHT.muted, alpha=0.15, linewidth=0)
    axes.plot(x, floor, color=LIGHT.muted, linewidth=0.8, linestyle=":")
    axes.fill_between(x, low, high, color=LIGHT.jsd, alpha=0.22, linewidth=0)
    axes.plot(x, value, color=LIGHT.jsd, marker="o" if len(x) < 30 else "", markersize=2)
    over_iterations(axes, scene.iteration)
    axes.set_ylim(bottom, 1.15 * LOG_2)
    decades(axes)
    axes.set_ylabel("JSD (nats)")
    level(axes, LOG_2, "ln 2")
    axes.text(
        1.015, floor[-1], "floor", transform=axes.get_yaxis_transform(),
        va="center", ha="left", fontsize=7, color=LIGHT.muted,
    )  # fmt: skip


def _outputs(scene: Scene, axes: Axes) -> None:
    histograms = scene.outputs
    for counts, colour, label in (
        (histograms.real, LIGHT.real, "on real"),
        (histograms.generated, LIGHT.generated, "on generated"),
    ):
        shares = counts / max(1.0, float(counts.sum()))
        axes.stairs(shares, histograms.edges, fill=True, color=colour, alpha=0.3)
        axes.stairs(shares, histograms.edges, color=colour, linewidth=1.0, label=label)
    rest = equilibrium(scene.experiment).output
    at = rest.value if rest else 0.5
    axes.axvline(at, color=LIGHT.muted, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "¼", "½", "¾", "1"])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel("D, probability of being real")
    axes.set_ylabel("share of samples")
    quiet(axes)
    legend(axes)


def _curves(scene: Scene, axes: Axes, *curves: tuple[str, str, str, Level | None]) -> None:
    """Columns of the history: name, label, colour, and the level where theory knows one."""
    drawn = 0
    for name, label, colour, rest in curves:
        x, y = scene.column(name)
        if axes.get_yscale() == "log":
            x, y = x[y > 0], y[y > 0]
        curve(axes, x, y, colour, label)
        drawn += len(x)
        if rest is not None:
            level(axes, rest.value, rest.text, colour)
    over_iterations(axes, scene.iteration)
    if not drawn:
        empty(axes, _NO_HISTORY)
    elif any(label for _, label, _, _ in curves):
        legend(axes)


PANELS: dict[str, Panel] = {
    "samples": Panel((r"Target $p_\mathrm{data}$ and real samples", "Generated samples and D(x)"), draw_samples),
    "losses": Panel(("Losses",), _losses),
    "value": Panel(("Value function",), _value),
    "outputs": Panel(("Outputs of D",), _outputs),
    "jsd": Panel(("Distance to the target",), _jsd),
    "gradients": Panel(("Gradients",), _gradients),
    "scores": Panel(("Mean output of D",), _scores),
    "coverage": Panel(("Mode coverage",), draw_coverage),
}
"""All panels by name. A new one is added here and nowhere else."""
