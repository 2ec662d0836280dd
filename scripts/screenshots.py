"""Takes pictures of the window while it trains: ``python3 scripts/screenshots.py [--out FOLDER] [--readme]``.

In two sizes, light and dark, on a screen in memory (Xvfb). Sets the project up where needed, as run.py does; the scenes
stand in ``scripts/pictures/``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import system_libraries
import terminal


def main(arguments: list[str]) -> int:
    """Take the pictures that the arguments ask for, and return the exit code."""
    installed = environment.prepare(extras=set())
    system_libraries.ensure_qt(installed, system_libraries.OFFSCREEN, system_libraries.XCB)
    system_libraries.ensure_x_tools()
    terminal.become([str(installed.python), str(Path(__file__).with_name("pictures")), *arguments])


if __name__ == "__main__":
    sys.exit(terminal.guarded(main, sys.argv[1:]))
