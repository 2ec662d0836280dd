"""Plots over iterations: what is drawn, read off and exported is what the history says."""

from __future__ import annotations

import numpy as np
import pytest
from histories import chunk, history
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication

from ganstudio.colours import DARK
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages import rows as module
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk
from ganstudio.ui.layout import PLOTS_WIDTH
from ganstudio.ui.plots import PLOTS, curves, follower
from ganstudio.ui.plots.curves import CurvesPanel
from ganstudio.ui.plots.figures import NONE, figure
from ganstudio.ui.plots.measuring import Measuring

OVER_ITERATIONS = ("losses", "value", "scores", "gradients")
over_iterations = pytest.mark.parametrize("name", OVER_ITERATIONS)


def drawn(panel: CurvesPanel, column: str, *, smooth: bool = False) -> tuple[np.ndarray, np.ndarray]:
    item = (panel._smooth_items if smooth else panel._raw_items)[column]
    return item.getData()


def as_on_axis(panel: CurvesPanel, values: np.ndarray) -> np.ndarray:
    return np.log10(values) if panel.logarithmic else values


def test_all_plots_of_this_kind_are_tested():
    kinds = {name for name, entry in PLOTS.items() if entry.panel.split(":")[0] not in _OTHER}
    assert kinds >= set(OVER_ITERATIONS)


_OTHER = {PLOTS[name].panel.split(":")[0] for name in ("jsd", "outputs", "coverage")}


@over_iterations
def test_a_short_history_is_drawn_as_it_is(make, name):
    panel, run = make(name), history(400)
    panel.show_history(run)
    for curve in panel.curves:
        x, y = drawn(panel, curve.column)
        np.testing.assert_array_equal(x, run.column("iteration"))
        np.testing.assert_allclose(y, as_on_axis(panel, run.column(curve.column)))


@over_iterations
def test_growing_bit_by_bit_draws_the_same_as_all_at_once(make, name):
    whole, parts, run = make(name), make(name), History()
    for first in range(1, 5001, 250):
        run.append(chunk(first, 250, seed=first))
        parts.show_history(run)
    whole.show_history(run)
    for curve in whole.curves:
        for smooth in (False, True):
            for one, other in zip(
                drawn(whole, curve.column, smooth=smooth), drawn(parts, curve.column, smooth=smooth), strict=True
            ):
                np.testing.assert_allclose(one, other, atol=1e-12)


@over_iterations
def test_a_run_whose_older_rows_are_in_a_file_is_drawn_read_off_and_exported_all_the_same(make, monkeypatch, name):
    held, filed, run = make(name), make(name), history(400)
    monkeypatch.setattr(module, "BLOCK", 32)
    monkeypatch.setattr(follower, "PIECE", 50)
    older_in_file = history(400)
    assert older_in_file.rows.held_bytes < run.rows.held_bytes
    for iteration in (400, 123):
        run.truncate(iteration)
        older_in_file.truncate(iteration)
        held.show_history(run)
        filed.show_history(older_in_file)
        for curve in held.curves:
            for smooth in (False, True):
                ours, theirs = (drawn(panel, curve.column, smooth=smooth) for panel in (filed, held))
                np.testing.assert_allclose(ours, theirs, atol=1e-12)
        np.testing.assert_array_equal(filed.table()[1], held.table()[1])
        for x in (-3.0, 1.0, 57.4, 122.0, 500.0):
            assert filed._hovered(x) == held._hovered(x)
        assert filed.header.readouts == held.header.readouts


def test_an_outlier_of_a_long_history_is_drawn(make):
    panel, run = make("losses"), history(30_000)
    spiked = np.array(run.rows)
    spiked[12_345, COLUMNS.index("generator_loss")] = 40.0
    run = History()
    run.append(HistoryChunk(spiked))
    panel.show_history(run)
    x, y = drawn(panel, "generator_loss")
    assert len(x) <= 2000
    assert (x[y.argmax()], y.max()) == (12_346.0, 40.0)


def test_what_would_not_be_seen_is_drawn_a_little_later(make, qtbot, monkeypatch):
    monkeypatch.setattr(curves.time, "monotonic", lambda: 0.0)  # no drawing grows old
    panel, run = make("losses"), history(100_000)
    panel.show_history(run)
    before = drawn(panel, "generator_loss")
    run.append(chunk(100_001, 10))
    panel.show_history(run)
    np.testing.assert_array_equal(drawn(panel, "generator_loss"), before)  # 10 of 100,000 are no pixel
    assert panel.header.readouts[1].text == figure(run.column("generator_loss")[-1])
    qtbot.waitUntil(lambda: drawn(panel, "generator_loss")[0][-1] == 100_010)
    run.append(chunk(100_011, 1000))
    panel.show_history(run)
    assert drawn(panel, "generator_loss")[0][-1] == 101_010
    run.append(chunk(101_011, 10))
    panel.show_history(run)
    run.truncate(101_000)
    panel.show_history(run)
    assert drawn(panel, "generator_loss")[0][-1] == 101_000


