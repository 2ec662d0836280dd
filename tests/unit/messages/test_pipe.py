"""A link over a pipe keeps order, waits as long as it is told, and notices that the other end is gone."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import numpy as np
import pytest

from ganstudio.messages.codec import CodecError
from ganstudio.messages.commands import Pause, Play, Restore
from ganstudio.messages.pipe import PipeLink
from ganstudio.messages.snapshot import Progress, Snapshot


@pytest.fixture
def ends() -> Iterator[tuple[PipeLink, PipeLink]]:
    links = tuple(PipeLink(end) for end in multiprocessing.Pipe())
    yield links  # type: ignore[misc]
    for link in links:
        link.close()


def test_messages_arrive_in_order_in_both_directions(ends: tuple[PipeLink, PipeLink]) -> None:
    here, there = ends
    here.send(Play(3))
    here.send(Pause())
    there.send(Play(5))
    assert [there.receive(), there.receive(), there.receive()] == [Play(3), Pause(), None]
    assert here.receive(timeout=None) == Play(5)


def test_nothing_is_received_when_nothing_came_in_time(ends: tuple[PipeLink, PipeLink]) -> None:
    assert ends[0].receive(timeout=0.01) is None


def test_arrays_cross(ends: tuple[PipeLink, PipeLink]) -> None:
    weights = np.arange(1000, dtype=np.float32)
    ends[0].send(Restore(Snapshot(Progress(7), (0.0,), (1.0,), {"ema": weights})))
    got = ends[1].receive()
    assert isinstance(got, Restore)
    assert got.snapshot.progress == Progress(7)
    np.testing.assert_array_equal(got.snapshot.arrays["ema"], weights)


def test_what_was_sent_before_the_end_closed_is_read_then_it_is_gone(ends: tuple[PipeLink, PipeLink]) -> None:
    here, there = ends
    here.send(Pause())
    here.close()
    assert there.receive() == Pause()
    with pytest.raises(EOFError):
        there.receive()
    with pytest.raises(EOFError):
        there.send(Pause())


def test_a_link_that_was_closed_here_is_gone_as_well(ends: tuple[PipeLink, PipeLink]) -> None:
    ends[0].close()
    with pytest.raises(EOFError):
        ends[0].receive()
    with pytest.raises(EOFError):
        ends[0].send(Pause())


def test_noise_on_the_line_is_no_message() -> None:
    raw, end = multiprocessing.Pipe()
    with raw:
        link = PipeLink(end)
        raw.send_bytes(b"noise")
        with pytest.raises(CodecError):
            link.receive()
        link.close()
