"""The window of populations: what is shown of one, what becomes of it, and that nothing is left when it closes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from doubles import ScriptedTrainer
from population_doubles import PopulationTrainers
from population_steps import MARGIN, begin, choose, click, middle_of, tick, trained, write
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from ganstudio.experiment.change import with_value
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.population import StartPopulation
from ganstudio.messages.snapshot import Progress
from ganstudio.ui.export_dialog import ExportDialog, Wish
from ganstudio.ui.population.population_window import PopulationWindow
from ganstudio.ui.settings import ENGINE, Settings
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import DARK

# -- what is shown ------------------------------------------------------------------------------------------------


def test_a_frame_is_asked_for_once_at_a_time_and_only_while_somebody_looks(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    begin(qtbot, window)
    assert trainers.last.asked == 1
    tick(window)
    assert trainers.last.asked == 1
    trainers.last.shows(10)
    tick(window)
    window.hide()
    qtbot.waitUntil(lambda: window.run is not None and window.run._frames.is_due(1e12, moving=True))
    tick(window)
    assert trainers.last.asked == 1


def test_cells_show_samples_and_jsd_and_only_new_samples_are_drawn_again(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    board = begin(qtbot, window)
    trainers.last.shows(100)
    tick(window)
    board.grid.grab()
    before = [picture.cacheKey() for picture in board.grid.pictures if picture is not None]
    assert len(before) == 16
    assert "iteration 100 · 120 iterations/s of all 16 members" in window.status.toolTip()
    assert board.points is not None
    moved = board.points.copy()
    moved[3] += 0.5
    board.grid.show_points(moved)
    board.grid.grab()
    after = [picture.cacheKey() for picture in board.grid.pictures if picture is not None]
    assert [member for member in range(16) if before[member] != after[member]] == [3]


def test_the_samples_are_seen_in_the_colour_of_what_is_generated(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    choose(window.choice.count, 4)
    board = begin(qtbot, window)
    board.grid.show_points(np.zeros((4, 30, 2), np.float32))
    shown = board.grid.grab().toImage()
    cell = board.grid.plan.at(0).picture
    middle = cell.center()
    around = [shown.pixelColor(middle + QPoint(x, y)) for x in range(-2, 3) for y in range(-2, 3)]
    assert min(colour.blue() for colour in around) < 60
    assert all(colour.red() > 200 for colour in around)


def test_a_member_that_broke_is_told_in_its_cell_and_the_others_go_on(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    board = begin(qtbot, window)
    trainers.last.shows(50)
    tick(window)
    trainers.last.shows(70, broken=(2,))
    trainers.last.shows(90, broken=(2,))
    tick(window)
    assert window.run is not None and window.run.broken_by == {2: 70}
    assert "1 diverged" in window.status.toolTip()
    assert window.play.text() == "Pause" and window.play.isEnabled()
    qtbot.mouseClick(board.grid, Qt.MouseButton.LeftButton, pos=middle_of(board, 2))
    assert "diverged by iteration 70" in board.card.state.toolTip()


def test_a_population_of_which_all_broke_can_train_no_more(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    choose(window.choice.count, 4)
    begin(qtbot, window)
    trainers.last.shows(50, broken=(0, 1, 2, 3))
    tick(window)
    assert not window.play.isEnabled()
    assert window.again.isEnabled()


def test_hovering_a_cell_lets_its_curve_stand_out_and_leaving_it_the_chosen_one(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    board = begin(qtbot, window)
    trainers.last.shows(100)
    for iteration in (0, 50, 100):
        trainers.last.measures(iteration)
    tick(window)
    assert not board.spread.own.isVisible()
    qtbot.mouseMove(board.grid, middle_of(board, 5))
    assert board.grid.hovered_member == 5
    assert board.spread.own.isVisible()
    assert board.spread.own.getData()[1] == pytest.approx([trainers.last.jsd()[5]] * 3)
    assert board.card.title.text() == "seed 5"
    qtbot.mouseClick(board.grid, Qt.MouseButton.LeftButton, pos=middle_of(board, 9))
    qtbot.mouseMove(board.grid, middle_of(board, 1))
    assert board.card.title.text() == "seed 1"
    qtbot.mouseMove(board.spread, QPoint(5, 5))
    board.grid.leaveEvent(None)
    assert board.card.title.text() == "seed 9"
    assert board.spread.own.getData()[1] == pytest.approx([trainers.last.jsd()[9]] * 3)


def test_hovering_a_curve_marks_its_cell(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    board = begin(qtbot, window)
    trainers.last.measures(0)
    trainers.last.measures(400)
    tick(window)
    spread = board.spread
    value = float(trainers.last.jsd()[15])
    place = spread.plot.mapFromScene(spread.view.mapViewToScene(QPointF(390.0, value)))
    qtbot.mouseMove(spread.plot.viewport(), place)
    qtbot.waitUntil(lambda: board.grid.hovered_member == 15)
    assert board.card.title.text() == "seed 15"


def test_the_median_of_all_members_is_drawn_and_said(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    board = begin(qtbot, window)
    trainers.last.measures(0)
    trainers.last.measures(50)
    tick(window)
    median = float(np.median(trainers.last.jsd()))
    assert board.spread.middle.getData()[1] == pytest.approx([median, median])
    assert [readout.text for readout in board.spread.header.readouts] == [f"{median:.3f}", "0.010 to 0.600"]


def test_a_few_keys_do_for_the_mouse(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    board = begin(qtbot, window)
    board.grid.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(board.grid, key)
    assert board.grid.selected_member == 8
    assert board.card.take.isEnabled()
    qtbot.keyClick(board.grid, Qt.Key.Key_Space)
    assert window.play.text() == "Go on"
    assert trainers.last.sent[-1] == c.Pause()


def test_on_the_line_densities_are_drawn(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers, studio: Studio
):
    studio.load_preset("mixture-1d")
    board = begin(qtbot, window)
    trainers.last.shows(10)
    tick(window)
    assert trainers.last.dimension == 1
    assert board.points is not None
    curve = board.stage.shown(board.points[0])
    width = float(curve[1, 0] - curve[0, 0])
    inside = np.abs(board.points[0][:, 0]) < np.abs(curve[:, 0]).max()
    assert float(curve[:, 1].sum()) * width == pytest.approx(float(inside.mean()), abs=0.05)
    board.grid.grab()
    board.card.grab()


def test_it_can_be_worn_dark(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    board = begin(qtbot, window)
    window.set_theme(DARK)
    shown = board.grid.grab().toImage()
    corner = board.grid.plan.at(0).picture.topLeft() + QPoint(3, 30)
    assert shown.pixelColor(corner).name() == DARK.surface


@pytest.mark.parametrize("sweep", [False, True])
@pytest.mark.parametrize("preset_name", ["ring8", "mixture-1d"])
def test_everything_fits_a_small_screen(
    qtbot: QtBot, window: PopulationWindow, studio: Studio, preset_name: str, sweep: bool
):
    studio.load_preset(preset_name)
    if sweep:
        click(qtbot, window.choice.sweep)
    else:
        choose(window.choice.count, 36)
    board = begin(qtbot, window)
    window.resize(1280, 690)
    qtbot.waitUntil(lambda: board.geometry().bottom() == 690 - MARGIN - 1)
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 690
    assert min(board.grid.plan.picture.width(), board.grid.plan.picture.height()) >= 60


# -- what becomes of it -------------------------------------------------------------------------------------------


def test_pause_and_go_on(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    begin(qtbot, window)
    click(qtbot, window.play)
    tick(window)
    assert window.play.text() == "Go on"
    assert "paused" in window.status.toolTip()
    click(qtbot, window.play)
    assert trainers.last.sent[-1] == c.Play(None)
    assert window.play.text() == "Pause"


def test_the_engine_that_is_pinned_in_the_window_trains_the_population(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    Settings().set(ENGINE, "eager")
    begin(qtbot, window)
    first, second = trainers.last.sent[:2]
    assert first == c.ChooseEngine("eager")
    assert isinstance(second, StartPopulation)
    click(qtbot, window.play)
    tick(window)
    click(qtbot, window.play)
    assert trainers.last.sent_of(c.ChooseEngine) == [c.ChooseEngine("eager")]
    click(qtbot, window.play)
    tick(window)
    Settings().set(ENGINE, "compiled")
    click(qtbot, window.play)
    assert trainers.last.sent[-2:] == [c.ChooseEngine("compiled"), c.Play(None)]


def test_without_a_pinned_engine_the_trainer_decides_by_itself(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    begin(qtbot, window)
    assert trainers.last.sent_of(c.ChooseEngine) == []


def test_why_nothing_can_be_compiled_is_told(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    Settings().set(ENGINE, "compiled")
    begin(qtbot, window)
    trainers.last.say(e.EngineChanged(1, Progress(), "eager", False, "no C++ compiler was found"))
    tick(window)
    assert "Training stays eager: no C++ compiler was found." in window.status.toolTip()
    assert window.play.text() == "Pause"


def test_a_member_is_taken_into_the_window_and_undo_brings_back_what_was_there(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers, studio: Studio
):
    studio.set_value("stop.iterations", 5000)
    before = studio.experiment
    own = studio.run._trainer
    assert isinstance(own, ScriptedTrainer)
    own.trains_to(500)
    studio.run.tick()
    click(qtbot, window.choice.sweep)
    board = begin(qtbot, window)
    assert not board.card.take.isEnabled()
    qtbot.mouseClick(board.grid, Qt.MouseButton.LeftButton, pos=middle_of(board, 7))
    click(qtbot, board.card.take)
    taken = trained(trainers.last).members[7]
    assert studio.experiment == taken.model_copy(update={"stop": before.stop, "measure": before.measure})
    assert studio.experiment != before
    assert own.sent_of(c.Start)[-1].snapshot is None
    assert "is in the window now" in window.status.toolTip()
    studio.undo_stack.undo()
    assert studio.experiment == before
    snapshot = own.sent_of(c.Start)[-1].snapshot
    assert snapshot is not None and snapshot.progress.iteration == 500


def test_the_member_that_the_window_has_already_leaves_its_run_alone(
    qtbot: QtBot, window: PopulationWindow, studio: Studio
):
    board = begin(qtbot, window)
    qtbot.mouseClick(board.grid, Qt.MouseButton.LeftButton, pos=middle_of(board, 0))
    click(qtbot, board.card.take)
    assert studio.undo_stack.count() == 0
    assert "already" in window.status.toolTip()


def test_the_run_in_the_window_is_left_alone(qtbot: QtBot, window: PopulationWindow, studio: Studio):
    own = studio.run._trainer
    assert isinstance(own, ScriptedTrainer)
    before = list(own.sent)
    begin(qtbot, window)
    click(qtbot, window.play)
    window.close()
    assert own.sent == before
    assert not own.stopped
    assert studio.undo_stack.count() == 0


def test_settings_changed_meanwhile_are_told_and_taken_at_the_next_beginning(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers, studio: Studio
):
    begin(qtbot, window)
    studio.load_preset("moons")
    assert "begin again" in window.status.toolTip()
    click(qtbot, window.again)
    assert trainers.made[0].stopped
    assert trained(trainers.last).members[0].target == studio.experiment.target
    assert "begin again" not in window.status.toolTip()


def test_every_measurement_is_written_to_a_table(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers, tmp_path: Path
):
    click(qtbot, window.choice.sweep)
    write(qtbot, window.choice.rows.values, "0.001, 0.002")
    write(qtbot, window.choice.columns.values, "0.003, 0.004")
    begin(qtbot, window)
    trainers.last.measures(0)
    trainers.last.measures(250)
    tick(window)
    path = tmp_path / "population.csv"
    export(qtbot, window, path, "csv")
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    generator, discriminator = (f"optimizers.{name}.learning_rate" for name in ("generator", "discriminator"))
    assert rows[0] == ["member", "seed", generator, discriminator, "iteration", "jsd", "floor"]
    assert len(rows) == 1 + 2 * 4
    assert rows[2][:5] == ["1", "0", "0.001", "0.004", "0"]
    assert float(rows[6][5]) == pytest.approx(trainers.last.jsd()[1])


@pytest.mark.parametrize("name", ["grid.png", "grid.svg", "grid.pdf"])
def test_the_grid_is_written_as_a_figure(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers, tmp_path: Path, name: str
):
    choose(window.choice.count, 4)
    begin(qtbot, window)
    trainers.last.shows(100, broken=(3,))
    trainers.last.measures(100)
    tick(window)
    path = tmp_path / name
    export(qtbot, window, path, path.suffix[1:])
    assert path.read_bytes()[:5] in (b"\x89PNG\r", b"<?xml", b"%PDF-")


def test_a_folder_that_is_gone_is_told_and_training_goes_on(qtbot: QtBot, window: PopulationWindow, tmp_path: Path):
    begin(qtbot, window)
    export(qtbot, window, tmp_path / "gone" / "population.csv", "csv", said="there is no folder")
    assert window.run is not None and window.run.wants_to_play


def test_a_trainer_that_dies_is_told_and_it_can_be_begun_again(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    begin(qtbot, window)
    trainers.last.died.emit("it was ended by SIGKILL")
    assert "ended unexpectedly: it was ended by SIGKILL" in window.status.toolTip()
    assert not window.play.isEnabled()
    click(qtbot, window.again)
    assert len(trainers.made) == 2
    assert window.play.isEnabled()


def test_what_the_trainer_refuses_is_told(qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers):
    click(qtbot, window.play)
    trainers.last.take()
    trainers.last.say(e.Failed(1, "this objective cannot be batched", "", user=True))
    tick(window)
    assert "this objective cannot be batched" in window.status.toolTip()
    assert not window.play.isEnabled()


def test_closing_the_window_ends_its_trainer_and_it_can_be_used_again(
    qtbot: QtBot, window: PopulationWindow, trainers: PopulationTrainers
):
    begin(qtbot, window)
    window.close()
    assert trainers.last.stopped
    assert window.run is None and window.board is None
    window.show()
    assert window._empty.isVisible()
    begin(qtbot, window)
    assert len(trainers.made) == 2


def test_what_changed_while_the_window_was_closed_is_offered_when_it_opens(window: PopulationWindow, studio: Studio):
    window.close()
    studio.adopt(with_value(studio.experiment, "objective", "wasserstein"))
    window.show()
    assert window.choice.spec().base.objective == studio.experiment.objective


def export(qtbot: QtBot, window: PopulationWindow, path: Path, format_: str, said: str = "Written to") -> None:
    click(qtbot, window.export)
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.wished.emit(Wish(path, format_))
    dialog.reject()
    qtbot.waitUntil(lambda: said in window.status.toolTip(), timeout=30_000)
