"""Figures for publication: all of a session, or one of its plots."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ganstudio.colours import LIGHT
from ganstudio.errors import UserError
from ganstudio.experiment.penalties import Penalties
from ganstudio.export.drawing import window_of
from ganstudio.export.panels import PANELS
from ganstudio.export.sample_panels import densities, draw_plane
from ganstudio.export.scene import Scene
from ganstudio.export.writing import METADATA, PIXELS_PER_INCH, style
from ganstudio.session.session import Session

THUMBNAIL_SIDE = 256
"""Pixels."""


def overview(session: Session) -> Figure:
    """The whole session on one page: target and samples, the distance between them, and the game's curves.

    Raises:
        UserError: the state does not fit the experiment, or the target has nothing to sample from.
    """
    scene = Scene(session)
    with style():
        figure = Figure(figsize=(10.6, 7.2))
        grid = figure.add_gridspec(
            2, 3, left=0.055, right=0.955, top=0.875, bottom=0.115, wspace=0.48, hspace=0.36, height_ratios=(1.1, 1)
        )
        axes = [figure.add_subplot(grid[index]) for index in range(6)]
        _draw(scene, "samples", axes[:2])
        for name, own in zip(("jsd", "losses", "value", "outputs"), axes[2:], strict=True):
            _draw(scene, name, [own])
        for letter, own in zip("abcdef", axes, strict=True):
            own.set_title(f"({letter})  {own.get_title(loc='left')}")
        figure.text(0.02, 0.965, _name(scene), fontsize=13, fontweight="bold", va="center")
        figure.text(0.02, 0.932, _facts(scene), fontsize=8, color=LIGHT.muted, va="center")
        figure.text(0.02, 0.03, _caption(scene), fontsize=7, color=LIGHT.muted, va="center")
    return figure


def panel(session: Session, name: str) -> Figure:
    """One plot of the session, by a key of ``panels.PANELS``.

    Raises:
        UserError: there is no such plot, or as in :func:`overview`.
    """
    if name not in PANELS:
        raise UserError(f"there is no plot '{name}'; known: {', '.join(PANELS)}", field="panel")
    scene = Scene(session)
    columns = len(PANELS[name].titles)
    with style():
        figure = Figure(figsize=(7.6, 3.7) if columns == 2 else (4.6, 3.2))
        grid = figure.add_gridspec(
            1, columns, left=0.08 if columns == 2 else 0.145, right=0.9, top=0.9, bottom=0.14, wspace=0.3
        )
        _draw(scene, name, [figure.add_subplot(grid[index]) for index in range(columns)])
    return figure


def thumbnail(session: Session) -> bytes:
    """A small square PNG for the session's file: generated samples on D's field."""
    scene = Scene(session)
    with style():
        side = THUMBNAIL_SIDE / PIXELS_PER_INCH
        figure = Figure(figsize=(side, side))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.axis("off")
        if scene.dimension == 2:
            draw_plane(scene, axes, alpha=0.55)
        else:
            heights, edges = densities(scene, scene.generated)
            axes.stairs(heights, edges, fill=True, color=LIGHT.generated)
        axes.set_xlim(*scene.view[:2])
        axes.set_ylim(*(scene.view[2:] if scene.dimension == 2 else (0, None)))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=PIXELS_PER_INCH, metadata=METADATA[".png"])
    return buffer.getvalue()


def _draw(scene: Scene, name: str, axes: list[Axes]) -> None:
    for title, own in zip(PANELS[name].titles, axes, strict=True):
        own.set_title(title)
    PANELS[name].draw(scene, *axes)


def _name(scene: Scene) -> str:
    return type(scene.experiment.target).title


def _facts(scene: Scene) -> str:
    experiment, measures = scene.experiment, scene.measures
    jsd, floor, low, high = (float(measures[name][-1]) for name in ("jsd", "floor", "low", "high"))
    penalties = [
        f"{field.title} = {getattr(experiment.penalties, name):g}"
        for name, field in Penalties.model_fields.items()
        if getattr(experiment.penalties, name) > 0
    ]
    facts = [
        ", ".join([experiment.objective.title, *penalties]),
        f"seed {experiment.seed}",
        f"{scene.iteration:,} iterations",
        f"JSD {jsd:.4f} nats ({low:.4f} to {high:.4f}), floor {floor:.4f}".replace("-", "−"),
    ]
    return "   ·   ".join(facts)


def _caption(scene: Scene) -> str:
    experiment = scene.experiment
    which = "the moving average of G" if experiment.measure.weights == "ema" else "the current G"
    cells = f"{experiment.measure.cells}{'²' if scene.dimension == 2 else ''} cells"
    window = window_of(len(scene.session.history.rows))
    mean = f"(d, e) strong: mean over {window:,} updates; faint: all values. " if window > 1 else ""
    density = "grey: density; " if scene.density is not None and scene.dimension == 2 else ""
    line = "; line: D = ½" if scene.dimension == 2 else ""
    return (
        f"(a, b) {len(scene.real):,} samples each; {density}generated by {which}{line}. "
        f"(c) on a histogram of {cells}, {experiment.measure.samples:,} samples, bias corrected; "
        f"grey: what a perfect generator reads.\n{mean}Dashed in (d) to (f): where theory has the game come to rest."
    )
