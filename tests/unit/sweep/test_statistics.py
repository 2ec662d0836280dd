"""Means, standard errors and the numbers of single runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sweep_material import QUICK, outcome, point

from ganstudio.sweep.statistics import OF_MODES, Mean, mean_of, quantities


def test_a_mean_and_its_standard_error_by_hand() -> None:
    # 1, 2, 6: mean 3, deviations −2, −1, 3, so s² = 14 / 2 = 7 and s.e. = √(7/3).
    found = mean_of([1.0, 2.0, 6.0])
    assert found.value == 3 and (found.count, found.total) == (3, 3)
    assert found.error == pytest.approx(math.sqrt(7 / 3), rel=1e-14)


def test_it_agrees_with_numpy_on_awkward_numbers() -> None:
    values = (1e8 + np.random.default_rng(0).normal(size=7)).tolist()
    found = mean_of(values)
    assert found.value == pytest.approx(np.mean(values), rel=1e-15)
    assert found.error == pytest.approx(np.std(values, ddof=1) / math.sqrt(7), rel=1e-9)


def test_one_seed_has_no_error_and_none_no_mean() -> None:
    assert mean_of([0.5]) == Mean(0.5, None, 1, 1)
    assert mean_of([None, None]) == Mean(None, None, 0, 2)


def test_seeds_without_the_number_are_counted_but_not_averaged() -> None:
    assert mean_of([2.0, None, 4.0]) == Mean(3.0, 1.0, 2, 3)


def test_the_time_to_a_threshold_is_processor_time_of_the_first_measurement_there() -> None:
    curve = (point(0, 0, 0.6), point(10, 1.5, 0.1), point(20, 3.0, 0.2), point(30, 4.5, 0.04), point(40, 6.0, 0.03))
    columns = {column.name: column for column in quantities(QUICK)}
    one = outcome(curve=curve, jsd=0.03)
    assert columns["seconds_to_0.1"].read(one) == 1.5
    assert columns["seconds_to_0.05"].read(one) == 4.5
    assert columns["iterations_per_second"].read(one) == pytest.approx(40 / 6)
    never = outcome(curve=curve[:1], jsd=0.6)
    assert columns["seconds_to_0.05"].read(never) is None
    assert columns["iterations_per_second"].read(never) is None


def test_modes_are_none_where_a_target_has_none() -> None:
    assert all(column.read(outcome(modes=None)) is None for column in OF_MODES)
    assert [column.read(outcome(modes=8)) for column in OF_MODES] == [8, 0.9, 0.01, 0.95, 1.0]
