"""Recipes in the control column: what would change is seen before it is applied."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.recipes import PARTS, recipe, recipes
from ganstudio.experiment.sight import Sight
from ganstudio.ui.panels.control_column import ControlColumn
from ganstudio.ui.panels.recipe_changes import ABSENT, place_of, rows
from ganstudio.ui.panels.recipe_panel import RecipePanel
from ganstudio.ui.panels.recipe_table import LIVE_MARK, MARK, NOW, SETTING, STRUCTURAL_MARK, THEN
from ganstudio.ui.panels.section import ElidedLabel
from ganstudio.ui.theme import DARK

Owner = Any
DEFAULT = recipe("studio-default").apply(Experiment())


@pytest.fixture
def panel(owner: Owner) -> RecipePanel:
    owner.show(DEFAULT)
    panel: RecipePanel = owner.column.recipe
    return panel


def look_at(qtbot: QtBot, panel: RecipePanel, name: str) -> None:
    row = list(recipes()).index(name)
    place = panel.list.visualItemRect(panel.list.item(row)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def shown_points(panel: RecipePanel) -> list[str]:
    """The points as they are read."""
    document = QTextDocument()
    document.setHtml(panel._points.text())
    return document.toPlainText().splitlines()


def table(panel: RecipePanel) -> list[tuple[str, ...]]:
    items = [panel.table.topLevelItem(at) for at in range(panel.table.topLevelItemCount())]
    return [tuple(item.text(column).strip() for column in (SETTING, MARK, NOW, THEN)) for item in items]


@pytest.mark.parametrize("name", list(recipes()))
def test_the_rows_are_every_setting_in_which_the_recipe_differs(name: str):
    changes = recipe(name).changes(DEFAULT)
    found = rows(recipe(name), DEFAULT)
    assert len([row for row in found if row.depth == 0]) == len(changes)
    assert [row.live for row in found if row.depth == 0] == [change.live for change in changes]
    assert all(row.now != row.then for row in found)


def test_a_row_has_the_name_of_the_form_and_both_values_as_people_write_them():
    found = {(row.group, row.label): row for row in rows(recipe("wgan-gp-2017"), DEFAULT)}
    rate = found["Optimizers · Generator", "Learning rate"]
    assert (rate.now, rate.then, rate.live) == ("0.002", "0.0001", True)
    widths = found["Generator G", "Hidden widths"]
    assert (widths.now, widths.then, widths.live) == ("64, 64", "128, 128, 128", False)
    activation = found["Discriminator D", "Activation"]
    assert (activation.now, activation.then) == ("Leaky ReLU", "ReLU")


def test_settings_that_come_and_go_with_another_kind_are_rows_too():
    steady = with_value(DEFAULT, "optimizers.generator.schedule", "constant")
    found = {(row.group, row.label): row for row in rows(recipe("r3gan-2024"), steady)}
    objective = found["Objective", "Objective"]
    assert (objective.now, objective.then, objective.depth) == ("Non-saturating", "Relativistic paired", 0)
    gone = found["Objective", "Label smoothing"]
    assert (gone.now, gone.then, gone.depth) == ("0", ABSENT, 1)
    come = found["Optimizers · Generator", "Length T"]
    assert (come.now, come.then, come.depth) == (ABSENT, "10,000", 1)


def test_an_experiment_of_ones_own_is_so_many_settings_from_the_nearest_recipe():
    own = with_value(with_value(DEFAULT, "training.batch_size", 512), "penalties.r1", 1.0)
    place = place_of(own)
    assert (place.recipe.name, place.away) == ("studio-default", 2)
    assert str(place) == "own settings, 2 away from Studio default"
    assert str(place_of(DEFAULT)) == "Studio default"


def test_the_header_says_which_recipe_is_followed_open_or_closed(owner: Owner, panel: RecipePanel):
    section = owner.column.sections["Recipe"]
    summary = section.header.findChild(ElidedLabel)
    for is_open in (True, False):
        section.set_open(is_open)
        assert summary.toolTip() == "Studio default"
    owner.show(with_value(DEFAULT, "penalties.r1", 1.0))
    assert summary.toolTip() == "own settings, 1 away from Studio default"


def test_looking_at_a_recipe_shows_what_would_change_and_changes_nothing(
    qtbot: QtBot, owner: Owner, panel: RecipePanel
):
    asked: list[str] = []
    owner.column.recipe_requested.connect(asked.append)
    look_at(qtbot, panel, "plain-2014")
    assert ("Hidden widths", STRUCTURAL_MARK, "64, 64", "128") in table(panel)
    assert ("R1 γ", LIVE_MARK, "0.3", "0") in table(panel)
    assert panel.table.isVisible()
    assert panel._why.text().startswith(recipe("plain-2014").explain)
    assert panel._count.text().startswith("15 settings change")
    assert (asked, owner.requests) == ([], [])


def test_a_sentence_or_two_are_read_at_first_and_the_rule_in_full_after_a_click(qtbot: QtBot, panel: RecipePanel):
    panel.show_sight(Sight(100, 0.35, 0.01))
    default = recipe("studio-default")
    assert panel._why.text() == default.explain
    assert panel._seen.isVisible()
    assert not panel._points.isVisible()
    qtbot.mouseClick(panel.details.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert panel._points.isVisible()
    assert shown_points(panel) == list(default.points)
    lines = panel._why.height() / panel._why.fontMetrics().lineSpacing()
    assert lines < 8, "at the width of the column"
    look_at(qtbot, panel, "plain-2014")
    assert shown_points(panel) == list(recipe("plain-2014").points)
    assert panel.details.is_open, "one reads on in the next"


def test_the_chevron_of_the_rule_has_the_colours_of_the_theme(panel: RecipePanel):
    before = panel.details.findChild(QToolButton).icon().pixmap(16, 16).toImage()
    panel.set_theme(DARK)
    assert panel.details.findChild(QToolButton).icon().pixmap(16, 16).toImage() != before


def test_the_arrow_keys_look_at_one_recipe_after_another(qtbot: QtBot, panel: RecipePanel):
    look_at(qtbot, panel, "plain-2014")
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert panel.chosen.name == "unrolled-2016"
    assert ("Unrolled D steps", LIVE_MARK, "0", "5") in table(panel)


def test_the_button_asks_for_the_recipe_that_is_looked_at(qtbot: QtBot, owner: Owner, panel: RecipePanel):
    look_at(qtbot, panel, "pacgan-2018")
    assert panel.apply.text() == "Apply PacGAN (2018)"
    with qtbot.waitSignal(owner.column.recipe_requested) as asked:
        qtbot.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    assert asked.args == ["pacgan-2018"]


def test_the_recipe_in_use_cannot_be_applied_again(qtbot: QtBot, owner: Owner, panel: RecipePanel):
    assert panel.chosen.name == "studio-default"
    assert not panel.apply.isEnabled()
    assert not panel.table.isVisible()
    look_at(qtbot, panel, "plain-2014")
    assert panel.apply.isEnabled()
    owner.show(recipe("plain-2014").apply(DEFAULT))
    assert not panel.apply.isEnabled()
    assert panel.apply.text() == "Plain GAN (2014) is in use"
    assert panel.list.item(0).text().endswith("in use")


def test_what_is_seen_of_the_target_and_chosen_by_it_is_told(qtbot: QtBot, panel: RecipePanel):
    assert not panel._seen.isVisible(), "nobody has looked yet"
    panel.show_sight(Sight(8, 1.1, 0.01))
    assert panel._seen.text() == "Seen of this target: 8 separate clusters, so the usual settings."
    assert panel.summary() == "Studio default"
    panel.show_sight(Sight(100, 0.35, 0.01))
    assert panel._seen.text() == (
        "Seen of this target: 100 clusters, 0.35 apart, so z from 256 narrow gaussians, 64 Fourier pairs at scale 3, "
        "weaker penalties, and learning rates that fall over 75,000 iterations."
    )
    assert panel.summary() == "own settings, 9 away from Studio default"
    assert panel.apply.isEnabled()
    assert ("Fourier scale s", STRUCTURAL_MARK, "1", "3") in table(panel)
    assert panel.list.item(list(recipes()).index("studio-default")).text().endswith("9 differ")
    look_at(qtbot, panel, "plain-2014")
    assert not panel._seen.isVisible(), "it goes by nothing that is seen"


def test_the_default_for_many_clusters_is_in_use_where_they_are_seen_alone(owner: Owner, panel: RecipePanel):
    many = Sight(100, 0.35, 0.01)
    owner.show(recipe("studio-default").apply(DEFAULT, many))
    assert panel.summary() == "own settings, 9 away from Studio default"
    panel.show_sight(many)
    assert panel.summary() == "Studio default"
    assert panel.apply.text() == "Studio default is in use"


def test_the_table_follows_the_settings_while_one_looks(qtbot: QtBot, owner: Owner, panel: RecipePanel):
    look_at(qtbot, panel, "plain-2014")
    owner.show(with_value(DEFAULT, "penalties.r1", 0.7))
    assert ("R1 γ", LIVE_MARK, "0.7", "0") in table(panel)
    assert panel.chosen.name == "plain-2014"


def test_a_stroke_or_another_seed_costs_no_comparison(owner: Owner, panel: RecipePanel, monkeypatch: Any):
    monkeypatch.setattr(type(recipe("plain-2014")), "changes", lambda *_: pytest.fail("compared"))
    owner.show(with_value(with_value(DEFAULT, "seed", 7), "target", "moons"))
    assert panel.summary() == "Studio default"


def test_all_rows_of_the_table_can_be_seen_in_the_column(qtbot: QtBot, panel: RecipePanel):
    look_at(qtbot, panel, "wgan-gp-2017")
    last = panel.table.topLevelItem(panel.table.topLevelItemCount() - 1)
    assert panel.table.visualItemRect(last).bottom() <= panel.table.viewport().height()
    for column in (NOW, THEN):
        widths = [panel.fontMetrics().horizontalAdvance(row[column]) for row in table(panel)]
        assert panel.table.columnWidth(column) >= max(widths)


def test_the_table_keeps_its_rows_in_another_theme(qtbot: QtBot, panel: RecipePanel):
    look_at(qtbot, panel, "plain-2014")
    before = table(panel)
    panel.set_theme(DARK)
    assert table(panel) == before


def test_recipes_are_shown_with_the_keyboard_in_their_list(qtbot: QtBot, owner: Owner, panel: RecipePanel):
    column: ControlColumn = owner.column
    column.restore(dict.fromkeys(column.state(), True) | {"Recipe": False})
    column.verticalScrollBar().setValue(column.verticalScrollBar().maximum())
    assert column.point_at("recipe")
    qtbot.waitUntil(panel.list.hasFocus)
    qtbot.waitUntil(lambda: not column.sections["Recipe"].header.visibleRegion().isEmpty())
    assert column.sections["Recipe"].is_open


def test_what_a_recipe_is_about_has_names_in_the_table():
    assert set(PARTS) <= set(Experiment.model_fields)
    for each in recipes().values():
        for row in rows(each, DEFAULT):
            assert row.group
            assert row.label
            assert "_" not in row.label
