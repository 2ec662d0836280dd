"""The numbers at the axes."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.ui.plots.axes import PlotAxis


@pytest.mark.parametrize(("orientation", "apart"), [("bottom", 72.0), ("left", 30.0)])
@pytest.mark.parametrize(
    ("low", "high"), [(-4.2, 4.2), (0.1, 0.9), (-2.4, 2.4), (3.1, 3.9), (0.0, 30_000.0), (-7, 1e6)]
)
@pytest.mark.parametrize("length", [110, 145, 240, 600])
def test_an_axis_has_two_numbers_at_least_and_they_stay_apart(qtbot, orientation, apart, low, high, length):
    axis = PlotAxis(orientation, "x")
    ((spacing, ticks),) = axis.tickValues(low, high, float(length))
    assert len(ticks) >= 2
    assert low - 1e-5 * spacing <= ticks[0] and ticks[-1] <= high + 1e-5 * spacing
    np.testing.assert_allclose(np.diff(ticks), spacing)
    assert spacing / (high - low) * length >= 0.4 * apart


@pytest.mark.parametrize("length", [40.0, 75.0])
def test_an_axis_without_room_for_two_numbers_has_one(qtbot, length):
    ((_, ticks),) = PlotAxis("bottom", "x").tickValues(-4.2, 4.2, length)
    assert ticks == [0.0]
