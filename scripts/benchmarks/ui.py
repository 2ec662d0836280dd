"""How much the open window costs training, and how well it answers meanwhile.

Headless and in the window the same experiment is trained, alternating, each in processes of its own: what the machine
does beside it hits both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import terminal
from result import Result
from system_libraries import has_display
from virtual_display import VirtualDisplay

HERE = Path(__file__).resolve().parent
KEPT_SHARE = 85.0
GAP_MILLISECONDS = 40.0


def measure(options: argparse.Namespace) -> list[Result]:
    """Alternate headless training and training in the window; medians over the rounds."""
    headless: list[dict[str, Any]] = []
    window: list[dict[str, Any]] = []
    with ExitStack() as stack:
        surroundings = _surroundings(options, stack)
        for number in range(1, options.rounds + 1):
            terminal.say(f"ui: round {number} of {options.rounds}, {options.seconds:g} s headless and in the window …")
            headless.append(_run("headless.py", options, surroundings))
            window.append(_run("window.py", options, surroundings))

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


def _surroundings(options: argparse.Namespace, stack: ExitStack) -> dict[str, str]:
    """The environment of what is measured: a screen, settings of its own, one thread."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ganstudio-bench-"))
    own = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    surroundings = {**os.environ, **own, "OMP_NUM_THREADS": "1"}
    if not has_display():
        width, height = (int(side) for side in options.size.split("x"))
        surroundings |= stack.enter_context(VirtualDisplay(width, height)).environment()
    return surroundings


def _run(script: str, options: argparse.Namespace, surroundings: dict[str, str]) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, str(HERE / script), options.preset, str(options.seconds), options.size],
        env=surroundings, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if answer.returncode != 0:
        raise SystemExit(f"{script} ended with {answer.returncode}")
    numbers: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return numbers
