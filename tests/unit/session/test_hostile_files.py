"""Files come from strangers: every fault is one line that names file and field, at bounded cost."""

from __future__ import annotations

import json
import os
import struct
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.session import bounds, codec
from ganstudio.session.migrations import FORMAT_VERSION
from ganstudio.session.session import Session

Repack = Callable[[Path, dict[str, "bytes | None"]], Path]
PEAK_BYTES = 48 * 2**20


def _refused(path: Path) -> UserError:
    """Reading fails politely, names the file, and takes little memory."""
    tracemalloc.start()
    try:
        with pytest.raises(UserError) as caught:
            codec.read(path)
        assert tracemalloc.get_traced_memory()[1] < PEAK_BYTES
    finally:
        tracemalloc.stop()
    assert caught.value.file == str(path)
    assert str(caught.value).isprintable()
    return caught.value


def _edited(
    path: Path, repacked: Repack, edit: Callable[[dict[str, Any]], object], entry: str = "session.json"
) -> Path:
    with zipfile.ZipFile(path) as archive:
        tree = json.loads(archive.read(entry))
    edit(tree)
    return repacked(path, {entry: json.dumps(tree).encode()})


def _set(*path: str | int, value: Any) -> Callable[[Any], None]:
    def edit(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] = value

    return edit


def test_a_newer_format_is_refused_politely(saved: Path, repacked: Repack) -> None:
    error = _refused(_edited(saved, repacked, _set("format_version", value=FORMAT_VERSION + 6)))
    assert error.message == (
        f"was written by a newer GAN Studio (format {FORMAT_VERSION + 6}); "
        f"this one reads up to {FORMAT_VERSION}: update GAN Studio"
    )
    assert error.field == "format_version"


FIELDS: list[tuple[tuple[str | int, ...], Any, str, str]] = [
    (("format",), "zip", "format", "no GAN Studio session"),
    (("format_version",), 0, "format_version", "whole number"),
    (("format_version",), True, "format_version", "whole number"),
    (("format_version",), "1", "format_version", "whole number"),
    (("program",), "x" * 200, "program", "at most 100"),
    (("experiment",), [], "painting.json", "no target"),
    (("experiment", "target"), None, "painting.json", "no target"),
    (("experiment", "target", "kind"), "nowhere", "experiment.target", "does not match"),
    (("experiment", "target", "kind"), "moons", "experiment.target.extent", "not permitted"),
    (("experiment", "target", "commands"), [], "painting.json", "nothing else"),
    (("experiment", "generator", "widths"), [64, 10**9], "experiment.generator.widths.1", "less than or equal to 1024"),
    (("experiment", "optimizers", "generator", "learning_rate"), -1, "learning_rate", "greater than"),
    (("experiment", "optimizers", "generator", "learning_rate"), 1e999, "session.json", "no valid JSON"),
    (("experiment", "seed"), float("nan"), "session.json", "no valid JSON"),
    (("experiment", "spell"), 1, "experiment.spell", "not permitted"),
    (("experiment", "\x1b[2J\n"), 1, "experiment.\\x1b[2J\\n", "not permitted"),
    (("experiment", "target", "kind"), "\x1b[2J" + "x" * 10**6, "experiment.target", "\\x1b[2J"),
    (("progress", "iteration"), -1, "progress.iteration", "greater than or equal to 0"),
    (("progress", "iteration"), 2**63, "progress.iteration", "less than"),
    (("progress", "generator_updates"), 1.5, "progress.generator_updates", "integer"),
    (("progress", "seconds"), -0.5, "progress.seconds", "greater than or equal to 0"),
    (("progress", "schedules_since"), 10**6, "progress", "not reached"),
    (("progress",), None, "", "both be null"),
    (("normalisation", "scale"), [1.0, 0.0], "normalisation.scale.1", "greater than 0"),
    (("normalisation", "centre"), [0.0], "", "2 dimension"),
    (("timeline", 0, "progress", "iteration"), 500, "", "not in the order"),
    (("timeline",), [], "timeline/000.safetensors", "not in the timeline"),
    (("history", "rows"), ["iteration"], "history", "not the columns"),
    (("view", "layers", 0, "opacity"), 2, "view.layers.0.opacity", "less than or equal to 1"),
    (("view", "view_range"), [1, 1, 0, 1], "view", "empty"),
    (("view", "notes"), "x" * 20_001, "view.notes", "at most 20000"),
]


