"""Autosave, and finding again what a program that died had saved.

    <pid>-<start>.gans   the session
    <pid>-<start>.json   {"origin": path or null, "saved_at": ISO time, "pid": …}
    <pid>-<start>.lock   held while that program runs

The folder may hold anything else: what is not understood is left alone.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from platformdirs import user_state_path

from ganstudio.errors import UserError
from ganstudio.session import codec
from ganstudio.session.archive import open_archive
from ganstudio.session.atomic import replace_file, temporaries
from ganstudio.session.process_lock import ProcessLock, is_held
from ganstudio.session.session import Session

_NAME = re.compile(r"([0-9]{1,10})-[0-9a-f]{16}")
_MAX_NOTE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Recovered:
    """A session that a program left which is not running any more.

    ``origin`` is the file it had been opened from or saved to, None for one that never was; ``saved_at`` is in UTC.
    """

    path: Path
    origin: Path | None
    saved_at: datetime
    pid: int


class RecoveryStore:
    """The autosaves of this program and of those before it.

    To recover: read ``Recovered.path`` with :func:`ganstudio.session.codec.read`, :meth:`save` it as one's own, and
    only then :meth:`discard` it, so that it is safe at every moment.

    Args:
        folder: None is the user's state folder of this system.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or user_state_path("GAN Studio", appauthor=False) / "recovery"
        self._own = self._folder / f"{os.getpid()}-{secrets.token_hex(8)}"
        self._lock: ProcessLock | None = None

    def save(self, session: Session, origin: Path | None) -> None:
        """Keep the session in place of this program's last autosave.

        Raises:
            UserError: it cannot be written; the last autosave is left as it was.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = ProcessLock(self._own.with_suffix(".lock"))
                self._sweep()
        except OSError as error:
            raise UserError(f"cannot autosave here: {error.strerror or error}", file=self._folder) from error
        codec.write(session, self._own.with_suffix(".gans"))
        note = {
            "origin": None if origin is None else os.fspath(origin.absolute()),
            "saved_at": datetime.now(UTC).isoformat(),
            "pid": os.getpid(),
        }
        with replace_file(self._own.with_suffix(".json")) as handle:
            handle.write(json.dumps(note).encode("ascii"))

    def pending(self) -> tuple[Recovered, ...]:
        """What programs left that are no longer alive, the latest first; the damaged is passed over."""
        try:
            paths = [path for path in self._folder.iterdir() if path.suffix == ".gans" and _NAME.fullmatch(path.stem)]
        except OSError:
            return ()
        found = [recovered for path in paths if (recovered := self._recovered(path)) is not None]
        return tuple(sorted(found, key=lambda recovered: recovered.saved_at, reverse=True))

    def discard(self, recovered: Recovered) -> None:
        """Remove what a dead program left; what is gone already is no error."""
        if recovered.path.parent != self._folder or not _NAME.fullmatch(recovered.path.stem):
            raise ValueError(f"{recovered.path} is not an autosave of this store")
        if not is_held(recovered.path.with_suffix(".lock")):
            _remove(recovered.path)
            _unlink(recovered.path.with_suffix(".lock"))

    def clear_own(self) -> None:
        """Remove this program's autosave: it ends cleanly, or its session was saved."""
        _remove(self._own)
        self.close()
        _unlink(self._own.with_suffix(".lock"))

    def close(self) -> None:
        """Let go of the lock and leave the autosave to the next start, as when the program died."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _sweep(self) -> None:
        """Remove what is left of programs that died before, or while, they saved for the first time."""
        for lock in self._folder.glob("*.lock"):
            if _NAME.fullmatch(lock.stem) and not lock.with_suffix(".gans").exists() and not is_held(lock):
                _remove(lock)
                _unlink(lock)

    def _recovered(self, path: Path) -> Recovered | None:
        if is_held(path.with_suffix(".lock")):
            return None
        try:
            with open_archive(path):
                pass
            saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except (UserError, OSError):
            return None
        note = _note(path.with_suffix(".json"))
        origin = note.get("origin")
        with suppress(ValueError, OverflowError):
            saved_at = datetime.fromisoformat(str(note.get("saved_at"))).astimezone(UTC)
        return Recovered(
            path=path,
            origin=Path(origin) if isinstance(origin, str) and origin and "\0" not in origin else None,
            saved_at=saved_at,
            pid=int(path.stem.partition("-")[0]),
        )


def _note(path: Path) -> dict[str, object]:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_NOTE_BYTES:
            return {}
        # Not session's stricter parser: the name of a file may be no valid Unicode, and still be one's own.
        note = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) else {}


def _remove(path: Path) -> None:
    for suffix in (".gans", ".json"):
        own = path.with_suffix(suffix)
        for left in (own, *temporaries(own)):
            _unlink(left)


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
