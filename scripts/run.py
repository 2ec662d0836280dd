"""Sets GAN Studio up where needed, then starts it: ``python3 scripts/run.py [arguments of ganstudio]``.

Runs under any Python from 3.11 on, on Linux, macOS and Windows, with nothing installed. Without arguments it opens the
window; where there is no display it trains the default preset instead and leaves a figure and a session.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environment
import system_libraries
import terminal

DEFAULT_TRAINING = ("train", "--preset", "gaussians", "--iterations", "3000")


def main(arguments: list[str]) -> int:
    """Start ``ganstudio`` with these arguments and return its exit code."""
    installed = environment.prepare(extras=set())
    # -P: a module that happens to lie in the working directory must not shadow the program's own.
    program = [str(installed.python), "-P", "-m", "ganstudio"]
    if not opens_window(arguments):
        terminal.become([*program, *arguments])
    if system_libraries.has_display():
        needed = [system_libraries.OFFSCREEN] + ([system_libraries.XCB] if system_libraries.uses_x() else [])
        system_libraries.ensure_qt(installed, *needed)
        terminal.become([*program, *arguments])
    if arguments:
        raise terminal.SetupError(
            "no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). Without one, train goes on "
            "from a session: train --session FILE.gans"
        )
    return train_headless(program)


def opens_window(arguments: list[str]) -> bool:
    """Say whether ``ganstudio`` called like this opens its window: with nothing, or with a session to open."""
    return not arguments or arguments[0] == "open" or arguments[0].endswith(".gans")


def train_headless(program: list[str]) -> int:
    """Train the default preset without a window, and say what that left behind."""
    folder = free_folder("ganstudio-run")
    terminal.say(
        f"no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window: running {' '.join(DEFAULT_TRAINING)}"
    )
    code = terminal.run([*program, *DEFAULT_TRAINING, "--out", str(folder)])
    left = [str(folder / name) for name in ("overview.png", "session.gans") if (folder / name).is_file()]
    if left:
        terminal.say(f"look at {' and '.join(left)} (a session opens in the window: ganstudio open FILE)")
    return code


def free_folder(name: str) -> Path:
    """Return ``name``, or the first of ``name-2``, ``name-3``, … that does not exist: no earlier run is overwritten."""
    folder, number = Path(name), 1
    while folder.exists():
        number += 1
        folder = Path(f"{name}-{number}")
    return folder


if __name__ == "__main__":
    sys.exit(terminal.guarded(main, sys.argv[1:]))
