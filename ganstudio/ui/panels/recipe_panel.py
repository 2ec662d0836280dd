"""The recipe: a named way to train, to be looked at before it is taken over."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QListWidgetItem, QPushButton, QSizePolicy

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import Change
from ganstudio.experiment.recipes import PARTS, Recipe, recipe, recipes
from ganstudio.experiment.sight import Sight
from ganstudio.ui.forms.record_form import stacked
from ganstudio.ui.forms.tooltip import plain_tooltip
from ganstudio.ui.panels.disclosure import Disclosure
from ganstudio.ui.panels.panel import Panel, note
from ganstudio.ui.panels.recipe_changes import place_of, rows
from ganstudio.ui.panels.recipe_table import LIVE_MARK, STRUCTURAL_MARK, RecipeTable
from ganstudio.ui.theme import Theme

ROW = 25


class RecipePanel(Panel):
    """The recipes, why one would train so, and every setting that choosing one changes, before it is chosen."""

    title = "Recipe"
    icon_name = "recipe"
    always_sums_up = True
    recipe_requested = Signal(str)  # name

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(experiment, theme)
        self._shown: tuple[object, ...] | None = None
        self._sight: Sight | None = None
        self._looked_at: str | None = None
        self._place = place_of(experiment)
        self._why, self._seen, self._count = QLabel(wordWrap=True), note(), note()
        self._points = note()
        self._points.setTextFormat(Qt.TextFormat.RichText)
        self.details = Disclosure("In full", self._points, theme)
        self._disclosures.append(self.details)
        self.list = _RecipeList()
        self.list.currentRowChanged.connect(self._look)
        self.apply = QPushButton()
        self.apply.setProperty("role", "primary")
        self.apply.setToolTip(
            plain_tooltip(
                "Train by this recipe",
                "changes the settings in the table below, as one step that can be undone; target, seed and measure "
                "stay as they are",
            )
        )
        self.apply.clicked.connect(lambda: self.recipe_requested.emit(self.chosen.name))
        self.table = RecipeTable(theme)
        self.setLayout(stacked(self.list, self._why, self._seen, self.details, self.apply, self._count, self.table))
        self.show_experiment(experiment)

    @property
    def chosen(self) -> Recipe:
        """The recipe that is looked at: the one that was clicked last, else the one nearest to the settings."""
        return self._place.recipe if self._looked_at is None else recipe(self._looked_at)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show where this experiment stands among the recipes."""
        super().show_experiment(experiment)
        self._show()

    def show_sight(self, sight: Sight | None) -> None:
        """Show where it stands among what the recipes choose for what is seen of its target."""
        self._sight = sight
        self._show()

    def _show(self) -> None:
        experiment, sight = self._experiment, self._sight
        parts = (*(getattr(experiment, part) for part in PARTS), type(experiment.target).dimension, sight)
        if parts == self._shown:  # a stroke, say, or another seed
            return
        self._shown = parts
        self._place = place_of(experiment, sight)
        self.list.show_experiment(experiment, sight, self.chosen.name)
        self._show_chosen()
        self.summary_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        super().set_theme(theme)
        self.table.set_theme(theme)

    def summary(self) -> str:
        """``Studio default``, or ``own settings, 3 away from Studio default``."""
        return str(self._place)

    def _look(self, row: int) -> None:
        self._looked_at = self.list.name_at(row)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.chosen
        changes = chosen.changes(self._experiment, self._sight)
        seen = chosen.seen(self._experiment, self._sight)
        self._why.setText(f"{chosen.explain}{f' ({chosen.source})' if chosen.source else ''}")
        self._seen.setText(seen)
        self._seen.setVisible(bool(seen))
        self._points.setText(_listed(chosen.points))
        self.details.setVisible(bool(chosen.points))
        self.apply.setText(f"Apply {chosen.title}" if changes else f"{chosen.title} is in use")
        self.apply.setEnabled(bool(changes))
        self._count.setText(_counted(changes))
        self.table.show_rows(rows(chosen, self._experiment, self._sight))
        self.table.setVisible(bool(changes))


class _RecipeList(QListWidget):
    """The recipes, each with how far the settings are from it; arrow keys look at one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Recipes")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for each in recipes().values():
            item = QListWidgetItem(each.title, self)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            item.setToolTip(plain_tooltip(each.title, each.explain))
            item.setSizeHint(QSize(0, ROW))
        self.setFixedHeight(ROW * self.count() + 4)

    def name_at(self, row: int) -> str:
        """The name of the recipe in this row."""
        return str(self.item(row).data(Qt.ItemDataRole.UserRole))

    def show_experiment(self, experiment: Experiment, sight: Sight | None, chosen: str) -> None:
        """Say how far each recipe is, and mark the one that is looked at; that is no choice of a person's."""
        self.blockSignals(True)
        for row in range(self.count()):
            each = recipe(self.name_at(row))
            away = len(each.changes(experiment, sight))
            self.item(row).setText(f"{each.title}  ·  {away} differ" if away else f"{each.title}  ·  in use")
            if each.name == chosen:
                self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The column scrolls."""
        event.ignore()


def _listed(points: Sequence[str]) -> str:
    """A list of them, as HTML, its bullets at the margin."""
    items = "".join(f"<li style='margin-bottom: 3px'>{escape(point)}</li>" for point in points)
    return f"<ul style='margin: 0 0 0 12px; -qt-list-indent: 0'>{items}</ul>"


def _counted(changes: Sequence[Change]) -> str:
    """``14 settings change. ↺ begins both networks anew; • is taken over at once.``"""
    if not changes:
        return "No setting would change."
    named = "1 setting changes" if len(changes) == 1 else f"{len(changes)} settings change"
    marks = [f"{STRUCTURAL_MARK} begins both networks anew"] * any(not change.live for change in changes)
    marks += [f"{LIVE_MARK} is taken over at once"] * any(change.live for change in changes)
    return f"{named}. {'; '.join(marks)}."
