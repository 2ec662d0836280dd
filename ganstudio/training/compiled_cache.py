"""Compiled updates on disk, between launches: one folder an experiment's structure, the least recently used go."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from platformdirs import user_cache_path

from ganstudio.experiment import Experiment
from ganstudio.training.capture import Pattern
from ganstudio.training.compiled_update import INDEX, CompiledUpdate, load_all
from ganstudio.training.structure import key

KEPT = 40
"""Folders; each takes about 4 MB."""
SCRATCH_BYTES = 100 * 2**20
"""What the compiler may keep for itself before all of it is thrown away."""
ABANDONED_SECONDS = 3600.0


def cache_folder() -> Path:
    """Where all of it is; without a space, for torch's command lines do not survive one."""
    return user_cache_path("ganstudio", appauthor=False) / "compiled"


def folder_of(experiment: Experiment, members: int | None = None) -> Path:
    """Where the updates of this experiment, or of so many members of a population, are once they are compiled."""
    return cache_folder() / key(experiment, members)


def scratch_folder() -> Path | None:
    """Where the compiler keeps what later compilations can use; None where that would have a space in its path."""
    folder = cache_folder() / "compiler"
    return None if " " in str(folder) else folder


def is_compiled(experiment: Experiment, members: int | None = None) -> bool:
    """Whether the updates of this experiment are there."""
    return _is_file(folder_of(experiment, members) / INDEX)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder of somebody else's, say
        return False


def loaded(experiment: Experiment, members: int | None = None) -> dict[Pattern, CompiledUpdate] | None:
    """The compiled updates of this experiment; None where there are none, or none that can be used."""
    folder = folder_of(experiment, members)
    if not _is_file(folder / INDEX):
        return None
    try:
        updates = load_all(folder)
    except Exception:  # noqa: BLE001  a damaged file, or one of another torch: it is compiled again
        shutil.rmtree(folder, ignore_errors=True)
        return None
    with contextlib.suppress(OSError):
        os.utime(folder)  # used just now
    return updates


def tidy() -> None:
    """Remove what is too much: the folders not used for longest, leftovers, a compiler's heap of files."""
    root, scratch = cache_folder(), scratch_folder()
    with contextlib.suppress(OSError):
        folders = [path for path in root.iterdir() if path.is_dir() and path != scratch]
        made = sorted((path for path in folders if (path / INDEX).is_file()), key=lambda path: path.stat().st_mtime)
        old = time.time() - ABANDONED_SECONDS
        left = [path for path in folders if path not in made and path.stat().st_mtime < old]
        for path in (*made[:-KEPT], *left):
            shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        if scratch and sum(path.stat().st_size for path in scratch.rglob("*")) > SCRATCH_BYTES:
            shutil.rmtree(scratch, ignore_errors=True)
