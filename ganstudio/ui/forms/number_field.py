"""A field for one number: typed in any notation, stepped in its own steps, never changed by scrolling past."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QWidget

from ganstudio.experiment.reference import SettingReference
from ganstudio.ui.forms.number import Number, grouped, is_unfinished, parsed, stepped, written

PAUSE_MILLISECONDS = 500
"""How long a person rests before what was typed into a live field is taken over."""

TEXT_MARGIN = 4


class NumberField(QAbstractSpinBox):
    """One int or float of a :class:`SettingReference`.

    What is typed is kept until the record takes it over or Escape gives it up, also when it is refused. Live fields
    are entered after a pause in typing, the others (which start the run anew) only by Enter or on leaving.
    """

    entered = Signal(object)  # a number that is meant: by Enter, by leaving, by a step, or by a pause in typing
    typed = Signal(object)  # a number that stands there while someone is typing
    refused = Signal(str)  # what stands there is no number, and why

    def __init__(self, setting: SettingReference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setting = setting
        self._shown: Number | None = None
        self._typing = False
        self._zero_is_off = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Not by the wheel.
        self.setMinimumWidth(56)
        self._unit = QLabel(setting.unit, self.lineEdit())
        self._unit.setProperty("role", "muted")
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._enter)
        self.lineEdit().textEdited.connect(self._edited)
        self.editingFinished.connect(self._enter)

    @property
    def shown(self) -> Number | None:
        """The number of the record."""
        return self._shown

    def show_number(self, number: Number | None) -> None:
        """Show the record's number. What someone is typing stays, unless the record itself has changed."""
        if number == self._shown and self._typing:
            return
        changed = number != self._shown
        self._shown = number
        self._typing = False
        self._pause.stop()
        if not changed and self.lineEdit().text() == self._text_of(number):
            return
        if not (self.hasFocus() and self._value() == number and number is not None):
            self.lineEdit().setText(self._text_of(number))
        self._place_unit()

    def revert(self) -> None:
        """Give up what was typed, and show the record's number."""
        self._typing = False
        self._pause.stop()
        self.lineEdit().setText(self._text_of(self._shown))
        self._place_unit()
        if self._shown is not None:
            self.typed.emit(self._shown)

    def say_off_at_zero(self) -> None:
        """Show "off" in place of the unit while the number is 0."""
        self._zero_is_off = True
        self._place_unit()

    def stepBy(self, steps: int) -> None:
        """One step, or for Page up and down ten, which in factors is a decade of 1-2-5."""
        if self._setting.log and abs(steps) >= 10:
            steps = 3 if steps > 0 else -3
        start = self._value()
        if start is None:
            start = self._shown
        if start is None:
            return
        number = stepped(start, steps, self._setting)
        if number == start:
            return
        self.lineEdit().setText(written(number))
        self._typing = True
        self._place_unit()
        self._enter()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both ways, but for the ends of the range."""
        number = self._value() if self._value() is not None else self._shown
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if number is None or self.isReadOnly():
            return enabled
        if self._setting.high is None or number < self._setting.high:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._setting.low is None or number > self._setting.low:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed: what is wrong is said beside the field, rather than swallowed."""
        return QValidator.State.Acceptable, text, position

    def fixup(self, text: str) -> str:
        """Nothing is mended behind anyone's back."""
        return text

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only in a field that was chosen; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape and self._typing:
            self.revert()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """To be edited, a number has no separators that one would have to type around."""
        if not self._typing:
            self.lineEdit().setText(written(self._shown))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Left alone, the field shows the record's number in its usual form."""
        super().focusOutEvent(event)
        if not self._typing:
            self.lineEdit().setText(grouped(self._shown))
            self._place_unit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the unit at the right."""
        super().resizeEvent(event)
        self._place_unit()

    def _text_of(self, number: Number | None) -> str:
        return written(number) if self.hasFocus() else grouped(number)

    def _value(self) -> Number | None:
        try:
            return parsed(self.lineEdit().text(), whole=self._setting.type == "int")
        except ValueError:
            return None

    def _edited(self, text: str) -> None:
        self._typing = True
        self._place_unit()
        number = self._value()
        if number is not None:
            self.typed.emit(number)
            if self._setting.live:
                self._pause.start()
            return
        self._pause.stop()
        if not is_unfinished(text):
            self._refuse(text)

    def _enter(self) -> None:
        self._pause.stop()
        if not self._typing:
            return
        number = self._value()
        if number is None:
            self._refuse(self.lineEdit().text())
        elif number == self._shown:
            self._typing = False
            self.typed.emit(number)
        else:
            self.entered.emit(number)

    def _refuse(self, text: str) -> None:
        try:
            parsed(text, whole=self._setting.type == "int")
        except ValueError as error:
            self.refused.emit(str(error))

    def _place_unit(self) -> None:
        """The unit stands inside the field, and gives way where the number needs the room."""
        line = self.lineEdit()
        off = self._zero_is_off and self._value() == 0
        self._unit.setText("off" if off else self._setting.unit)
        width = self._unit.sizeHint().width() if self._unit.text() else 0
        room = line.width() - line.fontMetrics().horizontalAdvance(line.text() + "00") - TEXT_MARGIN
        fits = 0 < width <= room
        self._unit.setVisible(fits)
        line.setTextMargins(TEXT_MARGIN, 0, width if fits else 0, 0)
        self._unit.setGeometry(line.width() - width, 0, width, line.height())
