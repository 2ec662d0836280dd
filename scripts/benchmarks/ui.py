"""How much the open window costs training, and how well it answers meanwhile.

Headless and in the window the same experiment is trained, alternating, each in processes of its own: what the machine
does beside it hits both.
"""

from __future__ import annotations

import argparse
import statistics
from contextlib import ExitStack
from typing import Any

import terminal
from result import Result
from surroundings import numbers_of, surroundings

KEPT_SHARE = 85.0
GAP_MILLISECONDS = 40.0


def measure(options: argparse.Namespace) -> list[Result]:
    """Alternate headless training and training in the window; medians over the rounds."""
    headless: list[dict[str, Any]] = []
    window: list[dict[str, Any]] = []
    with ExitStack() as stack:
        environment = surroundings(options, stack)
        for number in range(1, options.rounds + 1):
            terminal.say(f"ui: round {number} of {options.rounds}, {options.seconds:g} s headless and in the window …")
            arguments = [options.preset, str(options.seconds), options.size]
            headless.append(numbers_of("headless.py", arguments, environment))
            window.append(numbers_of("window.py", arguments, environment))

    def result(name: str, values: list[float], unit: str, **more: Any) -> Result:
        return Result("ui", name, statistics.median(values), unit, each=tuple(values), **more)

    def kept(name: str) -> list[float]:
        return [100 * with_it[name] / without[name] for with_it, without in zip(window, headless, strict=True)]

    def of(runs: list[dict[str, Any]], name: str) -> list[float]:
        return [run[name] for run in runs]

    return [
        result("training headless", of(headless, "rate"), "it/s"),
        result("training in the window", of(window, "rate"), "it/s"),
        result("kept in the window", kept("rate"), "%", aim=KEPT_SHARE),
        result("kept, per processor second", kept("rate_per_processor_second"), "%"),
        result("frames shown", of(window, "frames"), "Hz"),
        result("gap of the GUI timer, p50", of(window, "gap_p50"), "ms"),
        result("gap of the GUI timer, p95", of(window, "gap_p95"), "ms", aim=GAP_MILLISECONDS, better="lower"),
        result("gap of the GUI timer, max", of(window, "gap_max"), "ms"),
        result("window's process, of one core", of(window, "window_cpu"), "%"),
    ]
