"""Measures the program on this machine: ``python3 scripts/bench.py [speed|ui|…] [--rounds N] [--seconds S] [--json]``.

Sets the project up where needed, as run.py does; what is measured stands in ``scripts/benchmarks/``, one module for
each benchmark, all printed as one table.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import system_libraries
import terminal


def main(arguments: list[str]) -> int:
    """Run the benchmarks that the arguments name, and return the exit code."""
    installed = environment.prepare(extras=set())
    if not system_libraries.has_display():
        system_libraries.ensure_qt(installed, system_libraries.OFFSCREEN, system_libraries.XCB)
        system_libraries.ensure_x_tools()
    terminal.become([str(installed.python), str(Path(__file__).with_name("benchmarks")), *arguments])


if __name__ == "__main__":
    sys.exit(terminal.guarded(main, sys.argv[1:]))