@over_iterations
def test_the_header_shows_the_latest_numbers(make, name):
    panel, run = make(name), history(50)
    panel.show_history(run)
    shown = [readout.text for readout in panel.header.readouts]
    assert shown == [figure(run.column(curve.column)[-1]) for curve in panel.curves]
    assert all(text in panel.header.text() for text in shown)


@over_iterations
def test_the_table_is_the_history_at_full_resolution(make, name):
    panel, run = make(name), history(20_000)
    panel.show_history(run)
    header, rows = panel.table()
    assert header[0] == "iteration"
    assert rows.shape == (20_000, len(header))
    for index, column in enumerate(header):
        np.testing.assert_array_equal(rows[:, index], run.column(column))


def test_the_jsd_table_is_the_measures(make):
    panel, run = make("jsd"), history(300)
    panel.show_history(run)
    header, rows = panel.table()
    assert header == MEASURE_COLUMNS
    np.testing.assert_array_equal(rows, run.measures)


def test_the_jsd_is_shown_with_its_spread_and_its_floor(make):
    panel, run = make("jsd"), History()
    run.append(HistoryChunk(measures=np.array([[0, 0.6, 0.002, 0.59, 0.61], [250, 0.031, 0.002, 0.027, 0.035]])))
    panel.show_history(run)
    text = panel.header.text()
    assert "0.0310 ± 0.0040" in text  # digits of one kind
    assert "floor 0.0020" in text
    assert [(level.text, level.value) for level in panel.references] == [("ln 2", np.log(2)), ("floor", 0.002)]
    low, high = panel.view.viewRange()[1]
    assert -0.1 < low < 0  # the floor stands apart from the axis
    assert np.log(2) < high < 0.75


def measured_once() -> History:
    run = History()
    run.append(HistoryChunk(measures=np.array([[0, 0.6, 0.002, 0.59, 0.61]])))
    return run


def test_what_measuring_costs_stands_beside_the_jsd_and_how_often_it_is_done_at_the_axis(make):
    panel = make("jsd", (640, 240))
    panel.show_history(measured_once())
    assert panel.header.readouts[-1].text == NONE
    panel.show_measuring(Measuring(0.042, 1))
    cost = panel.header.readouts[-1]
    assert (cost.label, cost.text) == ("measuring", "4 %")
    assert "takes 4 % of the time: once every 250 iterations" in cost.tip
    assert cost.tip in panel.header.toolTip()  # where there is no room for the number
    assert panel.plot.getAxis("bottom").name == "iteration (measured every 250)"
    panel.show_measuring(Measuring(0.004, 4))
    cost = panel.header.readouts[-1]
    assert cost.text == "<1 %"
    assert "once every 1,000 iterations in place of every 250" in cost.tip
    assert panel.plot.getAxis("bottom").name == "iteration (measured every 1,000, asked: 250)"
    panel.show_experiment(with_value(Experiment(), "measure.every", 10))
    assert panel.plot.getAxis("bottom").name == "iteration (measured every 40, asked: 10)"


def test_the_cost_of_measuring_has_room_beside_the_stage(make):
    panel = make("jsd", (PLOTS_WIDTH, 200))
    panel.header.show_close_button()
    panel.show_history(measured_once())
    panel.show_measuring(Measuring(0.104, 4))
    whole = panel.header.grab().toImage()
    panel.header.set_readouts(panel.header.readouts[:-1])
    assert panel.header.grab().toImage() != whole


def test_a_number_in_the_header_tells_what_it_is(make, qtbot):
    panel = make("jsd", (640, 240))
    panel.show_history(measured_once())
    panel.show_measuring(Measuring(0.042, 1))
    panel.header.setToolTip("the whole")
    panel.header.repaint()
    tips = [panel.header.tip_at(QPointF(x, 14)) for x in range(0, 640, 2)]
    assert {tip.split()[0] for tip in tips} == {"the", "The", "What", "Measuring"}


def test_the_cost_of_measuring_keeps_to_the_place_it_has_now_while_the_past_is_under_the_mouse(make, hover):
    panel = make("jsd", (640, 240))
    panel.show_history(measured_once())
    hover(panel, 0.0)
    assert [readout.label for readout in panel.header.readouts] == ["", "floor"]