@pytest.mark.parametrize(("path", "value", "field", "message"), FIELDS)
def test_a_field_that_cannot_be_is_named(
    saved: Path, repacked: Repack, path: tuple[str | int, ...], value: Any, field: str, message: str
) -> None:
    error = _refused(_edited(saved, repacked, _set(*path, value=value)))
    assert (error.field or "").endswith(field)
    assert message in error.message


def test_a_stroke_that_cannot_be_is_named(saved: Path, repacked: Repack) -> None:
    error = _refused(_edited(saved, repacked, _set("commands", 0, "size", value=-1), "painting.json"))
    assert error.field is not None
    assert error.field.startswith("experiment.target.commands.0")


def test_a_number_too_large_for_a_float_is_refused(saved: Path, repacked: Repack) -> None:
    with zipfile.ZipFile(saved) as archive:
        text = archive.read("session.json").replace(b'"seconds":1.25', b'"seconds":1e999', 1)
    assert _refused(repacked(saved, {"session.json": text})).field == "progress.seconds"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"a":' * 100_000,
        b"[" * 10**6,
        b'{"seed":' + b"9" * 10_000 + b"}",
    ],
    ids=["empty", "cut", "list", "null", "no_fields", "utf16", "deep_objects", "deep_lists", "long_number"],
)
@pytest.mark.parametrize("entry", ["session.json", "painting.json"])
def test_text_that_is_no_object_is_refused(saved: Path, repacked: Repack, text: bytes, entry: str) -> None:
    error = _refused(repacked(saved, {entry: text}))
    assert error.field in (entry, "format")


