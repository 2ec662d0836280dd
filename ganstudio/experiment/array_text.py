"""Arrays inside records: compressed, base64, with dtype and shape beside them, read within bounds."""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from ganstudio.experiment.setting import Record

MAX_BYTES = 64 * 1024 * 1024


class ArrayText(Record):
    """An array as text, so that a record that carries data stays hashable, comparable and JSON."""

    dtype: Literal["float32", "float64", "uint8", "uint16"]
    shape: tuple[int, ...]
    data: str

    @classmethod
    def of(cls, array: NDArray[np.generic]) -> Self:
        """Pack ``array`` (float32, float64, uint8 or uint16, in whatever byte order it came)."""
        contiguous = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        packed = base64.b64encode(zlib.compress(contiguous.tobytes(), 6)).decode("ascii")
        return cls(dtype=contiguous.dtype.name, shape=contiguous.shape, data=packed)

    def array(self) -> NDArray[np.generic]:
        """The array, read-only, in its own dtype and shape."""
        dtype = np.dtype(self.dtype).newbyteorder("<")
        return np.frombuffer(self._raw(math.prod(self.shape) * dtype.itemsize), dtype).reshape(self.shape)

    @model_validator(mode="after")
    def _holds_what_it_says(self) -> Self:
        if len(self.shape) > 3 or any(size < 0 for size in self.shape):
            raise ValueError("shape must have at most three non-negative sizes")
        expected = math.prod(self.shape) * np.dtype(self.dtype).itemsize
        if expected > MAX_BYTES:
            raise ValueError(f"the array is larger than {MAX_BYTES // 2**20} MiB")
        try:
            raw = self._raw(expected)
        except (binascii.Error, zlib.error) as error:
            raise ValueError(f"the data cannot be unpacked ({error})") from error
        if len(raw) != expected:
            raise ValueError("the data does not have the size its shape says")
        return self

    def _raw(self, expected: int) -> bytes:
        # One byte more than expected is asked for, so a bomb is never unpacked.
        return zlib.decompressobj().decompress(base64.b64decode(self.data, validate=True), expected + 1)
