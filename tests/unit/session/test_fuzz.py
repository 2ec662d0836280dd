"""Damage anywhere: a polite refusal or the session as it was, never anything else."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio.errors import UserError
from ganstudio.session import codec
from ganstudio.session.session import Session

Same = Callable[[Session, Session], None]
Repack = Callable[[Path, dict[str, "bytes | None"]], Path]


def _survives(path: Path, session: Session, assert_same: Same) -> bool:
    try:
        back = codec.read(path)
    except UserError as error:
        _is_polite(error, path)
        return False
    assert_same(session, back)
    return True


def _is_polite(error: UserError, path: Path) -> None:
    assert error.file == str(path)
    assert str(error).isprintable()


def test_a_file_cut_anywhere_is_refused(session: Session, saved: Path, assert_same: Same) -> None:
    data = saved.read_bytes()
    for length in range(0, len(data), max(1, len(data) // 200)):
        saved.write_bytes(data[:length])
        assert not _survives(saved, session, assert_same)


def test_a_flipped_byte_is_refused_or_means_nothing(session: Session, saved: Path, assert_same: Same) -> None:
    data = saved.read_bytes()
    choose = random.Random(11)  # noqa: S311  # reproducible, not secret
    directory = data.index(b"PK\x01\x02")
    places = [*choose.sample(range(directory), 600), *range(directory, len(data))]
    outcomes = set()
    for place in places:
        damaged = bytearray(data)
        damaged[place] ^= choose.choice([0x01, 0x20, 0x80, 0xFF])
        saved.write_bytes(damaged)
        outcomes.add(_survives(saved, session, assert_same))
    assert outcomes == {True, False}  # a time of day in the directory means nothing


def test_bytes_lost_or_put_in_are_refused_or_mean_nothing(session: Session, saved: Path, assert_same: Same) -> None:
    data = saved.read_bytes()
    choose = random.Random(12)  # noqa: S311
    for _ in range(200):
        start, length = choose.randrange(len(data)), choose.randrange(1, 40)
        noise = choose.choice([b"", choose.randbytes(length), bytes(length)])
        saved.write_bytes(data[:start] + noise + data[start + length :])
        _survives(saved, session, assert_same)


@pytest.mark.parametrize("entry", ["session.json", "painting.json", "state.safetensors", "history.safetensors"])
def test_damage_with_a_right_checksum_is_refused_or_makes_another_session(
    saved: Path, repacked: Repack, entry: str
) -> None:
    with zipfile.ZipFile(saved) as archive:
        content = archive.read(entry)
    whole = saved.read_bytes()
    choose = random.Random(13)  # noqa: S311
    outcomes = {"refused": 0, "read": 0}
    for _ in range(150):
        damaged = bytearray(content)
        at = choose.randrange(min(len(damaged), 4000))
        damaged[at : at + choose.randrange(3)] = choose.choice(
            [b"", b"9", b"-", b'"', b"[", b"\xff", b"\x00", b"1e9", b"\\u001b"]
        )
        saved.write_bytes(whole)
        try:
            back = codec.read(repacked(saved, {entry: bytes(damaged)}))
        except UserError as error:
            _is_polite(error, saved)
            outcomes["refused"] += 1
        else:
            codec.write(back, saved)
            outcomes["read"] += 1
    assert outcomes["refused"]