def test_a_json_of_millions_of_empty_lists_is_refused_before_it_is_read(
    session: Session, saved: Path, repacked: Repack
) -> None:
    text = b'{"commands":[' + b"[]," * (bounds.MAX_JSON_VALUES // 2) + b"[]]}"
    repacked(saved, {"painting.json": text})
    with pytest.raises(UserError, match="too many") as caught:
        codec.read(saved)
    assert caught.value.field == "painting.json"


MISSING = ["session.json", "painting.json", "state.safetensors", "history.safetensors", "timeline/001.safetensors"]


@pytest.mark.parametrize("name", MISSING)
def test_an_entry_that_is_missing_is_named(saved: Path, repacked: Repack, name: str) -> None:
    error = _refused(repacked(saved, {name: None}))
    assert (error.field, "is missing" in error.message) == (name, True)


def test_a_state_without_its_progress_is_refused(saved: Path, repacked: Repack) -> None:
    edit = lambda tree: tree.update(progress=None, normalisation=None)  # noqa: E731
    assert _refused(_edited(saved, repacked, edit)).field == "progress"


def test_a_painting_beside_a_target_that_is_not_painted_is_refused(tmp_path: Path, repacked: Repack) -> None:
    codec.write(Session(Experiment()), tmp_path / "a.gans")
    error = _refused(repacked(tmp_path / "a.gans", {"painting.json": b'{"commands":[]}'}))
    assert error.field == "experiment.target.commands"


NAMES = ["../session.json", "/etc/passwd", "C:\\a", "timeline/../../a", "timeline/", "timeline/0000.safetensors"]


@pytest.mark.parametrize("name", [*NAMES, "timeline\\000.safetensors", "Session.json", "a\nb", "x" * 500, "\x1b[2J"])
def test_a_name_that_no_session_has_is_refused(saved: Path, repacked: Repack, name: str) -> None:
    error = _refused(repacked(saved, {name: b"x"}))
    assert "does not belong" in error.message
    assert error.field is not None
    assert error.field.isprintable()


def test_the_same_entry_twice_is_refused(saved: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("session.json", b"{}")
    assert "appears twice" in _refused(saved).message


def test_too_many_entries_are_refused(saved: Path, repacked: Repack) -> None:
    many: dict[str, bytes | None] = {f"timeline/{index:03d}.safetensors": b"" for index in range(999)}
    assert "entries" in _refused(repacked(saved, many)).message


def test_a_directory_of_thirty_thousand_entries_is_refused_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.gans", "w") as archive:
        for index in range(30_000):
            archive.writestr(str(index), b"")
    assert "entries" in _refused(tmp_path / "many.gans").message


@pytest.mark.parametrize("bit", [0x0001, 0x0040, 0x2000])
def test_an_encrypted_entry_is_refused(saved: Path, bit: int) -> None:
    data = bytearray(saved.read_bytes())
    at = data.index(b"PK\x01\x02") + 8  # general purpose flags of the first entry of the directory
    data[at : at + 2] = struct.pack("<H", bit)
    saved.write_bytes(data)
    assert "encrypted" in _refused(saved).message


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_other_ways_of_packing_are_refused(saved: Path, method: int) -> None:
    data = bytearray(saved.read_bytes())
    at = data.index(b"PK\x01\x02") + 10
    data[at : at + 2] = struct.pack("<H", method)
    saved.write_bytes(data)
    assert "packed in a way" in _refused(saved).message


@pytest.mark.parametrize(
    ("name", "size"), [("session.json", 17), ("thumbnail.png", 2), ("state.safetensors", 800), ("painting.json", 129)]
)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str, size: int) -> None:
    path = tmp_path / "bomb.gans"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as entry:
        for _ in range(size):
            entry.write(bytes(2**20))
    assert "allowed" in _refused(path).message


def test_what_is_packed_hundreds_of_times_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gans"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("state.safetensors", "w") as entry:
        for _ in range(100):
            entry.write(bytes(2**20))
    assert f"packed more than {bounds.MAX_RATIO} times" in _refused(path).message


def test_an_entry_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "liar.gans"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("session.json", bytes(60 * 2**20))
    data = path.read_bytes()
    said, small = struct.pack("<L", 60 * 2**20), struct.pack("<L", 1000)
    assert data.count(said) == 2
    path.write_bytes(data.replace(said, small))
    assert _refused(path).field == "session.json"


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "overlap.gans"
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(bytes(10**6)) + body.flush()
    names = [b"session.json", b"state.safetensors"]
    fields = (8, 0, 33, zlib.crc32(bytes(10**6)), len(packed), 10**6)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, *fields, len(names[0]), 0) + names[0]
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, *fields, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in [*names, b"history.safetensors"]
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(directory), len(local + packed), 0)
    path.write_bytes(local + packed + directory + end)
    assert "overlap" in _refused(path).message


@pytest.mark.parametrize("data", [b"", b"P", b"PK", b"not a zip at all", b"\x89PNG\r\n\x1a\n" + bytes(100)])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.gans").write_bytes(data)
    _refused(tmp_path / "a.gans")


def test_a_zip_of_another_kind_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.gans", "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    assert _refused(tmp_path / "a.gans").field == "word/document.xml"


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "nothing.gans").message
    assert "is a folder" in _refused(tmp_path).message


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_a_pipe_is_refused_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gans")
    assert "device" in _refused(tmp_path / "pipe.gans").message


def test_a_file_larger_than_any_session_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.gans"
    with path.open("wb") as handle:
        handle.write(b"PK")
        handle.truncate(bounds.MAX_TOTAL + 1)  # sparse
    assert "larger than a session" in _refused(path).message


def _header(tensors: dict[str, Any], body: bytes = b"") -> bytes:
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text)) + text + body


