"""What is said to a user when something they gave cannot be used."""

from __future__ import annotations

from pathlib import Path

_VERBS = frozenset(
    ("is", "are", "was", "were", "has", "have", "had", "does", "must", "cannot", "may", "needs", "holds", "belongs")
)
"""A message that begins with one of these says something of the file or field, which makes a sentence with it."""


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
        if not where:
            return self.message
        first = self.message.partition(" ")[0]
        return f"{where} {self.message}" if first in _VERBS else f"{where}: {self.message}"
