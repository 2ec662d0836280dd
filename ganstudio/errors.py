"""What is said to a user when something they gave cannot be used."""

from __future__ import annotations

from pathlib import Path


class UserError(Exception):
    """A wrong input, told in one line: what happened, to which file or field, and what to do.

    The command line prints it and exits with 2; the window shows it in place. It never carries a traceback to
    a user.
    """

    def __init__(self, message: str, *, file: str | Path | None = None, field: str | None = None) -> None:
        self.message = message
        self.file = str(file) if file is not None else None
        self.field = field
        super().__init__(str(self))

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.field) if part)
        return f"{where}: {self.message}" if where else self.message
