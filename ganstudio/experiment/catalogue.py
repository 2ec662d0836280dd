"""Catalogues of what ships as JSON, one file an entry: in the order of the folder's ``order.json``, found by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from ganstudio import shipped
from ganstudio.errors import UserError

T = TypeVar("T")


def files(folder: str) -> dict[str, Path]:
    """The files of a shipped folder by the names of their entries, in the order in which these are offered."""
    place = shipped.directory(folder)
    order: list[str] = json.loads((place / "order.json").read_text(encoding="utf-8"))
    return {name: place / f"{name}.json" for name in order}


def entry(known: Mapping[str, T], name: str, *, kind: str, field: str) -> T:
    """The entry of this name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    if name not in known:
        raise UserError(f"there is no {kind} '{name}'; known: {', '.join(known)}", field=field)
    return known[name]
