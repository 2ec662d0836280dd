"""Whether memory stays flat while the window trains with every layer on.

What is held in memory by window and trainer is read after a warm-up of a quarter of the time and at the end. The aim is
for half an hour: ``bench.py memory --seconds 1800``; a short run shows a leak as well, by its rate.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

import terminal
from result import Result
from surroundings import numbers_of, surroundings

GROWTH_MEGABYTES = 20.0
AIM_FROM_SECONDS = 600.0


def measure(options: argparse.Namespace) -> list[Result]:
    """One run; the growth of both processes from its first quarter on."""
    terminal.say(f"memory: {options.seconds:g} s in the window …")
    with ExitStack() as stack:
        arguments = [options.preset, str(options.seconds), options.size, "--warm-up", str(options.seconds / 4)]
        numbers = numbers_of("window.py", arguments, surroundings(options, stack))
    grown = numbers["window_growth"] + numbers["trainer_growth"]
    aim = GROWTH_MEGABYTES if options.seconds >= AIM_FROM_SECONDS else None
    return [
        Result("memory", "window's process at the end", numbers["window_memory"], "MB"),
        Result("memory", "trainer's process at the end", numbers["trainer_memory"], "MB"),
        Result("memory", "window's process, growth", numbers["window_growth"], "MB"),
        Result("memory", "trainer's process, growth", numbers["trainer_growth"], "MB"),
        Result("memory", "growth", grown, "MB", aim=aim, better="lower"),
        Result("memory", "growth per minute", 60 * grown / options.seconds, "MB/min", better="lower"),
    ]
