"""What a grid of members is made of: the plan of its cells, the pictures in them, and the table of measurements."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.presets import preset
from ganstudio.targets import build
from ganstudio.ui.population.cells import Headings, Plan
from ganstudio.ui.population.measures import DRAWN, Measures, median
from ganstudio.ui.population.small_stage import STAGES, smooth_density
from ganstudio.ui.theme import LIGHT

WORDS = QSize(56, 17)


@pytest.mark.parametrize("square", [True, False])
@pytest.mark.parametrize("headings", [Headings(), Headings(60, 18)])
@pytest.mark.parametrize("shape", [(2, 2), (6, 6), (5, 3), (1, 8)])
@pytest.mark.parametrize("size", [(420, 300), (860, 560), (1500, 900)])
def test_cells_stand_apart_inside_the_widget_and_hold_what_is_in_them(
    size: tuple[int, int], shape: tuple[int, int], headings: Headings, square: bool
):
    plan = Plan(QSize(*size), shape, headings, WORDS, square)
    cells = [plan.at(member) for member in range(shape[0] * shape[1])]
    inside = QRect(headings.width, headings.height, size[0] - headings.width, size[1] - headings.height)
    for member, cell in enumerate(cells):
        assert inside.contains(cell.frame)
        for part in (cell.picture, cell.words, cell.bar):
            assert cell.frame.contains(part)
        assert not cell.picture.intersects(cell.bar)
        assert not cell.picture.intersects(cell.words)
        assert cell.picture.size() == plan.picture
        assert plan.member_at(cell.frame.center(), len(cells)) == member
        assert plan.row_heading(member // shape[1]).right() < cell.frame.left() or not headings.width
    for one, other in pairwise(cells):
        assert not one.frame.intersects(other.frame)


def test_words_go_where_they_leave_the_larger_picture():
    wide = Plan(QSize(800, 300), (3, 4), Headings(), WORDS, square=True)
    high = Plan(QSize(300, 800), (3, 4), Headings(), WORDS, square=True)
    assert wide.at(0).beside
    assert not high.at(0).beside


def test_nobody_is_between_the_cells_nor_after_the_last_member():
    plan = Plan(QSize(400, 400), (2, 2), Headings(), WORDS, square=True)
    assert plan.member_at(plan.at(0).frame.topRight() + plan.at(0).frame.topRight() * 0, 4) == 0
    assert plan.member_at(QRect(0, 0, 400, 400).center(), 4) == -1
    assert plan.member_at(plan.at(3).frame.center(), 3) == -1


@pytest.mark.parametrize("name", ["ring8", "mixture-1d"])
def test_a_picture_has_the_size_it_was_asked_for_and_the_ground_stays_as_it_was(qapp: QApplication, name: str):
    target = build(preset(name).experiment.target)
    stage = STAGES[target.dimension](target, 0, LIGHT)
    size = QSize(120, 80)
    ground = stage.picture(size, 1.0).toImage()
    drawn = stage.picture(size, 1.0, np.zeros((20, target.dimension), np.float32))
    assert drawn.size() == size
    assert drawn.toImage() != ground
    assert stage.picture(size, 1.0).toImage() == ground
    assert stage.picture(size, 2.0).size() == size * 2


@pytest.mark.parametrize("name", ["ring8", "mixture-1d"])
def test_samples_that_are_not_finite_are_left_out(qapp: QApplication, name: str):
    target = build(preset(name).experiment.target)
    stage = STAGES[target.dimension](target, 0, LIGHT)
    points = np.full((20, target.dimension), np.nan, np.float32)
    points[0] = np.inf
    stage.picture(QSize(100, 100), 1.0, points)


def test_the_density_of_samples_is_that_which_they_were_drawn_from():
    samples = np.random.default_rng(0).normal(size=200_000)
    x, density = smooth_density(samples, -6.0, 6.0).T
    width = x[1] - x[0]
    # A gaussian of the kernel's width more: 1.4 cells, cut off after four.
    sigma = np.hypot(1.0, 1.4 * width)
    expected = np.exp(-0.5 * (x / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    assert density == pytest.approx(expected, abs=0.01)
    assert density.sum() * width == pytest.approx(1.0, abs=1e-6)


def test_samples_outside_of_what_is_shown_are_missed_in_the_density():
    x, density = smooth_density(np.array([0.5, 7.0, -3.0, np.nan]), 0.0, 1.0).T
    assert density.sum() * (x[1] - x[0]) == pytest.approx(1 / 3)


def test_no_more_rows_are_drawn_than_can_be_told_apart_and_all_are_kept():
    measures = Measures(3)
    for iteration in range(1000):
        measures.append(iteration, np.array([iteration, 0.5, np.nan]), 0.01)
    iterations, floors, jsd = measures.drawn()
    assert len(iterations) == DRAWN
    assert (iterations[0], iterations[-1]) == (0, 999)
    assert jsd[:, 0] == pytest.approx(iterations)
    assert floors == pytest.approx(np.full(DRAWN, 0.01))
    assert measures.table()[2].shape == (1000, 3)
    assert measures.iteration == 999


def test_a_second_measurement_at_the_same_iteration_takes_the_place_of_the_first():
    measures = Measures(2)
    measures.append(0, np.array([0.6, 0.6]), 0.0)
    measures.append(0, np.array([0.5, 0.4]), 0.0)
    assert len(measures) == 1
    assert measures.last == pytest.approx([0.5, 0.4])


def test_the_median_is_of_those_that_have_a_number():
    jsd = np.array([[0.1, 0.3, 0.2], [0.1, np.nan, 0.3], [np.nan, np.nan, np.nan]])
    assert median(jsd) == pytest.approx([0.2, 0.2, np.nan], nan_ok=True)
    assert len(median(np.empty((0, 3)))) == 0
