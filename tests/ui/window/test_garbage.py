"""Large pieces of memory stay out of the heap, so that they leave no gaps in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ganstudio.ui.garbage import LARGE_BYTES

PROGRAM = """
import ctypes, sys
from ganstudio.ui.garbage import LARGE_BYTES, map_large_pieces

class Held(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                ("arena", "ordblks", "smblks", "hblks", "mapped", "usmblks", "fsmblks", "used", "free", "keepcost")]

library = ctypes.CDLL(None)
if not hasattr(library, "mallinfo2"):
    sys.exit(77)
library.mallinfo2.restype = Held
if sys.argv[1] == "apart":
    map_large_pieces()
piece = bytearray(16 * LARGE_BYTES)
del piece  # by itself, glibc now keeps whatever is smaller in the heap
before = library.mallinfo2().mapped
pieces = [bytearray(2 * LARGE_BYTES) for _ in range(10)]
print(library.mallinfo2().mapped - before)
"""


@pytest.mark.parametrize("way", ["apart", "by itself"])
def test_large_pieces_are_mapped_even_after_larger_ones_were_given_back(way: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, way], capture_output=True, text=True, check=False)
    if sys.platform != "linux" or done.returncode == 77:
        pytest.skip("the C library is not glibc")
    assert done.returncode == 0, done.stderr
    mapped = int(done.stdout)
    assert mapped >= 10 * 2 * LARGE_BYTES if way == "apart" else mapped == 0
