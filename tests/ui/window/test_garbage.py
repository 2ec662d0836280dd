"""Large pieces of memory stay out of the heap, so that they leave no gaps in it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ganstudio.ui.garbage import LARGE_BYTES

UNCOUNTED = 77
PROGRAM = f"""
UNCOUNTED = {UNCOUNTED}
import ctypes, sys
from ganstudio.ui.garbage import LARGE_BYTES, map_large_pieces

class Held(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                ("arena", "ordblks", "smblks", "hblks", "mapped", "usmblks", "fsmblks", "used", "free", "keepcost")]

library = ctypes.CDLL(None)
if not hasattr(library, "mallinfo2"):
    sys.exit(UNCOUNTED)
library.mallinfo2.restype = Held
if sys.argv[1] == "apart":
    map_large_pieces()
piece = bytearray(16 * LARGE_BYTES)
del piece  # by itself, glibc now keeps whatever is smaller in the heap
before = library.mallinfo2().mapped
pieces = [bytearray(2 * LARGE_BYTES) for _ in range(10)]
print(library.mallinfo2().mapped - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the C library is not glibc")
@pytest.mark.parametrize("way", ["apart", "by itself"])
def test_large_pieces_are_mapped_even_after_larger_ones_were_given_back(way: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    command = [sys.executable, "-c", PROGRAM, way]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=own)
    if done.returncode == UNCOUNTED:
        pytest.skip("the C library has no mallinfo2, as glibc before 2.33, or is another")
    assert done.returncode == 0, done.stderr
    mapped = int(done.stdout)
    assert mapped >= 10 * 2 * LARGE_BYTES if way == "apart" else mapped == 0
