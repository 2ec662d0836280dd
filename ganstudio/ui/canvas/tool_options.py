"""The line above the stage: what the present tool does, and its size and strength."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from ganstudio.ui.canvas.tools import ToolEntry

SMALLEST, LARGEST = 0.003, 0.25
"""σ of the tip as a share of the extent's longer side."""
STEPS = 100
KEY_FACTOR = 1.15


class ToolOptions(QWidget):
    """Holds size and strength. The size is kept as a share of the extent, so that it suits every target."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.025
        self._side = 3.0
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(6)
        self._title, self._help = QLabel(), ElidedLabel()
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        row.addWidget(self._title)
        row.addWidget(self._help, 1)
        self.size_slider, self._size_value = QSlider(Qt.Orientation.Horizontal), QLabel()
        self.strength_slider, self._strength_value = QSlider(Qt.Orientation.Horizontal), QLabel()
        self._size_group = _group("Size σ", self.size_slider, self._size_value, "0.0000")
        self._strength_group = _group("Strength", self.strength_slider, self._strength_value, "100 %")
        self.size_slider.setRange(0, STEPS)
        self.size_slider.setToolTip("σ of the soft tip, in data units. Keys: [ and ], or Ctrl with the wheel")
        self.strength_slider.setRange(1, 100)
        self.strength_slider.setValue(50)
        self.strength_slider.setToolTip("How much density one pass adds: at 100 % it fills the canvas")
        row.addWidget(self._size_group)
        row.addWidget(self._strength_group)
        self.setFixedHeight(30)
        self.size_slider.valueChanged.connect(self._slid)
        self.strength_slider.valueChanged.connect(self._show)
        self.strength_slider.valueChanged.connect(lambda _: self.changed.emit())
        self._put_slider()

    @property
    def tip_size(self) -> float:
        """σ of the tip in data units."""
        return self._share * self._side

    @property
    def strength(self) -> float:
        """In (0, 1]."""
        return self.strength_slider.value() / 100

    def set_side(self, side: float) -> None:
        """The longer side of the extent, in data units."""
        self._side = side
        self._show()

    def scale_size(self, steps: float) -> None:
        """Make the tip larger by some steps, or smaller."""
        self._share = min(max(self._share * KEY_FACTOR**steps, SMALLEST), LARGEST)
        self._put_slider()
        self.changed.emit()

    def show_tool(self, entry: ToolEntry) -> None:
        """Say what this tool does, with the settings that it uses."""
        self._title.setText(entry.title)
        self._help.setText(entry.help)
        self._help.setToolTip(entry.help)
        self._size_group.setVisible("size" in entry.uses)
        self._strength_group.setVisible("strength" in entry.uses)

    def _put_slider(self) -> None:
        self.size_slider.blockSignals(True)
        position = math.log(self._share / SMALLEST) / math.log(LARGEST / SMALLEST)
        self.size_slider.setValue(round(STEPS * position))
        self.size_slider.blockSignals(False)
        self._show()

    def _slid(self, value: int) -> None:
        self._share = SMALLEST * (LARGEST / SMALLEST) ** (value / STEPS)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._size_value.setText(f"{self.tip_size:.3g}")
        self._strength_value.setText(f"{self.strength_slider.value()} %")


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit ends in dots, and all of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _group(title: str, slider: QSlider, value: QLabel, widest: str) -> QWidget:
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    slider.setFixedWidth(80)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    slider.setAccessibleName(title)
    value.setFixedWidth(value.fontMetrics().horizontalAdvance(widest))
    row.addWidget(QLabel(title))
    row.addWidget(slider)
    row.addWidget(value)
    return group
