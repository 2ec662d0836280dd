"""The colours of D's field reach as far from ½ as D does, in steps that do not flicker."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.ui.canvas.field_contrast import HALF_WIDTHS, FieldContrast, shares, spread
from ganstudio.ui.canvas.polylines import contour, decided

VIEW = (-1.0, 1.0, -1.0, 1.0)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def field(reach: float) -> np.ndarray:
    """From ½ − reach to ½ + reach, evenly."""
    return np.linspace(0.5 - reach, 0.5 + reach, 400).reshape(20, 20)


def test_the_range_is_the_smallest_step_that_holds_nearly_all_of_the_field() -> None:
    for reach, step in ((0.01, 0.05), (0.06, 0.1), (0.2, 0.25), (0.4, 0.5)):
        assert FieldContrast(Clock()).fit(field(reach)) == step


def test_a_few_cells_far_out_do_not_widen_the_range() -> None:
    values = field(0.03)
    values[0, :3] = 1.0
    assert FieldContrast(Clock()).fit(values) == 0.05


def test_the_range_grows_at_once_and_shrinks_only_after_a_while() -> None:
    clock = Clock()
    contrast = FieldContrast(clock)
    contrast.fit(field(0.06))
    assert contrast.fit(field(0.4)) == 0.5
    assert contrast.fit(field(0.06)) == 0.5
    clock.now = 0.5
    assert contrast.fit(field(0.06)) == 0.5
    clock.now = 1.5
    assert contrast.fit(field(0.06)) == 0.1


def test_a_range_that_is_nearly_full_does_not_shrink_to_grow_again() -> None:
    clock = Clock()
    contrast = FieldContrast(clock)
    contrast.fit(field(0.2))
    for clock.now in np.arange(0.0, 5.0, 0.1):
        contrast.fit(field(0.0995))
    assert contrast.half_width == 0.25


def test_another_model_chooses_its_range_afresh() -> None:
    contrast = FieldContrast(Clock())
    contrast.fit(field(0.4))
    contrast.reset()
    assert contrast.half_width == HALF_WIDTHS[-1]
    assert contrast.fit(field(0.01)) == 0.05


def test_cells_without_a_value_are_passed_over() -> None:
    values = field(0.01)
    values[:5] = np.nan
    assert FieldContrast(Clock()).fit(values) == 0.05
    assert np.isnan(spread(np.full((2, 2), np.nan)))


def test_shares_put_a_half_in_the_middle_and_the_range_from_end_to_end() -> None:
    assert shares(np.array([0.4, 0.5, 0.6, 0.3]), 0.1) == pytest.approx([0.0, 0.5, 1.0, -0.5])


def test_the_half_line_is_drawn_where_d_decides_and_not_where_it_is_flat() -> None:
    x = np.linspace(-1, 1, 48)
    flat = 0.5 + 0.01 * np.sin(9 * x)[None, :] * np.cos(9 * x)[:, None]
    assert contour(flat, VIEW)[0].size > 0
    assert contour(decided(flat), VIEW)[0].size == 0
    edge = np.broadcast_to(1 / (1 + np.exp(-10 * x)), (48, 48)).copy()
    drawn_x, drawn_y = contour(decided(edge), VIEW)
    assert drawn_x[np.isfinite(drawn_x)] == pytest.approx(0.0, abs=0.01)
    assert np.nanmax(drawn_y) - np.nanmin(drawn_y) > 1.9
