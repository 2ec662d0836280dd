"""What the panels of the theory have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from ganstudio.experiment import Experiment
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.panel import PlotPanel
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio


class TheoryPanel(PlotPanel):
    """A plot between two strips for formulas, numbers and buttons: ``above`` and ``below``.

    What it says holds where D is a probability; under other objectives it says that, and nothing else.
    """

    setting_wanted = Signal(str)  # path in the experiment: somebody wants to see it where it is set

    gutter = False

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self.above, self.below = _Strip(), _Strip()
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        column.insertWidget(1, self.above)
        column.addWidget(self.below)
        self._classifies = True
        self._objective = ""

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Take part in a window: listen to it, and let wishes reach it."""

    def show_experiment(self, experiment: Experiment) -> None:
        """Whether D is a probability under the objective, and what that is called."""
        self._classifies = experiment.objective.is_classifier
        self._objective = experiment.objective.title.lower()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        for strip in (self.above, self.below):
            strip.setStyleSheet(f"#strip {{ background: {theme.surface}; }}")

    def menu(self) -> QMenu:
        """The context menu; the numbers can be copied into a spreadsheet."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu)
        if menu.actions():
            menu.addSeparator()
        menu.addAction("Copy the numbers").triggered.connect(self._copy)
        return menu

    def _not_a_probability(self, what: str) -> str:
        """Why there is nothing to see under this objective, or nothing."""
        if self._classifies:
            return ""
        return (
            f"With the objective “{self._objective}”, D's output is no probability, so {what}. "
            "Choose non-saturating or minimax to see it"
        )

    def _copy(self) -> None:
        names, rows = self.table()
        lines = ["\t".join(names), *("\t".join(f"{value:.9g}" for value in row) for row in rows)]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")


class _Strip(QWidget):
    """A column of widgets on the colour of the plots."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(10, 2, 8, 2)
        self.column.setSpacing(4)
