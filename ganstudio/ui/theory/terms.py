"""A formula with the number of each of its terms under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ganstudio.ui.forms.formula import readable, rich
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme


@dataclass(frozen=True)
class Term:
    """One term: its LaTeX, the sign that stands before it in both lines, the theme's colour of its dot, its tooltip.

    ``name`` is the key of its number; a term without one has none.
    """

    name: str
    formula: str
    sign: str = ""
    colour: str = ""
    tip: str = ""


class Terms(QWidget):
    """Two lines: the terms, and their numbers in tabular figures, each under its term."""

    def __init__(self, terms: Sequence[Term], theme: Theme) -> None:
        super().__init__()
        self._terms = tuple(terms)
        self._theme = theme
        self._numbers: dict[str, QLabel] = {}
        self._texts: dict[str, str] = {}
        self._values: Mapping[str, float] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        font = tabular(self.font(), weight=QFont.Weight.DemiBold)
        column = 0
        for term in self._terms:
            if term.sign:
                for line in range(2):
                    grid.addWidget(_label(term.sign), line, column)
                column += 1
            formula, number = _label(rich(term.formula)), QLabel()
            formula.setTextFormat(Qt.TextFormat.RichText)
            for label in (formula, number):
                label.setToolTip(term.tip)
            number.setFont(font)
            number.setAccessibleName(readable(term.formula))
            number.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(formula, 0, column)
            grid.addWidget(number, 1, column)
            self._numbers[term.name] = number
            column += 1
        grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_values({})

    def show_values(self, values: Mapping[str, float]) -> None:
        """The numbers by name; a dash for what is missing or not finite."""
        self._values = values
        for term in self._terms:
            text = figure(values.get(term.name, float("nan")))
            self._texts[term.name] = text
            dot = f'<span style="color:{getattr(self._theme, term.colour)}">●</span> ' if term.colour else ""
            self._numbers[term.name].setText(dot + text)

    def text(self, name: str) -> str:
        """The number of a term as it is shown."""
        return self._texts[name]

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.show_values(self._values)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label
