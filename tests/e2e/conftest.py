"""A screen of its own for the end-to-end tests, and the real program on it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scripts")]

from program import Program  # noqa: E402  # beside this file
from virtual_display import VirtualDisplay  # noqa: E402  # in scripts/, where the screenshots use it as well

Launch = Callable[..., Program]


@pytest.fixture(scope="session")
def screen() -> Iterator[VirtualDisplay]:
    """An X server without a window manager; larger than the window's first size."""
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} (python3 scripts/test.py installs them where it can)")
    with VirtualDisplay(1360, 860) as display:
        yield display


@pytest.fixture
def launch(screen: VirtualDisplay, tmp_path: Path) -> Iterator[Launch]:
    """Starts the program with these arguments, as often as a test wants; settings are kept between its starts."""
    programs: list[Program] = []

    def start(*arguments: str | Path) -> Program:
        programs.append(Program(screen, tmp_path, [str(argument) for argument in arguments]))
        return programs[-1]

    yield start
    for program in programs:
        program.end()
