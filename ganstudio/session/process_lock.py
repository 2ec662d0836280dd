"""A lock that lasts as long as the process that holds it, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> None:
        # flock, not lockf: it also tells apart two holders inside one process, and closing an unrelated handle of
        # the same file does not lose it.
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


class ProcessLock:
    """Held from construction until :meth:`release`; the system releases it when the process dies.

    Unlike a process id it cannot be mistaken for a later process's. Child processes do not inherit it.

    Raises:
        OSError: the file cannot be made, or its file system has no locks.
    """

    def __init__(self, path: Path) -> None:
        # Others take it for a moment to see whether it is free: so this waits, and looks afterwards whether the file
        # that was locked is still the one of that name.
        while True:
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(self._descriptor, wait=True)
                if _is_at(self._descriptor, path):
                    return
            except OSError:
                self.release()
                raise
            self.release()

    def release(self) -> None:
        """Let it go; doing so twice is harmless."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether a running program holds the lock of this file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # Somebody else's: not ours to touch.
    try:
        _lock(descriptor, wait=False)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
