"""The real program on a real X server, driven by mouse and keys, and seen as a person sees it.

Nothing here reaches into the program: it is read by its window's title, its pixels, and the files that it keeps.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import processes
from numpy.typing import NDArray
from virtual_display import Picture, VirtualDisplay
from waiting import until

from ganstudio.session import codec
from ganstudio.session.session import Session

CHECKOUT = Path(__file__).resolve().parents[2]
MAIN_WINDOW = "GAN Studio"
STEP_MILLISECONDS = 8
"""Between two positions of the mouse: as a quick hand."""


@dataclass(frozen=True)
class Box:
    """A region of the screen, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def at(self, x: float, y: float) -> tuple[int, int]:
        """A pixel by its place in the middle square of the box: −1 to 1 from left to right and from bottom to top."""
        half = min(self.right - self.left, self.bottom - self.top) / 2
        return round((self.left + self.right) / 2 + x * half), round((self.top + self.bottom) / 2 - y * half)

    def of(self, picture: Picture) -> Picture:
        """This part of a picture."""
        return picture[self.top : self.bottom, self.left : self.right]


def differs(one: Picture, other: Picture) -> NDArray[np.bool_]:
    """Which pixels are not the same, (height, width)."""
    return np.any(one != other, axis=2)


class Program:
    """One start of ``ganstudio``: in a process of its own, with settings and files below ``home``."""

    def __init__(self, screen: VirtualDisplay, home: Path, arguments: Sequence[str] = ()) -> None:
        self._screen = screen
        self.mark = f"GANSTUDIO_TESTED={uuid.uuid4().hex}"
        self._main = ""
        self._log = home / f"output-{self.mark[-8:]}.txt"
        folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        name, value = self.mark.split("=")
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ganstudio", *arguments],
                cwd=home,
                env={
                    **os.environ, **folders, **screen.environment(),
                    "HOME": str(home), "PYTHONPATH": str(CHECKOUT), name: value,
                },
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    # -- what can be seen ----------------------------------------------------------------------------------------

    @property
    def output(self) -> str:
        """What it has written to its terminal."""
        return self._log.read_text(errors="replace")

    def windows(self) -> dict[str, str]:
        """Titles by id of its windows."""
        found = self._xdotool("search", "--onlyvisible", "--pid", str(self.process.pid), check=False).split()
        titles = {window: self._xdotool("getwindowname", window, check=False).strip() for window in found}
        return {window: title for window, title in titles.items() if title}

    def window(self, title: str) -> str:
        """Wait for the window whose title has this pattern, give it the keyboard, and return its id."""

        def look() -> str | None:
            assert self.process.poll() is None, f"the program ended with {self.process.returncode}:\n{self.output}"
            return next((window for window, name in self.windows().items() if re.search(title, name)), None)

        window = str(until(look, f"a window named like “{title}”"))

        def has_keyboard() -> bool:  # there is no window manager that would give it
            self._xdotool("windowfocus", window, check=False)
            return self._xdotool("getwindowfocus", check=False).strip() == window

        until(has_keyboard, f"“{title}” to take the keyboard")
        return window

    def ready(self, name: str = "untitled") -> None:
        """Wait until the main window is there and shows this session."""
        self._main = self.window(MAIN_WINDOW)
        until(lambda: name in self.title(), f"the window to show {name}")

    def title(self) -> str:
        """What the main window is called."""
        return self._xdotool("getwindowname", self._main, check=False).strip()

    def is_saved(self) -> bool:
        """Whether the title says that all is on the disk."""
        title = self.title()
        return bool(title) and "*" not in title

    def picture(self) -> Picture:
        """What is on the screen."""
        return self._screen.picture()

    def still_picture(self) -> Picture:
        """What is on the screen once two looks in a row are the same."""
        last = [self.picture()]

        def stands() -> bool:
            last.append(self.picture())
            return bool(np.array_equal(last[-1], last.pop(0)))

        until(stands, "the picture to stand still", every=0.3)
        return last[-1]

    def stage(self) -> Box:
        """Where the stage is: what moves when one zooms, and comes back. The program must not be training."""
        pictures = [self.still_picture()]

        def zoomed_and_fitted() -> bool:
            for key in ("equal", "0"):
                self.keys(key)
                until(lambda: differs(self.picture(), pictures[-1]).mean() > 0.01, f"“{key}” to change the picture")
                pictures.append(self.still_picture())
            # Otherwise something else changed as well: the trainer was still on its way to its first frame.
            return bool(differs(pictures[-1], pictures[-3]).mean() < 0.001)

        until(zoomed_and_fitted, "a picture in which only zooming changes anything")
        changed = differs(pictures[-1], pictures[-2])
        rows, columns = (np.flatnonzero(changed.sum(axis=axis) > 10) for axis in (1, 0))
        # Without the axes along the edges.
        box = Box(int(columns[0]) + 56, int(rows[0]) + 8, int(columns[-1]) - 8, int(rows[-1]) - 44)
        assert min(box.right - box.left, box.bottom - box.top) > 150, f"no stage can be seen: {box}"
        return box

    # -- what a person does --------------------------------------------------------------------------------------

    def keys(self, *names: str) -> None:
        """Press keys, one after the other."""
        self._xdotool("key", *names)

    def type(self, text: str) -> None:
        """Write text where the keyboard is."""
        self._xdotool("type", text)

    def drag(self, path: Sequence[tuple[int, int]]) -> None:
        """Move to the first pixel, press the left button, move along the path, and release it."""
        pause = ("sleep", str(STEP_MILLISECONDS / 1000))
        moves = [word for x, y in path[1:] for word in ("mousemove", str(x), str(y), *pause)]
        first = ("mousemove", str(path[0][0]), str(path[0][1]), "sleep", "0.1")
        self._xdotool(*first, "mousedown", "1", *pause, *moves, "sleep", "0.1", "mouseup", "1")

    def save(self, path: Path) -> Session:
        """Save in place, and read what is on the disk then."""
        before = path.stat().st_mtime_ns
        self.keys("ctrl+s")
        until(lambda: path.stat().st_mtime_ns != before, f"{path.name} to be saved")  # replaced as a whole
        return codec.read(path)

    def quit(self) -> int:
        """Ask it to end, and return its exit code."""
        self.keys("ctrl+q")
        until(lambda: self.process.poll() is not None, "the program to end")
        return int(self.process.returncode)

    def end(self) -> None:
        """End it, and whatever it started, at once; for tests that failed half-way."""
        self.process.kill()
        self.process.wait()
        processes.kill_all(self.mark)

    # -- its processes -------------------------------------------------------------------------------------------

    def processes(self) -> dict[int, str]:
        """Command lines by id of the processes that it is made of."""
        return processes.marked(self.mark)

    def trainers(self) -> set[int]:
        """The processes that train."""
        return {process for process, command in self.processes().items() if processes.TRAINER in command}

    def _xdotool(self, *words: str, check: bool = True) -> str:
        answer = subprocess.run(
            ["xdotool", *words], env={**os.environ, "DISPLAY": self._screen.name},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert not check or answer.returncode == 0, f"xdotool {' '.join(words[:4])} …: {answer.stderr}"
        return answer.stdout
