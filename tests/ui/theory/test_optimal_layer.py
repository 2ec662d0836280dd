"""D* and D − D* on the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from theory_frames import densities

from ganstudio.colours import LIGHT
from ganstudio.experiment.targets import Gaussian1D, TwoGaussians
from ganstudio.messages.events import Field
from ganstudio.targets import build
from ganstudio.ui.canvas.optimal import Optimal, marked, with_gaps
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.theme import field_lookup_table

VIEW = (-1.0, 1.0, -1.0, 1.0)
Make = Callable[..., Stage]


@pytest.fixture
def make_stage(qtbot: QtBot) -> Make:
    def made(dimension: int) -> Stage:
        stage = Stage(LIGHT)
        qtbot.addWidget(stage)
        spec = Gaussian1D() if dimension == 1 else TwoGaussians()
        stage.show_target(build(spec), spec)
        with qtbot.waitExposed(stage):
            stage.show()
        return stage

    return made


def test_the_difference_is_that_of_d_and_d_star_of_the_same_frame() -> None:
    kept = Optimal()
    assert kept.take(densities(0.3, 0.1, 0.6))
    assert kept.difference is not None
    np.testing.assert_allclose(kept.difference.values, 0.6 - 0.75, atol=1e-6)
    later = replace(densities(0.3, 0.1, 0.9), optimal=None)
    assert not kept.take(later)  # D alone: what there was stays, of one time
    np.testing.assert_allclose(kept.difference.values, 0.6 - 0.75, atol=1e-6)
    assert kept.take(None)
    assert kept.field is None


def test_where_d_star_is_not_known_nothing_is_drawn() -> None:
    table = with_gaps(field_lookup_table(LIGHT))
    assert table.shape == (256, 4)
    assert table[0, 3] == 0
    assert (table[1:, 3] == 255).all()
    np.testing.assert_array_equal(table[1], field_lookup_table(LIGHT)[0])
    np.testing.assert_array_equal(table[-1], field_lookup_table(LIGHT)[-1])
    places = marked(np.array([np.nan, 0.0, 1.0])) * 255
    np.testing.assert_allclose(places, [0.0, 1.0, 255.0])


def test_both_layers_are_off_at_first_and_ask_for_what_they_need(make_stage: Make) -> None:
    stage = make_stage(2)
    assert "optimal" not in stage.wanted_layers()
    stage.chips.set_visible("optimal", True)
    assert {"optimal", "field"} <= set(stage.wanted_layers())


def test_d_star_takes_the_place_of_d_and_gives_it_back(make_stage: Make) -> None:
    stage = make_stage(2)
    stage.show_frame(densities(0.3, 0.1, 0.6))
    plane = stage.plane
    assert (plane.field.isVisible(), plane.optimal.isVisible(), plane.difference.isVisible()) == (True, False, False)
    stage.chips.set_visible("optimal", True)
    assert (plane.field.isVisible(), plane.optimal.isVisible(), plane.difference.isVisible()) == (False, True, False)
    assert stage.colour_bar.title == "D*(x)"
    stage.chips.set_visible("difference", True)
    assert (plane.field.isVisible(), plane.optimal.isVisible(), plane.difference.isVisible()) == (False, False, True)
    assert stage.colour_bar.title == "D−D*"
    stage.chips.set_visible("optimal", False)
    stage.chips.set_visible("difference", False)
    assert plane.field.isVisible()
    assert stage.colour_bar.title == "D(x)"


def test_d_star_outlasts_frames_that_have_none_and_goes_with_the_model(make_stage: Make) -> None:
    stage = make_stage(2)
    stage.chips.set_visible("optimal", True)
    stage.show_frame(densities(0.3, 0.1, 0.6))
    assert stage.plane.optimal.shows((8, 8))
    stage.show_frame(replace(densities(0.3, 0.1, 0.6), optimal=None))
    assert stage.plane.optimal.shows((8, 8))
    stage.clear_frame()
    assert not stage.plane.optimal.shows((8, 8))


def test_on_the_line_d_star_is_a_curve_and_the_difference_the_area_to_d(make_stage: Make) -> None:
    stage = make_stage(1)
    stage.chips.set_visible("optimal", True)
    stage.chips.set_visible("difference", True)
    best = np.array([[np.nan, 0.2, 0.4, 0.6, np.nan, 0.8, 0.9, np.nan]], np.float32)
    frame = densities(0.3, 0.1, 0.5)
    stage.show_frame(replace(frame, field=Field(np.full((1, 8), 0.5, np.float32), VIEW), optimal=Field(best, VIEW)))
    line = stage.line
    assert line.optimal.isVisible()
    assert line.field.isVisible()  # curves do not hide each other
    bounds = line.difference.boundingRect()
    assert (bounds.top(), bounds.bottom()) == (pytest.approx(0.2, abs=0.02), pytest.approx(0.9, abs=0.02))
