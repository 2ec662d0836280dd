"""The zip around a session: written the same for the same content, read within bounds.

Nothing is ever unpacked to the disk, so names are only compared, never used as paths.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ganstudio.errors import UserError
from ganstudio.session.bounds import FREE_OF_RATIO, MAX_DIRECTORY, MAX_ENTRIES, MAX_RATIO, MAX_TOTAL, MIB, max_bytes

_EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest a zip can name; the time of saving would make equal sessions differ.
_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR_SIZE = 20
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    IndexError,
    OverflowError,
    NotImplementedError,  # a later version of the zip format
    RuntimeError,  # encrypted
)


class Archive:
    """A session's zip whose directory was found to be within bounds."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self.names = tuple(sorted(archive.namelist()))

    def read(self, name: str) -> bytes:
        """The unpacked entry, checked against its length and checksum.

        Raises:
            UserError: there is no such entry, or it is damaged.
        """
        if name not in self.names:
            raise UserError("is missing: the session is incomplete; use another copy", file=self._path, field=name)
        info = self._archive.getinfo(name)
        try:
            with self._archive.open(info) as entry:
                # The length was bounded before; asking for a byte more reaches the checksum.
                data = entry.read(info.file_size + 1)
        except _ZIP_FAULTS as error:
            raise UserError(f"is damaged ({error}); use another copy", file=self._path, field=name) from error
        if len(data) != info.file_size:
            raise UserError("is cut off; use another copy", file=self._path, field=name)
        return data


def write_archive(handle: BinaryIO, entries: Iterable[tuple[str, bytes, bool]], *, path: Path) -> None:
    """Write entries (name, content, whether packing it pays) as a zip to ``handle``; ``path`` is for messages.

    Raises:
        UserError: the session is larger than what :func:`open_archive` would read.
    """
    with zipfile.ZipFile(handle, "w") as archive:
        for name, data, pack in entries:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # As if made on Unix, wherever it is made.
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
            archive.writestr(info, data, compresslevel=6 if len(data) < MIB else 1)
        fault = _fault(archive.infolist())
    if fault is not None:
        raise UserError(f"cannot be saved: {fault[1]}", file=path, field=fault[0])


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a session's zip and check all of its directory before anything is unpacked.

    Raises:
        UserError: it cannot be read, is no zip, is damaged, or beyond the bounds.
    """
    try:
        if path.is_dir():
            raise UserError("is a folder; choose a .gans file", file=path)
        if path.exists() and not path.is_file():
            raise UserError("is a device, not a file; choose a .gans file", file=path)
        with path.open("rb") as handle, _checked(handle, path, _announced(handle, path)) as archive:
            yield Archive(archive, path)
    except FileNotFoundError as error:
        raise UserError("there is no such file", file=path) from error
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", file=path) from error


def _announced(handle: BinaryIO, path: Path) -> int:
    """The number of entries the zip says it has: bounded before zipfile makes a record of each.

    Sessions are far too small for the 64-bit form of a zip and never have a comment, so their last 22 bytes are what
    zipfile goes by.
    """
    size = os.fstat(handle.fileno()).st_size
    if size > MAX_TOTAL:
        raise UserError(f"is larger than a session can be ({MAX_TOTAL // MIB} MiB)", file=path)
    if handle.read(2) != b"PK":
        raise UserError("is no GAN Studio session; choose a .gans file", file=path)
    handle.seek(max(0, size - _END.size - _END64_LOCATOR_SIZE))
    tail = handle.read()
    end, locator = tail[-_END.size :], tail[: -_END.size]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06") or locator.startswith(b"PK\x06\x07"):
        raise UserError("is cut off, or no session; use another copy", file=path)
    _, _, _, _, entries, directory, _, comment = _END.unpack(end)
    if comment:
        raise UserError("is damaged at its end; use another copy", file=path)
    if entries > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise UserError(f"has {entries} entries; a session has at most {MAX_ENTRIES}", file=path)
    return int(entries)


def _checked(handle: BinaryIO, path: Path, entries: int) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(handle)
    except _ZIP_FAULTS as error:
        raise UserError(f"is damaged ({error}); use another copy", file=path) from error
    fault = _fault(archive.infolist())
    if fault is not None:
        raise UserError(fault[1], file=path, field=fault[0])
    if len(archive.infolist()) != entries:
        # zipfile stops where the directory ends, however many entries a damaged record has swallowed on the way.
        raise UserError("is damaged: entries are missing; use another copy", file=path)
    if sum(info.compress_size for info in archive.infolist()) > os.fstat(handle.fileno()).st_size:
        raise UserError("is damaged: its entries overlap; use another copy", file=path)
    return archive


def _fault(infos: list[zipfile.ZipInfo]) -> tuple[str | None, str] | None:
    """What is wrong with a zip's directory, as the entry and the fault; None when all is well."""
    if len(infos) > MAX_ENTRIES:
        return None, f"has {len(infos)} entries; a session has at most {MAX_ENTRIES}"
    seen: set[str] = set()
    for info in infos:
        name, limit = ascii(info.filename)[1:-1][:100], max_bytes(info.filename)
        if limit is None or info.orig_filename != info.filename:
            return name, "does not belong into a session; use another copy"
        if info.filename in seen:
            return name, "appears twice; use another copy"
        seen.add(info.filename)
        if info.flag_bits & _ENCRYPTED:
            return name, "is encrypted; decrypt the file first"
        if info.compress_type not in _COMPRESSIONS:
            return name, "is packed in a way that sessions do not use; use another copy"
        if info.file_size > limit:
            return name, f"has {info.file_size / MIB:,.0f} MiB; at most {limit / MIB:,.0f} MiB are allowed"
        if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
            return name, "has two different sizes; use another copy"
        if info.file_size > FREE_OF_RATIO and info.file_size > MAX_RATIO * info.compress_size:
            return name, f"is packed more than {MAX_RATIO} times; use another copy"
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        return None, f"unpacks to {total // MIB:,} MiB; at most {MAX_TOTAL // MIB:,} MiB are allowed"
    return None
