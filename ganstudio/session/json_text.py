"""JSON from strangers, read within bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from ganstudio.errors import UserError
from ganstudio.session.bounds import MAX_JSON_VALUES, MIB

_BOM = b"\xef\xbb\xbf"  # Some editors begin every file with it.


def parsed_json(data: bytes, *, file: str, field: str | None = None) -> dict[str, Any]:
    """The JSON object that ``data`` is.

    The parser is pydantic's: it bounds nesting (200) and the length of numbers, and refuses NaN, Infinity and broken
    UTF-8. The number of values is bounded here, before any of them is made.

    Raises:
        UserError: it is no JSON object, or beyond the bounds; names ``file`` and ``field``.
    """
    if has_too_many_values(data):
        raise UserError(f"has more than {MAX_JSON_VALUES:,} values, which is too many", file=file, field=field)
    try:
        tree = from_json(data.removeprefix(_BOM), allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise UserError(f"is no valid JSON ({error}); use another copy", file=file, field=field) from error
    if not isinstance(tree, dict):
        raise UserError('must be a JSON object: {"name": value, …}', file=file, field=field)
    return tree


def read_json(path: Path, most: int) -> dict[str, Any]:
    """The JSON object in a file of at most ``most`` bytes.

    Raises:
        UserError: it cannot be read, or as for :func:`parsed_json`.
    """
    try:
        if path.is_dir():
            raise UserError("is a folder; choose a .json file", file=path)
        # A pipe or a device is fine here, such as the <(…) of a shell: only so much is read of it.
        with path.open("rb") as handle:
            data = handle.read(most + 1)
    except FileNotFoundError as error:
        raise UserError("there is no such file", file=path) from error
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", file=path) from error
    if len(data) > most:
        raise UserError(f"is larger than {most // MIB} MiB", file=path)
    return parsed_json(data, file=str(path))


def has_too_many_values(data: bytes) -> bool:
    """Whether JSON is beyond what :func:`parsed_json` reads, counted by what separates and begins values."""
    return sum(data.count(mark) for mark in (b",", b"[", b"{")) >= MAX_JSON_VALUES


def json_bytes(tree: dict[str, Any], *, indent: int | None = None) -> bytes:
    """The tree as UTF-8 JSON, the same bytes for the same tree. Raises ValueError for NaN and infinities."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(tree, allow_nan=False, ensure_ascii=False, indent=indent, separators=separators)
    return text.encode() + b"\n"
