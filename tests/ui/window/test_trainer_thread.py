"""The thread that owns the trainer's process: starting, talking, dying, ending."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import fake_trainer
import pytest
from doubles import is_running
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Pause, Play, RequestFrame, Start
from ganstudio.messages.events import Event, Frame, HistoryGrew, Paused, Playing, Started
from ganstudio.ui.trainer_thread import ChildMain, TrainerThread

Make = Callable[[ChildMain], TrainerThread]
VIEW = (-1.0, 1.0, -1.0, 1.0)


@pytest.fixture
def make() -> Iterator[Make]:
    threads: list[TrainerThread] = []

    def start(main: ChildMain) -> TrainerThread:
        threads.append(TrainerThread(main))
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
