"""The editor for each type of setting, from a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from ganstudio.experiment.reference import SettingReference
from ganstudio.ui.forms.choice_box import ChoiceBox, Option
from ganstudio.ui.forms.layer_editor import LayerEditor
from ganstudio.ui.forms.number import Number
from ganstudio.ui.forms.number_field import PAUSE_MILLISECONDS, NumberField
from ganstudio.ui.style import restyle

HEIGHT = 27
"""Pixels; of every editor, so that rows are evenly spaced."""


class Editor(QWidget):
    """Shows one value of the record and says what a person wants it to be. It holds no value of its own."""

    entered = Signal(object)  # a value that is meant
    typed = Signal(object)  # a value that stands there while someone is typing
    refused = Signal(str)  # what stands there is no value, and why

    def __init__(self, control: QWidget) -> None:
        super().__init__()
        self._controls: list[QWidget] = [control]
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(control)
        self.setMinimumHeight(HEIGHT)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """The widgets that take the keyboard, first to last."""
        return tuple(self._controls)

    def chain_after(self, last: QWidget | None) -> QWidget:
        """Let Tab go from ``last`` through the controls; returns the one that it comes to last."""
        for control in self._controls:
            if last is not None:
                QWidget.setTabOrder(last, control)
            last = control
        return self._controls[-1]

    def offers(self, value: Any) -> bool:
        """Whether ``value`` can be shown; a choice knows only its own items."""
        return True

    def show_value(self, value: Any) -> None:
        """Show the record's value."""
        raise NotImplementedError

    def revert(self) -> None:
        """Give up what was typed or chosen and not taken over."""
        raise NotImplementedError

    def mark(self, *, invalid: bool) -> None:
        """Mark what stands there as not accepted, or take the mark away."""
        for control in self._marked():
            if bool(control.property("invalid")) != invalid:
                control.setProperty("invalid", invalid)
                restyle(control)

    def describe(self, name: str, tooltip: str) -> None:
        """Give every control its name for screen readers, and its tooltip."""
        for control in self._controls:
            control.setToolTip(tooltip)
            if not control.accessibleName():
                control.setAccessibleName(name)

    def _marked(self) -> Sequence[QWidget]:
        return self._controls


class BoolEditor(Editor):
    """A check box."""

    def __init__(self, setting: SettingReference, options: Sequence[Option]) -> None:
        self._box = QCheckBox()
        super().__init__(self._box)
        self._row.addStretch(1)
        self._shown = False
        self._box.clicked.connect(self._clicked)

    def show_value(self, value: Any) -> None:
        # A box that was refused keeps what was chosen until the record itself changes.
        if value != self._shown or not self._box.property("invalid"):
            self._shown = bool(value)
            self._box.setChecked(self._shown)

    def revert(self) -> None:
        self._box.setChecked(self._shown)

    def _clicked(self, on: bool) -> None:
        self.entered.emit(on)


class NumberEditor(Editor):
    """A number field."""

    def __init__(self, setting: SettingReference, options: Sequence[Option]) -> None:
        self._field = NumberField(setting)
        super().__init__(self._field)
        self._field.entered.connect(self.entered)
        self._field.typed.connect(self.typed)
        self._field.refused.connect(self.refused)

    @property
    def field(self) -> NumberField:
        """The number field."""
        return self._field

    def show_value(self, value: Any) -> None:
        self._field.show_number(value)

    def revert(self) -> None:
        self._field.revert()


