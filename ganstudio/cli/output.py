"""What the command line prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any

FAILED = 1
WRONG_INPUT = 2
INTERRUPTED = 130


def complain(message: str) -> None:
    """One line about what is wrong; control characters, which a terminal would obey, are spelt out."""
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in " ".join(message.split()))
    print(f"ganstudio: {line}", file=sys.stderr)


def tell(message: str) -> None:
    """A line for a person, beside the result."""
    print(message, file=sys.stderr)


def result(values: Mapping[str, Any], *, as_json: bool) -> None:
    """The result: one JSON object on one line, or one ``name  value`` line each."""
    if as_json:
        print_json(values)
        return
    flat = dict(_flattened(values))
    width = max(map(len, flat), default=0)
    for name, value in flat.items():
        print(f"{name:<{width}}  {_text(value)}")


def print_json(values: Mapping[str, Any]) -> None:
    """One JSON object on one line, in ASCII: whatever the terminal's encoding is, it arrives."""
    print(json.dumps(_finite(values), allow_nan=False))


def _flattened(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in values.items():
        rows += _flattened(value, f"{prefix}{name}.") if isinstance(value, Mapping) else [(prefix + name, value)]
    return rows


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, (list, tuple)):
        return " ".join(_text(item) for item in value) or "–"
    return "–" if value is None else str(value)


def _finite(value: Any) -> Any:
    """JSON has no NaN: what is not finite becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