def test_a_jsd_at_or_under_zero_keeps_its_band_on_a_logarithmic_axis(make):
    panel, run = make("jsd"), History()
    run.append(HistoryChunk(measures=np.array([[0, 0.1, 0.002, 0.09, 0.11], [250, -0.001, 0.002, -0.003, 0.001]])))
    panel.show_history(run)
    panel.set_logarithmic(True)
    assert drawn(panel, "jsd")[1].tolist() == [-1.0]
    assert panel._bounds.boundingRect().height() > 0
    assert not panel.grab().isNull()


def test_single_updates_leave_no_gap_in_the_curves(make):
    panel, run = make("losses"), history(20)
    rows = np.array(run.rows)
    rows[5, COLUMNS.index("generator_loss")] = np.nan
    rows[6, COLUMNS.index("discriminator_loss")] = np.nan
    run = History()
    run.append(HistoryChunk(rows))
    panel.show_history(run)
    for column, missing in (("generator_loss", 5), ("discriminator_loss", 6)):
        x, y = drawn(panel, column)
        assert len(x) == 19
        assert rows[missing, 0] not in x
        assert np.isfinite(y).all()
    assert not panel.grab().isNull()


def test_what_the_last_update_did_not_produce_is_a_dash(make):
    panel, run = make("losses"), history(3)
    row = np.full((1, len(COLUMNS)), np.nan)
    row[0, :2] = (4.0, 0.5)
    run.append(HistoryChunk(row))
    panel.show_history(run)
    assert [readout.text for readout in panel.header.readouts] == ["0.500", NONE]


def test_updates_of_both_players_in_one_iteration_are_read_together(make):
    panel, run = make("losses"), history(3)
    rows = np.full((2, len(COLUMNS)), np.nan)
    rows[:, 0] = 4.0
    rows[0, COLUMNS.index("discriminator_loss")] = 0.5
    rows[1, COLUMNS.index("generator_loss")] = 0.7
    run.append(HistoryChunk(rows))
    panel.show_history(run)
    assert [readout.text for readout in panel.header.readouts] == ["0.500", "0.700"]


@over_iterations
def test_going_back_draws_what_is_left(make, name):
    panel, run = make(name), history(20_000)
    panel.show_history(run)
    run.truncate(300)
    panel.show_history(run)
    for curve in panel.curves:
        x, y = drawn(panel, curve.column)
        np.testing.assert_array_equal(x, np.arange(1.0, 301))
        np.testing.assert_allclose(y, as_on_axis(panel, run.column(curve.column)))
    assert panel.view.viewRange()[0] == [0.0, 300.0]
    assert len(panel.table()[1]) == 300


def test_going_back_and_beyond_between_two_looks_is_noticed(make):
    panel, run = make("losses"), history(100)
    panel.show_history(run)
    run.truncate(50)
    run.append(chunk(51, 80, seed=9))
    panel.show_history(run)
    np.testing.assert_array_equal(drawn(panel, "generator_loss")[1], run.column("generator_loss"))


def test_going_back_to_the_start_is_the_empty_state(make):
    panel, run = make("losses"), history(100)
    panel.show_history(run)
    run.truncate(0)
    panel.show_history(run)
    assert panel.empty_text()


def test_another_run_replaces_the_first(make):
    panel, first, second = make("losses"), history(100, seed=1), history(100, seed=2)
    panel.show_history(first)
    panel.show_history(second)
    np.testing.assert_array_equal(drawn(panel, "generator_loss")[1], second.column("generator_loss"))


def test_the_iteration_axis_begins_at_zero_and_moves_in_steps(make):
    panel, run, ends = make("losses"), History(), set()
    for first in range(1, 2001, 20):
        run.append(chunk(first, 20, seed=first))
        panel.show_history(run)
        low, high = panel.view.viewRange()[0]
        assert low == 0.0
        assert high >= first + 19
        ends.add(high)
    assert len(ends) <= 15


def test_levels_are_in_view(make):
    panel = make("losses")
    panel.show_experiment(Experiment())
    panel.show_history(history(100))
    low, high = panel.view.viewRange()[1]
    assert low <= np.log(2)
    assert high >= np.log(4)


