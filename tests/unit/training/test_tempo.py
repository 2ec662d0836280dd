"""Bursts end in time, however long an iteration takes, in as few calls as that allows."""

from __future__ import annotations

import pytest

from ganstudio.training import tempo
from ganstudio.training.tempo import BURST_SECONDS, MOST_AT_FIRST, Tempo


class Clock:
    """Time that passes while something is played."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.seconds = seconds
        self.now = 100.0
        self.calls: list[int] = []
        monkeypatch.setattr(tempo.time, "perf_counter", lambda: self.now)

    def play(self, most: int) -> int:
        self.calls.append(most)
        self.now += most * self.seconds
        return most

    def burst_of(self, played: Tempo) -> list[int]:
        """What one burst calls for."""
        self.calls = []
        played.burst(self.play)
        return self.calls


@pytest.mark.parametrize(
    ("seconds", "at_first", "later"),
    [(0.004, [1, 1, 1], [3]), (0.0011, [1, 2, 6, 1], [4, 5, 1]), (0.050, [1], [1])],
)
def test_a_burst_knows_from_the_last_one_how_many_fit(
    monkeypatch: pytest.MonkeyPatch, seconds: float, at_first: list[int], later: list[int]
) -> None:
    clock, played = Clock(monkeypatch, seconds), Tempo()
    assert clock.burst_of(played) == at_first
    assert clock.burst_of(played) == later
    assert clock.burst_of(played) == later


def test_whoever_becomes_slow_is_noticed_after_a_few_iterations(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, played = Clock(monkeypatch, BURST_SECONDS / 1000), Tempo()
    clock.burst_of(played)
    clock.seconds = 0.1
    assert clock.burst_of(played) == [MOST_AT_FIRST]
    assert clock.burst_of(played) == [1]


def test_a_limit_plays_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, played = Clock(monkeypatch, 0.001), Tempo()
    clock.burst_of(played)
    played.limit_to(50.0)
    assert clock.burst_of(played) == [1]
    assert played.wait == pytest.approx(1 / 50 - 0.001)


def test_where_nothing_is_played_the_burst_is_over() -> None:
    calls: list[int] = []

    def nothing(most: int) -> int:
        calls.append(most)
        return 0

    Tempo().burst(nothing)
    assert calls == [1]
