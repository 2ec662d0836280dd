"""Writing figures: the same look on every machine, and a file that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib.figure import Figure

from ganstudio.export.drawing import STYLE
from ganstudio.export.suffix import known_suffix
from ganstudio.session.atomic import replace_file

PIXELS_PER_INCH = 100
"""Of a PNG at scale 1."""

METADATA: dict[str, dict[str, Any]] = {
    # Without the hour and the versions of libraries: equal figures give equal bytes.
    ".png": {"Software": "GAN Studio"},
    ".svg": {"Date": None, "Creator": "GAN Studio"},
    ".pdf": {"CreationDate": None, "Creator": "GAN Studio", "Producer": None},
}
"""What can be written, and what the file says of itself."""


def write_figure(figure: Figure, path: str | Path, scale: float = 2) -> None:
    """Write the figure as .png, .svg or .pdf, as the ending of ``path`` says; whole or not at all.

    Args:
        figure: drawn in :func:`style`.
        scale: pixels of a PNG, as a factor: 1 is 100 for each inch. Drawings in SVG and PDF are sharp at any size.

    Raises:
        UserError: another ending, or the file cannot be written; an older one is left as it was.
    """
    path = Path(path)
    suffix = known_suffix(path, METADATA)
    with replace_file(path) as file, style():
        figure.savefig(file, format=suffix[1:], dpi=PIXELS_PER_INCH * scale, metadata=METADATA[suffix])


@contextmanager
def style() -> Iterator[None]:
    """The same look on every machine, whatever its own settings of matplotlib are."""
    with matplotlib.style.context(["default", STYLE]):
        yield
