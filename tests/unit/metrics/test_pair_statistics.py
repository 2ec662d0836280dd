import math

import numpy as np
import pytest
from scipy.special import i0, i1
from scipy.stats import energy_distance as reference

from ganstudio.metrics.pair_statistics import energy_distance, mmd2


def gaussians(shift, n=3_000, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, 2)), rng.standard_normal((n + 100, 2)) + np.array([shift, 0])


def energy_of_shift(shift):
    """Closed form: |X − Y| is Rice distributed."""
    x = shift * shift / 4

    def mean(x):
        return math.sqrt(math.pi) * math.exp(-x / 2) * ((1 + x) * i0(x / 2) + x * i1(x / 2))

    return 2 * (mean(x) - mean(0))


def mmd2_of_shift(shift, h):
    return 2 * h**2 / (h**2 + 2) * (1 - math.exp(-(shift**2) / (2 * (h**2 + 2))))


def test_the_closed_forms_are_the_published_truths():
    assert energy_of_shift(1) == pytest.approx(0.42982, abs=1e-5)
    assert mmd2_of_shift(1, 1) == pytest.approx(0.10235, abs=1e-5)


@pytest.mark.parametrize("shift", [0.0, 1.0, 3.0])
def test_shifted_gaussians_have_the_closed_forms(shift):
    x, y = gaussians(shift)
    assert energy_distance(x, y) == pytest.approx(energy_of_shift(shift), abs=0.03 * (1 + shift))
    assert mmd2(x, y) == pytest.approx(mmd2_of_shift(shift, 1), abs=0.01)
    assert mmd2(x, y, 0.5) == pytest.approx(mmd2_of_shift(shift, 0.5), abs=0.01)


def test_both_are_unbiased_for_equal_distributions():
    energies, mmds = np.array([[f(*gaussians(0, 60, seed)) for seed in range(200)] for f in (energy_distance, mmd2)])
    for values in (energies, mmds):
        assert abs(values.mean()) < 3 * values.std() / math.sqrt(200)
        assert values.min() < 0


def test_on_a_line_the_energy_distance_is_scipys_but_for_pairs_of_a_point_with_itself():
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 1, (1_500, 1)), rng.normal(1, 2, (1_200, 1))
    # SciPy takes the root of the V-statistic, whose within-means count n² pairs, n of them nought.
    within = [np.abs(a - a.T).mean() for a in (x, y)]
    v = energy_distance(x, y) + sum(w / (len(a) - 1) for w, a in zip(within, (x, y), strict=True))
    assert v == pytest.approx(reference(x[:, 0], y[:, 0]) ** 2, rel=1e-6)


def test_a_single_point_makes_no_pair():
    with pytest.raises(ValueError, match="at least two points"):
        energy_distance(np.zeros((1, 2)), np.zeros((5, 2)))
