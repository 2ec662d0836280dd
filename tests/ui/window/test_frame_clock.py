"""When the next frame may be asked for."""

from __future__ import annotations

import pytest

from ganstudio.ui.frame_clock import EARLY_SECONDS, FRAME_SECONDS, SHARE, SLOWEST_SECONDS, FrameClock


def settled(cost: float) -> FrameClock:
    clock = FrameClock()
    for _ in range(100):
        clock.cost.note(cost)
    return clock


def test_cheap_frames_come_as_often_as_they_may() -> None:
    assert settled(0.5 * SHARE * FRAME_SECONDS).spacing == FRAME_SECONDS


def test_dear_frames_take_no_more_than_their_share_of_the_trainer_s_time() -> None:
    cost = 1.5 * SHARE * FRAME_SECONDS
    assert settled(cost).spacing == pytest.approx(cost / SHARE)


def test_samples_move_however_dear_frames_are() -> None:
    assert settled(10.0).spacing == SLOWEST_SECONDS


def test_the_first_frame_which_prepares_what_all_later_ones_use_does_not_count() -> None:
    clock = FrameClock()
    clock.cost.note(10.0)
    assert clock.spacing == FRAME_SECONDS


def test_a_clock_with_a_spacing_of_its_own_keeps_it() -> None:
    clock = FrameClock(0.1)
    clock.asked(1.0)
    clock.arrived()
    assert not clock.is_due(1.05, moving=True)
    assert clock.is_due(1.1, moving=True)


def test_one_frame_is_on_its_way_at_a_time() -> None:
    clock = FrameClock()
    clock.asked(1.0)
    assert clock.on_its_way and not clock.is_due(9.0, moving=True)
    clock.arrived()
    assert not clock.on_its_way and clock.is_due(1.0 + FRAME_SECONDS - EARLY_SECONDS, moving=True)
