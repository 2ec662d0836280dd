"""A screen in memory: an X server (Xvfb) of one's own, and the pixels that are on it.

Used by the end-to-end tests, the screenshots and the benchmark of the window.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(height, width, 3), red, green, blue."""


def is_available() -> bool:
    """Say whether there is an Xvfb to start."""
    return shutil.which("Xvfb") is not None


class VirtualDisplay:
    """An X server on a display number that was free; ended with the ``with`` block."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.name = ""
        self._folder = tempfile.TemporaryDirectory(prefix="ganstudio-display-")
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # The server itself looks for a free number and writes it down here once it can be used.
        reads, writes = os.pipe()
        try:
            screen = f"{self.width}x{self.height}x24"
            options = ["-screen", "0", screen, "-fbdir", self._folder.name, "-nolisten", "tcp", "-noreset"]
            self._server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writes), *options, "-dpi", "96"],  # noqa: S607
                pass_fds=(writes,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            os.close(writes)
            with os.fdopen(reads, "rb") as answer:
                number = answer.readline().strip()  # ends as well when the server does
        except BaseException:
            self.close()
            raise
        if not number:
            self.close()
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number.decode()}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server."""
        server, self._server = self._server, None
        if server is not None:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        with suppress(OSError):
            self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """What a program must be told to open its windows here, whatever the surroundings say."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "", "QT_SCALE_FACTOR": "1"}

    def picture(self) -> Picture:
        """What is on the screen now."""
        return picture_of((Path(self._folder.name) / "Xvfb_screen0").read_bytes())


def picture_of(dump: bytes) -> Picture:
    """The picture in an XWD dump of 32 bits a pixel, the form of Xvfb's frame buffer files.

    The header is big-endian 32-bit numbers (X11/XWDFile.h): its own size first, then 4 width, 5 height, 7 byte order,
    11 bits a pixel, 12 bytes a line, 19 entries of the colour map (12 bytes each).

    Raises:
        ValueError: the dump is of another form.
    """
    header = struct.unpack_from(">25I", dump)
    width, height, order, bits, stride, colours = (header[at] for at in (4, 5, 7, 11, 12, 19))
    if bits != 32:
        raise ValueError(f"needs 32 bits a pixel, not {bits}")
    start = header[0] + 12 * colours
    lines = np.frombuffer(dump, np.uint8, height * stride, start).reshape(height, stride)
    pixels = lines[:, : 4 * width].reshape(height, width, 4)
    return np.ascontiguousarray(pixels[..., 1:] if order else pixels[..., 2::-1])
