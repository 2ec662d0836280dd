"""Large pieces of memory stay out of the heap, so that they leave no gaps in it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ganstudio.ui.garbage import LARGE_BYTES

UNCOUNTED = 77
PIECES = 200
PROGRAM = f"""
import ctypes, sys
from ganstudio.ui.garbage import LARGE_BYTES, map_large_pieces

class Held(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                ("heap", "ordblks", "smblks", "hblks", "mapped", "usmblks", "fsmblks", "used", "free", "keepcost")]

library = ctypes.CDLL(None)
if not hasattr(library, "mallinfo2"):
    sys.exit({UNCOUNTED})
library.mallinfo2.restype = Held
if sys.argv[1] == "apart":
    map_large_pieces()
piece = bytearray(16 * LARGE_BYTES)
del piece  # by itself, glibc now keeps whatever is smaller in the heap
before = library.mallinfo2()
pieces = [bytearray(2 * LARGE_BYTES) for _ in range({PIECES})]
after = library.mallinfo2()
print(after.mapped - before.mapped, after.heap - before.heap)
"""


def memory_taken(way: str) -> tuple[int, int]:
    """Bytes mapped, and bytes the heap grew by, for :data:`PIECES` pieces of twice the limit."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    command = [sys.executable, "-c", PROGRAM, way]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=own)
    if done.returncode == UNCOUNTED:
        pytest.skip("the C library has no mallinfo2, as glibc before 2.33, or is another")
    assert done.returncode == 0, done.stderr
    mapped, grown = map(int, done.stdout.split())
    return mapped, grown


@pytest.mark.skipif(sys.platform != "linux", reason="the C library is not glibc")
def test_large_pieces_do_not_make_the_heap_grow_even_after_larger_ones_were_given_back() -> None:
    mapped, grown = memory_taken("apart")
    # A few fit into what the imports left free in the heap: how much that is differs from start to start.
    assert mapped > PIECES * LARGE_BYTES
    assert grown < 2 * LARGE_BYTES


@pytest.mark.skipif(sys.platform != "linux", reason="the C library is not glibc")
def test_left_to_itself_the_heap_grows_by_large_pieces_after_larger_ones_were_given_back() -> None:
    mapped, grown = memory_taken("by itself")
    assert mapped == 0
    assert grown > PIECES * LARGE_BYTES
