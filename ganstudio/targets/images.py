"""Pictures as paintings: dark pixels become density."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import Stamp
from ganstudio.experiment.targets import Painting
from ganstudio.targets.canvas import blank
from ganstudio.targets.point_files import existing

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 50_000_000
FILLED = 0.92  #: of the canvas's side, by the picture's longer side
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg")


def read_image(path: str | Path, invert: bool = False, cells: int = 256) -> Painting:
    """A PNG or JPEG as a painting with one stamp, ``cells`` a side; ``invert`` makes light pixels dense instead.

    The picture lies in the middle of a square canvas and keeps its aspect; transparent pixels are empty.

    Raises:
        UserError: the file is missing, not such a picture, too large, or leaves no ink.
    """
    path = existing(path)
    painting = Painting(cells=cells)
    rows, columns = blank(painting).density.shape
    ink = _ink(path, invert, max(1, round(FILLED * min(rows, columns))))
    if not ink.any():
        raise UserError("the picture leaves no ink: every pixel is light or transparent; try inverting it", file=path)
    raster = np.zeros((rows, columns), np.uint8)
    bottom, left = (rows - ink.shape[0]) // 2, (columns - ink.shape[1]) // 2
    raster[bottom : bottom + ink.shape[0], left : left + ink.shape[1]] = ink
    return painting.model_copy(update={"commands": (Stamp(raster=ArrayText.of(raster)),)})


def _ink(path: Path, invert: bool, longest: int) -> NDArray[np.uint8]:
    """(rows, columns) uint8, row 0 at the bottom, the longer side ``longest``."""
    from PIL import Image, ImageOps  # only reading a picture needs it

    broken = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the bound below is lower
            with Image.open(path, formats=("PNG", "JPEG")) as image:
                width, height = image.size  # known from the header, before anything is unpacked
                if width * height > MAX_PIXELS:
                    raise UserError(
                        f"{width} × {height} pixels are too many: scale it to {MAX_PIXELS // 10**6} megapixels",
                        file=path,
                    )
                image.load()
                upright = ImageOps.exif_transpose(image)
                light, alpha = _light_and_alpha(upright, longest)
    except Image.DecompressionBombError as error:
        raise UserError(f"too many pixels: scale it to {MAX_PIXELS // 10**6} megapixels", file=path) from error
    except broken as error:
        raise UserError(f"not a PNG or JPEG picture that can be read ({str(error)[:120]})", file=path) from error
    dense = light if invert else 1 - light
    return np.rint(255 * dense * alpha).astype(np.uint8)[::-1]


def _light_and_alpha(image: Image.Image, longest: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from PIL import Image

    scale = longest / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if image.mode.startswith("I"):  # 16 bits of grey, which a conversion to 8 would clip
        light = np.asarray(image.convert("F").resize(size, Image.Resampling.BOX), np.float64).clip(0, 65535) / 65535
        return light, np.ones_like(light)
    # Pillow weighs the colours by alpha while it scales.
    scaled = image.convert("RGBA").resize(size, Image.Resampling.BOX)
    light = np.asarray(scaled.convert("L"), np.float64) / 255
    return light, np.asarray(scaled.getchannel("A"), np.float64) / 255
