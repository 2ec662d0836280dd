"""How long a cold start takes until the window can be used, beside the least there could be.

The least is a process that imports torch and shows an empty QMainWindow. "Can be used" is: shown, painted, the trainer
ready, and the first frame of the model on the stage. Both are timed from before their process is made.
"""

from __future__ import annotations

import argparse
import statistics
import time
from contextlib import ExitStack

import terminal
from result import Result
from surroundings import numbers_of, surroundings

RATIO = 1.5


def measure(options: argparse.Namespace) -> list[Result]:
    """Alternate both starts; medians over the rounds."""
    least: list[float] = []
    shown: list[float] = []
    ready: list[float] = []
    with ExitStack() as stack:
        environment = surroundings(options, stack)
        for number in range(options.rounds + 1):
            terminal.say(f"start: round {number} of {options.rounds} …" if number else "start: once to warm the disk …")
            empty = numbers_of("start_empty.py", [str(time.time())], environment)
            studio = numbers_of("start_studio.py", [str(time.time()), options.size], environment)
            if number:
                least.append(empty["shown"])
                shown.append(studio["shown"])
                ready.append(studio["ready"])
    ratios = [with_all / bare for with_all, bare in zip(ready, least, strict=True)]
    return [
        Result("start", "torch and an empty window", statistics.median(least), "s", each=tuple(least)),
        Result("start", "the window is painted", statistics.median(shown), "s", each=tuple(shown)),
        Result("start", "the window can be used", statistics.median(ready), "s", each=tuple(ready)),
        Result(
            "start", "ratio to the least", statistics.median(ratios), "×",
            aim=RATIO, better="lower", each=tuple(ratios),
        ),
    ]  # fmt: skip
