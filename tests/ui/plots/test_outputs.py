"""Histograms of D's outputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from histories import frame
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from ganstudio.ui.plots.outputs import shares, steps, taken_for_real


def test_counts_are_drawn_as_shares_of_each_side(make):
    panel = make("outputs")
    panel.show_frame(frame([0, 1, 3], [40, 20, 20]))
    header, rows = panel.table()
    assert header == ("output_from", "output_to", "real_share", "generated_share")
    np.testing.assert_allclose(rows[:, 2], [0, 0.25, 0.75])
    np.testing.assert_allclose(rows[:, 3], [0.5, 0.25, 0.25])
    edges, drawn = panel._items["real"].getData()
    np.testing.assert_allclose(edges, [0, 1 / 3, 2 / 3, 1], atol=1e-6)
    np.testing.assert_array_equal(drawn, rows[:, 2])
    _, outline = panel._items["generated"].getData()
    np.testing.assert_allclose(outline, [0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0])


def test_an_outline_does_not_run_along_the_axis_where_bins_are_empty():
    x, y, joined = steps(np.array([0.0, 0.25, 0.5, 0.75, 1.0]), np.array([0.0, 0.0, 1.0, 0.0]))
    ends = [(x[at], y[at], x[at + 1], y[at + 1]) for at in np.flatnonzero(joined)]
    assert ends == [(0.5, 0, 0.5, 1), (0.5, 1, 0.75, 1), (0.75, 1, 0.75, 0)]


def test_where_both_sides_overlap_each_keeps_its_own_colour(make):
    panel = make("outputs")
    panel.resize(400, 300)
    panel.show_frame(frame([0, 10, 0], [0, 10, 0]))
    picture = panel.plot.grab().toImage()
    inside = panel.plot.mapFromScene(panel.view.mapViewToScene(QPointF(0.45, 0.5)))
    edge = panel.plot.mapFromScene(panel.view.mapViewToScene(QPointF(1 / 3, 0.5)))
    assert abs(picture.pixelColor(inside).hue() - QColor(panel._theme.real).hue()) < 10
    beside = [picture.pixelColor(edge.x() + shift, edge.y()) for shift in (-1, 0, 1)]
    assert any(abs(colour.hue() - QColor(panel._theme.generated).hue()) < 10 for colour in beside)


def test_the_header_says_how_many_are_taken_for_real(make):
    panel = make("outputs")
    panel.show_frame(frame([1, 1, 3, 5], [8, 1, 1, 0]))
    assert [readout.text for readout in panel.header.readouts] == ["80 %", "10 %"]


@pytest.mark.parametrize("width", [300, 335])
def test_where_the_header_is_short_both_sides_keep_their_names(make, width):
    panel = make("outputs", (width, 200))
    panel.header.show_close_button()
    panel.show_frame(frame([1, 1, 3, 5], [8, 1, 1, 0]))
    painted = panel.header.grab().toImage()
    panel.header.set_readouts(
        tuple(replace(shown, label=name) for shown, name in zip(panel.header.readouts, ("real", "gen."), strict=True))
    )
    assert panel.header.grab().toImage() == painted
    tips = {panel.header.tip_at(QPointF(x, 14)) for x in range(0, width, 2)}
    assert {tip.split()[3] for tip in tips if tip} == {"real", "generated"}


def test_a_bin_around_one_half_counts_in_part(make):
    rows = shares(frame([0, 2, 2], [1, 1, 0]).histograms)
    assert taken_for_real(rows[:, 0], rows[:, 1], rows[:, 2]) == pytest.approx(0.75)
    assert taken_for_real(rows[:, 0], rows[:, 1], rows[:, 3]) == pytest.approx(0.25)


def test_one_side_without_samples_is_a_dash(make):
    panel = make("outputs")
    panel.show_frame(frame([1, 1], [0, 0]))
    assert [readout.text for readout in panel.header.readouts] == ["50 %", "—"]


def test_a_frame_without_histograms_changes_nothing(make):
    panel = make("outputs")
    panel.show_frame(frame([1, 3], [3, 1]))
    before = panel.table()[1]
    panel.show_frame(replace(frame([1, 3], [3, 1]), histograms=None))
    np.testing.assert_array_equal(panel.table()[1], before)


def test_the_mouse_reads_off_a_bin(make, hover):
    panel = make("outputs")
    panel.show_frame(frame([1, 1, 2, 0], [0, 0, 1, 3]))
    hover(panel, 0.6)
    assert [readout.text for readout in panel.header.readouts] == ["50.0 %", "25.0 %"]
    assert panel._tag.text() == "0.50 to 0.75"


def test_the_axis_of_shares_begins_at_zero_and_holds_the_highest_bin(make):
    panel = make("outputs")
    panel.show_frame(frame([1, 9], [5, 5]))
    low, high = panel.view.viewRange()[1]
    assert low == 0.0
    assert 0.9 <= high <= 1.2
    assert panel.view.viewRange()[0] == [0.0, 1.0]
