"""Samples as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ganstudio.export.suffix import known_suffix
from ganstudio.session.atomic import replace_file

_DIGITS = {np.dtype(np.float32): 9, np.dtype(np.float64): 17}
"""Significant digits after which a number reads back as the same one."""


def write_samples(points: NDArray[np.floating], path: str | Path) -> None:
    """Write points, (n, 1) or (n, 2), as .csv (columns x, y) or .npy, as its ending says; whole or not at all.

    Raises:
        UserError: another ending, or the file cannot be written; an older one is left as it was.
        ValueError: the points have another shape, or are neither float32 nor float64.
    """
    path = Path(path)
    write = _WRITERS[known_suffix(path, _WRITERS)]
    if points.ndim != 2 or points.shape[1] not in (1, 2) or points.dtype not in _DIGITS:
        raise ValueError(
            f"samples must be float32 or float64 of shape (n, 1) or (n, 2), not {points.dtype} {points.shape}"
        )
    with replace_file(path) as file:
        write(points, file)


def _write_csv(points: NDArray[np.floating], file: BinaryIO) -> None:
    header = ",".join("xy"[: points.shape[1]])
    np.savetxt(file, points, fmt=f"%.{_DIGITS[points.dtype]}g", delimiter=",", header=header, comments="")


def _write_npy(points: NDArray[np.floating], file: BinaryIO) -> None:
    np.save(file, points, allow_pickle=False)


_WRITERS: dict[str, Callable[[NDArray[np.floating], BinaryIO], None]] = {".csv": _write_csv, ".npy": _write_npy}
