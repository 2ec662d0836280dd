"""The data-flow graph in the window: alive with each frame, and with the batch of a slow walk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.experiment import Experiment
from ganstudio.gan.priors import sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame, Histograms
from ganstudio.messages.history import COLUMNS, History
from ganstudio.messages.walkthrough import DiscriminatorWalk
from ganstudio.ui.canvas.density import looking_samples, view_of
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import NONE, figure
from ganstudio.ui.plots.panel import Table
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.flow_graph import FlowGraph
from ganstudio.ui.theory.flow_pictures import DOTS, FlowData, mean
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.walk_places import Place

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

LAYERS: tuple[Layer, ...] = ("generated", "field", "histograms", "latent_grid")
SECONDS = 0.1
"""The shortest time between two redrawings while it trains: each takes some milliseconds."""
ROWS = 160
"""Rows of the history in the small curves."""
PLAYERS = {"generator": "G", "discriminator": "D"}


class FlowPanel(TheoryPanel):
    """z → G → G(z) → D → loss → gradients, with a picture in each part; a click leads to where it is set."""

    y_axis: ClassVar[str] = ""

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._experiment = Experiment()
        self._data = FlowData()
        self._history = np.empty((0, len(COLUMNS)))
        self._studio: Studio | None = None
        self._drawn_at = 0.0
        self.graph = FlowGraph(theme)
        self.graph.setObjectName("strip")
        self.graph.setting_wanted.connect(self.setting_wanted)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        column.insertWidget(column.indexOf(self.plot), self.graph, 1)
        for hidden in (self.plot, self.above, self.below):
            hidden.hide()
        self.setMinimumSize(300, 112)  # as low as its pictures allow: the stage wants the height
        self.set_theme(theme)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Follow the run and the studio's walk."""
        self._studio = studio
        studio.walk.changed.connect(self._redraw)

    def wanted_layers(self) -> tuple[Layer, ...]:
        """What the pictures are made of; not in every frame while it trains: small pictures need not be as quick."""
        resting = self._studio is None or not self._studio.run.is_training
        return LAYERS if resting or time.monotonic() - self._drawn_at >= SECONDS else ()

    def show_experiment(self, experiment: Experiment) -> None:
        """The networks' shapes, the optimizers, the latent space."""
        super().show_experiment(experiment)
        if (experiment.latent, experiment.seed) != (self._experiment.latent, self._experiment.seed):
            self._data.latents = None
        self._experiment = experiment
        self._redraw()

    def show_target(self, target: TargetDistribution | None) -> None:
        """Draw real samples."""
        self._data.real = None if target is None else looking_samples(target, DOTS)
        if target is not None:
            self._data.view = view_of(target.extent)
        self._redraw()

    def show_history(self, history: History) -> None:
        """The losses and gradients of the last iterations."""
        self._history = history.rows[-ROWS:]
        names = {f"{player}_{kind}": (player, kind) for player in PLAYERS for kind in ("loss", "gradient_norm")}
        columns = {key: self._history[:, COLUMNS.index(name)] for name, key in names.items()}
        self._data.losses = {player: columns[player, "loss"] for player in PLAYERS}
        self._data.norms = {player: columns[player, "gradient_norm"] for player in PLAYERS}
        if self._studio is None or not self._studio.run.is_training:  # else the next frame will
            self._redraw()

    def show_frame(self, frame: Frame) -> None:
        """What the networks do now."""
        if frame.histograms is None:
            return  # made for others
        data = self._data
        data.generated, data.field, data.histograms = frame.generated, frame.field, frame.histograms
        if frame.latent_grid is not None or frame.latent_map is not None:  # rarer than the others
            data.grid, data.line_map = frame.latent_grid, frame.latent_map
        self._drawn_at = time.monotonic()
        self._redraw()

    def clear(self) -> None:
        """Another run."""
        data = self._data
        self._data = FlowData(view=data.view, latents=data.latents, real=data.real)
        self._history = np.empty((0, len(COLUMNS)))
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self.graph.set_theme(theme)

    def table(self) -> Table:
        """Losses and gradient norms of the last iterations."""
        wanted = ("iteration", *(f"{player}_{kind}" for kind in ("loss", "gradient_norm") for player in PLAYERS))
        return wanted, self._history[:, [COLUMNS.index(name) for name in wanted]]

    # -- inside --------------------------------------------------------------------------------------------------

    @property
    def _place(self) -> Place | None:
        """Where a walk stands, as long as the run stands there too."""
        walk = self._studio.walk if self._studio is not None else None
        return walk.place if walk is not None and not walk.is_past else None

    def _redraw(self) -> None:
        if self._data.latents is None:
            # As the trainer draws them for looking: row i is the latent of generated sample i.
            latent, seed = self._experiment.latent, self._experiment.seed
            self._data.latents = sample_prior(latent, DOTS, stream(seed, Purpose.LOOK_LATENT), seed)
        place = self._place
        shown = self._data if place is None else _walked(self._data, place)
        self.graph.show_place(place, relativistic=self._experiment.objective.is_relativistic)
        self.graph.show_texts(_texts(self._experiment, shown, place))
        self.graph.show_data(shown)


def _walked(data: FlowData, place: Place) -> FlowData:
    """The same with the batch of a walk in place of what was drawn for looking."""
    step = place.step
    bins = np.linspace(0.0, 1.0, 51, dtype=np.float32)

    def counts(values: NDArray[np.floating]) -> NDArray[np.float32]:
        return np.histogram(values, bins)[0].astype(np.float32)

    real: NDArray[np.floating] | None = data.real
    on_real: NDArray[np.floating] = np.empty(0)
    if isinstance(step, DiscriminatorWalk):
        real, on_real = step.real, step.real_probability
    return FlowData(
        view=data.view,
        latents=step.latent,
        generated=step.generated,
        real=real,
        grid=data.grid,
        line_map=data.line_map,
        field=data.field,
        histograms=Histograms(bins, counts(on_real), counts(step.generated_probability)),
        losses=data.losses,
        norms=data.norms,
    )


def _texts(experiment: Experiment, data: FlowData, place: Place | None) -> dict[str, tuple[str, str]]:
    """A quiet line and a number for each node."""
    m = f"m = {experiment.training.batch_size:,}"
    means = {"real": NONE, "generated": NONE}
    if data.histograms is not None:
        edges = data.histograms.edges
        means = {side: figure(mean(getattr(data.histograms, side), edges)) for side in means}
    generating = place is not None and place.player == "generator"
    texts = {
        "z": (f"{experiment.latent.dimension}-D {experiment.latent.prior.title.lower()}", ""),
        "samples": (m, ""),
        "x": (m, ""),
        "on_generated": ("wants 1" if generating else "label 0", means["generated"]),
        "on_real": ("label 1", means["real"]),
    }
    for player, letter in PLAYERS.items():
        network = getattr(experiment, player)
        optimizer = getattr(experiment.optimizers, player)
        loss, norm = _latest(data.losses, player), _latest(data.norms, player)
        if place is not None and place.player == player:
            loss, norm = place.step.loss, place.step.gradient_norm
        texts[letter] = ("–".join(str(width) for width in network.widths) or "linear", "")
        texts[f"loss_{letter}"] = ("", figure(loss))
        texts[f"step_{letter}"] = (f"{optimizer.title} {optimizer.learning_rate:g}", figure(norm))
    return texts


def _latest(rows: dict[str, NDArray[np.float64]] | None, player: str) -> float:
    values = rows[player] if rows is not None else np.empty(0)
    values = values[np.isfinite(values)]
    return float(values[-1]) if len(values) else float("nan")
