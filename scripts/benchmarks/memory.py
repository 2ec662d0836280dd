"""Whether memory stays flat while the window trains with every layer on.

What is held in memory by window and trainer is read after two minutes, or a quarter of a shorter time, and at the end.
The aim is for half an hour: ``bench.py memory --seconds 1800``; a short run shows a leak as well, by its rate.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

import terminal
from result import Result
from surroundings import numbers_of, surroundings

GROWTH_MEGABYTES = 20.0
AIM_FROM_SECONDS = 600.0
WARM_UP_SECONDS = 120.0


def measure(options: argparse.Namespace) -> list[Result]:
    """One run; the growth of both processes once it is warm."""
    warm_up = min(WARM_UP_SECONDS, options.seconds / 4)
    watched = options.seconds - warm_up
    terminal.say(f"memory: {options.seconds:g} s in the window …")
    with ExitStack() as stack:
        arguments = [options.preset, str(watched), options.size, "--warm-up", str(warm_up)]
        numbers = numbers_of("window.py", arguments, surroundings(options, stack))
    grown = numbers["window_growth"] + numbers["trainer_growth"]
    aim = GROWTH_MEGABYTES if options.seconds >= AIM_FROM_SECONDS else None
    return [
        Result("memory", "window's process at the end", numbers["window_memory"], "MB"),
        Result("memory", "trainer's process at the end", numbers["trainer_memory"], "MB"),
        Result("memory", "window's process, growth", numbers["window_growth"], "MB"),
        Result("memory", "trainer's process, growth", numbers["trainer_growth"], "MB"),
        Result("memory", "growth", grown, "MB", aim=aim, better="lower"),
        Result("memory", "growth per minute", 60 * grown / watched, "MB/min", better="lower"),
    ]
