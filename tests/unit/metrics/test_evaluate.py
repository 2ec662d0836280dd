import json
import math

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.jsd import HistogramJsd

OF_MODES = {"modes_captured", "modes_total", "hq_fraction", "reverse_kl", "mode_shares", "sigma_ratio"}
DISTANCES = {"sliced_w2", "w2", "energy", "mmd2", "precision", "recall", "density", "coverage"}
CAPS = {"real_samples", "sliced_w2_samples", "w2_samples", "pair_samples", "neighbour_samples"}
DEMANDED = (
    {"n", "jsd", "jsd_floor", "jsd_estimators", "kl", "reverse_kl_density", "warnings"} | OF_MODES | DISTANCES | CAPS
)


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
    assert all(isinstance(tree[name], float) for name in DISTANCES)
    assert (tree["w2_samples"], tree["pair_samples"]) == (1_000, 3_000)
    assert tree["jsd_estimators"]["histogram"]["value"] == tree["jsd"]
    for reading in tree["jsd_estimators"].values():
        assert set(reading) == {"value", "floor", "low", "high", "samples", "real_samples", "bound"}
        assert reading["low"] <= reading["value"] <= reading["high"] <= math.log(2)
        assert reading["samples"] == 3_000
    has_modes = target.modes is not None
    assert (tree["modes_captured"] is not None) == (tree["hq_fraction"] is not None) == has_modes
    assert len(tree["mode_shares"] or []) == (len(target.modes) if has_modes else 0)


def test_the_order_of_the_points_does_not_matter_but_for_noise(make_target):
    grid = make_target("grid25")
    points = grid.sample(3_000, np.random.default_rng(0))
    found, ordered = (evaluate(each, grid) for each in (points, points[np.lexsort(points.T)]))
    assert ordered.warnings == ()
    assert ordered.jsd == found.jsd
    assert ordered.distances.w2 == pytest.approx(found.distances.w2, abs=0.3)
    for name in ("kde", "exact_density"):
        assert ordered.jsd_estimators[name].value == pytest.approx(found.jsd_estimators[name].value, abs=0.02)


def test_the_same_points_and_seed_give_the_same_evaluation(make_target):
    ring = make_target("ring8")
    points = ring.sample(1_000, np.random.default_rng(0))
    first, again, other = (evaluate(points, ring, seed=seed).as_json() for seed in (1, 1, 2))
    assert first == again
    assert first["energy"] != other["energy"]


def test_distances_of_a_perfect_sampler_are_those_of_two_samples_of_the_data(make_target):
    gaussian = make_target("gaussian")
    found = evaluate(gaussian.sample(4_000, np.random.default_rng(0)), gaussian).distances
    assert found.w2 == pytest.approx(found.w2_floor, rel=0.25)
    assert found.sliced_w2 == pytest.approx(found.sliced_w2_floor, rel=0.6)
    assert abs(found.energy) < 0.003
    assert abs(found.mmd2) < 0.001
    assert found.density == pytest.approx(1, abs=0.05)
    assert found.coverage == pytest.approx(found.perfect_coverage, abs=0.02)


def test_distances_of_a_shifted_gaussian_are_the_closed_forms(make_target):
    gaussian = make_target("gaussian")
    points = np.random.default_rng(0).standard_normal((20_000, 2)) + np.array([1, 0])
    found = evaluate(points, gaussian)
    assert found.distances.sliced_w2 == pytest.approx(0.70711, abs=0.02)
    assert found.distances.w2 == pytest.approx(1.0, abs=0.1)
    assert found.distances.energy == pytest.approx(0.42982, abs=0.05)
    assert found.distances.mmd2 == pytest.approx(0.10235, abs=0.015)


def test_points_beyond_what_can_be_squared_have_no_distances(make_target):
    found = evaluate(np.full((500, 2), 1e300), make_target("gaussian"))
    assert found.jsd == math.log(2)
    assert found.distances.w2 is None
    assert found.as_json()["energy"] is None


@pytest.mark.parametrize("n", [1, 2, 5, 6, 99, 100])
def test_a_handful_of_points_gives_what_it_can(make_target, n):
    found = evaluate(make_target("ring8").sample(n, np.random.default_rng(0)), make_target("ring8"))
    tree = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert (tree["w2"] is None) == (n < 2)
    assert (tree["density"] is None) == (n < 6)
    assert ("kde" in tree["jsd_estimators"]) == (n >= 100)
    assert isinstance(tree["jsd"], float)


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
        (np.array([["a", "b"]]), "points must be numbers"),
        (np.zeros((2, 2), complex), "points must be numbers"),
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
