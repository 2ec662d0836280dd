"""The window of comparisons: whom to compare, what is shown of them, and that nothing is left when it closes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from doubles import ScriptedTrainer, Trainers, progress_at
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.history import COLUMNS, HistoryChunk
from ganstudio.ui import file_dialogs
from ganstudio.ui.compare.compare_window import CompareWindow
from ganstudio.ui.compare.table import HEADER
from ganstudio.ui.plots.coverage import CoveragePlot
from ganstudio.ui.plots.jsd import BOTTOM, TOP
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import DARK


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tick(window: CompareWindow) -> None:
    assert window.comparison is not None
    for lane in window.comparison.lanes:
        lane.run.tick()


def begin(qtbot: QtBot, window: CompareWindow) -> None:
    click(qtbot, window.play)
    tick(window)


def measured(trainer: ScriptedTrainer, iteration: int, jsd: float) -> None:
    """The run has come to ``iteration``, and its JSD was measured there."""
    rows = np.ones((1, len(COLUMNS)))
    rows[0, 0] = iteration
    measures = np.array([[iteration, jsd, 0.001, jsd - 0.01, jsd + 0.01]])
    chunk = HistoryChunk(rows, measures)
    trainer.say(e.HistoryGrew(trainer.generation, progress_at(iteration), chunk, 100.0))


def test_it_says_what_will_appear_and_how_to_make_it(window: CompareWindow):
    assert window._empty.isVisible()
    assert "press Start" in window._empty.text()
    assert window.play.text() == "Start"
    assert not window.again.isEnabled()
    assert not window.export.isEnabled()


def test_at_first_the_settings_as_they_are_stand_against_the_plain_gan(window: CompareWindow):
    assert window.chosen == ("own", "plain-2014")


def test_start_makes_a_column_for_each_that_is_ticked(qtbot: QtBot, window: CompareWindow, trainers: Trainers):
    window.boxes["r3gan-2024"].click()
    begin(qtbot, window)
    assert [column.title.text() for column in window.columns] == [
        "Your settings",
        "Plain GAN (2014)",
        "R3GAN-style (2024)",
    ]
    assert len(trainers.made) == 3
    assert not window._empty.isVisible()
    assert window.play.text() == "Pause"


def test_one_alone_cannot_be_compared_and_no_fifth_can_be_ticked(qtbot: QtBot, window: CompareWindow):
    window.boxes["plain-2014"].click()
    assert not window.play.isEnabled()
    assert window.status.toolTip() == "Choose at least 2."
    for name in ("plain-2014", "unrolled-2016", "wgan-gp-2017"):
        window.boxes[name].click()
    assert len(window.chosen) == 4
    assert not window.boxes["pacgan-2018"].isEnabled()
    assert window.boxes["plain-2014"].isEnabled()


def test_the_run_in_the_window_is_left_alone(qtbot: QtBot, window: CompareWindow, studio: Studio):
    own = studio.run._trainer
    assert isinstance(own, ScriptedTrainer)
    before, experiment = list(own.sent), studio.experiment
    begin(qtbot, window)
    click(qtbot, window.play)
    window.close()
    assert own.sent == before
    assert not own.stopped
    assert studio.experiment is experiment
    assert studio.undo_stack.count() == 0


def test_what_measuring_costs_stands_beside_the_jsd_of_each(qtbot: QtBot, window: CompareWindow, trainers: Trainers):
    begin(qtbot, window)
    trainer = trainers.made[0]
    rows = np.ones((1, len(COLUMNS)))
    trainer.say(e.HistoryGrew(trainer.generation, progress_at(1), HistoryChunk(rows), 100.0, measure_share=0.07))
    measured(trainers.made[1], 250, 0.5)
    tick(window)
    assert "takes 7 % of the time" in window.columns[0].jsd.header.toolTip()
    assert "costs time" in window.columns[1].jsd.header.toolTip()


def test_pause_and_go_on(qtbot: QtBot, window: CompareWindow, trainers: Trainers):
    begin(qtbot, window)
    click(qtbot, window.play)
    assert window.play.text() == "Go on"
    assert all(trainer.sent[-1] == c.Pause() for trainer in trainers.made)
    assert [column.state.toolTip().endswith("paused") for column in window.columns] == [True, True]
    for trainer in trainers.made:
        trainer.say(e.Paused(trainer.generation, progress_at(5)))
    tick(window)
    click(qtbot, window.play)
    assert window.play.text() == "Pause"
    assert all(trainer.sent[-1] == c.Play(None) for trainer in trainers.made)


def test_all_columns_have_the_same_axes(qtbot: QtBot, window: CompareWindow, trainers: Trainers):
    begin(qtbot, window)
    measured(trainers.made[0], 750, 0.3)
    measured(trainers.made[1], 5000, 0.02)
    tick(window)
    ranges = [column.jsd.view.viewRange() for column in window.columns]
    assert ranges[0] == ranges[1]
    assert ranges[0][0][1] >= 5000
    assert ranges[0][1] == pytest.approx([BOTTOM, TOP])
    assert [column.jsd.header.readouts[0].text[:5] for column in window.columns] == ["0.300", "0.020"]


def test_a_frame_is_shown_over_the_same_real_samples_in_every_column(
    qtbot: QtBot, window: CompareWindow, trainers: Trainers, studio: Studio
):
    begin(qtbot, window)
    assert studio.target is not None
    points = studio.target.sample(2000, np.random.default_rng(3))
    trainer = trainers.made[1]
    trainer.say(e.Frame(trainer.generation, progress_at(10), 100.0, generated=points))
    tick(window)
    first, second = window.columns
    assert np.array_equal(second.cloud.generated.points(), points)
    assert len(first.cloud.generated.points()) == 0
    assert np.array_equal(first.cloud.real.points(), second.cloud.real.points())
    assert isinstance(second.coverage, CoveragePlot)
    assert second.coverage.header.readouts[0].text == "8/8"


def test_a_target_without_modes_has_no_coverage(qtbot: QtBot, window: CompareWindow, studio: Studio):
    studio.load_preset("moons")
    begin(qtbot, window)
    assert [column.coverage for column in window.columns] == [None, None]


def test_on_the_line_densities_are_compared(qtbot: QtBot, window: CompareWindow, trainers: Trainers, studio: Studio):
    studio.load_preset("mixture-1d")
    begin(qtbot, window)
    request = trainers.made[0].sent_of(c.RequestFrame)[-1]
    assert request.view[2] == 0.0
    line = e.Field(np.full((1, 240), 0.1, np.float32), request.view)
    points = np.zeros((5, 1), np.float32)
    trainers.made[0].say(
        e.Frame(trainers.made[0].generation, progress_at(1), 1.0, generated=points, generated_line=line)
    )
    tick(window)
    drawn = window.columns[0].cloud.generated_line.boundingRect()
    assert drawn.width() == pytest.approx(request.view[1] - request.view[0], rel=0.02)
    assert not window.columns[0].cloud.real_line.boundingRect().isNull()


def test_nobody_looks_while_the_window_is_hidden(qtbot: QtBot, window: CompareWindow, trainers: Trainers):
    begin(qtbot, window)
    seen = len(trainers.made[0].sent_of(c.RequestFrame))
    assert seen == 1
    window.hide()
    assert window.comparison is not None
    assert all(lane.run.look() is None for lane in window.comparison.lanes)


def test_another_target_in_the_window_is_told_and_taken_at_the_next_beginning(
    qtbot: QtBot, window: CompareWindow, trainers: Trainers, studio: Studio
):
    begin(qtbot, window)
    studio.load_preset("moons")
    assert "begin again" in window.status.toolTip()
    click(qtbot, window.again)
    assert all(trainer.stopped for trainer in trainers.made[:2])
    started = [trainer.sent_of(c.Start)[0].experiment.target for trainer in trainers.made[2:]]
    assert started == [studio.experiment.target] * 2
    assert "begin again" not in window.status.toolTip()


def test_without_a_target_that_can_be_sampled_nothing_begins(qtbot: QtBot, window: CompareWindow, studio: Studio):
    studio.set_target(Painting())
    assert not window.play.isEnabled()
    assert window.status.toolTip().startswith("There is nothing to train on yet")


def test_one_that_diverges_says_so_above_its_cloud(qtbot: QtBot, window: CompareWindow, trainers: Trainers):
    begin(qtbot, window)
    trainer = trainers.made[1]
    trainer.say(e.NonFinite(trainer.generation, progress_at(77), "generator_loss"))
    tick(window)
    assert "diverged at iteration 77" in window.columns[1].state.toolTip()


def test_the_measurements_of_all_runs_are_written_to_one_table(
    qtbot: QtBot, window: CompareWindow, trainers: Trainers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begin(qtbot, window)
    measured(trainers.made[0], 250, 0.5)
    measured(trainers.made[0], 500, 0.25)
    measured(trainers.made[1], 250, 0.625)
    tick(window)
    path = tmp_path / "comparison.csv"
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *_: path)
    click(qtbot, window.export)
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    assert tuple(rows[0]) == HEADER
    assert [row[:4] for row in rows[1:]] == [
        ["own", "0", "250", "0.5"],
        ["own", "0", "500", "0.25"],
        ["plain-2014", "0", "250", "0.625"],
    ]


def test_a_folder_that_is_gone_is_told_and_the_comparison_goes_on(
    qtbot: QtBot, window: CompareWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begin(qtbot, window)
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *_: tmp_path / "gone" / "comparison.csv")
    click(qtbot, window.export)
    assert "there is no folder" in window.status.toolTip()
    assert window.comparison is not None
    assert window.comparison.is_playing


def test_closing_the_window_ends_its_trainers_and_it_can_be_used_again(
    qtbot: QtBot, window: CompareWindow, trainers: Trainers
):
    begin(qtbot, window)
    window.close()
    assert all(trainer.stopped for trainer in trainers.made)
    assert window.comparison is None
    assert window.columns == []
    window.show()
    assert window._empty.isVisible()
    begin(qtbot, window)
    assert len(trainers.made) == 4


def test_it_can_be_worn_dark(qtbot: QtBot, window: CompareWindow):
    begin(qtbot, window)
    window.set_theme(DARK)
    for column in window.columns:
        assert column.cloud.backgroundBrush().color().name() == DARK.surface


@pytest.mark.parametrize("preset_name", ["ring8", "mixture-1d"])
def test_everything_fits_a_small_screen(qtbot: QtBot, window: CompareWindow, studio: Studio, preset_name: str):
    studio.load_preset(preset_name)
    assert preset(preset_name).experiment == studio.experiment
    for name in ("unrolled-2016", "r3gan-2024"):
        window.boxes[name].click()
    begin(qtbot, window)
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 700
    for column in window.columns:
        assert column.cloud.height() >= 120
