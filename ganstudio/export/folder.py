"""Writing several files into a folder: all of them or none."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from ganstudio.errors import UserError


def replace_folder(path: Path, files: Mapping[str, bytes], *, is_ours: Callable[[Path], bool]) -> None:
    """Make ``path`` a folder with these files.

    A folder that is there must be empty or one for which ``is_ours`` holds; then the files replace those of the same
    names, and others stay. When anything fails, what was there is put back.

    Raises:
        UserError: the folder holds other things, ``path`` is a file, or it cannot be written.
    """
    destination = path.resolve()
    if destination.exists() and not destination.is_dir():
        raise UserError("this is a file; choose a folder, or a name that ends in .zip", file=path)
    if not destination.parent.is_dir():
        raise UserError(f"cannot be saved: there is no folder {destination.parent}; create it first", file=path)
    try:
        if destination.is_dir():
            there = sorted(entry.name for entry in destination.iterdir())
            if there and not is_ours(destination):
                more = ", …" if len(there) > 3 else ""
                raise UserError(
                    f"this folder holds other things ({', '.join(there[:3])}{more}); choose a new or an empty one",
                    file=path,
                )
        _replace(destination, files)
    except OSError as error:
        raise UserError(f"cannot be saved: {error.strerror or error}; nothing was overwritten", file=path) from error


def _replace(destination: Path, files: Mapping[str, bytes]) -> None:
    """Write everything beside the destination first, so that only renaming is left to fail."""
    staging = destination.with_name(f".{destination.name[:40]}-{secrets.token_hex(6)}.tmp")
    fresh, older = staging / "new", staging / "old"
    try:
        for folder in (staging, fresh, older):
            folder.mkdir()
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        if destination.exists():
            _swap(destination, fresh, older, list(files))
        else:
            fresh.rename(destination)
    finally:
        with suppress(OSError):
            shutil.rmtree(staging)


def _swap(destination: Path, fresh: Path, older: Path, names: list[str]) -> None:
    kept: list[str] = []
    moved: list[str] = []
    try:
        for name in names:
            if (destination / name).exists():
                (destination / name).rename(older / name)
                kept.append(name)
            (fresh / name).rename(destination / name)
            moved.append(name)
    except OSError:
        for name in moved:
            (destination / name).unlink()
        for name in kept:
            (older / name).rename(destination / name)
        raise
