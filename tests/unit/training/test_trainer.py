"""The loop: commands in, events out, exact and robust."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pytest

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages import commands, events
from ganstudio.messages.history import History
from ganstudio.training.trainer import Trainer

SMALL: dict[str, object] = {
    "generator.widths": [8],
    "discriminator.widths": [8],
    "discriminator.fourier_features": 0,
    "training.batch_size": 8,
    "measure.samples": 1000,
    "measure.every": 20,
}


def small(**settings: object) -> Experiment:
    experiment = Experiment()
    for path, value in (SMALL | {path.replace("__", "."): value for path, value in settings.items()}).items():
        experiment = with_value(experiment, path, value)
    return experiment


class Listener:
    """Collects a trainer's events."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def __call__(self, event: events.Event) -> None:
        self.events.append(event)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


class ScriptedLink:
    """The far end of a link that sends these commands one by one and then goes away."""

    def __init__(self, *script: commands.Command | None) -> None:
        self._script = deque(script)
        self.sent: list[Any] = []

    def send(self, message: object) -> None:
        self.sent.append(message)

    def receive(self, timeout: float | None = 0.0) -> Any | None:
        if not self._script:
            raise EOFError
        return self._script.popleft()


def started(experiment: Experiment | None = None) -> tuple[Trainer, Listener]:
    listener = Listener()
    trainer = Trainer(listener)
    trainer.handle(commands.Start(experiment or small(), 1))
    return trainer, listener


def play_out(trainer: Trainer) -> None:
    while trainer.playing:
        trainer.work()


def test_starting_tells_the_networks_sizes_and_measures_once() -> None:
    trainer, listener = started()
    trainer.work()
    trainer.work()
    (begun,) = listener.of(events.Started)
    assert begun.generation == 1
    assert begun.generator_parameters == 2 * 8 + 8 + 8 * 2 + 2
    assert begun.discriminator_parameters == 2 * 8 + 8 + 8 + 1
    (grown,) = listener.of(events.HistoryGrew)
    assert grown.chunk.measures[0, 0] == 0


def test_playing_a_number_of_iterations_stops_there_and_sends_the_whole_history() -> None:
    trainer, listener = started()
    trainer.handle(commands.Play(45))
    play_out(trainer)
    history = History()
    for event in listener.of(events.HistoryGrew):
        history.append(event.chunk)
    assert list(history.column("iteration")) == list(range(1, 46))
    assert list(history.measure("iteration")) == [0, 20, 40]
    assert listener.of(events.Paused)[-1].progress.iteration == 45
    assert listener.of(events.Paused)[-1].reason == ""


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [("stop.iterations", 12, "12 iterations"), ("stop.seconds", 1e-6, "s"), ("stop.jsd_below", 0.7, "JSD")],
)
def test_each_stop_condition_stops_and_says_so(path: str, value: object, words: str) -> None:
    trainer, listener = started(with_value(small(), path, value))
    trainer.handle(commands.Play())
    play_out(trainer)
    assert words in listener.of(events.Paused)[-1].reason


def test_pausing_and_playing_on_is_the_same_as_playing_through() -> None:
    straight, _ = started()
    straight.handle(commands.Play(30))
    play_out(straight)
    paused, _ = started()
    for count in (7, 3, 20):
        paused.handle(commands.Play(count))
        play_out(paused)
        paused.handle(commands.RequestFrame(("generated", "field"), (-1, 1, -1, 1)))
    first, second = straight.run.snapshot(), paused.run.snapshot()
    assert all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)


def test_an_impossible_command_is_told_once_and_keeps_the_run() -> None:
    trainer, listener = started()
    trainer.handle(commands.Apply(small(generator__widths=[5])))
    (failed,) = listener.of(events.Failed)
    assert failed.user
    assert "generator.widths" in failed.message
    trainer.handle(commands.Play(2))
    play_out(trainer)
    assert trainer.run.progress.iteration == 2


def test_an_exception_in_training_is_one_failed_event_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, listener = started()
    trainer.handle(commands.Play())

    def broken(*_: object) -> None:
        raise ZeroDivisionError("deliberate")

    monkeypatch.setattr(trainer.run.engine, "advance", broken)
    play_out(trainer)
    (failed,) = listener.of(events.Failed)
    assert "deliberate" in failed.message
    assert "ZeroDivisionError" in failed.traceback
    assert not failed.user


