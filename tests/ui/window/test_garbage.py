"""Memory that nobody uses goes back to the system."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.ui import garbage
from ganstudio.ui.garbage import GarbageCollector, give_back

BLOCK = 100_000
"""Bytes: too few for the C library to map each by itself."""


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc"
)
def test_gaps_between_what_stays_are_given_back() -> None:
    blocks = [np.ones(BLOCK, np.uint8) for _ in range(1000)]
    stays = blocks[::10]
    before = resident()
    del blocks
    give_back()
    assert before - resident() > 0.5 * 1000 * BLOCK
    assert all(block.all() for block in stays)


def test_it_is_given_back_while_the_window_is_open(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[None] = []
    monkeypatch.setattr(garbage, "GIVE_BACK_MILLISECONDS", 5)
    monkeypatch.setattr(garbage, "give_back", lambda: given.append(None))
    collector = GarbageCollector()
    qtbot.waitUntil(lambda: len(given) > 1)
    collector.close()
    assert not collector._giving_back.isActive()
