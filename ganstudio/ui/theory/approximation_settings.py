"""What can be chosen of an approximation, as rows of boxes, and the button that begins it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QSpinBox, QWidget

from ganstudio.experiment.networks import Activation
from ganstudio.messages.approximation import Approximation, FitLoss, PairName
from ganstudio.ui.forms.choice_box import ChoiceBox, Option
from ganstudio.ui.style import restyle

PAIRS: dict[PairName, tuple[str, str]] = {
    "gaussians": ("Two gaussians", "p = N((−.7, 0), .5²), q = N((.7, 0), 1): ½ is a circle"),
    "broad": ("The target and a broad gaussian", "p is the target, q a normal distribution 1.5 times as broad"),
    "run": (
        "The target and G as it stands",
        "p is the target, q the density of G's samples, estimated now: G may train on, q stays",
    ),
}
LOSSES: dict[FitLoss, tuple[str, str]] = {
    "cross_entropy": (
        "Cross entropy",
        "−D* log D − (1 − D*) log(1 − D): what V is made of, so what D minimises in a GAN",
    ),
    "logit": ("Logit, squared", "(a − a*)², a* = log p − log q held within ±10: far off the ½ line counts as well"),
}
WIDTHS: dict[str, tuple[int, ...]] = {
    "w ≤ 32": (1, 2, 4, 8, 16, 32),
    "w ≤ 64": (2, 4, 8, 16, 32, 64),
    "w ≤ 128": (4, 8, 16, 32, 64, 128),
}
DEPTHS: dict[str, tuple[int, ...]] = {"d ≤ 3": (1, 2, 3), "d 1": (1,), "d ≤ 5": (1, 2, 3, 4, 5)}
MOST_ITERATIONS = 50_000
_NAMES: dict[Activation, str] = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "tanh": "tanh",
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "gelu": "GELU",
    "softplus": "Softplus",
    "sine": "Sine",
    "maxout": "Maxout",
}


class ApproximationSettings(QWidget):
    """Shows an approximation, asks for others, and for its beginning and end."""

    approximation_requested = Signal(object)  # Approximation
    fit_requested = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._approximation = Approximation()
        self._is_running = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.pair = _box(PAIRS, "Pair", "The two distributions between which D* stands")
        self.activation = ChoiceBox(
            [Option(name, title, f"{title} after each hidden layer") for name, title in _NAMES.items()]
        )
        self.activation.setAccessibleName("Activation")
        self.activation.setToolTip("The nonlinearity after each hidden layer of every network")
        self.loss = _box(LOSSES, "Loss", "What is minimised")
        self.widths = _sizes(WIDTHS, "Widths", "Units of each hidden layer: a column of networks for each")
        self.depths = _sizes(DEPTHS, "Depths", "Numbers of hidden layers: a row of networks for each")
        self.iterations = _spin("n ", 1, MOST_ITERATIONS, 500, "Iterations of Adam, its learning rate falling to 0")
        self.seed = _spin("seed ", 0, 2**31 - 1, 1, "Another seed: other initialisations, other points")
        self.button = QPushButton("Fit")
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._press)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        grid.addWidget(self.pair, 0, 0, 1, 2)
        grid.addWidget(self.button, 0, 2)
        second, third = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (second, ((self.activation, 1), (self.loss, 1))),
            (third, ((self.widths, 5), (self.depths, 4), (self.iterations, 3), (self.seed, 3))),
        ):
            row.setSpacing(2)
            for widget, stretch in widgets:
                row.addWidget(widget, stretch)
        grid.addLayout(second, 1, 0, 1, 3)
        grid.addLayout(third, 2, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self.pair.entered.connect(lambda name: self._change(pair=name))
        self.activation.entered.connect(lambda name: self._change(activation=name))
        self.loss.entered.connect(lambda name: self._change(loss=name))
        self.widths.entered.connect(lambda name: self._change(widths=WIDTHS[name]))
        self.depths.entered.connect(lambda name: self._change(depths=DEPTHS[name]))
        self.iterations.valueChanged.connect(lambda number: self._change(iterations=number))
        self.seed.valueChanged.connect(lambda number: self._change(seed=number))
        self.show_running(False)

    def show_approximation(self, approximation: Approximation) -> None:
        """The choices as the record has them."""
        self._approximation = approximation
        self.pair.show_value(approximation.pair)
        self.activation.show_value(approximation.activation)
        self.loss.show_value(approximation.loss)
        for box, sizes, wanted in (
            (self.widths, WIDTHS, approximation.widths),
            (self.depths, DEPTHS, approximation.depths),
        ):
            box.show_value(next((name for name, numbers in sizes.items() if numbers == wanted), ""))
        for spin, number in ((self.iterations, approximation.iterations), (self.seed, approximation.seed)):
            with QSignalBlocker(spin):
                spin.setValue(number)

    def show_running(self, is_running: bool) -> None:
        """Whether it is going on: the button ends it then."""
        self._is_running = is_running
        self.button.setText("Stop" if is_running else "Fit")
        self.button.setToolTip(
            "End the fit here" if is_running else "Fit all networks to D*, in the trainer, beside whatever is trained"
        )
        self.button.setProperty("role", "" if is_running else "primary")
        restyle(self.button)

    def _change(self, **changes: object) -> None:
        self.approximation_requested.emit(replace(self._approximation, **changes))  # type: ignore[arg-type]

    def _press(self) -> None:
        if self._is_running:
            self.stop_requested.emit()
        else:
            self.fit_requested.emit()


def _sizes(sizes: dict[str, tuple[int, ...]], name: str, help: str) -> ChoiceBox:
    box = ChoiceBox([Option(title, title, ", ".join(map(str, numbers))) for title, numbers in sizes.items()])
    box.setAccessibleName(name)
    box.setToolTip(help)
    return box


def _spin(prefix: str, low: int, high: int, step: int, help: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setPrefix(prefix)
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(66)
    spin.setToolTip(help)
    spin.setAccessibleName(help)
    return spin


def _box(choices: dict[PairName, tuple[str, str]] | dict[FitLoss, tuple[str, str]], name: str, help: str) -> ChoiceBox:
    box = ChoiceBox([Option(value, title, tip) for value, (title, tip) in choices.items()])
    box.setAccessibleName(name)
    box.setToolTip(help)
    return box