def test_a_non_finite_number_pauses_training_and_names_itself() -> None:
    trainer, listener = started(
        small(objective="least_squares", optimizers__discriminator="sgd", optimizers__discriminator__learning_rate=10.0)
    )
    trainer.handle(commands.Play(500))
    play_out(trainer)
    (told,) = listener.of(events.NonFinite)
    assert told.quantity
    assert told.progress == trainer.run.progress
    trainer.handle(commands.Restore(trainer.run.timeline.snapshots[0]))
    assert trainer.run.progress.iteration == 0
    assert listener.of(events.Restored)


def test_single_updates_are_refused_while_playing_and_done_while_paused() -> None:
    trainer, listener = started()
    trainer.handle(commands.Update("generator"))
    assert trainer.run.progress.generator_updates == 1
    trainer.handle(commands.Play())
    trainer.handle(commands.Update("generator"))
    assert listener.of(events.Failed)[-1].user
    trainer.handle(commands.Pause())


def test_a_speed_limit_spaces_iterations_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("ganstudio.training.trainer.time.perf_counter", lambda: clock[0])
    trainer, _ = started()
    trainer.handle(commands.LimitSpeed(10.0))
    trainer.handle(commands.Play())
    for _ in range(300):  # 3 seconds in steps of 10 ms
        trainer.work()
        clock[0] += 0.01
    assert 29 <= trainer.run.progress.iteration <= 32
    trainer.handle(commands.Pause())


def test_a_speed_limit_of_nothing_is_refused_and_training_goes_on() -> None:
    trainer, listener = started()
    trainer.handle(commands.Play(3))
    for limit in (0.0, -1.0, float("nan")):
        trainer.handle(commands.LimitSpeed(limit))
    assert [failed.user for failed in listener.of(events.Failed)] == [True] * 3
    play_out(trainer)
    assert trainer.run.progress.iteration == 3


def test_playing_no_iterations_at_all_changes_nothing() -> None:
    trainer, listener = started()
    trainer.handle(commands.Play(0))
    play_out(trainer)
    assert trainer.run.progress.iteration == 0
    assert listener.of(events.Paused)[-1].reason == ""


@pytest.mark.parametrize(("path", "value"), [("stop.iterations", 5), ("stop.seconds", 1e-9)])
def test_a_stop_condition_that_holds_already_lets_no_iteration_through(path: str, value: object) -> None:
    trainer, listener = started()
    trainer.handle(commands.Play(5))
    play_out(trainer)
    trainer.handle(commands.Apply(with_value(trainer.run.experiment, path, value)))
    trainer.handle(commands.Play())
    play_out(trainer)
    assert trainer.run.progress.iteration == 5
    assert listener.of(events.Paused)[-1].reason


def test_a_run_that_cannot_start_leaves_no_run() -> None:
    listener = Listener()
    trainer = Trainer(listener)
    trainer.handle(commands.Start(small(target="painting"), 1))
    (failed,) = listener.of(events.Failed)
    assert failed.user and "the painting is empty" in failed.message
    trainer.handle(commands.Play())
    assert not trainer.playing
    assert not listener.of(events.Failed)[-1].user


def test_events_carry_the_generation_of_the_run_they_belong_to() -> None:
    trainer, listener = started()
    trainer.handle(commands.Start(small(seed=3), 2))
    trainer.handle(commands.Play(3))
    play_out(trainer)
    assert listener.events[-1].generation == 2
    assert listener.of(events.Started)[-1].generation == 2


def test_a_requested_snapshot_continues_bitwise_in_another_trainer() -> None:
    trainer, listener = started()
    trainer.handle(commands.Play(10))
    play_out(trainer)
    trainer.handle(commands.RequestSnapshot())
    taken = [event for event in listener.of(events.SnapshotTaken) if event.requested]
    other = Trainer(Listener())
    other.handle(commands.Start(small(), 1, taken[0].snapshot))
    for one in (trainer, other):
        one.handle(commands.Play(10))
        play_out(one)
    first, second = trainer.run.snapshot(), other.run.snapshot()
    assert all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)


def test_serving_ends_when_told_to_quit() -> None:
    link = ScriptedLink(commands.Start(small(), 1), None, commands.Play(5), None, commands.Quit(), None)
    trainer = Trainer(link.send)
    trainer.serve(link)
    assert trainer.run.progress.iteration >= 1
    assert not trainer.playing


