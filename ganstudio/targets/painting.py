"""Paintings: commands replayed on a canvas, remembered so that another stroke costs one stroke."""

from __future__ import annotations

from collections import deque
from threading import Lock

from ganstudio.experiment.painting import PaintCommand
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.targets.canvas import Canvas, blank
from ganstudio.targets.commands import Inverse, apply, revert
from ganstudio.targets.stroke_painter import StrokePainter

__all__ = ["Canvas", "Inverse", "StrokePainter", "apply", "blank", "replay", "revert"]

KEPT_PAINTINGS = 4
KEPT_BYTES = 64 * 1024 * 1024  #: of inverses, per painting: several hundred strokes that can be taken back at once


class _Replayed:
    """A canvas, the commands that made it, and the inverses of the last of them."""

    def __init__(self, spec: Painting | Painting1D) -> None:
        self.key = _key(spec)
        self._empty = self.canvas = blank(spec)
        self._commands: list[PaintCommand] = []
        self._inverses: deque[Inverse] = deque()
        self._bytes = 0

    @property
    def length(self) -> int:
        return len(self._commands)

    def common(self, commands: tuple[PaintCommand, ...]) -> int:
        """How many commands from the first on are the same."""
        pairs = zip(self._commands, commands, strict=False)
        return next(
            (number for number, (old, new) in enumerate(pairs) if old is not new and old != new),
            min(len(self._commands), len(commands)),
        )

    def go_to(self, commands: tuple[PaintCommand, ...]) -> Canvas:
        same = self.common(commands)
        if len(self._commands) - same > len(self._inverses):
            self.canvas, same = self._empty, 0
            self._commands.clear()
            self._inverses.clear()
            self._bytes = 0
        while len(self._commands) > same:
            inverse = self._inverses.pop()
            self._bytes -= inverse.nbytes
            self.canvas = revert(inverse, self.canvas)
            self._commands.pop()
        for command in commands[same:]:
            self.canvas, inverse = apply(command, self.canvas)
            self._commands.append(command)
            self._inverses.append(inverse)
            self._bytes += inverse.nbytes
            while self._bytes > KEPT_BYTES:
                self._bytes -= self._inverses.popleft().nbytes
        return self.canvas


_recent: list[_Replayed] = []
_lock = Lock()


def replay(spec: Painting | Painting1D) -> Canvas:
    """The canvas after all commands of ``spec``.

    The last few paintings are remembered: one that goes on from there, or goes back by some commands, costs only the
    commands in which they differ.

    Raises:
        UserError: a command has no meaning in this dimension.
    """
    with _lock:
        alike = [known for known in _recent if known.key == _key(spec)]
        painting = max(alike, key=lambda known: known.common(spec.commands), default=None)
        if painting is None or (painting.length and not painting.common(spec.commands)):
            painting = _Replayed(spec)  # another painting that merely has the same size keeps its canvas
        else:
            _recent.remove(painting)
        canvas = painting.go_to(spec.commands)
        _recent.insert(0, painting)
        del _recent[KEPT_PAINTINGS:]
        return canvas


def _key(spec: Painting | Painting1D) -> tuple[object, ...]:
    return type(spec), spec.extent, spec.cells
