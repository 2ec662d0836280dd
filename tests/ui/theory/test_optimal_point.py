"""What D gains at one point by each answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from theory_frames import densities

from ganstudio.colours import LIGHT
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory.optimal_point import POINTS, Point
from ganstudio.ui.theory.panel import TheoryPanel

Make = Callable[..., TheoryPanel]


@pytest.mark.parametrize(("a", "b"), [(0.4, 0.1), (0.02, 0.5), (3.0, 3.0), (1.0, 0.0), (0.0, 2.0)])
def test_the_maximum_of_the_gain_is_at_a_over_a_plus_b(a: float, b: float) -> None:
    y = np.linspace(1e-4, 1 - 1e-4, 9999)
    gain = Point(a, b, a / (a + b), 0.5).gain(y)
    assert y[gain.argmax()] == pytest.approx(a / (a + b), abs=2e-4)


def test_points_of_the_curve_rise_strictly_within_zero_and_one() -> None:
    assert (np.diff(POINTS) > 0).all()
    assert 0 < POINTS[0] < POINTS[-1] < 1


def test_the_point_under_the_mouse_has_its_densities_its_best_answer_and_d_s(make: Make) -> None:
    panel = make("optimal_point")
    assert "Move the mouse" in panel.empty_text()
    panel.show_point(0.2, 0.3)
    assert "Estimating" in panel.empty_text()
    panel.show_frame(densities(0.3, 0.1, 0.6))
    assert panel.empty_text() == ""
    assert [panel.terms.text(name) for name in ("a", "b", "best", "now")] == ["0.300", "0.100", "0.750", "0.600"]
    assert panel._best.value() == pytest.approx(0.75, abs=1e-6)
    assert panel._now.value() == pytest.approx(0.6, abs=1e-6)
    below = 0.3 * np.log(0.75 / 0.6) + 0.1 * np.log(0.25 / 0.4)
    assert f"{below:.3f} below the maximum" in panel.where.text()


def test_where_nothing_comes_there_is_nothing_to_gain(make: Make) -> None:
    panel = make("optimal_point")
    panel.show_frame(densities(0.0, 0.0, 0.5))
    panel.show_point(0.0, 0.0)
    assert "gains nothing" in panel.empty_text()
    panel.show_frame(densities(0.1, 0.1, 0.5))
    panel.show_point(5.0, 0.0)  # out of the picture
    assert "gains nothing" in panel.empty_text()


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.0, 1.0)])
def test_one_density_alone_has_its_maximum_at_the_end(make: Make, a: float, b: float) -> None:
    panel = make("optimal_point")
    panel.show_point(0.0, 0.0)
    panel.show_frame(densities(a, b, 0.5))
    assert panel.empty_text() == ""
    assert panel._best.value() == a
    assert np.isfinite(panel.table()[1]).all()


def test_another_frame_reads_the_same_point_anew(make: Make) -> None:
    panel = make("optimal_point")
    panel.show_point(0.0, 0.0)
    panel.show_frame(densities(0.3, 0.1, 0.6))
    panel.show_frame(densities(0.3, 0.3, 0.6))
    assert panel.terms.text("best") == "0.500"


def test_an_objective_without_probabilities_says_so_and_asks_for_nothing(make: Make) -> None:
    panel = make("optimal_point")
    panel.show_point(0.0, 0.0)
    panel.show_frame(densities(0.3, 0.1, 0.6))
    panel.show_experiment(with_value(Experiment(), "objective", "wasserstein"))
    assert "wasserstein" in panel.empty_text()
    assert panel.wanted_layers() == ()


def test_the_mouse_on_the_stage_chooses_the_point(qtbot: QtBot, make: Make, studio: Studio) -> None:
    panel, stage = make("optimal_point"), Stage(LIGHT)
    qtbot.addWidget(stage)
    panel.attach(studio, stage)
    panel.show_frame(densities(0.3, 0.1, 0.6))
    stage.input.hovered.emit(0.5, -0.25)
    assert panel.empty_text() == ""
    assert "(0.50, −0.25)" in panel.where.text()
