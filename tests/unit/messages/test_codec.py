"""Messages cross unchanged; what is no message is refused, whatever it is."""

from __future__ import annotations

import dataclasses
import json
import math
import struct
import types
import typing
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ganstudio.experiment import Experiment
from ganstudio.experiment.painting import BrushStroke, Fill
from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting
from ganstudio.messages import commands, events
from ganstudio.messages.codec import _DTYPES, _RECORDS, CodecError, decode, encode
from ganstudio.messages.history import HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot

EXPERIMENTS = (
    Experiment(),
    preset("mixture-1d").experiment,
    Experiment(target=Painting(commands=(BrushStroke(points=((0.1, -0.2, 0.3),), size=0.1), Fill()))),
)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field by its annotation."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is np.ndarray:
        (scalar,) = get_args(inner[1])
        chosen = list(_DTYPES.values()) if scalar is np.generic else [np.dtype(scalar)]
        shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
        return st.sampled_from(chosen).flatmap(lambda dtype: arrays.arrays(dtype, shapes))
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return st.lists(values(inner[0]), max_size=3).map(tuple)
        return st.tuples(*map(values, inner))
    if origin is dict:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*map(values, inner))
    if dataclasses.is_dataclass(hint):
        return messages(hint)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(),
        float: st.floats(),
        bool: st.booleans(),
        str: st.text(),
        type(None): st.none(),
        Experiment: st.sampled_from(EXPERIMENTS),
    }
    return plain[hint]


def messages(record: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(record)
    return st.builds(record, **{field.name: values(hints[field.name]) for field in dataclasses.fields(record)})


def same(first: Any, second: Any) -> bool:
    """Equality in type and bits, NaN being equal to itself."""
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
    if dataclasses.is_dataclass(first):
        return all(same(getattr(first, f.name), getattr(second, f.name)) for f in dataclasses.fields(first))
    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, float):
        return struct.pack("d", first) == struct.pack("d", second) or (math.isnan(first) and math.isnan(second))
    return bool(first == second)


def sample() -> Snapshot:
    return Snapshot(Progress(3, 3, 3, 1.5), (0.5, -0.5), (2.0, 2.0), {"ema": np.arange(6, dtype=np.float32)})


def test_every_command_and_event_is_known_to_the_codec() -> None:
    for union in (commands.Command, events.Event):
        for record in get_args(union):
            assert _RECORDS[record.__name__] is record


@pytest.mark.parametrize("record", _RECORDS.values(), ids=_RECORDS)
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_record_comes_back_as_it_was(record: Any, data: st.DataObject) -> None:
    message = data.draw(messages(record))
    assert same(decode(encode(message)), message)


def test_arrays_are_aligned_and_read_only() -> None:
    for name in ("a", "ab", "abc", "abcd", "abcde"):  # headers of different lengths
        snapshot = Snapshot(Progress(), (), (), {name: np.arange(3, dtype=np.uint8), "x": np.arange(3.0)})
        for array in decode(encode(snapshot)).arrays.values():
            assert array.flags.aligned
            assert not array.flags.writeable


def test_strided_arrays_cross_as_they_look() -> None:
    array = np.arange(12.0).reshape(3, 4)[::2, ::-1].T
    chunk = HistoryChunk(array, np.asfortranarray(array))
    back = decode(encode(chunk))
    np.testing.assert_array_equal(back.rows, array)
    np.testing.assert_array_equal(back.measures, array)


def test_a_number_of_numpy_that_is_not_finite_crosses() -> None:
    back = decode(encode(events.Playing(generation=np.float64("nan"))))  # type: ignore[arg-type]
    assert math.isnan(back.generation)


@dataclasses.dataclass(frozen=True)
class Pause:
    """A stranger with the name of a command."""


@pytest.mark.parametrize(
    "message",
    [
        None,
        5,
        {"type": "Pause"},
        Pause(),
        Experiment(),
        commands.Play(iterations=object()),  # type: ignore[arg-type]
        commands.Play(iterations=[1]),  # type: ignore[arg-type]
        HistoryChunk(np.array(["x"]), np.array([])),  # type: ignore[arg-type]
        HistoryChunk(np.zeros(2, ">f8"), np.zeros(2, object)),
        Snapshot(Progress(), (), (), {1: np.zeros(1)}),  # type: ignore[dict-item]
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_is_no_message_is_not_sent(message: object) -> None:
    with pytest.raises(TypeError):
        encode(message)


def _framed(header: str, body: bytes = b"") -> bytes:
    return struct.pack("<I", len(header.encode())) + header.encode() + body


ARRAY = '{"type": "Snapshot", "fields": {"progress": null, "centre": [], "scale": [], "arrays": {"array": %s}}}'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\xff\xff\xff\xff{}",
        _framed("5"),
        _framed("[]"),
        _framed("{}"),
        _framed("null"),
        _framed("[" * 100_000),
        _framed('{"type": "Popen", "fields": {}}'),
        _framed('{"type": ["Pause"], "fields": {}}'),
        _framed('{"type": "Pause", "fields": []}'),
        _framed('{"type": "Pause", "fields": {"spell": 1}}'),
        _framed('{"type": "Play"}'),
        _framed('{"type": "Start", "fields": {"generation": 1}}'),
        _framed('{"type": "Apply", "fields": {"experiment": {"experiment": {"seed": -1}}}}'),
        _framed('{"type": "Play", "fields": {"iterations": {"float": "1"}}}'),
        _framed(ARRAY % '["<f4", [1], 0]'),
        _framed(ARRAY % '["<f4", [2], 4]', bytes(8)),
        _framed(ARRAY % '["<f4", [-1], 0]', bytes(8)),
        _framed(ARRAY % '["<f4", [1], -4]', bytes(8)),
        _framed(ARRAY % '["<f4", [-1, -1], 0]', bytes(8)),
        _framed(ARRAY % '["<f4", [1e999], 0]', bytes(8)),
        _framed(ARRAY % '["<f4", [1.0], 0]', bytes(8)),
        _framed(ARRAY % '["<f4", [99999999999999999999999], 0]', bytes(8)),
        _framed(ARRAY % '["<f4", ["1"], 0]', bytes(8)),
        _framed(ARRAY % '["<f4", "1", 0]', bytes(8)),
        _framed(ARRAY % '["|O", [1], 0]', bytes(8)),
        _framed(ARRAY % '[["<f4"], [1], 0]', bytes(8)),
        _framed(ARRAY % '["<f4"]', bytes(8)),
    ],
    ids=lambda data: repr(data[4:60]),
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(data)


WHOLE = encode(events.SnapshotTaken(2, sample()))


@given(st.integers(0, len(WHOLE) - 1))
def test_a_message_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(CodecError):
        decode(WHOLE[:length])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_message_with_a_wrong_byte_is_refused_or_a_record(place: int, byte: int) -> None:
    broken = bytearray(WHOLE)
    broken[place] = byte
    try:
        message = decode(bytes(broken))
    except CodecError:
        return
    assert type(message).__name__ in _RECORDS


def test_the_header_is_json_without_any_code() -> None:
    (length,) = struct.unpack_from("<I", WHOLE)
    assert json.loads(WHOLE[4 : 4 + length])["type"] == "SnapshotTaken"
