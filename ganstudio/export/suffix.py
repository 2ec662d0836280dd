"""The ending of a file's name decides what is written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ganstudio.errors import UserError


def known_suffix(path: Path, known: Collection[str]) -> str:
    """The ending of ``path`` in lower case, such as ``.png``.

    Raises:
        UserError: it is not one of ``known``.
    """
    suffix = path.suffix.lower()
    if suffix not in known:
        *others, last = known
        ending = f"'{path.suffix}' is no ending that can be written" if suffix else "the name has no ending"
        raise UserError(
            f"{ending}; use {', '.join(others)} or {last}" if others else f"{ending}; use {last}", file=path
        )
    return suffix