def test_the_axis_can_be_made_logarithmic_and_back(make):
    panel, run = make("losses"), history(100)
    panel.show_experiment(Experiment())
    panel.show_history(run)
    menu = panel.menu()
    next(action for action in menu.actions() if action.text() == "Logarithmic axis").trigger()
    menu.close()
    assert panel.logarithmic
    np.testing.assert_allclose(drawn(panel, "generator_loss")[1], np.log10(run.column("generator_loss")))
    assert [line.value() for line in panel._lines] == pytest.approx([np.log10(np.log(4)), np.log10(np.log(2))])
    panel.set_logarithmic(False)
    np.testing.assert_allclose(drawn(panel, "generator_loss")[1], run.column("generator_loss"))


def test_a_logarithmic_axis_leaves_out_what_is_not_positive(make):
    panel = make("losses")
    panel.show_experiment(with_value(Experiment(), "objective", "minimax"))
    rows = np.array(history(30).rows)
    rows[:, COLUMNS.index("generator_loss")] *= -1
    run = History()
    run.append(HistoryChunk(rows))
    panel.show_history(run)
    panel.set_logarithmic(True)
    assert len(drawn(panel, "generator_loss")[0]) == 0
    assert len(drawn(panel, "discriminator_loss")[0]) == 30
    assert len(panel._lines) == 1  # −log 2 is not on the axis
    rows[:, 1:] = -1.0
    run = History()
    run.append(HistoryChunk(rows))
    panel.show_history(run)
    assert "logarithmic" in panel.empty_text()


def test_smoothing_is_chosen_in_the_menu(make):
    panel, run = make("losses"), history(500)
    panel.show_history(run)
    menu = panel.menu()
    choices = {action.text(): action for action in menu.actions()[0].menu().actions()}
    choices["Mean of about 10 updates"].trigger()
    assert panel.smoothing == 10
    means = drawn(panel, "generator_loss", smooth=True)[1]
    assert means[9] == pytest.approx(run.column("generator_loss")[:10].mean())
    choices["None"].trigger()
    menu.close()
    assert not panel._smooth_items["generator_loss"].isVisible()
    np.testing.assert_array_equal(drawn(panel, "generator_loss")[1], run.column("generator_loss"))


@over_iterations
def test_the_mouse_reads_off_the_nearest_iteration(make, hover, name):
    panel, run = make(name), history(100)
    panel.show_history(run)
    hover(panel, 42.3)
    row = int(panel._cursor.value()) - 1
    assert abs(row + 1 - 42) <= 1
    shown = [readout.text for readout in panel.header.readouts]
    assert shown == [figure(run.column(curve.column)[row]) for curve in panel.curves]
    assert panel._tag.text() == str(row + 1)
    assert panel._cursor.isVisible()
    np.testing.assert_allclose(
        np.sort(panel._marks.getData()[1]),
        np.sort([as_on_axis(panel, run.column(curve.column)[row]) for curve in panel.curves]),
    )


def test_leaving_the_plot_shows_the_latest_numbers_again(make, hover):
    panel, run = make("losses"), history(100)
    panel.show_history(run)
    latest = panel.header.readouts
    hover(panel, 10)
    assert panel.header.readouts != latest
    QApplication.sendEvent(panel.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert panel.header.readouts == latest
    assert not panel._cursor.isVisible()
    assert not panel._tag.isVisible()


def test_what_is_read_off_stays_under_the_mouse_while_the_run_goes_on(make, hover):
    panel, run = make("losses"), history(90)
    panel.show_history(run)
    hover(panel, 30)
    before = panel.header.readouts
    run.append(chunk(91, 5))
    panel.show_history(run)
    assert panel.header.readouts == before


def test_hovering_an_empty_plot_reads_nothing(make, hover):
    panel = make("losses")
    hover(panel, 10)
    assert not panel._cursor.isVisible()


def test_v_says_why_it_is_not_defined(make):
    panel = make("value")
    panel.show_experiment(with_value(Experiment(), "objective", "hinge"))
    rows = np.array(history(20).rows)
    rows[:, COLUMNS.index("value")] = np.nan
    run = History()
    run.append(HistoryChunk(rows))
    panel.show_history(run)
    assert "hinge" in panel.empty_text()
    assert "no probability" in panel.empty_text()
    assert len(panel.table()[1]) == 20


def test_a_single_update_can_be_seen(make):
    panel = make("losses")
    panel.show_history(history(1))
    assert panel._dots.isVisible()
    assert len(panel._dots.getData()[0]) == 2
    panel.show_history(history(100))
    assert not panel._dots.isVisible()


def test_another_theme_colours_the_dots_of_a_run_that_rests(make):
    panel = make("losses")
    panel.show_history(history(3))
    panel.set_theme(DARK)
    worn = {point.brush().color().name() for point in panel._dots.points()}
    assert worn == {getattr(DARK, curve.colour).lower() for curve in panel.curves}