class OptionalNumberEditor(NumberEditor):
    """A check box that says whether there is a number at all, and the number."""

    def __init__(self, setting: SettingReference, options: Sequence[Option]) -> None:
        super().__init__(setting, options)
        self._box = QCheckBox()
        self._row.insertWidget(0, self._box)
        self._row.setStretch(1, 1)
        self._controls.insert(0, self._box)
        self._start: Number = 1 if setting.low is None else setting.low
        self._shown = False
        self._box.clicked.connect(self._switched)
        self._field.lineEdit().setPlaceholderText("never")
        self._field.setEnabled(False)

    def start_from(self, value: Number) -> None:
        """What the number becomes when it is switched on for the first time."""
        self._start = value

    def show_value(self, value: Any) -> None:
        on = value is not None
        self._shown = on
        self._box.setChecked(on)
        self._field.setEnabled(on)
        if on:
            self._start = value
        super().show_value(value)

    def revert(self) -> None:
        self._box.setChecked(self._shown)
        super().revert()

    def _switched(self, on: bool) -> None:
        self.entered.emit(self._start if on else None)

    def _marked(self) -> Sequence[QWidget]:
        return [self._field]


class ChoiceEditor(Editor):
    """A combo box."""

    def __init__(self, setting: SettingReference, options: Sequence[Option]) -> None:
        self._box = ChoiceBox(options)
        super().__init__(self._box)
        self._shown = ""
        self._box.entered.connect(self.entered)

    def offers(self, value: Any) -> bool:
        return self._box.findData(value) >= 0

    def show_value(self, value: Any) -> None:
        if value != self._shown or not self._box.property("invalid"):
            self._shown = str(value)
            self._box.show_value(self._shown)

    def revert(self) -> None:
        self._box.show_value(self._shown)


class TextEditor(Editor):
    """A line of text, entered on leaving, by Enter, or after a pause where the field is live."""

    def __init__(self, setting: SettingReference, options: Sequence[Option]) -> None:
        self._line = _Line()
        super().__init__(self._line)
        self._shown = ""
        self._typing = False
        if setting.max_length:
            self._line.setMaxLength(setting.max_length)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._enter)
        self._live = setting.live
        self._line.textEdited.connect(self._edited)
        self._line.editingFinished.connect(self._enter)
        self._line.given_up.connect(self.revert)

    def show_value(self, value: Any) -> None:
        if value == self._shown and self._typing:
            return
        self._shown = str(value)
        self._typing = False
        if self._line.text() != self._shown:
            self._line.setText(self._shown)

    def revert(self) -> None:
        self._typing = False
        self._pause.stop()
        self._line.setText(self._shown)
        self.typed.emit(self._shown)

    def _edited(self, text: str) -> None:
        self._typing = True
        self.typed.emit(text)
        if self._live:
            self._pause.start()

    def _enter(self) -> None:
        self._pause.stop()
        if self._typing and self._line.text() != self._shown:
            self.entered.emit(self._line.text())


class _Line(QLineEdit):
    """A line edit that tells when Escape is pressed in it."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)


class IntegersEditor(Editor):
    """The widths of layers."""

    def __init__(self, setting: SettingReference, options: Sequence[Option]) -> None:
        self._layers = LayerEditor(setting)
        super().__init__(self._layers)
        self._layers.entered.connect(self.entered)
        self._layers.typed.connect(self.typed)
        self._layers.refused.connect(self.refused)

    def show_value(self, value: Any) -> None:
        self._layers.show_value(value)

    def chain_after(self, last: QWidget | None) -> QWidget:
        if last is not None:
            QWidget.setTabOrder(last, self._layers.add_button)
        return self._layers.chain()

    def revert(self) -> None:
        self._layers.revert()

    def _marked(self) -> Sequence[QWidget]:
        return self._layers.fields


EDITORS: dict[str, Callable[[SettingReference, Sequence[Option]], Editor]] = {
    "bool": BoolEditor,
    "int": NumberEditor,
    "float": NumberEditor,
    "choice": ChoiceEditor,
    "kind": ChoiceEditor,
    "text": TextEditor,
    "integers": IntegersEditor,
}


def editor_for(setting: SettingReference, options: Sequence[Option] = ()) -> Editor:
    """A new editor for ``setting``; ``options`` are the items of a choice."""
    if setting.optional:
        return OptionalNumberEditor(setting, options)
    return EDITORS[setting.type](setting, options)
