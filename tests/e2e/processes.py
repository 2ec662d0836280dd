"""The processes of a program under test, found in /proc by a variable that all of them inherit."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

TRAINER = "spawn_main"
"""In the command line of a process that multiprocessing spawned; the window spawns its trainer and nothing else."""


def marked(mark: str) -> dict[int, str]:
    """Command lines by process id of the living processes with ``mark`` (NAME=value) in their environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is somebody else's
            if mark.encode() not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if state not in "ZX":
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def kill_all(mark: str) -> None:
    """End whatever is left."""
    for process in marked(mark):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
