"""The screen that the other tests look at."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from virtual_display import VirtualDisplay, picture_of


def dump(order: int, pixels: bytes, bits: int = 32) -> bytes:
    """An XWD file of 2 × 1 pixels with a name, two colours, and lines of 12 bytes."""
    header = [0] * 25
    header[0], header[4], header[5], header[7], header[11], header[12], header[19] = 104, 2, 1, order, bits, 12, 2
    return struct.pack(">25I", *header) + b"name" + bytes(2 * 12) + pixels + bytes(4)


@pytest.mark.parametrize(("order", "pixels"), [(0, b"\3\2\1\0\6\5\4\0"), (1, b"\0\1\2\3\0\4\5\6")])
def test_pixels_are_read_as_red_green_blue_in_both_byte_orders(order: int, pixels: bytes):
    assert picture_of(dump(order, pixels)).tolist() == [[[1, 2, 3], [4, 5, 6]]]


def test_a_dump_of_another_depth_is_refused():
    with pytest.raises(ValueError, match="not 16"):
        picture_of(dump(0, bytes(8), bits=16))


@pytest.mark.e2e
def test_the_picture_is_as_large_as_the_screen(screen: VirtualDisplay):
    picture = screen.picture()
    assert picture.shape == (screen.height, screen.width, 3)
    assert picture.dtype == np.uint8