STATES: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("cut", save({"a": np.zeros(9, np.float32)})[:-1]),
    ("appended", save({"a": np.zeros(9, np.float32)}) + b"x"),
    ("long_header", struct.pack("<Q", 2**62) + b"{}"),
    ("large_header", struct.pack("<Q", 2**17) + b" " * 2**17),
    ("no_json", struct.pack("<Q", 4) + b"}{}{"),
    ("deep", struct.pack("<Q", 60_000) + b"[" * 60_000),
    ("half_precision", save({"a": np.zeros(3, np.float16)})),
    ("int32", save({"a": np.zeros(3, np.int32)})),
    ("bfloat16", _header({"a": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}, b"xx")),
    ("unknown_type", _header({"a": {"dtype": "PICKLE", "shape": [1], "data_offsets": [0, 2]}}, b"xx")),
    ("not_boolean", _header({"a": {"dtype": "BOOL", "shape": [1], "data_offsets": [0, 1]}}, b"\x02")),
    ("three_dimensions", save({"a": np.zeros((1, 1, 1), np.float32)})),
    ("huge_shape", _header({"a": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 4]}}, b"xxxx")),
    ("negative_shape", _header({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, b"xxxx")),
    ("overlapping", _header({n: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for n in "ab"}, b"xxxx")),
    ("many", save({f"a{index}": np.zeros(1, np.float32) for index in range(65)})),
    ("escape", _header({"a": {"dtype": "\x1b[2J", "shape": [1], "data_offsets": [0, 2]}}, b"xx")),
    ("path", save({"../a": np.zeros(1, np.float32)})),
    ("newline", save({"a\nb": np.zeros(1, np.float32)})),
]


@pytest.mark.parametrize("data", [data for _, data in STATES], ids=[name for name, _ in STATES])
@pytest.mark.parametrize("entry", ["state.safetensors", "timeline/002.safetensors", "history.safetensors"])
def test_tensors_that_cannot_be_are_refused(saved: Path, repacked: Repack, entry: str, data: bytes) -> None:
    error = _refused(repacked(saved, {entry: data}))
    assert error.field is not None
    assert error.field.startswith(entry)


@pytest.mark.parametrize(
    "tables",
    [
        {"rows": np.zeros((4, 8)), "measures": np.zeros((0, 5))},
        {"rows": np.zeros((4, 9)), "measures": np.zeros((1, 6))},
        {"rows": np.zeros(9), "measures": np.zeros((0, 5))},
        {"rows": np.zeros((4, 9), np.float32), "measures": np.zeros((0, 5))},
        {"rows": np.zeros((4, 9))},
        {"rows": np.zeros((4, 9)), "measures": np.zeros((0, 5)), "more": np.zeros((0, 5))},
    ],
    ids=["rows", "measures", "flat", "float32", "missing", "more"],
)
def test_a_history_with_other_columns_is_refused(saved: Path, repacked: Repack, tables: dict[str, np.ndarray]) -> None:
    error = _refused(repacked(saved, {"history.safetensors": save(tables)}))
    assert (error.field or "").startswith("history.safetensors")


def test_a_thumbnail_that_is_no_picture_is_refused(saved: Path, repacked: Repack) -> None:
    assert _refused(repacked(saved, {"thumbnail.png": b"MZ" + bytes(100)})).field == "thumbnail.png"


def test_arrays_are_held_against_the_networks_where_these_are_known(session: Session, saved: Path) -> None:
    assert session.snapshot is not None
    shapes = {name: array.shape for name, array in session.snapshot.arrays.items()}
    codec.read(saved, expected_shapes=lambda _: shapes)
    for wrong, message in (
        (shapes | {"ema": (14,)}, r"ema has shape \(13,\), the experiment's networks need \(14,\)"),
        (shapes | {"latents/centres": (8, 2)}, "latents/centres is missing"),
        ({name: shape for name, shape in shapes.items() if name != "ema"}, "ema does not belong"),
    ):
        with pytest.raises(UserError, match=message):
            codec.read(saved, expected_shapes=lambda _, wrong=wrong: wrong)  # type: ignore[misc]


def test_what_reading_would_refuse_is_never_written(session: Session, saved: Path, monkeypatch: Any) -> None:
    before = saved.read_bytes()
    monkeypatch.setattr(bounds, "_KINDS", (bounds._Kind(bounds._KINDS[0].pattern, 10), *bounds._KINDS[1:]))
    with pytest.raises(UserError, match=r"session\.json cannot be saved"):
        codec.write(session, saved)
    assert saved.read_bytes() == before
