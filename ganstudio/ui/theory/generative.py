"""What a discriminative model knows and what a generative one does: on the same points, beside the GAN."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame
from ganstudio.ui.forms.choice_box import ChoiceBox, Option
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.plots.panel import Table
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme, field_lookup_table
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.small_multiple import SMALL, SmallMultiple
from ganstudio.ui.theory.two_classes import SPLITS, Fits, fit

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

Floats = NDArray[np.float64]
View = tuple[float, float, float, float]

CELLS = 72
"""Of a field, along each axis."""
CURVE_POINTS = 241
DRAWN = 250
"""Points of each class, and samples, in a plot of this size."""
LOGISTIC, BAYES, GAN = "logistic", "bayes", "gan"
CANNOT = "It cannot: it knows p(y | x) alone, and nothing of p(x)."
CANNOT_TIP = (
    "Logistic regression answers how likely a class is at a point that it is given. Which points there are it never "
    "learned: there is no distribution to draw from."
)
NO_TARGET = "Draw or choose a target: both classifiers are fitted to its points"
ONE_CLASS = "All points of this target fall into one class: choose the background instead"
TITLES = {
    LOGISTIC: (
        "Logistic regression",
        "Logistic regression: discriminative. p(y = 1 | x) as colour, its boundary as a line",
    ),
    BAYES: (
        "Naive Bayes",
        "Gaussian naive Bayes: generative. A normal distribution for each class, and the boundary by Bayes' rule",
    ),
    GAN: ("GAN", "The running GAN: D as colour with its ½ line, and samples G(z). D judges, G samples"),
}


class GenerativePanel(TheoryPanel):
    """Small multiples with the axes of the stage: logistic regression, naive Bayes, the GAN, and what each can do."""

    x_axis: ClassVar[str] = "x"
    y_axis: ClassVar[str] = ""

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._target: TargetDistribution | None = None
        self._seed = 0
        self._split = next(iter(SPLITS))
        self._fits: Fits | None = None
        self._stale = True
        self._presses = 0
        self._frame: Frame | None = None
        self._view: View = (-1.0, 1.0, -1.0, 1.0)
        self.split = ChoiceBox([Option(name, one.title, one.help) for name, one in SPLITS.items()])
        self.split.setAccessibleName("The two classes")
        self.split.entered.connect(self.set_split)
        self.above.column.addWidget(self.split)
        self.multiples = {name: SmallMultiple(title, tip, theme) for name, (title, tip) in TITLES.items()}
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary.setWordWrap(True)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._grid = QWidget()
        self._grid.setObjectName("strip")
        self._grid.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(10, 4, 8, 4)
        grid.setSpacing(8)
        for place, widget in enumerate((*self.multiples.values(), self.summary)):
            grid.addWidget(widget, place // 2, place % 2)
        for index in range(2):
            grid.setRowStretch(index, 1)
            grid.setColumnStretch(index, 1)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        column.insertWidget(column.indexOf(self.plot), self._grid, 1)
        self.below.hide()
        for name, multiple in self.multiples.items():
            multiple.sample_requested.connect(lambda name=name: self.sample(name))
        self.set_theme(theme)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Show the same region as the stage."""
        stage.view_changed.connect(lambda: self.set_view(stage.view_rectangle()))
        self.set_view(stage.view_rectangle())

    def wanted_layers(self) -> tuple[Layer, ...]:
        """D, and samples of G."""
        return ("generated", "field")

    @property
    def fits(self) -> Fits | None:
        """Both classifiers; None before somebody looks, or where there is nothing to fit."""
        return self._fits

    def set_split(self, name: str) -> None:
        """Make the two classes this way, a key of ``SPLITS``."""
        self._split = name
        self.split.show_value(name)
        self._refit()

    def set_view(self, view: View) -> None:
        """Show this region: x_min, x_max, y_min, y_max."""
        if view != self._view:
            self._view = view
            self._draw()

    def show_experiment(self, experiment: Experiment) -> None:
        """Points are drawn by its seed."""
        super().show_experiment(experiment)
        self._seed = experiment.seed

    def show_target(self, target: TargetDistribution | None) -> None:
        """Fit both to the new target."""
        self._target = target
        if target is not None:
            extent = target.extent
            self._view = (extent.x_min, extent.x_max, extent.y_min, extent.y_max)
        self._refit()

    def show_frame(self, frame: Frame) -> None:
        """The GAN as it is now."""
        if frame.generated is not None and frame.field is not None:
            self._frame = frame
            self._draw_gan()

    def clear(self) -> None:
        """Another run: the classifiers stay, the GAN begins anew."""
        self._frame = None
        self._draw_gan()

    def sample(self, name: str) -> None:
        """Draw new points from one of them, or say why that cannot be."""
        multiple = self.multiples[name]
        if name == LOGISTIC:
            multiple.say(CANNOT, CANNOT_TIP, warning=True)
        elif name == BAYES and self._fits is not None:
            self._presses += 1
            drawn = SPLITS[self._split].samples(
                self._fits.bayes, DRAWN, np.random.default_rng((self._seed, self._presses))
            )
            multiple.show_samples(self._placed(drawn, 0.5))
        elif name == GAN:
            self._draw_gan()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self.summary.setFont(tabular(self.font(), scale=SMALL))
        self._grid.setStyleSheet(f"#strip {{ background: {theme.surface}; }}")
        classes = _table(theme.muted, theme.surface, theme.real)
        for name, multiple in self.multiples.items():
            is_gan = name == GAN
            table = field_lookup_table(theme) if is_gan else classes
            multiple.set_theme(theme, table, theme.discriminator if is_gan else theme.text, 0.25 if is_gan else 0.6)
        self._draw()

    def table(self) -> Table:
        """The points that both were fitted to, their class, and what each model says there."""
        fits = self._fits
        dimension = 1 if fits is None else fits.points.shape[1]
        header = (*("x1", "x2")[:dimension], "label", "logistic", "naive_bayes")
        if fits is None:
            return header, np.empty((0, len(header)))
        models = [model.probability(fits.points) for model in (fits.logistic, fits.bayes)]
        return header, np.column_stack([fits.points, fits.labels, *models])

    # -- Qt ------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is fitted before somebody looks."""
        super().showEvent(event)
        if self._stale:
            self._refit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the plots keep it."""
        super().resizeEvent(event)
        roomy = self.height() >= 300
        for multiple in self.multiples.values():
            multiple.note.setVisible(roomy)

    # -- inside --------------------------------------------------------------------------------------------------

    def _refit(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self._fits = None if self._target is None else fit(self._target, self._split, self._seed)
        nothing = NO_TARGET if self._target is None else ONE_CLASS if self._fits is None else ""
        self._set_empty(nothing)
        self.plot.setVisible(bool(nothing))
        self._grid.setVisible(not nothing)
        if self._fits is not None:
            self.multiples[LOGISTIC].show_samples(np.empty((0, 2)))
            self._say(self._fits)
            self._draw()
            self.sample(BAYES)

    def _say(self, fits: Fits) -> None:
        classes = SPLITS[self._split].classes
        held_out = f"Share of held-out points whose class it finds: {classes[0]} (blue) or {classes[1]} (grey)"
        self.multiples[LOGISTIC].say(f"finds {fits.logistic_accuracy:.0%} of the classes", held_out)
        self.multiples[BAYES].say(
            f"finds {fits.bayes_accuracy:.0%}; log p {_number(fits.log_density)}"
            + (f", target {_number(fits.target_log_density)}" if fits.target_log_density is not None else ""),
            f"{held_out}. Log p: the mean logarithm of its density at held-out samples of the target, in nats, of "
            "which nothing has more than the target itself, but by chance. Orange: samples of it",
        )
        self.summary.setText(_SUMMARY)

    def _draw(self) -> None:
        fits = self._fits
        if fits is None:
            return
        plane = fits.points.shape[1] == 2
        x_min, x_max = self._view[:2]
        for multiple in self.multiples.values():
            multiple.set_view(self._view if plane else (x_min, x_max, -0.08, 1.08), plane=plane)
            one, zero = (fits.points[fits.labels == label][:DRAWN] for label in (1, 0))
            multiple.show_points(self._placed(one, 1.0), self._placed(zero, 0.0))
        for name, model in ((LOGISTIC, fits.logistic), (BAYES, fits.bayes)):
            if plane:
                xs, ys = (_centres(*side) for side in (self._view[:2], self._view[2:]))
                points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
                self.multiples[name].show_field(model.probability(points).reshape(CELLS, CELLS), self._view)
            else:
                x = np.linspace(x_min, x_max, CURVE_POINTS)
                self.multiples[name].show_curve(x, model.probability(x[:, None]))
        self._draw_gan()

    def _draw_gan(self) -> None:
        multiple, frame = self.multiples[GAN], self._frame
        if frame is None or frame.generated is None or frame.field is None:
            multiple.show_field(None, self._view)
            multiple.show_samples(np.empty((0, 2)))
            multiple.say("waiting for the trainer …", "D and samples of G appear here with its next frame")
            return
        multiple.say("½ line of D, samples of G", "Orange: samples of G. Faint: the points of class 1 and 0")
        field = frame.field
        if frame.generated.shape[1] == 2:
            multiple.show_field(field.values, field.view, wanders=True)
        else:
            x = np.linspace(field.view[0], field.view[1], 2 * field.values.shape[1] + 1)[1::2]
            multiple.show_curve(x, field.values[0])
        multiple.show_samples(self._placed(frame.generated[:DRAWN], 0.5))

    def _placed(self, points: NDArray[np.floating], height: float) -> Floats:
        """Where points are drawn, (n, 2); those of a line at a height, slightly apart."""
        if points.shape[1] == 2:
            return points.astype(np.float64)
        apart = 0.06 * (np.arange(len(points)) * 0.618 % 1 - 0.5)
        return np.column_stack([points[:, 0], height + apart])


_SUMMARY = (
    "<table cellspacing='0' cellpadding='1'>"
    "<tr><td></td><td style='white-space: nowrap'>p(y|x)</td><td>p(x)</td><td>draws</td></tr>"
    "<tr><td>Logistic</td><td align='center'>✓</td><td align='center'>–</td><td align='center'>–</td></tr>"
    "<tr><td>Bayes</td><td align='center'>✓</td><td align='center'>✓</td><td align='center'>✓</td></tr>"
    "<tr><td>GAN</td><td align='center'>D</td><td align='center'>–</td><td align='center'>G</td></tr>"
    "</table>"
    "<p>A discriminative model has a boundary and nothing more. A generative one can draw new points: naive Bayes "
    "by a formula that is too simple for most shapes, a GAN by a network that has none.</p>"
)


def _centres(low: float, high: float) -> Floats:
    return low + (np.arange(CELLS) + 0.5) / CELLS * (high - low)


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _table(zero: str, middle: str, one: str) -> NDArray[np.uint8]:
    """(256, 4) RGBA from one pale colour over the background's to another."""
    stops = [QColor(mixed(middle, colour, 0.4)) for colour in (zero, middle, one)]
    channels = [
        np.interp(np.linspace(0, 1, 256), (0, 0.5, 1), [getattr(stop, name)() for stop in stops])
        for name in ("red", "green", "blue")
    ]
    return np.stack([*channels, np.full(256, 255.0)], axis=1).round().astype(np.uint8)
