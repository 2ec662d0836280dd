"""An editor for the widths of hidden layers: one field for each, with buttons to add and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ganstudio.experiment.reference import SettingReference
from ganstudio.ui.flow_layout import FlowLayout
from ganstudio.ui.forms.number_field import NumberField

MAX_WIDTH = 1024
NEW_WIDTH = 32
"""Of the first layer; further ones begin as wide as the last."""


class LayerEditor(QWidget):
    """Widths first to last. What is entered is the whole list; a field being typed in is never replaced."""

    entered = Signal(object)  # tuple[int, ...]
    typed = Signal(object)
    refused = Signal(str)

    def __init__(self, setting: SettingReference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = setting.max_length or 10
        self._width = replace(setting, type="int", log=True, low=1, high=MAX_WIDTH, unit="", max_length=None)
        self._layers: list[_Layer] = []
        self._tooltip = ""
        self._flow = FlowLayout(self, spacing=4)
        self._add = QToolButton()
        self._add.setText("+ layer")
        self._add.setAccessibleName("Add a hidden layer")
        self._add.setToolTip("Add a hidden layer")
        self._add.clicked.connect(self._append)
        self._flow.addWidget(self._add)

    @property
    def fields(self) -> tuple[NumberField, ...]:
        """One field for each layer, first to last."""
        return tuple(layer.field for layer in self._layers)

    @property
    def add_button(self) -> QToolButton:
        """Adds a layer at the end."""
        return self._add

    @property
    def remove_buttons(self) -> tuple[QToolButton, ...]:
        """One for each layer; takes that layer away."""
        return tuple(layer.remove for layer in self._layers)

    def setToolTip(self, text: str) -> None:
        """On every field."""
        super().setToolTip(text)
        for layer in self._layers:
            layer.field.setToolTip(text)

    def show_value(self, widths: Sequence[int]) -> None:
        """Show the record's widths."""
        while len(self._layers) > len(widths):
            layer = self._layers.pop()
            if layer.field.hasFocus() or layer.remove.hasFocus():
                self._add.setFocus()
            self._flow.removeWidget(layer)
            layer.hide()
            layer.deleteLater()
        while len(self._layers) < len(widths):
            self._insert()
        for layer, width in zip(self._layers, widths, strict=True):
            layer.field.show_number(width)
        self._add.setEnabled(len(self._layers) < self._most)
        self.chain()
        self.updateGeometry()

    def chain(self) -> QWidget:
        """Let Tab go through the layers and then to the button that adds one, all at its place; returns it."""
        last: QWidget = self._add
        for control in (*(part for layer in self._layers for part in (layer.field, layer.remove)), self._add):
            if control is not last:
                self.setTabOrder(last, control)
            last = control
        return self._add

    def revert(self) -> None:
        """Give up what was typed."""
        for field in self.fields:
            field.revert()

    def _insert(self) -> None:
        number = len(self._layers) + 1
        layer = _Layer(self._width, number, self)
        layer.field.setToolTip(self.toolTip())
        layer.field.entered.connect(lambda width: self.entered.emit(self._with(layer, width)))
        layer.field.typed.connect(lambda width: self.typed.emit(self._with(layer, width)))
        layer.field.refused.connect(self.refused)
        layer.remove.clicked.connect(lambda: self.entered.emit(self._without(layer)))
        self._flow.insert_widget(len(self._layers), layer)
        self._layers.append(layer)

    def _append(self) -> None:
        widths = self._widths()
        self.entered.emit((*widths, widths[-1] if widths else NEW_WIDTH))

    def _widths(self) -> tuple[int, ...]:
        return tuple(int(layer.field.shown or 1) for layer in self._layers)

    def _with(self, changed: _Layer, width: int) -> tuple[int, ...]:
        return tuple(
            width if layer is changed else shown for layer, shown in zip(self._layers, self._widths(), strict=True)
        )

    def _without(self, removed: _Layer) -> tuple[int, ...]:
        kept = zip(self._layers, self._widths(), strict=True)
        return tuple(shown for layer, shown in kept if layer is not removed)


class _Layer(QWidget):
    """The width of one layer, and the button that takes it away."""

    def __init__(self, width: SettingReference, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = NumberField(width)
        self.field.setFixedWidth(60)
        self.field.setAccessibleName(f"Units of hidden layer {number}")
        self.remove = QToolButton()
        self.remove.setText("×")
        self.remove.setProperty("role", "small")
        self.remove.setAccessibleName(f"Remove hidden layer {number}")
        self.remove.setToolTip(f"Remove hidden layer {number}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.field)
        row.addWidget(self.remove)
