"""What the scripts share at the terminal: what they say, how they start programs, how they end.

Standard library only, and it must parse and import on an old Python: it is what tells people theirs is too old.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

OLDEST_PYTHON = (3, 11)
SETUP_FAILED = 1
INTERRUPTED = 130


class SetupError(Exception):
    """Set-up cannot go on; the message says what happened and what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal one thing. Standard output stays free for what the program prints."""
    print(f"GAN Studio: {text}", file=sys.stderr, flush=True)


def show(output: str, lines: int = 40) -> None:
    """Pass on the last lines of what a program printed, unchanged."""
    print("\n".join(output.rstrip().splitlines()[-lines:]), file=sys.stderr, flush=True)


def require_supported_python() -> None:
    """Raise SetupError where this Python is older than the program needs."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        needed, running = ".".join(map(str, OLDEST_PYTHON)), ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Python {needed} or newer is needed, this is {running} ({sys.executable}). Install a newer one and start "
            f"this script with it, e.g. python{needed} {sys.argv[0]}"
        )


def run(command: list[str]) -> int:
    """Run a program to its end and return its exit code. Ctrl-C is the program's to answer, this process only waits."""
    process = subprocess.Popen(command)
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        return 128 - code if code < 0 else code  # a signal, as shells tell it


def become(command: list[str]) -> NoReturn:
    """End as this program: where the system can, replace this process, so that signals and kills reach the program."""
    if sys.platform == "win32":
        sys.exit(run(command))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 (no shell is the point)


def guarded(main: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Call ``main(arguments)``; turn what a person can mend into one line and an exit code."""
    try:
        require_supported_python()
        return main(arguments)
    except SetupError as error:
        say(f"{error}.")
        return SETUP_FAILED
    except KeyboardInterrupt:
        say("interrupted; starting again goes on from here.")
        return INTERRUPTED
