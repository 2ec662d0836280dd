"""The command line: the same experiments without a screen, and the way into the window.

Kept light: the trainer process imports this module again when it is spawned from a console script.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

WINDOW = "open"
SESSION_SUFFIX = ".gans"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``ganstudio`` with these arguments; returns the exit code.

    0 is success, 1 a training that broke, 2 a wrong input (one line on stderr names the file and the field), 130 an
    interrupt.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        given = [WINDOW]
    elif given[0].lower().endswith(SESSION_SUFFIX):  # What a desktop passes when a session is double-clicked.
        given.insert(0, WINDOW)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # A terminal without σ or ½ shows a question mark instead of failing.
    from ganstudio.cli.app import run

    return run(given)


def main_gui(arguments: Sequence[str] | None = None) -> int:
    """The entry point for desktop launchers: the window, with the file that was given, if any."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return main([WINDOW, *given])
