import json
import math

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.jsd import HistogramJsd

DEMANDED = {"n", "jsd", "jsd_floor", "modes_captured", "modes_total", "hq_fraction", "reverse_kl"}


def test_an_evaluation_holds_what_its_parts_say(make_target):
    grid = make_target("grid25")
    points = grid.sample(2_500, np.random.default_rng(0))
    found, estimate = evaluate(points, grid, cells=25), HistogramJsd(grid, 25).estimate(points)
    coverage = mode_coverage(points, grid)
    assert (found.n, found.cells) == (2_500, 25)
    assert (found.jsd, found.jsd_floor) == (estimate.value, estimate.floor)
    assert (found.jsd_low, found.jsd_high) == (estimate.low, estimate.high)
    assert (found.modes_captured, found.modes_total) == (25, 25)
    assert (found.hq_fraction, found.reverse_kl) == (coverage.hq_fraction, coverage.reverse_kl)
    assert (found.mode_shares, found.sigma_ratio) == (coverage.shares, coverage.sigma_ratio)


def test_an_estimator_built_before_gives_the_same(make_target):
    grid = make_target("grid25")
    points = grid.sample(2_500, np.random.default_rng(0))
    assert evaluate(points, grid, histogram=HistogramJsd(grid, 30)) == evaluate(points, grid)


def test_json_has_the_demanded_keys_and_reads_back(target):
    found = evaluate(target.sample(3_000, np.random.default_rng(0)), target)
    tree = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert set(tree) >= DEMANDED
    assert tree["n"] == 3_000
    assert tree["jsd"] == found.jsd
    has_modes = target.modes is not None
    assert (tree["modes_captured"] is not None) == (tree["hq_fraction"] is not None) == has_modes
    assert len(tree["mode_shares"] or []) == (len(target.modes) if has_modes else 0)


def test_an_infinite_reverse_kl_is_null_in_json(make_target):
    target = make_target("mixture 1-D")
    target.mode_weights = np.array([0.5, 0.5, 0.0])
    found = evaluate(target.modes, target)
    assert found.reverse_kl == math.inf
    assert found.as_json()["reverse_kl"] is None


def test_integers_and_a_flat_list_for_a_line_are_points_too(make_target):
    assert evaluate(np.zeros((5, 2), int), make_target("gaussian")).n == 5
    assert evaluate(np.zeros(5), make_target("gaussian 1-D")).n == 5


def test_points_beyond_the_plot_count_as_generated(make_target):
    target = make_target("gaussian")
    inside = np.random.default_rng(0).standard_normal((2_000, 2))
    half_away = evaluate(np.vstack([inside, inside + 1_000]), target)
    assert half_away.n == 4_000
    assert half_away.jsd == pytest.approx(0.21576, abs=0.01)  # half of the mass where there is no data: as 4 of 8 modes
    assert evaluate(inside + 1_000, target).jsd == math.log(2)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (np.zeros((5, 3)), "points: .*2 columns.*shape is \\(5, 3\\)"),
        (np.zeros(5), "points: .*2 columns"),
        (np.zeros((0, 2)), "points: there are none"),
        (np.array([[0, 0], [1, math.nan], [math.inf, 0]]), "points: row 2, counted from 1, .*2 such rows"),
        (np.array([["a", "b"]]), "points: must be numbers"),
        (np.zeros((2, 2), complex), "points: must be numbers"),
    ],
)
def test_points_that_cannot_be_judged_are_refused_in_one_line(make_target, points, said):
    with pytest.raises(UserError, match=said) as caught:
        evaluate(points, make_target("gaussian"))
    assert "\n" not in str(caught.value)


def test_the_line_asks_for_one_column(make_target):
    with pytest.raises(UserError, match="1-D, so they need one column"):
        evaluate(np.zeros((5, 2)), make_target("gaussian 1-D"))


@pytest.mark.parametrize("trick", ["repeats the centres", "each mode once", "half a σ off"])
def test_what_only_looks_good_is_told_from_a_good_generator(make_target, trick):
    ring, rng = make_target("ring8"), np.random.default_rng(0)
    points = {
        "repeats the centres": ring.modes[rng.integers(0, 8, 2_500)],
        "each mode once": np.vstack([ring.modes, rng.uniform(-1, 1, (2_492, 2))]),
        "half a σ off": ring.sample(2_500, rng) + np.array([0, ring.sigma / 2]),
    }[trick]
    good, found = evaluate(ring.sample(2_500, rng), ring), evaluate(points, ring)
    assert good.modes_captured == found.modes_captured == 8
    told = {
        "repeats the centres": found.sigma_ratio < 0.1 and found.hq_fraction > found.perfect_hq_fraction,
        "each mode once": found.jsd_low > 0.5 and found.hq_fraction < 0.1,
        "half a σ off": np.mean(found.mode_offsets) > 0.3 > 2 * np.mean(good.mode_offsets),
    }
    assert told[trick]