class PlayingLink(ScriptedLink):
    """Sends the next command when what the last one began has come to its end, and keeps history as a window does."""

    def __init__(self, *script: commands.Command | None) -> None:
        super().__init__(*script)
        self.history = History()
        self._is_playing = False

    def send(self, message: object) -> None:
        super().send(message)
        if isinstance(message, events.HistoryGrew):
            self.history.append(message.chunk)
        elif isinstance(message, events.Restored):
            self.history.truncate(message.progress.iteration, message.progress.single_updates)
        self._is_playing &= not isinstance(message, events.Paused)

    def receive(self, timeout: float | None = 0.0) -> Any | None:
        if self._is_playing:
            return None
        command = super().receive(timeout)
        self._is_playing = isinstance(command, commands.Play)
        return command


def test_who_watches_is_sent_all_of_the_history_and_the_trainer_keeps_it_no_longer() -> None:
    trainer, _ = started()
    trainer.handle(commands.Play(100))
    play_out(trainer)
    middle = trainer.run.snapshot()
    script = (
        commands.Play(150),
        commands.Update("generator"),
        commands.Update("discriminator"),
        commands.Restore(middle),
        commands.Update("discriminator"),
        commands.Play(160),
    )
    for command in (commands.Play(50), *script[1:]):
        trainer.handle(command)
        play_out(trainer)
    link = PlayingLink(commands.Start(small(), 1), *script)
    watched = Trainer(link.send)
    watched.serve(link)
    kept = trainer.run.history
    assert kept.column("iteration").tolist() == [*range(1, 101), 100, *range(101, 261)]
    np.testing.assert_array_equal(link.history.rows, kept.rows)
    with pytest.raises(IndexError, match="let go"):
        watched.run.history.rows[0]
    assert watched.run.timeline.iterations == (0, 200)


def test_a_watched_run_still_knows_all_its_measures_and_stops_by_them() -> None:
    link = PlayingLink(commands.Start(small(stop__jsd_below=0.7), 1), commands.Play(40))
    trainer = Trainer(link.send)
    trainer.serve(link)
    assert "JSD" in next(event.reason for event in link.sent if isinstance(event, events.Paused))
    assert np.array_equal(trainer.run.history.measures, link.history.measures)


def test_serving_ends_by_itself_when_the_window_is_gone() -> None:
    link = ScriptedLink(commands.Start(small(), 1), None, commands.Play(), None, None, None)
    Trainer(link.send).serve(link)
    assert any(isinstance(event, events.Playing) for event in link.sent)


def test_a_new_run_can_be_looked_at_before_it_is_measured() -> None:
    trainer, listener = started()
    trainer.handle(commands.RequestFrame(("generated",), (-1.0, 1.0, -1.0, 1.0)))
    assert len(listener.of(events.Frame)) == 1
    assert listener.of(events.HistoryGrew) == []
    trainer.work()
    assert [event.chunk.measures[:, 0].tolist() for event in listener.of(events.HistoryGrew)] == [[0.0]]


@pytest.mark.parametrize("command", [commands.Update("generator"), commands.Play(1), commands.Apply(small())])
def test_what_may_change_a_new_run_waits_until_it_was_measured(command: commands.Command) -> None:
    trainer, listener = started()
    trainer.handle(command)
    assert listener.of(events.HistoryGrew)[0].chunk.measures[:, 0].tolist() == [0.0]
    assert len(listener.of(events.HistoryGrew)[0].chunk.rows) == 0


def test_a_run_that_gives_way_at_once_is_not_measured() -> None:
    trainer, listener = started()
    trainer.handle(commands.Start(small(seed=3), 2))
    trainer.work()
    assert [event.generation for event in listener.of(events.HistoryGrew)] == [2]


def test_a_first_measurement_that_fails_is_told_and_training_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, listener = started()

    def broken() -> float:
        raise MemoryError("no room")

    monkeypatch.setattr(trainer.run, "measure", broken)
    trainer.work()
    assert [event.message for event in listener.of(events.Failed)] == ["MemoryError: no room"]
    monkeypatch.undo()
    trainer.handle(commands.Play(3))
    play_out(trainer)
    assert trainer.run.progress.iteration == 3
