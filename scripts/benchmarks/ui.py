"""How much the open window costs training, and how well it answers meanwhile.

Headless and in the window the same experiment is trained by the same engine, alternating, each in processes of its own:
what the machine does beside it hits both. What is compiled is compiled before anything is measured. A long run is one
of 100,000 iterations with 20,000 samples on the stage. What the JSD costs is told beside it: the rate with and without.
"""

from __future__ import annotations

import argparse
import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import terminal
from result import Result
from surroundings import numbers_of, surroundings

KEPT_SHARE = 90.0
GAP_MILLISECONDS = 25.0
LONGEST_GAP_MILLISECONDS = 100.0
SLOWED = 10.0
MEASURED_ENGINE = "compiled"

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One way to use the window; ``arguments`` are window.py's, ``aim`` is the share of the rate that is to be kept."""

    name: str
    engine: str
    arguments: tuple[str, ...] = ()
    aim: float | None = KEPT_SHARE


CASES = (
    Case("eager, all layers", "eager"),
    Case("compiled, all layers", "compiled"),
    Case("compiled, layers as at first", "compiled", ("--layers", "default")),
    Case("compiled, long run", "compiled", ("--long",), aim=None),
)


def measure(options: argparse.Namespace) -> list[Result]:
    """Alternate headless training and training in the window; medians over the rounds."""
    headless: dict[str, list[Numbers]] = {case.engine: [] for case in CASES}
    window: dict[Case, list[Numbers]] = {case: [] for case in CASES}
    slowed: list[float] = []
    with ExitStack() as stack:
        environment = surroundings(options, stack)
        for number in range(1, options.rounds + 1):
            terminal.say(f"ui: round {number} of {options.rounds}, {options.seconds:g} s for each measurement …")
            for engine, found in headless.items():
                found.append(numbers_of("headless.py", [options.preset, str(options.seconds), engine], environment))
            unmeasured = [options.preset, str(options.seconds), MEASURED_ENGINE, "unmeasured"]
            free = numbers_of("headless.py", unmeasured, environment)["rate_per_processor_second"]
            slowed.append(100 * (1 - headless[MEASURED_ENGINE][-1]["rate_per_processor_second"] / free))
            for case, runs in window.items():
                arguments = [options.preset, str(options.seconds), options.size, "--engine", case.engine]
                runs.append(numbers_of("window.py", [*arguments, *case.arguments], environment))
    results = []
    for engine, found in headless.items():
        rates = tuple(run["rate"] for run in found)
        results.append(Result("ui", f"{engine}: headless", statistics.median(rates), "it/s", each=rates))
    name = f"{MEASURED_ENGINE}: slower for measuring the JSD"
    results.append(Result("ui", name, statistics.median(slowed), "%", aim=SLOWED, better="lower", each=tuple(slowed)))
    for case, runs in window.items():
        results += _results(case, runs, headless[case.engine])
    return results


def _results(case: Case, window: list[Numbers], headless: list[Numbers]) -> list[Result]:
    def result(name: str, values: list[float], unit: str, **more: Any) -> Result:
        return Result("ui", f"{case.name}: {name}", statistics.median(values), unit, each=tuple(values), **more)

    def kept(name: str) -> list[float]:
        return [100 * with_it[name] / without[name] for with_it, without in zip(window, headless, strict=True)]

    def of(name: str) -> list[float]:
        return [run[name] for run in window]

    return [
        result("kept of the headless rate", kept("rate"), "%", aim=case.aim),
        result("kept, per processor second", kept("rate_per_processor_second"), "%"),
        result("frames shown", of("frames"), "Hz"),
        result("gap of the GUI timer, p95", of("gap_p95"), "ms", aim=GAP_MILLISECONDS, better="lower"),
        result("gap of the GUI timer, max", of("gap_max"), "ms", aim=LONGEST_GAP_MILLISECONDS, better="lower"),
        result("window's process, of one core", of("window_cpu"), "%"),
    ]
