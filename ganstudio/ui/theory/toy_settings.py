"""What can be chosen of a toy game, as a few rows of boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QSpinBox, QWidget

from ganstudio.messages.toys import Toy
from ganstudio.ui.forms.choice_box import ChoiceBox, Option
from ganstudio.ui.theory import toy_choices as choices

MOST_ITERATIONS = 20_000


class ToySettings(QWidget):
    """Shows a toy and asks for others; ``preset`` is a box of its own, for whoever owns this to place."""

    toy_requested = Signal(object)  # Toy
    iterations_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._toy = Toy()
        presets = [choices.Choice(str(at), one.title, one.help) for at, one in enumerate(choices.PRESETS)]
        self.preset = _box(presets, "Preset", "A row of the published tables")
        self.game = _box(choices.GAMES, "Game", "The game that is played")
        self.rule = _box(choices.RULES, "Update rule", "How the players move")
        self.penalty = _box(choices.PENALTIES, "Penalty", "What is added to the game")
        self.number = _spin("Weight of the penalty; 0 takes it away", 0.0, 100.0, 0.1)
        self.number.setSpecialValueText("no weight")
        self.step_size = _spin("Step size h of both players", 1e-3, 5.0, 0.05)
        self.iterations = QSpinBox()
        self.iterations.setRange(1, MOST_ITERATIONS)
        self.iterations.setSingleStep(100)
        self.iterations.setKeyboardTracking(False)
        self.iterations.setToolTip("How many iterations are played")
        self.iterations.setAccessibleName("Iterations")
        self.iterations.setPrefix("n = ")
        self.preset.setPlaceholderText("your own")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for place, widget in enumerate(
            (self.game, self.rule, self.penalty, self.number, self.step_size, self.iterations)
        ):
            grid.addWidget(widget, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.preset.entered.connect(
            lambda at: self.toy_requested.emit(choices.with_preset(self._toy, choices.PRESETS[int(at)]))
        )
        self.game.entered.connect(lambda game: self.toy_requested.emit(choices.with_game(self._toy, game)))
        self.rule.entered.connect(lambda rule: self.toy_requested.emit(replace(self._toy, rule=rule)))
        self.penalty.entered.connect(
            lambda name: self.toy_requested.emit(choices.with_penalty(self._toy, name, choices.BY_NAME[name].usual))
        )
        self.number.valueChanged.connect(
            lambda number: self.toy_requested.emit(choices.with_penalty(self._toy, self.penalty.value(), number))
        )
        self.step_size.valueChanged.connect(lambda size: self.toy_requested.emit(replace(self._toy, step_size=size)))
        self.iterations.valueChanged.connect(self.iterations_requested)

    def show_toy(self, toy: Toy) -> None:
        """The settings as the record has them."""
        self._toy = toy
        preset = choices.preset_of(toy)
        self.preset.setCurrentIndex(-1 if preset is None else preset)
        self.preset.setToolTip(choices.PRESETS[preset].help if preset is not None else "A row of the published tables")
        self.game.show_value(choices.game_of(toy))
        self.rule.show_value(toy.rule)
        penalty, number = choices.penalty_of(toy)
        self.penalty.show_value(penalty.value)
        for index, one in enumerate(choices.PENALTIES):
            item = self.penalty.model().index(index, 0)
            flags = 0 if not choices.allowed(toy, one) else None
            self.penalty.model().setData(item, flags, Qt.ItemDataRole.UserRole - 1)
        for spin, value in ((self.number, number), (self.step_size, toy.step_size)):
            with QSignalBlocker(spin):
                spin.setValue(value)
        self.number.setPrefix(f"{penalty.number} = " if penalty.number else "")
        self.number.setEnabled(penalty is not choices.NONE)
        self.step_size.setPrefix("h = ")

    def show_iterations(self, iterations: int) -> None:
        """How long it is played."""
        with QSignalBlocker(self.iterations):
            self.iterations.setValue(iterations)


def _box(options: Sequence[choices.Choice], name: str, help: str) -> ChoiceBox:
    box = ChoiceBox([Option(one.value, one.title, one.help) for one in options])
    box.setAccessibleName(name)
    box.setToolTip(help)
    return box


def _spin(help: str, low: float, high: float, step: float) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setDecimals(3)
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setKeyboardTracking(False)
    spin.setToolTip(help)
    spin.setAccessibleName(help)
    return spin
