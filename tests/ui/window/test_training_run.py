"""The run as the window holds it: frames, history, death and going back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from doubles import ScriptedTrainer, Trainers, chunk, progress_at, snapshot_at, train
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.messages.history import COLUMNS
from ganstudio.session.session import Session
from ganstudio.ui import frame_clock, training_run
from ganstudio.ui.plots.measuring import Measuring
from ganstudio.ui.training_run import RunState, TrainingRun

REQUEST = c.RequestFrame(("generated",), (-1.0, 1.0, -1.0, 1.0))


@pytest.fixture
def trainers() -> Trainers:
    return Trainers()


@pytest.fixture
def run(qapp: object, trainers: Trainers, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingRun]:
    monkeypatch.setattr(frame_clock, "FRAME_SECONDS", 0.0)
    monkeypatch.setattr(training_run, "HISTORY_SECONDS", 0.0)
    run = TrainingRun(trainers)
    run.look = lambda: REQUEST
    run.begin(Experiment())
    run.tick()
    yield run
    run.close()
    run.deleteLater()


def frame(trainer: ScriptedTrainer, iteration: int, generation: int | None = None) -> e.Frame:
    return e.Frame(trainer.generation if generation is None else generation, progress_at(iteration), 500.0)


def test_a_run_is_paused_once_it_is_initialised(run: TrainingRun) -> None:
    assert run.state is RunState.PAUSED


def test_only_one_frame_is_on_its_way(run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    for _ in range(5):
        run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == 1
    trainers.last.say(frame(trainers.last, 10))
    for _ in range(5):
        run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == 2


def test_nobody_looking_asks_for_no_frame(run: TrainingRun, trainers: Trainers) -> None:
    trainers.last.say(frame(trainers.last, 0))
    run.tick()
    before = len(trainers.last.sent_of(c.RequestFrame))
    run.look = lambda: None
    train(run, trainers.last, 10)
    run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == before


def test_a_run_at_rest_asks_again_only_when_something_changed(run: TrainingRun, trainers: Trainers) -> None:
    trainers.last.say(frame(trainers.last, 0))
    run.tick()
    asked = len(trainers.last.sent_of(c.RequestFrame))
    for _ in range(3):
        run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == asked
    run.look_again()
    run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == asked + 1


def test_frames_are_asked_for_no_faster_than_they_may(
    run: TrainingRun, trainers: Trainers, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1e9
    monkeypatch.setattr(frame_clock, "FRAME_SECONDS", 1 / 30)
    monkeypatch.setattr(training_run.time, "monotonic", lambda: now)
    train(run, trainers.last, 10)
    trainers.last.say(frame(trainers.last, 10))
    run.tick()
    asked = len(trainers.last.sent_of(c.RequestFrame))
    trainers.last.say(frame(trainers.last, 10))
    now += 0.01
    run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == asked
    now += 0.03
    run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == asked + 1


def test_events_of_an_older_generation_are_dropped(qtbot: QtBot, run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    older = trainers.last.generation
    run.begin(Experiment(seed=1))
    run.tick()
    with qtbot.assertNotEmitted(run.frame_arrived), qtbot.assertNotEmitted(run.non_finite):
        trainers.last.say(
            frame(trainers.last, 99, older),
            e.HistoryGrew(older, progress_at(99), chunk(11, 99), 1.0),
            e.SnapshotTaken(older, snapshot_at(99)),
            e.NonFinite(older, progress_at(99), "generator_loss"),
        )
        run.tick()
    assert len(run.history.rows) == 0
    assert run.timeline.iterations == (0,)
    assert run.progress.iteration == 0


def test_a_frame_of_an_older_generation_still_makes_room_for_the_next(run: TrainingRun, trainers: Trainers) -> None:
    older = trainers.last.generation
    run.begin(Experiment(seed=1))
    run.tick()
    asked = len(trainers.last.sent_of(c.RequestFrame))
    trainers.last.say(frame(trainers.last, 0, older))
    run.look_again()
    run.tick()
    assert len(trainers.last.sent_of(c.RequestFrame)) == asked + 1


def test_history_is_complete_and_in_order(run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    train(run, trainers.last, 25)
    assert run.history.column("iteration").tolist() == list(range(1, 26))
    assert run.timeline.iterations == (0, 10, 25)


def test_a_trainer_that_died_is_started_again_from_its_last_snapshot(
    qtbot: QtBot, run: TrainingRun, trainers: Trainers
) -> None:
    run.play()
    train(run, trainers.last, 100)
    first = trainers.last
    first.say(e.HistoryGrew(first.generation, progress_at(120), chunk(101, 120), 1.0))  # lost with the process
    with qtbot.waitSignal(run.message) as told:
        first.died.emit("it was ended by SIGKILL")
    assert first.stopped
    assert trainers.last is not first
    start = trainers.last.sent_of(c.Start)[0]
    assert start.snapshot is not None
    assert start.snapshot.progress.iteration == 100
    assert start.generation > first.generation
    assert trainers.last.sent_of(c.Play) == [c.Play()]
    assert run.history.column("iteration")[-1] == 100
    level, text = told.args
    assert level == "warning"
    assert "SIGKILL" in text
    assert "iteration 100" in text


def gone_on_with(trainer: ScriptedTrainer) -> tuple[int, int]:
    """From which iteration, and since when its schedules count."""
    snapshot = trainer.sent_of(c.Start)[-1].snapshot
    assert snapshot is not None
    return snapshot.progress.iteration, snapshot.progress.schedules_since


def test_a_target_that_is_newer_than_the_last_snapshot_is_new_where_another_trainer_goes_on(
    run: TrainingRun, trainers: Trainers
) -> None:
    run.play()
    train(run, trainers.last, 100)
    run.apply(with_value(Experiment(), "target.radius", 0.5))
    changed = replace(progress_at(130), schedules_since=120)  # the trainer had gone on before it was told
    trainers.last.say(e.HistoryGrew(trainers.last.generation, changed, chunk(101, 130), 1.0))
    run.tick()
    trainers.last.died.emit("it ended")
    assert gone_on_with(trainers.last) == (100, 100)
    run.tick()
    trainers.last.died.emit("it ended again")
    assert gone_on_with(trainers.last) == (100, 100)


def test_a_target_of_which_the_trainer_died_at_once_is_new_where_another_goes_on(
    run: TrainingRun, trainers: Trainers
) -> None:
    train(run, trainers.last, 100)
    run.apply(with_value(Experiment(), "seed", 1))
    trainers.last.died.emit("it ended")
    assert gone_on_with(trainers.last) == (100, 0)
    run.tick()
    run.apply(with_value(Experiment(), "target.radius", 0.5))
    trainers.last.died.emit("it ended")
    assert gone_on_with(trainers.last) == (100, 100)
    kept = run.kept()
    assert kept is not None and kept.snapshot is not None
    assert kept.snapshot.progress.schedules_since == 100


def test_schedules_of_a_snapshot_that_has_seen_the_target_go_on_with_another_trainer(
    run: TrainingRun, trainers: Trainers
) -> None:
    train(run, trainers.last, 100)
    changed = replace(progress_at(200), schedules_since=120)
    trainers.last.say(e.HistoryGrew(trainers.last.generation, changed, chunk(101, 200), 1.0))
    taken = replace(snapshot_at(200), progress=changed)
    trainers.last.say(e.SnapshotTaken(trainers.last.generation, taken))
    run.tick()
    trainers.last.died.emit("it ended")
    assert gone_on_with(trainers.last) == (200, 120)


def test_a_speed_limit_outlives_the_trainer(run: TrainingRun, trainers: Trainers) -> None:
    run.limit_speed(30.0)
    trainers.last.died.emit("it ended")
    assert trainers.last.sent[0] == c.LimitSpeed(30.0)


def test_trainers_that_keep_dying_are_given_up_and_play_tries_again(
    qtbot: QtBot, run: TrainingRun, trainers: Trainers
) -> None:
    train(run, trainers.last, 50)
    for _ in range(training_run.DEATHS_TOLERATED):
        trainers.last.died.emit("it ended with exit code 1")
    assert run.state is RunState.FAILED
    assert len(trainers.made) == training_run.DEATHS_TOLERATED
    kept = run.kept()
    assert kept is not None
    assert kept.snapshot is not None
    assert kept.snapshot.progress.iteration == 50
    run.play()
    run.tick()
    assert len(trainers.made) == training_run.DEATHS_TOLERATED + 1
    assert run.state is RunState.PAUSED
    assert c.Play() in trainers.last.sent


def test_going_back_keeps_what_came_after_until_training_goes_on(run: TrainingRun, trainers: Trainers) -> None:
    for iteration in (10, 20, 30):
        train(run, trainers.last, iteration)
    run.go_to(12)
    assert trainers.last.sent_of(c.Restore)[-1].snapshot.progress.iteration == 10
    trainers.last.say(e.Restored(trainers.last.generation, progress_at(10)))
    run.tick()
    assert run.progress.iteration == 10
    assert run.timeline.iterations == (0, 10, 20, 30)
    run.go_to(30)
    assert trainers.last.sent_of(c.Restore)[-1].snapshot.progress.iteration == 30
    trainers.last.say(e.Restored(trainers.last.generation, progress_at(10)))
    trainers.last.iteration = 10
    train(run, trainers.last, 15)
    assert run.timeline.iterations == (0, 10, 15)
    assert run.history.column("iteration").tolist() == list(range(1, 16))


def test_going_back_pauses_first(run: TrainingRun, trainers: Trainers) -> None:
    run.play()
    train(run, trainers.last, 10)
    run.go_to(0)
    kinds = [type(command) for command in trainers.last.sent]
    assert kinds.index(c.Pause) < kinds.index(c.Restore)
    assert not run.wants_to_play


def test_a_single_update_pauses_first(run: TrainingRun, trainers: Trainers) -> None:
    run.play()
    train(run, trainers.last, 10)
    run.update(c.Update("generator"))
    assert trainers.last.sent[-2:] == [c.Pause(), c.Update("generator")]


def test_a_session_holds_the_run_as_it_was_when_it_was_asked_for(run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    trainer = trainers.last
    got: list[Session] = []
    run.request_session(got.append)
    older = run.experiment
    run.begin(Experiment(seed=5))  # before the answer came
    run.tick()
    assert len(got) == 1
    session = got[0]
    assert session.experiment is older
    assert session.snapshot is not None
    assert session.snapshot.progress.iteration == 10
    assert session.history.rows[:, 0].tolist() == list(range(1, 11))
    assert [snapshot.progress.iteration for snapshot in session.timeline] == [0]
    assert trainer.iteration == 10


def test_a_session_can_be_had_without_a_trainer(run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    for _ in range(training_run.DEATHS_TOLERATED):
        trainers.last.died.emit("it ended")
    got: list[Session] = []
    run.request_session(got.append)
    assert got[0].snapshot is not None
    assert got[0].snapshot.progress.iteration == 10


def test_a_session_asked_of_a_trainer_that_dies_is_its_last_snapshot(run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    trainers.last.waiting.clear()
    got: list[Session] = []
    run.request_session(got.append)
    trainers.last.waiting.clear()  # it never answered
    trainers.last.died.emit("it ended")
    assert [session.snapshot.progress.iteration for session in got if session.snapshot] == [10]


def test_going_on_with_a_session_brings_its_history_and_timeline(run: TrainingRun, trainers: Trainers) -> None:
    session = Session(Experiment(), snapshot_at(20), chunk(1, 20), (snapshot_at(0), snapshot_at(10)))
    run.begin(session.experiment, resume=session)
    run.tick()
    start = trainers.last.sent_of(c.Start)[-1]
    assert start.snapshot is session.snapshot
    assert run.timeline.iterations == (0, 10, 20)
    assert len(run.history.rows) == 20
    assert run.progress.iteration == 20


def test_what_a_user_can_mend_does_not_stop_the_run(qtbot: QtBot, run: TrainingRun, trainers: Trainers) -> None:
    run.play()
    train(run, trainers.last, 10)
    with qtbot.waitSignal(run.failed):
        trainers.last.say(e.Failed(trainers.last.generation, "the painting is empty", "", user=True))
        run.tick()
    assert run.state is RunState.PLAYING


def test_a_run_that_cannot_be_initialised_has_failed_and_says_so_once(
    qtbot: QtBot, run: TrainingRun, trainers: Trainers, caplog: pytest.LogCaptureFixture
) -> None:
    trainers.last.answers_start = False
    run.begin(Experiment(device="cuda"))
    said: list[e.Failed] = []
    run.failed.connect(said.append)
    generation = run.generation
    trainers.last.say(
        e.Failed(generation, "there is no such device", "", user=True),
        e.Failed(generation, "no run was started", "", user=True),
    )
    run.tick()
    assert [event.message for event in said] == ["there is no such device"]
    assert run.state is RunState.FAILED


def test_an_exception_in_training_is_logged_with_its_traceback(
    run: TrainingRun, trainers: Trainers, caplog: pytest.LogCaptureFixture
) -> None:
    run.play()
    train(run, trainers.last, 10)
    trainers.last.say(e.Failed(trainers.last.generation, "ValueError: odd", "Traceback: the whole story"))
    run.tick()
    assert "the whole story" in caplog.text
    assert run.state is RunState.PAUSED
    assert not run.wants_to_play


def test_closing_stops_the_trainer(run: TrainingRun, trainers: Trainers) -> None:
    run.close()
    assert trainers.last.stopped


def test_going_on_from_where_the_run_was_gone_back_to_forgets_single_updates_taken_there_since(
    run: TrainingRun, trainers: Trainers
) -> None:
    train(run, trainers.last, 10)
    arrived = progress_at(10)
    single = chunk(10, 10)
    single.rows[:, COLUMNS.index("generator_loss")] = np.nan
    generation = trainers.last.generation
    trainers.last.say(e.HistoryGrew(generation, replace(arrived, single_updates=1), single, 1.0))
    run.tick()
    assert run.history.column("iteration").tolist() == [*range(1, 11), 10]
    trainers.last.say(e.Restored(generation, arrived), e.HistoryGrew(generation, arrived, chunk(11, 11), 1.0, 0.05, 2))
    run.tick()
    assert run.history.column("iteration").tolist() == list(range(1, 12))
    assert run.measuring == Measuring(0.05, 2)


def test_the_curves_leave_the_turn_of_a_frame_to_the_stage_but_not_for_long(
    qtbot: QtBot, run: TrainingRun, trainers: Trainers, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1e9
    monkeypatch.setattr(training_run, "HISTORY_SECONDS", 1 / 15)
    monkeypatch.setattr(training_run.time, "monotonic", lambda: now)
    train(run, trainers.last, 10)
    run.tick()
    told = []
    run.history_changed.connect(lambda: told.append(now))
    now += 0.1
    trainers.last.trains_to(20)
    trainers.last.say(frame(trainers.last, 20))
    run.tick()
    assert told == []
    run.tick()
    assert told == [now]
    now += 0.2
    trainers.last.trains_to(30)
    trainers.last.say(frame(trainers.last, 30))
    run.tick()
    assert told[1:] == [now]


def test_playing_on_after_trainers_kept_dying_forgets_what_no_snapshot_holds(
    run: TrainingRun, trainers: Trainers
) -> None:
    train(run, trainers.last, 10)
    for _ in range(training_run.DEATHS_TOLERATED - 1):
        trainers.last.died.emit("it ended")
        run.tick()
    later = e.HistoryGrew(trainers.last.generation, progress_at(25), chunk(11, 25), 1.0)
    trainers.last.say(later)  # and no snapshot
    trainers.last.died.emit("it ended")
    assert run.state is RunState.FAILED
    assert run.history.column("iteration").tolist() == list(range(1, 26))
    run.play()
    run.tick()
    assert run.progress.iteration == 10
    trainers.last.iteration = 10
    train(run, trainers.last, 15)
    assert run.history.column("iteration").tolist() == list(range(1, 16))
    assert run.timeline.iterations == (0, 10, 15)


def test_where_the_run_stood_can_be_gone_to_again_though_no_snapshot_was_due(
    run: TrainingRun, trainers: Trainers
) -> None:
    train(run, trainers.last, 10)
    trainer = trainers.last
    trainer.iteration = 13
    trainer.say(e.HistoryGrew(trainer.generation, progress_at(13), chunk(11, 13), 1.0))
    run.tick()
    run.go_to(0)
    kinds = [type(command) for command in trainer.sent]
    assert kinds.index(c.RequestSnapshot) < kinds.index(c.Restore)
    trainer.say(e.Restored(trainer.generation, progress_at(0)))
    run.tick()
    assert run.timeline.iterations == (0, 10, 13)
    run.go_to(10)
    assert len(trainer.sent_of(c.RequestSnapshot)) == 1  # one stands at a snapshot
    run.go_to(13)
    assert trainer.sent_of(c.Restore)[-1].snapshot.progress.iteration == 13


def test_a_session_asked_for_while_one_goes_back_is_of_where_one_arrived(run: TrainingRun, trainers: Trainers) -> None:
    train(run, trainers.last, 10)
    train(run, trainers.last, 20)
    trainer, got = trainers.last, []
    run.go_to(10)
    trainer.say(e.Restored(trainer.generation, progress_at(10)))
    trainer.iteration = 10
    run.request_session(got.append)
    run.tick()
    assert [session.snapshot.progress.iteration for session in got] == [10]
    assert run.timeline.iterations == (0, 10, 20)
