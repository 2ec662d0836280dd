"""The thread that owns the trainer's process: starting, talking, dying, ending."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import fake_trainer
import pytest
from doubles import is_running
from pytestqt.qtbot import QtBot

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Pause, Play, RequestFrame, Start
from ganstudio.messages.events import Event, Frame, HistoryGrew, Paused, Playing, Started
from ganstudio.ui import launch, trainer_thread
from ganstudio.ui.trainer_process import ChildMain, TrainerProcess
from ganstudio.ui.trainer_thread import TrainerThread

Make = Callable[[ChildMain], TrainerThread]
VIEW = (-1.0, 1.0, -1.0, 1.0)


@pytest.fixture
def make() -> Iterator[Make]:
    threads: list[TrainerThread] = []

    def start(main: ChildMain) -> TrainerThread:
        threads.append(TrainerThread(TrainerProcess(main)))
        return threads[-1]

    yield start
    for thread in threads:
        thread.stop()


def collect(qtbot: QtBot, thread: TrainerThread, kind: type[Event]) -> list[Event]:
    """Everything up to the first event of this kind."""
    events: list[Event] = []

    def arrived() -> bool:
        events.extend(thread.take())
        return any(isinstance(event, kind) for event in events)

    qtbot.waitUntil(arrived, timeout=20_000)
    return events


def test_commands_go_down_and_events_come_up_in_order(qtbot: QtBot, make: Make) -> None:
    thread = make(fake_trainer.main)
    thread.send(Start(Experiment(), 7))
    thread.send(Play(50))
    events = collect(qtbot, thread, Paused)
    kinds = [type(event) for event in events]
    assert kinds[0] is Started
    assert kinds.index(Playing) < kinds.index(HistoryGrew)
    assert all(event.generation == 7 for event in events)
    rows = [row for event in events if isinstance(event, HistoryGrew) for row in event.chunk.rows[:, 0]]
    assert rows == list(range(1, 51))


def test_of_several_frames_only_the_latest_is_kept(qtbot: QtBot, make: Make) -> None:
    thread = make(fake_trainer.main)
    thread.send(Start(Experiment(), 1))
    for _ in range(5):
        thread.send(RequestFrame(("generated",), VIEW))
    thread.send(Play(10))
    thread.send(RequestFrame(("generated",), VIEW))
    thread.send(Pause())
    frames: list[Frame] = []
    thread_events: list[Event] = []
    qtbot.waitUntil(lambda: any(isinstance(event, Paused) for event in thread._events), timeout=20_000)
    thread_events = list(thread.take())
    frames = [event for event in thread_events if isinstance(event, Frame)]
    assert len(frames) == 1
    assert thread_events[-1] is frames[0]


def test_stopping_ends_the_child(qtbot: QtBot, make: Make) -> None:
    thread = make(fake_trainer.main)
    thread.send(Start(Experiment(), 1))
    collect(qtbot, thread, Started)
    process_id = thread.process_id
    assert process_id is not None
    with qtbot.assertNotEmitted(thread.died):
        thread.stop()
    assert thread.isFinished()
    assert not is_running(process_id)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
def test_a_child_that_does_not_listen_is_killed_within_two_seconds(make: Make) -> None:
    thread = make(fake_trainer.deaf)
    process_id = thread.process_id
    assert process_id is not None
    begun = time.monotonic()
    thread.stop()
    assert time.monotonic() - begun < 3.0  # two, and room for a busy machine
    assert not is_running(process_id)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
def test_a_thread_that_outlived_all_patience_is_waited_for_at_the_end(make: Make) -> None:
    thread = make(fake_trainer.main)
    trainer_thread._unfinished.append(thread)  # as on a machine that is too busy to end it in time
    thread._process.kill()
    trainer_thread.wait_for_unfinished()
    assert thread.isFinished()
    assert not trainer_thread._unfinished


def test_a_killed_child_is_noticed_and_named(qtbot: QtBot, make: Make) -> None:
    thread = make(fake_trainer.main)
    thread.send(Start(Experiment(), 1))
    collect(qtbot, thread, Started)
    assert thread.process_id is not None
    with qtbot.waitSignal(thread.died, timeout=10_000) as died:
        os.kill(thread.process_id, signal.SIGKILL)
    assert "SIGKILL" in died.args[0]


def test_a_child_that_ends_by_itself_says_with_which_code(qtbot: QtBot, make: Make) -> None:
    reasons: list[str] = []
    thread = make(fake_trainer.ends_at_once)
    thread.died.connect(reasons.append)
    qtbot.waitUntil(lambda: bool(reasons), timeout=20_000)
    assert reasons == ["it ended with exit code 3"]


def test_full_pipes_in_both_directions_do_not_wait_for_each_other(qtbot: QtBot, make: Make) -> None:
    thread = make(fake_trainer.babbles)
    big = Experiment()
    for generation in range(200):  # far more than a pipe holds; never read before the child has said all
        thread.send(Start(big, generation))
    seen: list[Event] = []

    def last_started() -> bool:
        seen.extend(thread.take())
        return any(isinstance(event, Started) and event.generation == 199 for event in seen)

    qtbot.waitUntil(last_started, timeout=30_000)
    assert sum(isinstance(event, HistoryGrew) for event in seen) == 400


def test_nonsense_from_the_child_counts_as_its_death(
    qtbot: QtBot, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    reasons: list[str] = []
    thread = make(fake_trainer.says_nonsense)
    thread.died.connect(reasons.append)
    qtbot.waitUntil(lambda: bool(reasons), timeout=20_000)
    assert reasons == ["it closed its end of the pipe"]
    assert "no message" in caplog.text


def test_without_qt_the_trainer_that_was_started_ahead_is_ended_and_the_user_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    processes: list[TrainerProcess] = []

    def start() -> TrainerProcess:
        processes.append(TrainerProcess(fake_trainer.main))
        return processes[-1]

    monkeypatch.setattr(launch, "TrainerProcess", start)
    monkeypatch.setitem(sys.modules, "ganstudio.ui.app", None)
    was_collecting = gc.isenabled()
    try:
        with pytest.raises(UserError, match="the window needs Qt"):
            launch.launch()
    finally:
        if was_collecting:
            gc.enable()
    (started,) = processes
    assert started.child.exitcode == -signal.SIGKILL
