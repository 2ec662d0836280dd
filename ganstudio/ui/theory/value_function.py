"""The value function with this batch's numbers, and D trained to optimality under one's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.equilibrium import LOG_4
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame, Optimality, Outputs
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.band import Band
from ganstudio.ui.plots.figures import NONE, figure, with_spread
from ganstudio.ui.plots.header import Readout, tabular
from ganstudio.ui.plots.panel import Hover, Reference, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.number_line import NumberLine
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.terms import Term, Terms
from ganstudio.ui.training_run import RunState

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

TERMS = (
    Term("value", r"V(D, G)", colour="value", tip="The value function, in nats: D raises it, G lowers it"),
    Term("real", r"E_{x}[\log D(x)]", "=", "real", "The mean over real samples: 0 when D is certain that all are real"),
    Term(
        "generated",
        r"E_{z}[\log(1 - D(G(z)))]",
        "+",
        "generated",
        "The mean over generated samples: 0 when D is certain that none is real",
    ),
)
TARGET = "−log 4 + 2·JSD"
ROOM_FOR_TERMS = 300
"""Height in pixels from which the formula stays while D is trained to optimality."""
ROOM_FOR_PROMISE = 420
"""Height in pixels from which there is room for what will appear."""
PROMISE = "Train D to optimality: V rises to −log 4 + 2·JSD here, with G frozen"
HEADER = ("discriminator_updates", "value", "value_error", "target", "target_low", "target_high", "gap")
TRAIN_TIP = (
    "Freeze G and update D alone until V on a fixed batch gains no more. In theory V then is −log 4 + 2·JSD. "
    "The updates are part of the run; go back along the timeline to undo them."
)


class ValueFunctionPanel(TheoryPanel):
    """V(D, G) = E log D(x) + E log(1 − D(G(z))) in numbers; then V rising to −log 4 + 2·JSD while G stands still."""

    training_requested = Signal()
    pause_requested = Signal()
    exactness_requested = Signal()
    """Take away whatever keeps D from D*."""

    x_axis: ClassVar[str] = "updates of D, G frozen"
    y_axis: ClassVar[str] = "V (nats)"
    gutter = True

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._outputs: Outputs | None = None
        self._optimality: Optimality | None = None
        self._rows: list[tuple[float, ...]] = []
        self._hindrances: tuple[str, ...] = ()
        self._optimising = False
        self._y_range = StableRange(smallest=0.05)
        self._x_range = StableRange(low=0.0, smallest=100.0)
        self._band = Band()
        self._band.setZValue(-20)
        self._curve = pg.PlotCurveItem(skipFiniteCheck=True, antialias=True)
        self.plot.addItem(self._band)
        self.plot.addItem(self._curve)

        self.terms = Terms(TERMS, theme)
        self.entropy = QLabel()
        self.entropy.setToolTip(
            "The binary cross-entropy of D as a classifier, the mean over each side: label 1 for real samples, label 0 "
            "for generated ones. Raising V is lowering this."
        )
        self.line = NumberLine(theme)
        self.numbers = _ThreeNumbers(theme)
        for widget in (self.terms, self.entropy, self.line, self.numbers):
            self.above.column.addWidget(widget)
        self.entropy.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.entropy.setWordWrap(True)
        self.button = QPushButton("Train D to optimality")
        self.button.setToolTip(TRAIN_TIP)
        self.button.clicked.connect(self._press)
        self.status = QLabel()
        self.status.setProperty("role", "muted")
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hindrance = QLabel()
        self.hindrance.setTextFormat(Qt.TextFormat.RichText)
        self.hindrance.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.hindrance.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hindrance.linkActivated.connect(lambda _link: self.exactness_requested.emit())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.status, 1)
        self.below.column.addStretch(1)
        self.below.column.addWidget(self.hindrance)
        self.below.column.addLayout(row)
        self.set_theme(theme)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Follow the run; train D through the studio."""
        run = studio.run
        self.training_requested.connect(studio.train_discriminator)
        self.pause_requested.connect(run.pause)
        self.exactness_requested.connect(lambda: studio.change(exact(studio.experiment), "penalties"))
        run.optimality_changed.connect(self.show_optimality)
        run.state_changed.connect(lambda state: self.show_state(state, optimising=run.optimising))
        self.show_state(run.state, optimising=run.optimising)

    def wanted_layers(self) -> tuple[Layer, ...]:
        """D's outputs and what they mean for V."""
        return ("outputs",) if self._classifies else ()

    def show_experiment(self, experiment: Experiment) -> None:
        """Which settings keep D from D*; whether there is a V at all."""
        super().show_experiment(experiment)
        self._hindrances = hindrances(experiment)
        self._show_hindrances()
        self._arrange()

    def show_state(self, state: RunState, *, optimising: bool) -> None:
        """Whether D can be trained to optimality now, or is."""
        if optimising and not self._optimising:
            self._forget_optimality()
            self.status.setText("G is frozen; estimating the JSD …")
        self._optimising = optimising
        self.button.setText("Pause" if optimising else "Train D to optimality")
        self.button.setEnabled(optimising or state in (RunState.PAUSED, RunState.PLAYING))
        self._arrange()

    def show_frame(self, frame: Frame) -> None:
        """Put the batch's numbers in; forget a training to optimality once G has moved on."""
        at = self._optimality.progress if self._optimality is not None else None
        moved_on = at is not None and not self._optimising and frame.progress.generator_updates != at.generator_updates
        if moved_on:
            self._forget_optimality()
        if frame.outputs is not None:
            self._outputs = frame.outputs
            self._show_outputs()
        if moved_on:
            self._arrange()

    def show_optimality(self, event: Optimality) -> None:
        """How far D has come."""
        if self._optimality is not None and event.updates < self._optimality.updates:
            self._forget_optimality()
        self._optimality = event
        self._rows.append(
            (
                event.updates,
                event.value,
                event.value_error,
                event.target_value,
                event.target_low,
                event.target_high,
                event.gap,
            )
        )
        self.numbers.show_optimality(event)
        updates = f"{event.updates:,} update{'' if event.updates == 1 else 's'}"
        self.status.setText(f"{event.reason} ({event.updates:,})" if event.finished else f"G is frozen; {updates} of D")
        self.status.setToolTip(f"{updates} of D, with G frozen")
        self._arrange()
        self._draw()

    def clear(self) -> None:
        """Another run."""
        self._outputs = None
        self._forget_optimality()
        self._show_outputs()
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._curve.setPen(pg.mkPen(theme.value, width=2))
        self._band.set_colour(mixed(theme.jsd, theme.surface, 0.72))
        for part in (self.terms, self.line, self.numbers):
            part.set_theme(theme)
        super().set_theme(theme)
        self._show_hindrances()

    def table(self) -> Table:
        """Every reading of V on its way to the optimum."""
        return HEADER, np.array(self._rows, np.float64).reshape(-1, len(HEADER))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The formula gives way to the curve where there is little room."""
        super().resizeEvent(event)
        self._arrange()

    # inside

    def _press(self) -> None:
        (self.pause_requested if self._optimising else self.training_requested).emit()

    def _show_outputs(self) -> None:
        outputs = self._outputs
        if outputs is None or outputs.value is None or outputs.real_term is None or outputs.generated_term is None:
            self.terms.show_values({})
            self.entropy.setText("−V is D's binary cross-entropy, labels 1 and 0")
            self.line.show_value(None)
        else:
            values = {"value": outputs.value, "real": outputs.real_term, "generated": outputs.generated_term}
            self.terms.show_values(values)
            real, generated = cross_entropies(outputs)
            self.entropy.setText(
                f"BCE: {figure(real)} (label 1) + {figure(generated)} (label 0) "
                f"=\N{NO-BREAK SPACE}{figure(real + generated)}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}−V"
            )
            self.line.show_value(outputs.value)
        self._update_hover()

    def _forget_optimality(self) -> None:
        self._optimality = None
        self._rows = []
        self._y_range.reset()
        self._x_range.reset()
        self.status.setText("")
        self.set_references([])

    def _draw(self) -> None:
        event = self._optimality
        if event is None:
            return
        rows = np.array(self._rows, np.float64)
        self._curve.setData(rows[:, 0], rows[:, 1])
        low, high = self._x_range.fit(0.0, max(event.updates, 1))
        ends = np.array([low, high])
        self._band.set_data(ends, np.full(2, event.target_low), np.full(2, event.target_high))
        tip = "What V reaches at D*, by an estimate of the JSD on fine cells; the band is its uncertainty"
        self.set_references(
            [
                Reference(event.target_value, "V(D*)", "jsd", tip),
                Reference(-LOG_4, "−log 4", "value", "V at p_g = p_data"),
            ]
        )
        bottom = max(float(rows[:, 1].min()), float(rows[-1, 1]) - 3.0)
        self.view.setRange(
            xRange=(low, high),
            yRange=self._y_range.fit(min(bottom, -LOG_4), max(event.target_high, event.value)),
            padding=0,
        )
        self._update_hover()

    def _arrange(self) -> None:
        """Show what there is to say now, where there is room for it."""
        nothing = self._not_a_probability("V(D, G) is not defined")
        optimality = self._optimality is not None
        promised = not optimality and self.height() >= ROOM_FOR_PROMISE
        self._set_empty(nothing or (PROMISE if promised else ""))
        self._curve.setVisible(optimality and not nothing)
        self._band.setVisible(optimality and not nothing)
        self.plot.setVisible(optimality or promised or bool(nothing))
        self.above.setVisible(not nothing)
        self.below.setVisible(not nothing)
        self.terms.setVisible(not optimality or self.height() >= ROOM_FOR_TERMS)
        self.entropy.setVisible(not optimality)
        self.line.setVisible(not optimality)
        self.numbers.setVisible(optimality)
        self.hindrance.setVisible(bool(self._hindrances) and (not optimality or self.height() >= ROOM_FOR_TERMS))
        self._update_hover()

    def _show_hindrances(self) -> None:
        names = _listed(self._hindrances)
        verb = "keeps" if len(self._hindrances) == 1 else "keep"
        link = f'<a href="exact" style="color:{self._theme.accent}">set {"it" if verb == "keeps" else "them"} to 0</a>'
        self.hindrance.setText(f'<span style="color:{self._theme.muted}">{names} {verb} D from D*:</span> {link}')
        self.hindrance.setToolTip("D then minimises more than its loss, so V stays below −log 4 + 2·JSD")

    def _latest(self) -> tuple[Readout, ...]:
        outputs = self._outputs
        if self._not_a_probability(" ") or self._optimality is not None or outputs is None or outputs.value is None:
            return ()
        return (Readout("JSD ≥ (V + log 4)/2 =", figure((outputs.value + LOG_4) / 2), "jsd", short="JSD ≥"),)

    def _hovered(self, x: float) -> Hover | None:
        if not self._rows:
            return None
        rows = np.array(self._rows, np.float64)
        row = rows[int(np.abs(rows[:, 0] - x).argmin())]
        readouts = (Readout("V", figure(row[1]), "value"), Readout("gap", figure(row[6])))
        return Hover(float(row[0]), f"{row[0]:,.0f}", readouts, ((float(row[1]), "value"),))


class _ThreeNumbers(QWidget):
    """V, −log 4 + 2·JSD and the gap between them, side by side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        tips = {
            "V(D, G)": "On a fixed batch that D does not train on, with its 95 % band",
            TARGET: "What V reaches at D*. The JSD is of the masses of fine cells, so the true one may be a bit more",
            "gap": "What D still lacks. Below 0 D tells apart what the cells of the JSD estimate cannot",
        }
        self._names = tuple(tips)
        self._values: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        for column, (name, tip) in enumerate(tips.items()):
            caption, value = QLabel(name), QLabel(NONE)
            caption.setProperty("role", "muted")
            value.setAccessibleName(name)
            value.setFont(tabular(self.font(), scale=1.15))
            value.setToolTip(tip)
            grid.addWidget(caption, 0, column)
            grid.addWidget(value, 1, column)
            grid.setColumnStretch(column, (3, 4, 2)[column])
            self._values[name] = value
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def show_optimality(self, event: Optimality) -> None:
        """The three numbers of a reading; the band is the JSD's, the ± that of the evaluation batch (95 %)."""
        spread = (event.target_high - event.target_low) / 2
        self._values["V(D, G)"].setText(with_spread(event.value, event.value_error))
        self._values[TARGET].setText(with_spread(event.target_value, spread))
        self._values["gap"].setText(figure(event.gap))

    def text(self, name: str) -> str:
        """A number as it is shown."""
        return self._values[name].text()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours: those of the curve and of its target."""
        for name, colour in zip(self._names, (theme.value, theme.jsd, theme.text), strict=True):
            self._values[name].setStyleSheet(f"color: {colour};")


def cross_entropies(outputs: Outputs) -> tuple[float, float]:
    """The binary cross-entropy of D on real samples with label 1 and on generated ones with label 0, in nats.

    −[t log σ(a) + (1 − t) log(1 − σ(a))] = softplus(a) − t a.
    """
    real, generated = outputs.real.astype(np.float64), outputs.generated.astype(np.float64)
    return float((np.logaddexp(0, real) - real).mean()), float(np.logaddexp(0, generated).mean())


def hindrances(experiment: Experiment) -> tuple[str, ...]:
    """What is on that D minimises, or sees, besides the cross-entropy: the names of the settings."""
    penalties = experiment.penalties
    fields = type(penalties).model_fields
    found = [str(field.title) for name, field in fields.items() if getattr(penalties, name) > 0]
    if getattr(experiment.objective, "label_smoothing", 0.0) > 0:
        found.append("label smoothing")
    return tuple(name.split(" ")[0] if name.startswith("R") else name for name in found)


def exact(experiment: Experiment) -> Experiment:
    """The experiment without any :func:`hindrances`."""
    for name in type(experiment.penalties).model_fields:
        experiment = with_value(experiment, f"penalties.{name}", 0.0)
    if getattr(experiment.objective, "label_smoothing", 0.0) > 0:
        experiment = with_value(experiment, "objective.label_smoothing", 0.0)
    return experiment


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
