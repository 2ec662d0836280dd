"""How large anything in a session file may be: it may come from a stranger. Writing keeps to the same bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ganstudio.messages.timeline import CAPACITY
from ganstudio.session import thumbnail

MIB = 1 << 20

DOCUMENT = "session.json"
PAINTING = "painting.json"
STATE = "state.safetensors"
HISTORY = "history.safetensors"
THUMBNAIL = "thumbnail.png"

MAX_TOTAL = 1900 * MIB
"""Of all entries unpacked, and so of the file as well. Below 2 GiB, where zips change their form."""

MAX_TIMELINE = 512 * MIB
MAX_HISTORY_ROWS = 4_000_000
"""About 280 MiB; a longer history is saved with every second row, and so on (see ``fitting``)."""

MAX_ENGINES = 100_000
"""Rows of the table of engines: one wherever another took over."""

MAX_DIRECTORY = 64 * 1024
"""Bytes of the zip's own directory: five times what the largest session needs."""

MAX_RATIO = 400
FREE_OF_RATIO = 16 * MIB
"""An entry that unpacks to more than this may not be packed tighter than ``MAX_RATIO``."""

MAX_JSON_VALUES = 5_000_000
"""Numbers, texts, lists … in one JSON document: a stroke has four a point, so hours of drawing fit."""

MAX_TENSORS = 64
MAX_TENSOR_HEADER = 64 * 1024


@dataclass(frozen=True)
class _Kind:
    pattern: re.Pattern[str]
    max_bytes: int
    count: int = 1


_KINDS = (
    _Kind(re.compile(re.escape(DOCUMENT)), 16 * MIB),
    _Kind(re.compile(re.escape(PAINTING)), 128 * MIB),
    _Kind(re.compile(re.escape(STATE)), 768 * MIB),
    _Kind(re.compile(re.escape(HISTORY)), 512 * MIB),
    _Kind(re.compile(re.escape(THUMBNAIL)), thumbnail.MAX_BYTES),
    _Kind(re.compile(r"timeline/[0-9]{3}\.safetensors"), MAX_TIMELINE + MIB, CAPACITY),
)

MAX_ENTRIES = sum(kind.count for kind in _KINDS)


def timeline_name(index: int) -> str:
    """The entry of the snapshot number ``index`` of the timeline."""
    return f"timeline/{index:03d}.safetensors"


def max_bytes(name: str) -> int | None:
    """How large the entry ``name`` may be unpacked; None where a session has no such entry."""
    return next((kind.max_bytes for kind in _KINDS if kind.pattern.fullmatch(name)), None)
