"""NumPy's own files, read without unpickling and without believing their headers."""

from __future__ import annotations

import math
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ganstudio.errors import UserError

MAX_BYTES = 512 * 1024 * 1024
MAX_HEADER = 4096
MAX_ENTRIES = 1000
PREFERRED = ("points", "samples", "data", "x")  #: names looked for first in an archive

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
# What a header that is not one can raise: NumPy reads it with tokenize and ast.literal_eval.
_BROKEN = (
    ValueError,
    SyntaxError,
    TypeError,
    OverflowError,
    RecursionError,
    MemoryError,
    EOFError,
    TokenError,
)


def read_npy(path: Path) -> NDArray[np.generic]:
    """The array in a .npy file.

    Raises:
        UserError: not such a file, cut short, an array of objects, or too large.
    """
    with path.open("rb") as stream:
        return _array(stream, path.stat().st_size, path, "")


def read_npz(path: Path) -> NDArray[np.generic]:
    """The array in a .npz file: the one called points, samples, data or x, or else the first.

    Raises:
        UserError: as :func:`read_npy`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()[:MAX_ENTRIES]}
            names = [name for name in entries if name.endswith(".npy")]
            if not names:
                raise UserError("the archive holds no array", file=path)
            chosen = next((f"{name}.npy" for name in PREFERRED if f"{name}.npy" in names), names[0])
            with archive.open(entries[chosen]) as stream:
                return _array(stream, entries[chosen].file_size, path, f"array '{chosen[:-4][:60]}': ")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        # RuntimeError: the entry is encrypted; NotImplementedError: packed in a way that is not known.
        raise UserError(f"not an .npz file that can be read ({error})", file=path) from error


def _array(stream: IO[bytes], size: int, path: Path, where: str) -> NDArray[np.generic]:
    """The array of ``stream``, of which there are ``size`` bytes with the header."""
    try:
        header = _HEADERS[npy.read_magic(stream)]
        shape, fortran_order, dtype = header(stream, max_header_size=MAX_HEADER)
    except KeyError as error:
        raise UserError(f"{where}a version of the .npy format that is not known", file=path) from error
    except _BROKEN as error:
        raise UserError(f"{where}not a NumPy array ({_first_line(error)})", file=path) from error
    if dtype.kind not in "fiu":
        what = "Python objects" if dtype.hasobject else f"type {dtype}"
        raise UserError(f"{where}holds {what}, not real numbers: save a plain array of floats", file=path)
    needed = math.prod(shape) * dtype.itemsize
    if any(length < 0 for length in shape) or needed > size:
        raise UserError(f"{where}says it has shape {shape}, but the file is too short for that", file=path)
    if needed > MAX_BYTES:
        raise UserError(f"{where}larger than {MAX_BYTES // 2**20} MiB: give fewer rows", file=path)
    content = stream.read(needed)
    if len(content) < needed:
        raise UserError(f"{where}the file is cut short", file=path)
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran_order else "C")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
