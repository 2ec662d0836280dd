"""Text as a density: its ink, blurred."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment import targets as spec
from ganstudio.experiment.painting import Extent
from ganstudio.targets.extents import REACH, square
from ganstudio.targets.raster import RasterDistribution

LONGEST = 512  #: cells along the longer side of the written text
MAX_CELLS = 1024  #: cells across the text with its blur
FONT_SIZE = 200


def text(target: spec.Text) -> RasterDistribution:
    """The ink of a word, its longer side ``target.size``, blurred by σ: the raster is the target, so cells are exact.

    Raises:
        UserError: the text leaves no ink (blanks only).
    """
    margin = REACH * target.sigma
    cell = max(target.size / LONGEST, (target.size + 2 * margin) / MAX_CELLS)
    ink = _ink(target.text, max(1, round(target.size / cell)))
    padding = int(np.ceil(margin / cell))
    ink = np.pad(ink, padding)
    deviation = target.sigma / cell
    ink = _kernels(len(ink), deviation) @ ink @ _kernels(ink.shape[1], deviation)
    rows, columns = ink.shape
    region = Extent(x_min=-columns * cell / 2, x_max=columns * cell / 2, y_min=-rows * cell / 2, y_max=rows * cell / 2)
    return RasterDistribution(ink, region, square(max(region.x_max, region.y_max)))


def _kernels(cells: int, deviation: float) -> NDArray[np.float64]:
    """(cells, cells): in each row a gaussian around the diagonal that sums to 1, cut off at ``REACH`` deviations.

    A product with it blurs one axis. ``scipy.ndimage`` would do the same, and takes a tenth of a second to import,
    right when a window with the picture of this target comes up.
    """
    apart = np.abs(np.subtract.outer(np.arange(cells), np.arange(cells)))
    radius = int(REACH * deviation + 0.5)
    reached = np.exp(-0.5 * (np.arange(radius + 1) / deviation) ** 2)
    weights = np.zeros(max(cells, radius + 1))
    weights[: radius + 1] = reached / (2 * reached.sum() - 1)
    return weights[apart]


def _ink(words: str, longest: int) -> NDArray[np.float64]:
    """``words`` in a raster, the longer side of the ink ``longest`` cells, row 0 at the bottom, 1 where it is full."""
    from PIL import Image, ImageDraw, ImageFont  # only this target draws text

    line = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
    font = ImageFont.truetype(str(_font()), FONT_SIZE)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(line or " "))
    if not line or right <= left or bottom <= top:
        raise UserError("the text leaves no ink: write at least one letter", field="target.text")
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((-left, -top), line, fill=255, font=font)
    box = image.getbbox()
    if box is None:
        raise UserError("the text leaves no ink: write at least one letter", field="target.text")
    image = image.crop(box)
    scale = longest / max(image.size)
    size = max(1, round(scale * image.width)), max(1, round(scale * image.height))
    scaled = image.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)
    return np.asarray(scaled, dtype=np.float64)[::-1] / 255


@cache
def _font() -> Path:
    """DejaVu Sans Bold as matplotlib ships it: the same letters on every system, for most of the world's scripts."""
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise FileNotFoundError("matplotlib, which carries the font of the letters, is not installed")
    return Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
