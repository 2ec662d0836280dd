import math

import numpy as np
import pytest

from ganstudio.metrics.held_out import HeldOut
from ganstudio.targets.mixture import IsotropicMixture


def held_out(target, sampler, n, seed=0):
    rng = np.random.default_rng(seed)
    return HeldOut.of(target.sample(n, rng), sampler(n, rng), target, seed)


def shifted(shift, scale=1.0):
    return lambda n, rng: scale * rng.standard_normal((n, 2)) + np.array([shift, 0])


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (0.5, 1.0), (1.0, 1.0), (0.0, 1.3)])
def test_both_divergences_of_gaussians_are_the_closed_forms(make_target, shift, scale):
    # In two dimensions: ½ [2/s² − 2 + m²/s² + 4 ln s] one way, and the other with s² up and −4 ln s.
    forward = 0.5 * ((2 + shift**2) / scale**2 - 2 + 4 * math.log(scale))
    reverse = 0.5 * (2 * scale**2 - 2 + shift**2 - 4 * math.log(scale))
    found = held_out(make_target("gaussian"), shifted(shift, scale), 20_000)
    assert found.kl() == pytest.approx(forward, abs=0.06)
    assert found.reverse_kl() == pytest.approx(reverse, abs=0.04)


def test_a_target_without_a_density_gives_nearly_the_same(make_target, without_masses):
    found = held_out(without_masses(make_target("gaussian")), shifted(1.0), 20_000)
    assert found.kl() == pytest.approx(0.5, abs=0.06)
    assert found.reverse_kl() == pytest.approx(0.5, abs=0.06)
    assert found.exact_bound() is None


def test_tails_that_no_sample_shows_are_taken_for_thicker_than_they_are(make_target):
    forward = 0.5 * (2 / 0.7**2 - 2 + 4 * math.log(0.7))
    assert 0.5 * forward < held_out(make_target("gaussian"), shifted(0.0, 0.7), 20_000).kl() < forward


def test_with_the_exact_density_the_reverse_divergence_errs_on_the_low_side_and_the_other_on_the_high_one(make_target):
    grid = make_target("grid25")
    found = held_out(grid, grid.sample, 5_000)
    assert -0.1 < found.reverse_kl() < 0 < found.kl() < 0.1


def test_a_missing_mode_makes_one_divergence_infinite_and_the_other_the_log_of_what_is_left(make_target):
    ring = make_target("ring8")
    found = held_out(ring, IsotropicMixture(ring.modes[:4], ring.sigma, ring.extent).sample, 20_000)
    assert found.kl() is None
    assert found.reverse_kl() == pytest.approx(math.log(2), abs=0.03)


def test_samples_where_there_is_no_data_make_the_other_one_infinite(make_target):
    box = make_target("box")
    inside = held_out(box, box.sample, 5_000)
    assert inside.kl() == pytest.approx(0, abs=0.1)
    assert inside.reverse_kl() == pytest.approx(0, abs=0.1)
    assert held_out(box, lambda n, rng: rng.random((n, 2)) + np.array([0.2, 0]), 5_000).reverse_kl() is None
    assert held_out(box, lambda n, rng: rng.random((n, 2)) + np.array([0.2, 0]), 5_000).kl() is None


def test_off_the_plot_nothing_is_told(make_target):
    found = held_out(make_target("gaussian"), lambda n, rng: np.full((n, 2), 1e6), 500)
    assert found.kl() is None
    assert found.reverse_kl() is None
    assert found.kde_bound().value == pytest.approx(math.log(2), abs=0.02)
    assert found.exact_bound().value == pytest.approx(math.log(2), abs=0.02)
