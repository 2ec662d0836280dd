"""Replacing a file as a whole: afterwards there is either the new file or the older one, never half of one."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ganstudio.errors import UserError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space, or save to another disk",
    errno.EFBIG: "the file is larger than this disk or your account allows; save to another disk",
    errno.EDQUOT: "your quota on this disk is used up; free some space, or save to another disk",
    errno.EACCES: "writing here is not allowed; choose another folder",
    errno.EPERM: "writing here is not allowed; choose another folder",
    errno.EROFS: "this disk can only be read; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOENT: "the folder is gone; choose another folder",
    errno.ENOTDIR: "what should be its folder is a file; choose another folder",
    errno.ELOOP: "the links here lead in a circle; choose another folder",
}

_NAME_PART = 40
"""Characters of the file's own name in that of its temporary sibling: names of 255 bytes must still fit."""

_TOKEN_DIGITS = 12


@contextmanager
def replace_file(path: str | Path) -> Iterator[BinaryIO]:
    """Yield a handle to write the new content of ``path`` to; see :func:`replace_path`."""
    with replace_path(path) as temporary, temporary.open("xb") as handle:
        yield handle


@contextmanager
def replace_path(path: str | Path) -> Iterator[Path]:
    """Yield a path to write to, with the ending of ``path``; at the end of the block it replaces ``path``.

    It lies in the same folder, so that taking over the name is one step, and is flushed to the disk before. When the
    block raises, it is removed and an older file is left as it was. Where ``path`` is a symbolic link, the file it
    leads to is replaced and the link stays. The permissions of an older file are kept.

    Raises:
        UserError: the file cannot be written: no such folder, no permission, a full disk, a folder of that name …
            An OSError inside the block is told in the same way.
    """
    shown = Path(path)
    temporary: Path | None = None
    try:
        destination = _destination(shown)
        temporary = _sibling(destination)
        yield temporary
        _flush(temporary)
        if destination.exists():
            temporary.chmod(stat.S_IMODE(destination.stat().st_mode))
        temporary.replace(destination)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise UserError(f"cannot be saved: {reason}; nothing was overwritten", file=shown) from error
    finally:
        if temporary is not None:
            with suppress(OSError):  # Usually it is gone: it has taken over the name.
                temporary.unlink(missing_ok=True)
    _flush_folder(destination.parent)


def _destination(path: Path) -> Path:
    destination = Path(os.path.realpath(path))
    if not destination.parent.is_dir():
        raise UserError(f"cannot be saved: there is no folder {destination.parent}; create it first", file=path)
    if destination.is_dir():
        raise UserError("cannot be saved: this is a folder; add a file name", file=path)
    if destination.exists():
        if not destination.is_file():
            raise UserError("cannot be saved: this is a device, not a file; choose another name", file=path)
        if not os.access(destination, os.W_OK):
            # A replacement would need no permission for the file itself, but somebody protected it on purpose.
            raise UserError("cannot be saved: the file is write-protected; choose another name", file=path)
    return destination


def _sibling(destination: Path) -> Path:
    name = (
        f".{destination.stem[:_NAME_PART]}-{secrets.token_hex(_TOKEN_DIGITS // 2)}.tmp{destination.suffix[:_NAME_PART]}"
    )
    return destination.with_name(name)


def temporaries(destination: Path) -> list[Path]:
    """What programs that died while they wrote ``destination`` left beside it (those of running ones as well)."""
    pattern = f".{glob.escape(destination.stem[:_NAME_PART])}-{'[0-9a-f]' * _TOKEN_DIGITS}.tmp*"
    return list(destination.parent.glob(pattern))


def _flush(path: Path) -> None:
    with path.open("r+b") as handle:  # Windows flushes only what is open for writing.
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system offers it."""
    if os.name != "posix":
        return
    # The new file is in place already: a file system that cannot flush folders is no reason to report a failure.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
