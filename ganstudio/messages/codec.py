"""Messages as bytes, without any code in them: a JSON header, then the raw bytes of each array.

    4 bytes  length of the header, little-endian
    header   {"type": …, "fields": …}, arrays as {"array": [dtype, shape, offset]}; spaces up to a multiple of 8
    arrays   C order, each aligned to 8 bytes

Only the records of this package can be named, only numbers can be in arrays; decoding checks every bound. Arrays
that come out are read-only views of the message.
"""

from __future__ import annotations

import dataclasses
import json
import math
import struct
from typing import Any

import numpy as np

from ganstudio.experiment import Experiment
from ganstudio.messages import approximation, commands, events, history, population, snapshot, toys, walkthrough

_ALIGNMENT = 8
_DTYPES = {np.dtype(name).str: np.dtype(name) for name in ("f4", "f8", "i4", "i8", "u1", "u2", "?")}
_RECORDS: dict[str, type[Any]] = {
    record.__name__: record
    for module in (approximation, commands, events, history, population, snapshot, toys, walkthrough)
    for record in vars(module).values()
    if isinstance(record, type) and dataclasses.is_dataclass(record)
}
_LENGTH = struct.Struct("<I")
_MALFORMED = (struct.error, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError)


class CodecError(ValueError):
    """The bytes are not a message of this program."""


def encode(message: object) -> bytes:
    """The bytes of a command or event.

    Raises:
        TypeError: the message is no record of this package, or holds what is neither plain, an array, nor a record.
    """
    if not _is_record(message):
        raise TypeError(f"{type(message).__name__} is no message")
    arrays: list[bytes] = []
    header = json.dumps(_pack(message, arrays, [0])).encode()
    header += b" " * (-(_LENGTH.size + len(header)) % _ALIGNMENT)
    return b"".join([_LENGTH.pack(len(header)), header, *arrays])


def decode(data: bytes) -> Any:
    """The message that :func:`encode` made.

    Raises:
        CodecError: the bytes are cut off, or describe no message.
    """
    try:
        (length,) = _LENGTH.unpack_from(data)
        end = _LENGTH.size + length
        message = _unpack(json.loads(data[_LENGTH.size : end]), memoryview(data)[end:])
    except _MALFORMED as error:
        raise CodecError(f"not a message: {error}") from error
    if not _is_record(message):
        raise CodecError("not a message: no record")
    return message


def _is_record(value: object) -> bool:
    return _RECORDS.get(type(value).__name__) is type(value)


def _pack(value: Any, arrays: list[bytes], offset: list[int]) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, np.ndarray):
        if value.dtype.str not in _DTYPES:
            raise TypeError(f"arrays of {value.dtype} do not cross")
        raw = np.ascontiguousarray(value).tobytes()
        at = offset[0]
        padded = raw + bytes(-len(raw) % _ALIGNMENT)
        arrays.append(padded)
        offset[0] += len(padded)
        return {"array": [value.dtype.str, list(value.shape), at]}
    if isinstance(value, tuple):
        return [_pack(item, arrays, offset) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("only texts can be keys")
        return {"dict": [[key, _pack(item, arrays, offset)] for key, item in value.items()]}
    if isinstance(value, Experiment):
        return {"experiment": value.model_dump(mode="json")}
    if _is_record(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {
            "type": type(value).__name__,
            "fields": {name: _pack(getattr(value, name), arrays, offset) for name in names},
        }
    raise TypeError(f"{type(value).__name__} does not cross between processes")


def _unpack(value: Any, body: memoryview) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(item, body) for item in value)
    if not isinstance(value, dict):
        return value
    if "array" in value:
        name, shape, offset = value["array"]
        dtype = _DTYPES[name]
        count = math.prod(shape)
        if offset < 0 or any(size < 0 for size in shape) or offset + count * dtype.itemsize > len(body):
            raise ValueError("an array lies beyond the end")
        return np.frombuffer(body, dtype, count, offset).reshape(shape)
    if "dict" in value:
        return {key: _unpack(item, body) for key, item in value["dict"]}
    if "float" in value:
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[value["float"]]
    if "experiment" in value:
        return Experiment.model_validate(value["experiment"])
    record = _RECORDS[value["type"]]
    return record(**{name: _unpack(item, body) for name, item in value["fields"].items()})
