"""Rates of several contenders, measured in turns: what the machine does beside them hits all alike."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from result import Result

SHARE_OF_SECONDS = 8
"""Of the seconds that the options give to a measurement, each of these many gets a part in each round."""


@dataclass(frozen=True)
class Rates:
    """Iterations a second of each contender in each round, of one comparison of a benchmark."""

    benchmark: str
    comparison: str
    of: Mapping[str, list[float]]

    def ratio(self, first: str, second: str, scale: float = 1.0) -> list[float]:
        """What the one is of the other, round by round."""
        return [scale * a / b for a, b in zip(self.of[first], self.of[second], strict=True)]

    def result(self, name: str, values: list[float], unit: str, aim: float | None = None) -> Result:
        """The median of the rounds."""
        told = f"{self.comparison}: {name}"
        return Result(self.benchmark, told, statistics.median(values), unit, aim, each=tuple(values))


def in_turns(
    benchmark: str,
    comparison: str,
    contenders: Mapping[str, tuple[Callable[[], None], float]],
    options: argparse.Namespace,
    clock: Callable[[], float] = time.process_time,
) -> Rates:
    """Measure each contender, by what plays it and how many iterations that is, round after round.

    By this process's processor time, or by another ``clock``: what uses several cores saves no processor time.
    """
    of: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(options.rounds):
        for name, (play, iterations) in contenders.items():
            of[name].append(iterations * _rate(play, options.seconds / SHARE_OF_SECONDS, clock))
    return Rates(benchmark, comparison, of)


def _rate(play: Callable[[], None], seconds: float, clock: Callable[[], float]) -> float:
    """Calls per second of the clock."""
    play()
    calls, started = 0, clock()
    while (spent := clock() - started) < seconds:
        play()
        calls += 1
    return calls / spent
