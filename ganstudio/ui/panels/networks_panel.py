"""The latent space and the two networks."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.networks import Network
from ganstudio.ui.forms.record_form import stacked
from ganstudio.ui.panels.columns import Columns
from ganstudio.ui.panels.network_drawing import NetworkDrawing, Weights
from ganstudio.ui.panels.panel import Panel, heading, note
from ganstudio.ui.theme import Theme

FIRST = ("widths", "activation", "normalisation")
"""The settings of a network that everyone looks for; the others are behind a line."""


class NetworksPanel(Panel):
    """Latent space, generator and discriminator, each with a live drawing."""

    title = "Networks"
    icon_name = "network"

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(experiment, theme)
        self.generator = _Player("Generator G", theme)
        self.discriminator = _Player("Discriminator D", theme)
        self._counts: tuple[int, int] | None = None
        for name, player in (("generator", self.generator), ("discriminator", self.discriminator)):
            first = tuple(f"{name}.{field}" for field in FIRST)
            column = stacked(player, self.form(*first), self.more(self.form(name, without=first, off_at_zero=(name,))))
            player.column = QWidget()
            player.column.setLayout(column)
        self.setLayout(
            stacked(
                heading("Latent z"),
                self.form("latent"),
                Columns(self.generator.column, self.discriminator.column),
            )
        )
        self.show_experiment(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this experiment."""
        shapes = _shapes(experiment)
        if shapes != _shapes(self._experiment):
            self._counts = None  # They are of the networks before.
            self._show_counts()
        (g_in, g_out), (d_in, d_out) = ((shape[0], shape[-1]) for shape in shapes)
        self.generator.drawing.show_network(experiment.generator, g_in, g_out, ("z", "x"))
        self.discriminator.drawing.show_network(experiment.discriminator, d_in, d_out, ("x", "D"))
        super().show_experiment(experiment)

    def set_theme(self, theme: Theme) -> None:
        """Draw again."""
        super().set_theme(theme)
        self.generator.drawing.set_theme(theme)
        self.discriminator.drawing.set_theme(theme)

    def show_weights(self, generator: Weights | None, discriminator: Weights | None) -> None:
        """Draw the weights of a frame; None leaves a drawing as it is."""
        if generator is not None:
            self.generator.drawing.show_weights(generator)
        if discriminator is not None:
            self.discriminator.drawing.show_weights(discriminator)

    def set_parameter_counts(self, generator: int, discriminator: int) -> None:
        """Parameters of the networks as they were built."""
        self._counts = (generator, discriminator)
        self._show_counts()
        self.summary_changed.emit()

    def summary(self) -> str:
        """``2→64→64→2 · 4,482 parameters``, of the generator."""
        shape = "→".join(str(size) for size in _shapes(self._experiment)[0])
        return f"{shape} · {self._counts[0]:,} parameters" if self._counts else shape

    def _show_counts(self) -> None:
        for index, player in enumerate((self.generator, self.discriminator)):
            player.show_count(self._counts[index] if self._counts else None)


class _Player(QWidget):
    """The name of a network, its parameters, its drawing."""

    column: QWidget

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self.drawing = NetworkDrawing(theme)
        self._count: QLabel = note()
        line = QHBoxLayout()
        line.addWidget(heading(name))
        line.addStretch(1)
        self._count.setWordWrap(False)
        self._count.setContentsMargins(0, 8, 0, 0)
        line.addWidget(self._count)
        column = stacked()
        column.addLayout(line)
        column.addWidget(self.drawing)
        self.setLayout(column)

    def show_count(self, count: int | None) -> None:
        """So many parameters; None while it is not known."""
        self._count.setText("" if count is None else f"{count:,} parameters")


def _shapes(experiment: Experiment) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Units of each layer of G and of D, inputs first."""
    dimension = experiment.target.dimension
    return (
        _shape(experiment.generator, experiment.latent.dimension, dimension),
        _shape(experiment.discriminator, dimension * experiment.discriminator.packing, 1),
    )


def _shape(network: Network, inputs: int, outputs: int) -> tuple[int, ...]:
    return (inputs, *network.widths, outputs)
