"""What can be chosen of the divergences: which kind of p and q, and their numbers or the tools of the pad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.line_pair import FARTHEST, SHAPES, WIDTHS, Bump, LinePair, Side
from ganstudio.ui.theory.painted_pair import PaintedPair

PAINTED = "painted"
_KINDS = {name: (shape.title, shape.help) for name, shape in SHAPES.items()} | {
    PAINTED: (
        "Paintings",
        "Two sets painted on a pad, p and q uniform on them; W1 is that of mass at the cells' centres",
    )
}
_TOOLS = {
    "move": ("Move q", "Drag q as a whole"),
    "p": ("Paint p", "Paint the set on which p is uniform"),
    "q": ("Paint q", "Paint the set on which q is uniform"),
    "erase": ("Erase", "Erase both"),
}
_COLOURS: dict[Side, str] = {"p": "real", "q": "generated"}


class DivergenceTools(QWidget):
    """Two rows: the kinds of pair; and the numbers of the pair on the line, or the tools of the pad."""

    kind_chosen = Signal(str)  # a key of SHAPES, or PAINTED
    pair_requested = Signal(object)  # LinePair
    tool_chosen = Signal(str)  # PadTool
    cleared = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._pair = LinePair()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.kinds = ButtonRow(_KINDS, self.kind_chosen.emit)
        self.pad_tools = ButtonRow(_TOOLS, self.tool_chosen.emit)
        clear = small_button("Clear", "Take all paint off the pad")
        clear.clicked.connect(self.cleared)
        self.pad_tools.row.addWidget(clear)
        self._numbers = {
            (side, part): _spin(side, part, partial(self._enter, side, part))
            for side in _COLOURS
            for part in ("centre", "width")
        }
        numbers = QWidget()
        row = QHBoxLayout(numbers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for spin in self._numbers.values():
            row.addWidget(spin, 1)
        self._second = QStackedWidget()
        self._second.addWidget(numbers)
        self._second.addWidget(self.pad_tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kinds)
        column.addWidget(self._second)
        self.pad_tools.show_value("move")
        self.set_theme(theme)

    def number(self, side: Side, part: str) -> QDoubleSpinBox:
        """The box of a side's ``centre`` or ``width``."""
        return self._numbers[side, part]

    def show_pair(self, pair: LinePair | PaintedPair) -> None:
        """The choices as the record has them."""
        if isinstance(pair, PaintedPair):
            self.kinds.show_value(PAINTED)
            self._second.setCurrentIndex(1)
            return
        self._pair = pair
        self.kinds.show_value(pair.shape)
        self._second.setCurrentIndex(0)
        for (side, part), spin in self._numbers.items():
            with QSignalBlocker(spin):
                spin.setValue(getattr(getattr(pair, side), part))
                spin.setPrefix(
                    f"{SHAPES[pair.shape].centre_name if part == 'centre' else SHAPES[pair.shape].width_name} "
                )

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        for (side, _), spin in self._numbers.items():
            spin.setStyleSheet(f"color: {getattr(theme, _COLOURS[side])};")

    def _enter(self, side: Side, part: str, value: float) -> None:
        bump: Bump = getattr(self._pair, side)
        changed = bump.at(value) if part == "centre" else bump.wide(value)
        self.pair_requested.emit(replace(self._pair, p=changed) if side == "p" else replace(self._pair, q=changed))


class ButtonRow(QWidget):
    """A row of small buttons of which one is down."""

    def __init__(self, buttons: Mapping[str, tuple[str, str]], chosen: Callable[[str], object]) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for name, (title, help) in buttons.items():
            button = small_button(title, help)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, name=name: chosen(name))
            group.addButton(button)
            self.row.addWidget(button)
            self.buttons[name] = button
        self.row.addStretch(1)

    def show_value(self, name: str) -> None:
        """Let this one be down."""
        self.buttons[name].setChecked(True)


class _Number(QDoubleSpinBox):
    """Writes a true minus sign, as the plots do, and takes either."""

    def textFromValue(self, value: float) -> str:
        return super().textFromValue(value).replace("-", "−")

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace("−", "-"))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state, found, at = super().validate(text.replace("−", "-"), position)
        return state, found.replace("-", "−"), at


def small_button(title: str, help: str) -> QToolButton:
    """A button as high as its text."""
    button = QToolButton()
    button.setText(title)
    button.setToolTip(help)
    button.setFixedHeight(button.fontMetrics().height() + 6)
    button.setStyleSheet("padding: 0 5px;")
    return button


def _spin(side: Side, part: str, entered: Callable[[float], None]) -> QDoubleSpinBox:
    spin = _Number()
    spin.setRange(*((-FARTHEST, FARTHEST) if part == "centre" else WIDTHS))
    spin.setDecimals(2)
    spin.setSingleStep(0.1)
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(40)
    name = f"{'Centre' if part == 'centre' else 'Width'} of {side}"
    spin.setAccessibleName(name)
    spin.setToolTip(f"{name}, data units; the arrow keys change it")
    spin.valueChanged.connect(entered)
    return spin
