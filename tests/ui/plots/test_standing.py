"""A run that was taken back along its timeline: the plots show where it stands, and what lies after it."""

from __future__ import annotations

import numpy as np
import pytest
from histories import chunk, history
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ganstudio.colours import DARK, LIGHT
from ganstudio.messages.history import History, HistoryChunk
from ganstudio.ui.plots import curves
from ganstudio.ui.plots.figures import NONE, figure
from ganstudio.ui.plots.standing_mark import VEIL
from ganstudio.ui.style import mixed

OVER_ITERATIONS = ("losses", "value", "scores", "gradients", "jsd")
over_iterations = pytest.mark.parametrize("name", OVER_ITERATIONS)


def texts(panel):
    return [readout.text for readout in panel.header.readouts]


def row_of_pixels(panel):
    """The colours along a line a little under the top of the view, and the x of the iteration axis of each."""
    rect = panel._view_rect()
    image = panel.plot.grab().toImage()
    y = rect.top() + 3
    scale = image.width() / panel.plot.width()
    xs = range(rect.left() + 1, rect.right() - 1)
    colours = [image.pixelColor(round(x * scale), round(y * scale)).name() for x in xs]
    return [panel.view.mapSceneToView(QPointF(x + 0.5, y)).x() for x in xs], colours


def channels(colour):
    shade = QColor(colour)
    return shade.red(), shade.green(), shade.blue()


def blank(run: History) -> History:
    """The same iterations with nothing measured in them but in the first, and a JSD of next to nothing."""
    rows = np.array(run.rows)
    rows[1:, 1:] = np.nan
    made = History()
    made.append(HistoryChunk(rows, np.array([[at, 0.01, 0.005, 0.0, 0.02] for at in (0.0, rows[-1, 0])])))
    return made


@over_iterations
def test_the_header_shows_the_numbers_of_the_iteration_where_the_run_stands(make, name):
    panel, run = make(name), history(400)
    panel.show_history(run)
    newest = texts(panel)
    panel.show_standing(123)
    earlier, stands = make(name), history(400)
    stands.truncate(123)
    earlier.show_history(stands)
    assert texts(panel) == texts(earlier) != newest
    panel.show_standing(None)
    assert texts(panel) == newest


def test_of_the_jsd_it_is_the_one_measured_last_until_then(make):
    panel, run = make("jsd"), history(400)
    panel.show_history(run)
    panel.show_standing(129)
    assert texts(panel)[0].startswith(f"{run.measures[11, 1]:.4f} ±")
    assert run.measures[11, 0] == 120
    panel.show_standing(120)
    assert texts(panel)[0].startswith(f"{run.measures[11, 1]:.4f} ±")


def test_an_iteration_after_the_last_measurement_is_marked_in_view(make):
    panel, run = make("jsd"), History()
    run.append(chunk(1, 130, every=100))
    panel.show_history(run)
    assert panel.view.viewRange()[0] == [0.0, 100.0]
    panel.show_standing(115)
    assert panel.view.viewRange()[0][1] >= 115
    assert texts(panel)[0].startswith(f"{run.measures[0, 1]:.4f} ±")


@over_iterations
def test_before_training_nothing_had_been_measured(make, name):
    panel = make(name)
    panel.show_history(history(400))
    panel.show_standing(0)
    shown = texts(panel)
    assert all(NONE in text for text in shown)
    assert shown


@over_iterations
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_thin_line_marks_the_iteration_and_a_veil_lies_over_what_comes_after(make, name, theme):
    panel = make(name)
    panel.set_theme(theme)
    panel.set_references([])
    panel.show_history(blank(history(400)))
    before = row_of_pixels(panel)[1]
    panel.show_standing(100)
    xs, colours = row_of_pixels(panel)
    line = QColor(theme.text).name()
    assert [x for x, colour in zip(xs, colours, strict=True) if colour == line] == [pytest.approx(100, abs=4)]
    for x, colour, was in zip(xs, colours, before, strict=True):
        if x < 95:
            assert colour == was
        elif x > 105:
            difference = np.subtract(channels(colour), channels(mixed(was, theme.surface, VEIL)))
            assert np.abs(difference).max() <= 2  # of 255: both are rounded
    panel.show_standing(None)
    assert row_of_pixels(panel)[1] == before


def test_what_comes_after_stays_drawn(make):
    panel = make("losses")
    panel.show_history(history(400))
    view = panel.view.viewRange()
    panel.show_standing(100)
    assert panel._raw_items["generator_loss"].getData()[0][-1] == 400
    assert panel.view.viewRange() == view
    assert len(panel.table()[1]) == 400


def test_the_mark_moves_at_once_in_a_run_so_long_that_its_curves_are_drawn_seldom(make, monkeypatch):
    monkeypatch.setattr(curves.time, "monotonic", lambda: 0.0)  # no drawing grows old
    panel, run = make("losses"), history(100_000)
    panel.show_history(run)
    drawn = []
    monkeypatch.setattr(panel, "_draw_below", lambda: drawn.append(True))
    for iteration in (50_000, 49_990, 20_000):
        panel.show_standing(iteration)
        assert panel._standing.iteration == iteration
        assert texts(panel)[1] == figure(run.column("generator_loss")[iteration - 1])
    assert drawn == []  # and the curves need not be


@over_iterations
def test_the_mouse_reads_off_any_iteration_meanwhile(make, hover, name):
    panel, other, run = make(name), make(name), history(400)
    for plot in (panel, other):
        plot.show_history(run)
    panel.show_standing(100)
    stood = texts(panel)
    for x in (50, 300):
        hover(panel, x)
        hover(other, x)
        assert panel.header.readouts == other.header.readouts
        assert panel._cursor.isVisible()
    QApplication.sendEvent(panel.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert texts(panel) == stood


@over_iterations
def test_training_on_from_there_takes_the_rest_and_the_mark_away(make, name):
    panel, run = make(name), history(400)
    panel.show_history(run)
    panel.show_standing(100)
    run.truncate(100)
    run.append(chunk(101, 20, seed=3))
    panel.show_standing(None)
    panel.show_history(run)
    assert panel._standing.iteration is None
    other = make(name)
    other.show_history(run)
    assert texts(panel) == texts(other)
    assert panel._points[panel.curves[0].column][0][-1] == 120


def test_a_mark_does_not_reach_into_an_empty_plot(make):
    panel = make("losses")
    panel.show_standing(0)
    assert texts(panel) == []
    assert panel.empty_text()
