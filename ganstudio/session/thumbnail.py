"""The small picture of a session, which file managers and the list of recent files show."""

from __future__ import annotations

import struct

MAX_BYTES = 1 << 20
MAX_SIDE = 2048
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def thumbnail_fault(data: bytes) -> str | None:
    """What is wrong with a thumbnail, or None.

    Only the header is looked at; its sizes are bounded, so that a few bytes cannot unpack to a huge picture.
    """
    if len(data) > MAX_BYTES:
        return f"the picture is larger than {MAX_BYTES // 1024} KiB"
    if not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        return "this is no PNG picture"
    width, height = struct.unpack_from(">II", data, 16)
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        return f"the picture must have 1 to {MAX_SIDE} pixels a side, not {width} × {height}"
    return None
