"""Lessons as a person plays them: by the buttons of the step, by hand, and by letting the program do it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from doubles import Trainers, train
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ganstudio import shipped
from ganstudio.lessons.lesson import Step
from ganstudio.lessons.library import shelf
from ganstudio.messages import commands as c
from ganstudio.metrics.phases import PhaseReader
from ganstudio.ui.lessons.lesson_run import LessonRun
from ganstudio.ui.lessons.step_view import StepView
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.trainer_link import TrainerLink

LESSONS = shelf(shipped.directory("lessons")).lessons
NAMES = [lesson.name for lesson in LESSONS]
PATIENCE = 60_000


def enter(qtbot: QtBot, window: MainWindow, number: int, step: int = 1) -> tuple[LessonRun, StepView]:
    window.lessons.show()
    window.lessons.open(LESSONS[number - 1])
    run = window.lessons.run
    qtbot.waitUntil(lambda: run.progress is not None and run.is_ready, timeout=PATIENCE)
    if step != 1:
        run.go_to(step - 1)
        qtbot.waitUntil(lambda: run.is_ready, timeout=PATIENCE)
    return run, window.lessons.dock.step


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def clicks_through(qtbot: QtBot, window: MainWindow, number: int) -> None:
    """Each step by its own button, and on by the one below it."""
    run, view = enter(qtbot, window, number)
    steps = LESSONS[number - 1].steps
    for at in range(len(steps)):
        qtbot.waitUntil(lambda: run.is_ready and view.task.do_it.isEnabled(), timeout=PATIENCE)
        assert run.progress is not None and run.progress.at == at
        assert not run.progress.step_done
        click(qtbot, view.task.do_it)
        assert view.task.do_it.text() == "Stop"
        qtbot.waitUntil(lambda: not run.is_doing, timeout=PATIENCE)
        qtbot.waitUntil(lambda: run.progress is not None and run.progress.step_done, timeout=5000)
        assert all(row.tick.is_on for row in view.checks)
        assert view.next.property("role") == "primary"
        if at + 1 < len(steps):
            click(qtbot, view.next)
    assert run.done == set(range(len(steps)))


def test_a_lesson_is_clicked_through_with_the_real_trainer(qtbot: QtBot, live: MainWindow) -> None:
    clicks_through(qtbot, live, 12)
    assert live.messages.texts == ()


def test_a_lesson_is_done_by_hand_with_the_real_trainer(qtbot: QtBot, live: MainWindow) -> None:
    run, view = enter(qtbot, live, 5)

    def ticked() -> bool:
        return run.progress is not None and run.progress.step_done

    qtbot.keyClick(live.stage.view, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(ticked)
    click(qtbot, view.next)
    qtbot.waitUntil(lambda: run.is_ready)
    click(qtbot, view.task.buttons[0])
    qtbot.waitUntil(ticked)
    click(qtbot, view.next)
    qtbot.waitUntil(lambda: run.is_ready)
    qtbot.keyClick(live.stage.view, Qt.Key.Key_Period)
    qtbot.waitUntil(ticked)
    click(qtbot, view.next)
    qtbot.waitUntil(lambda: run.is_ready)
    qtbot.keyClick(live.stage.view, Qt.Key.Key_Space)
    qtbot.waitUntil(ticked, timeout=PATIENCE)
    click(qtbot, view.next)
    assert not live.studio.run.wants_to_play
    qtbot.waitUntil(lambda: run.is_ready)
    assert view.task.form is not None
    field = view.task.form.editor("training.discriminator_updates").findChild(QLineEdit)
    assert field is not None
    qtbot.mouseDClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    qtbot.keyClicks(field, "20")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert live.studio.experiment.training.discriminator_updates == 20
    click(qtbot, view.task.buttons[0])
    qtbot.waitUntil(ticked, timeout=PATIENCE)


def test_every_step_of_every_lesson_shows_what_it_names_and_what_there_is_to_do(
    qtbot: QtBot, window: MainWindow
) -> None:
    for number, lesson in enumerate(LESSONS, start=1):
        run, view = enter(qtbot, window, number)
        for at, step in enumerate(lesson.steps):
            begin(run, window, at)
            where = f"{lesson.name}: {step.title}"
            assert run.is_ready and run.progress is not None and not run.progress.step_done, where
            assert_shown(window, view, step, where)


def begin(run: LessonRun, window: MainWindow, at: int) -> None:
    """Begin a step with a new run, without waiting for the timers."""
    run.go_to(at)
    run.skip()
    window.studio.run.tick()
    run.look()


def assert_shown(window: MainWindow, view: StepView, step: Step, where: str) -> None:
    plots = {**window.docks, **window.theory.docks}
    assert window.studio.experiment == step.experiment, where
    assert {state.name for state in window.stage.layer_states() if state.visible} == set(step.layers), where
    assert {name for name, dock in plots.items() if not dock.isHidden()} == set(step.plots), where
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert view.title.text() == step.title
    assert view.formula.is_typeset, where
    assert len(view.checks) == len(step.checks)
    assert view.task.isVisible() and view.task.text.text()
    for widget in (view.task.do_it, view.next, *view.checks, *view.task.buttons):
        bottom = widget.mapTo(window, QPoint(0, widget.height())).y()
        assert 0 < bottom <= window.height() - window.statusBar().height(), f"{where}: out of sight"
    bar = view.scroll_area.verticalScrollBar()
    assert bar.maximum() <= 0.3 * view.scroll_area.height(), f"{where}: much of the text is out of sight"


# -- ways through a lesson -------------------------------------------------------------------------------------------


def test_the_settings_of_the_task_are_those_of_the_window(qtbot: QtBot, window: MainWindow) -> None:
    run, view = enter(qtbot, window, 4)
    begin(run, window, 1)
    form = view.task.form
    assert form is not None
    assert set(form.paths) == {"optimizers.discriminator.learning_rate", "optimizers.generator.learning_rate"}
    window.studio.set_value("optimizers.generator.learning_rate", 0.0125)
    assert form.editor("optimizers.generator.learning_rate").findChild(QLineEdit).text() == "0.0125"


def test_where_a_setting_stands_is_shown_in_the_controls(qtbot: QtBot, window: MainWindow) -> None:
    run, view = enter(qtbot, window, 5)
    begin(run, window, 4)
    click(qtbot, view.task.where)
    qtbot.waitUntil(lambda: not window.controls.visibleRegion().isEmpty())
    assert window.controls.sections["Run"].is_open


def test_a_check_shows_its_value_while_it_changes(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    run, view = enter(qtbot, window, 8)
    assert view.checks[0].value.text() == "V … — below −0.9"
    train(window.studio.run, trainers.last, 10)
    run.look()
    assert view.checks[0].value.text() == "V 1 — below −0.9"


def test_a_check_of_the_phase_reads_only_what_is_new_of_the_run_as_the_strip_does(
    qtbot: QtBot, window: MainWindow, trainers: Trainers, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    usual = PhaseReader._read_piece

    def counted(reader: PhaseReader, rows: np.ndarray, measures: np.ndarray) -> None:
        read.append(len(rows))
        usual(reader, rows, measures)

    number = next(at for at, lesson in enumerate(LESSONS, start=1) if any(map(asks_phase, lesson.steps)))
    step = next(at for at, step in enumerate(LESSONS[number - 1].steps) if asks_phase(step))
    run, _ = enter(qtbot, window, number)
    begin(run, window, step)
    monkeypatch.setattr(PhaseReader, "_read_piece", counted)
    for iteration in (200, 500, 600):
        train(window.studio.run, trainers.last, iteration)
        run.look()
        assert sum(read) == iteration
    qtbot.waitUntil(lambda: [part.end for part in window.studio.phases.now.segments][-1:] == [600])
    assert sum(read) == 600


def asks_phase(step: Step) -> bool:
    return any(check.fact == "phase" for check in step.checks)


def test_a_step_is_begun_again_from_the_run_it_began_with(qtbot: QtBot, live: MainWindow) -> None:
    run, view = enter(qtbot, live, 5)
    for _ in range(3):
        qtbot.waitUntil(lambda: run.is_ready)
        click(qtbot, view.task.do_it)
        qtbot.waitUntil(lambda: not run.is_doing and run.progress is not None and run.progress.step_done)
        click(qtbot, view.next)
    qtbot.waitUntil(lambda: run.is_ready)
    began = live.studio.run.progress
    assert (began.iteration, began.discriminator_updates) == (5, 8)
    live.studio.step_iterations(3)
    qtbot.waitUntil(lambda: live.studio.run.progress.iteration == 8)
    click(qtbot, view.again)
    qtbot.waitUntil(lambda: run.is_ready)
    assert live.studio.run.progress.iteration == began.iteration
    assert len(live.studio.run.history.rows) > 0
    click(qtbot, view.back)
    qtbot.waitUntil(lambda: run.is_ready)
    assert live.studio.run.progress.iteration == 0
    assert live.studio.run.progress.generator_updates == 3
    assert run.done == {0, 1, 2}


def test_whoever_jumps_ahead_is_taken_there_by_the_program(qtbot: QtBot, live: MainWindow) -> None:
    run, view = enter(qtbot, live, 5)
    x = view.dots.width() * 3.5 / len(run.progress.lesson.steps) if run.progress else 0
    qtbot.mouseClick(view.dots, Qt.MouseButton.LeftButton, pos=QPoint(int(x), 12))
    assert run.progress is not None and run.progress.at == 3
    qtbot.waitUntil(lambda: run.is_ready)
    assert live.studio.run.progress.iteration == 5
    assert live.studio.run.progress.discriminator_updates == 8
    assert run.done == set()


def test_a_dirac_gan_that_is_jumped_over_does_not_come_into_view(qtbot: QtBot, live: MainWindow) -> None:
    run, _ = enter(qtbot, live, 12, 6)
    assert run.progress is not None and run.progress.at == 5
    assert {name for name, dock in live.docks.items() if not dock.isHidden()} == set(run.step.plots)
    assert live.theory.docks["toys"].isHidden()


def test_a_plot_that_is_opened_in_a_lesson_stands_behind_the_last_one(qtbot: QtBot, window: MainWindow) -> None:
    run, _ = enter(qtbot, window, 12)
    below, opened = window.docks[run.step.plots[-1]], window.theory.docks["toys"]
    opened.toggleViewAction().trigger()
    qtbot.waitUntil(lambda: opened.on_screen)
    assert window.tabifiedDockWidgets(opened) == [below]
    assert not below.on_screen and window.docks[run.step.plots[0]].on_screen


def test_whoever_does_not_want_to_wait_begins_anew(qtbot: QtBot, window: MainWindow) -> None:
    run, view = enter(qtbot, window, 5)
    run.go_to(3)
    qtbot.waitUntil(lambda: run.catching_up is not None)
    assert view.skip.isVisible() and "step 1" in view.note.text()
    click(qtbot, view.skip)
    qtbot.waitUntil(lambda: run.is_ready)
    assert not view.skip.isVisible()
    assert window.studio.experiment == LESSONS[4].steps[3].experiment


def test_doing_it_stops_when_it_is_told_to_and_when_the_person_pauses(qtbot: QtBot, live: MainWindow) -> None:
    run, view = enter(qtbot, live, 5, 4)
    for stop in (lambda: click(qtbot, view.task.do_it), live.studio.toggle):
        click(qtbot, view.task.do_it)
        before = live.studio.run.progress.iteration
        qtbot.waitUntil(lambda before=before: live.studio.run.progress.iteration > before)
        stop()
        qtbot.waitUntil(lambda: not run.is_doing and not live.studio.run.is_training)
        assert view.task.do_it.text() == "Do it for me"
    assert run.is_ready


def test_a_step_says_how_fast_it_wants_to_be_watched_and_leaving_takes_that_back(
    qtbot: QtBot, window: MainWindow, trainers: Trainers
) -> None:
    window.run_commands.limit_speed(30.0)
    enter(qtbot, window, 1)
    assert trainers.last.sent_of(c.LimitSpeed)[-1].iterations_per_second == 80
    assert window.toolbar.speed.text() == "80 it/s"
    window.lessons.leave()
    assert trainers.last.sent_of(c.LimitSpeed)[-1].iterations_per_second == 30
    assert window.toolbar.speed.text() == "30 it/s"


def test_the_last_step_leads_to_the_next_lesson_and_the_last_lesson_out(qtbot: QtBot, window: MainWindow) -> None:
    run, view = enter(qtbot, window, 11)
    run.go_to(4)
    run.skip()
    qtbot.waitUntil(lambda: run.is_ready)
    assert view.next.text() == "Next lesson"
    click(qtbot, view.next)
    assert run.lesson is not None and run.lesson.name == NAMES[11]
    run.go_to(len(LESSONS[11].steps) - 1)
    assert view.next.text() == "Finish"
    click(qtbot, view.next)
    assert not window.lessons.is_in_lesson
    assert not window.lessons.dock.shows_lesson


def test_painting_takes_up_the_brush_from_the_step(qtbot: QtBot, window: MainWindow) -> None:
    run, view = enter(qtbot, window, 1)
    run.go_to(4)
    qtbot.waitUntil(lambda: run.is_ready)
    click(qtbot, next(button for button in view.task.buttons if button.text() == "Brush"))
    assert window.stage.tool.name == "brush"
    window.lessons.leave()
    assert window.stage.tool.name == "pan"


def test_a_newcomer_is_led_from_the_card_into_the_first_lesson(
    qtbot: QtBot, make: Callable[[Callable[[], TrainerLink]], MainWindow], trainers: Callable[[], TrainerLink]
) -> None:
    window = make(trainers)
    window.welcome.show()
    button = next(one for one in window.welcome.findChildren(QPushButton) if "lesson" in one.text())
    click(qtbot, button)
    qtbot.waitUntil(lambda: window.lessons.is_in_lesson)
    assert window.lessons.run.lesson == LESSONS[0]
    assert not window.welcome.isVisible()
