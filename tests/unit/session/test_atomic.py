"""Saving replaces a file as a whole or leaves it alone."""

from __future__ import annotations

import dataclasses
import errno
import os
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ganstudio.errors import UserError
from ganstudio.session import atomic, codec
from ganstudio.session.session import Session

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")


def _fail(code: int) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_saving_twice_keeps_the_older_file_when_saving_fails(
    session: Session, saved: Path, monkeypatch: pytest.MonkeyPatch, where: str, code: int
) -> None:
    before = saved.read_bytes()
    place: dict[str, tuple[object, str]] = {
        "write": (zipfile._ZipWriteFile, "write"),  # type: ignore[attr-defined]
        "fsync": (os, "fsync"),
        "replace": (Path, "replace"),
    }
    monkeypatch.setattr(*place[where], _fail(code))
    with pytest.raises(UserError) as caught:
        codec.write(dataclasses.replace(session, thumbnail=None), saved)
    assert caught.value.file == str(saved)
    assert "nothing was overwritten" in str(caught.value)
    assert ("disk is full" in str(caught.value)) == (code == errno.ENOSPC)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_whatever_interrupts_the_writing_leaves_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("older")

    def interrupted() -> None:
        with atomic.replace_file(path) as handle:
            handle.write(b"half of it")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_the_older_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("older")
    with atomic.replace_file(path) as handle:
        handle.write(b"newer")
        handle.flush()
        assert path.read_text() == "older"
    assert path.read_text() == "newer"


def test_a_path_for_other_programs_keeps_the_ending_and_lies_beside(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    with atomic.replace_path(path) as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".svg")
        temporary.write_text("<svg/>")
    assert path.read_text() == "<svg/>"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_the_file_system_takes_can_be_saved(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".gans")
    with atomic.replace_file(path) as handle:
        handle.write(b"x")
    assert path.read_bytes() == b"x"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="this is a folder; add a file name"), atomic.replace_file(tmp_path):
        pytest.fail("must not begin")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match=r"there is no folder .*nowhere; create it first"),
        atomic.replace_file(tmp_path / "nowhere" / "a.gans"),
    ):
        pytest.fail("must not begin")


@posix
def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gans")
    with pytest.raises(UserError, match="not a file"), atomic.replace_file(tmp_path / "pipe.gans"):
        pytest.fail("must not begin")
    assert stat.S_ISFIFO((tmp_path / "pipe.gans").stat().st_mode)


def test_a_write_protected_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("older")
    monkeypatch.setattr(os, "access", lambda *_: False)  # The tests may run as root, who may write everything.
    with pytest.raises(UserError, match="write-protected"), atomic.replace_file(path):
        pytest.fail("must not begin")


@posix
def test_a_symbolic_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.gans", tmp_path / "link.gans"
    real.write_text("older")
    link.symlink_to(real)
    with atomic.replace_file(link) as handle:
        handle.write(b"newer")
    assert link.is_symlink()
    assert real.read_text() == "newer"
    assert list(real.parent.iterdir()) == [real]


@posix
def test_the_permissions_of_an_older_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.gans"
    path.write_text("older")
    path.chmod(0o640)
    with atomic.replace_file(path) as handle:
        handle.write(b"newer")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@posix
def test_a_new_file_has_the_permissions_any_program_would_give_it(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with atomic.replace_file(tmp_path / "new") as handle:
        handle.write(b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
