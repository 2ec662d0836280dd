"""What a population is to be of: so many seeds, or the values of two settings; and what cannot be."""

from __future__ import annotations

import pytest
from population_doubles import PopulationTrainers
from population_steps import begin, choose, click, seeds_of, trained, write
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.experiment.experiment import Stop
from ganstudio.experiment.targets import Painting
from ganstudio.ui.population.population_window import PopulationWindow
from ganstudio.ui.studio import Studio


def test_it_says_what_will_appear_and_how_to_make_it(window: PopulationWindow):
    assert window._empty.isVisible()
    assert "press Start" in window._empty.text()
    assert window.play.text() == "Start"
    assert not window.again.isEnabled()
    assert not window.export.isEnabled()
    assert window.status.toolTip().startswith("16 members on ")


def test_start_trains_the_same_settings_from_as_many_seeds_as_are_chosen(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers, studio: Studio
):
    choose(window.choice.count, 9)
    begin(qtbot, window)
    assert seeds_of(trainers.last) == list(range(9))
    for member in trained(trainers.last).members:
        assert member.stop == Stop()
        assert member.measure.every <= studio.experiment.measure.every
        own = {"seed": 0, "stop": studio.experiment.stop, "measure": studio.experiment.measure}
        assert member.model_copy(update=own) == studio.experiment
    assert window.play.text() == "Pause"
    assert not window._empty.isVisible()


def test_a_sweep_trains_every_combination_of_the_values_of_two_settings(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    click(qtbot, window.choice.sweep)
    write(qtbot, window.choice.rows.values, "0.001, 0.002 4e-3")
    choose(window.choice.columns.setting, "penalties.r1")
    write(qtbot, window.choice.columns.values, "0; 0.1")
    board = begin(qtbot, window)
    assert [
        (member.optimizers.generator.learning_rate, member.penalties.r1) for member in trained(trainers.last).members
    ] == [(0.001, 0.0), (0.001, 0.1), (0.002, 0.0), (0.002, 0.1), (0.004, 0.0), (0.004, 0.1)]
    assert board.sheet.rows == ("0.001", "0.002", "0.004")
    assert board.sheet.columns == ("0", "0.1")


def test_values_that_differ_late_have_headings_that_differ(qtbot: QtBot, window: PopulationWindow):
    click(qtbot, window.choice.sweep)
    write(qtbot, window.choice.rows.values, "0.1234567, 0.1234568")
    write(qtbot, window.choice.columns.values, "0.001, 0.002")
    board = begin(qtbot, window)
    assert board.sheet.rows == ("0.1234567", "0.1234568")
    assert board.sheet.names[2] == "η_G 0.1234568 · η_D 0.001"


def test_the_columns_of_a_sweep_can_be_seeds(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    click(qtbot, window.choice.sweep)
    choose(window.choice.columns.setting, "seed")
    write(qtbot, window.choice.columns.values, "3")
    board = begin(qtbot, window)
    assert board.sheet.shape == (5, 3)
    assert seeds_of(trainers.last)[:3] == [0, 1, 2]
    assert board.sheet.columns == ("0", "1", "2")


def test_values_are_proposed_around_the_one_that_the_setting_has_until_a_person_writes_others(
    qtbot: QtBot, window: PopulationWindow, studio: Studio
):
    studio.set_value("optimizers.generator.learning_rate", 0.001)
    assert window.choice.rows.values.text() == "0.0001, 0.0003, 0.001, 0.003, 0.01"
    write(qtbot, window.choice.rows.values, "0.004, 0.005")
    studio.set_value("optimizers.generator.learning_rate", 0.01)
    assert window.choice.rows.values.text() == "0.004, 0.005"
    choose(window.choice.rows.setting, "penalties.r1")
    assert window.choice.rows.values.text() == "0.03, 0.09, 0.3, 0.9, 3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.001, fast", "Rows: “fast”: a number is needed"),
        ("", "Rows: write the values with commas"),
        ("0.001, 0.001", "Rows has a value twice"),
        ("-1, 0.001", "Rows: "),
    ],
)
def test_values_that_cannot_be_are_told_beside_the_axis_and_do_not_start(
    qtbot: QtBot, window: PopulationWindow, text: str, said: str
):
    click(qtbot, window.choice.sweep)
    line = window.choice.rows.values
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)
    assert window.choice.fault.isVisible()
    assert window.choice.fault.text().startswith(said)
    assert line.property("invalid")
    assert not window.play.isEnabled()
    write(qtbot, line, "0.001, 0.002")
    assert not window.choice.fault.isVisible()
    assert not line.property("invalid")
    assert window.play.isEnabled()


def test_the_same_setting_on_both_axes_and_too_many_members_are_told(qtbot: QtBot, window: PopulationWindow):
    click(qtbot, window.choice.sweep)
    choose(window.choice.columns.setting, window.choice.rows.path)
    assert "Columns is swept twice" in window.choice.fault.text()
    choose(window.choice.columns.setting, "seed")
    write(qtbot, window.choice.columns.values, "13")
    assert "4 to 64 members, not 65" in window.choice.fault.text()
    write(qtbot, window.choice.columns.values, "x")
    assert "Columns: how many seeds?" in window.choice.fault.text()


def test_without_a_target_that_can_be_sampled_nothing_begins(window: PopulationWindow, studio: Studio):
    studio.set_target(Painting())
    assert not window.play.isEnabled()
    assert window.status.toolTip().startswith("There is nothing to train on yet")
