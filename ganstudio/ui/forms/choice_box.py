"""A combo box for one of a few words or kinds of record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget


@dataclass(frozen=True)
class Option:
    """One item: the word of the record, what people read, and what it means (HTML)."""

    value: str
    title: str
    tooltip: str


class ChoiceBox(QComboBox):
    """Shows titles, speaks in the record's own words; scrolling past it changes nothing."""

    entered = Signal(object)  # str, the word that was chosen

    def __init__(self, options: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The box takes the width it is given; its list is as wide as its longest title.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(24)
        for option in options:
            self.addItem(option.title, option.value)
            self.setItemData(self.count() - 1, option.tooltip, Qt.ItemDataRole.ToolTipRole)
        titles = [self.fontMetrics().horizontalAdvance(option.title) for option in options]
        self.view().setMinimumWidth(max(titles, default=0) + 48)
        self.activated.connect(lambda index: self.entered.emit(self.itemData(index)))

    def show_value(self, value: str) -> None:
        """Show the record's word."""
        index = self.findData(value)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def value(self) -> str:
        """The word that is shown."""
        return str(self.currentData())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As always, but a title that is too long ends in an ellipsis instead of being cut off."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        style = self.style()
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        ).width()
        text = option.currentText
        option.currentText = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room - 4)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only in a box that was chosen; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
