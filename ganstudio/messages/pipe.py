"""A link over a pipe between two processes."""

from __future__ import annotations

from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any

from ganstudio.messages.codec import decode, encode

MAX_BYTES = 1 << 30


class PipeLink:
    """A :class:`~ganstudio.messages.link.Link` over one end of a ``multiprocessing.Pipe``."""

    def __init__(self, connection: Connection[bytes, bytes]) -> None:
        self._connection = connection

    def send(self, message: object) -> None:
        self._send(encode(message))

    @staticmethod
    def send_to_all(links: Iterable[PipeLink], message: object) -> None:
        """Send the same to several, which takes less. Raises EOFError when one of the other ends is gone."""
        data = encode(message)
        for link in links:
            link._send(data)

    def _send(self, data: bytes) -> None:
        try:
            self._connection.send_bytes(data)
        except OSError as error:  # A broken pipe, a reset, or a handle that was closed here.
            raise EOFError("the other end is gone") from error

    def receive(self, timeout: float | None = 0.0) -> Any | None:
        try:
            if not self._connection.poll(timeout):
                return None
            return decode(self._connection.recv_bytes(MAX_BYTES))
        except OSError as error:
            raise EOFError("the other end is gone") from error

    def close(self) -> None:
        self._connection.close()
