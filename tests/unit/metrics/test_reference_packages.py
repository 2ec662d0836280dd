"""Distances against the packages of the field, whose answers stand here: they would weigh 470 MB in every test run.

POT 0.9.7 (``emd2``, ``sliced_wasserstein_distance``), dcor 0.7 (``energy_distance``, U-statistic) and prdc 0.2
(``compute_prdc``) were run on these samples.
"""

import numpy as np
import pytest

from ganstudio.metrics.neighbours import neighbour_scores
from ganstudio.metrics.pair_statistics import energy_distance
from ganstudio.metrics.transport import sliced_w2, w2


@pytest.fixture(scope="module")
def samples():
    rng = np.random.default_rng(2024)
    real = rng.standard_normal((120, 2))
    generated = 0.7 * rng.standard_normal((120, 2)) + np.array([0.5, -0.3])
    assert real.sum() + generated.sum() == pytest.approx(22.22483055003924, abs=1e-9)  # or these are other samples
    return real, generated


def test_the_exact_w2_is_that_of_pot(samples):
    real, generated = samples
    assert w2(real, generated).value == pytest.approx(0.8141390042419389, abs=1e-12)
    assert w2(real, generated, 50).value == pytest.approx(0.8401664313952295, abs=1e-12)


def test_the_sliced_w2_along_the_same_directions_is_that_of_pot(samples):
    real, generated = samples
    assert sliced_w2(real, generated) == pytest.approx(0.5374374225919776, abs=1e-12)
    assert sliced_w2(real, generated[:90]) == pytest.approx(0.5487512445433437, abs=1e-12)


def test_the_energy_distance_is_that_of_dcor(samples):
    real, generated = samples
    assert energy_distance(real, generated) == pytest.approx(0.2498120226272742, abs=1e-12)
    assert energy_distance(real, generated[:90]) == pytest.approx(0.2606680018391229, abs=1e-12)


@pytest.mark.parametrize(
    ("taken", "neighbours", "precision", "recall", "density", "coverage"),
    [
        (120, 5, 1.0, 0.95, 1.0183333333333333, 0.8833333333333333),
        (90, 5, 1.0, 0.975, 1.011111111111111, 0.8166666666666667),
        (90, 3, 1.0, 0.9333333333333333, 1.1888888888888889, 0.7),
    ],
)
def test_the_neighbour_scores_are_those_of_prdc(samples, taken, neighbours, precision, recall, density, coverage):
    real, generated = samples
    found = neighbour_scores(real, generated[:taken], neighbours)
    assert (found.precision, found.recall) == pytest.approx((precision, recall), abs=1e-12)
    assert (found.density, found.coverage) == pytest.approx((density, coverage), abs=1e-12)
