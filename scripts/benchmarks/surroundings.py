"""Where whatever is measured runs: a screen, settings of its own, one thread; and what a script there printed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from system_libraries import has_display
from virtual_display import VirtualDisplay

HERE = Path(__file__).resolve().parent


def surroundings(options: argparse.Namespace, stack: ExitStack) -> dict[str, str]:
    """The environment of what is measured, until ``stack`` is closed."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ganstudio-bench-"))
    own = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    environment = {**os.environ, **own, "OMP_NUM_THREADS": "1"}
    if not has_display():
        width, height = (int(side) for side in options.size.split("x"))
        environment |= stack.enter_context(VirtualDisplay(width, height)).environment()
    return environment


def numbers_of(script: str, arguments: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """The JSON object that a script of this folder prints as its last line."""
    answer = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=environment, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if answer.returncode != 0:
        raise SystemExit(f"{script} ended with {answer.returncode}")
    numbers: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return numbers
