"""Named arrays as safetensors: numbers only, no code, read within bounds."""

from __future__ import annotations

import re
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from ganstudio.errors import UserError
from ganstudio.messages.snapshot import Array
from ganstudio.session.bounds import MAX_TENSOR_HEADER, MAX_TENSORS

DTYPES = tuple(np.dtype(name) for name in ("float32", "float64", "int64", "uint8", "bool"))
MAX_DIMENSIONS = 2
_NAME = re.compile(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*")
_MAX_NAME = 100


def tensor_bytes(arrays: dict[str, Array]) -> bytes:
    """The arrays as safetensors, the same bytes for the same arrays.

    Raises:
        ValueError: what :func:`parsed_tensors` would refuse.
    """
    fault = _fault(arrays)
    if fault is not None:
        raise ValueError(": ".join(fault))
    # safetensors copies from the first byte on and knows nothing of strides or of the byte order.
    packed = {
        name: np.asarray(array, array.dtype.newbyteorder("="), order="C") for name, array in sorted(arrays.items())
    }
    return save(packed)


def parsed_tensors(data: bytes, *, file: str, entry: str) -> dict[str, Array]:
    """The arrays of a safetensors file, names sorted.

    Raises:
        UserError: the header is broken or describes what a session cannot have; names ``file``, ``entry`` and tensor.
    """
    (header,) = struct.unpack("<Q", data[:8]) if len(data) >= 8 else (0,)
    if header > MAX_TENSOR_HEADER:
        raise UserError("the list of tensors is too long to be a session's; use another copy", file=file, field=entry)
    try:
        arrays: dict[str, NDArray[Any]] = load(data)
    except KeyError as error:
        raise UserError(
            f"has numbers of a kind ({error.args[0]}) that no session has", file=file, field=entry
        ) from error
    except (SafetensorError, ValueError, OverflowError) as error:
        reason = ascii(str(error))[1:-1][:200]  # It may repeat what stands in the file.
        raise UserError(f"is damaged ({reason}); use another copy", file=file, field=entry) from error
    fault = _fault(arrays)
    if fault is not None:
        name, message = fault
        raise UserError(message, file=file, field=f"{entry}: {name}" if name else entry)
    return dict(sorted(arrays.items()))


def _fault(arrays: dict[str, NDArray[Any]]) -> tuple[str, str] | None:
    if len(arrays) > MAX_TENSORS:
        return "", f"has {len(arrays)} tensors; at most {MAX_TENSORS} are allowed"
    for name, array in arrays.items():
        if len(name) > _MAX_NAME or not _NAME.fullmatch(name):
            return ascii(name[:_MAX_NAME]), "is no name of a tensor"
        if array.dtype.newbyteorder("=") not in DTYPES:
            return name, f"has numbers of type {array.dtype}; allowed are {', '.join(map(str, DTYPES))}"
        if array.ndim > MAX_DIMENSIONS:
            return name, f"has {array.ndim} dimensions; at most {MAX_DIMENSIONS} are allowed"
        if array.dtype == np.bool_ and bool((array.view(np.uint8) > 1).any()):
            return name, "has values that are neither true nor false"
    return None
