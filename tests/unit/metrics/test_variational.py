import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from ganstudio.metrics.variational import bound, perfect_bound


def logits(x, shift):
    """log p/q of N(0, 1) against N(shift, 1)."""
    return shift * (shift / 2 - x)


@pytest.mark.parametrize(("shift", "jsd"), [(0.5, 0.030311), (1.0, 0.111421), (2.0, 0.336831), (4.0, 0.632720)])
def test_the_optimal_discriminator_gives_the_divergence(shift, jsd):
    u = norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    assert bound(logits(u, shift), logits(u + shift, shift)).value == pytest.approx(jsd, abs=2e-5)


@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("offset", [-2.0, 0.0, 1.0])
def test_any_other_discriminator_stays_below_it(factor, offset):
    u = norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    found = bound(factor * logits(u, 1) + offset, factor * logits(u + 1, 1) + offset)
    assert found.value <= 0.111421 + 2e-5
    if (factor, offset) != (1.0, 0.0):
        assert found.value < 0.111


def test_the_bound_is_half_of_v_plus_log_4():
    rng = np.random.default_rng(0)
    real, generated = rng.standard_normal(500), rng.standard_normal(700)
    value = np.log(1 / (1 + np.exp(-real))).mean() + np.log(1 - 1 / (1 + np.exp(-generated))).mean()
    assert bound(real, generated).value == pytest.approx((value + math.log(4)) / 2, abs=1e-12)


def test_the_standard_error_is_that_of_repeated_samples():
    rng = np.random.default_rng(0)
    found = [bound(rng.standard_normal(400), 2 * rng.standard_normal(900)) for _ in range(800)]
    assert np.std([each.value for each in found]) == pytest.approx(found[0].error, rel=0.12)


def test_certainty_where_it_is_right_gives_ln_2_and_nothing_to_say_gives_0():
    certain = bound(np.full(10, np.inf), np.full(10, -np.inf))
    assert (certain.value, certain.error) == (math.log(2), 0.0)
    assert bound(np.zeros(10), np.zeros(10)).value == pytest.approx(0, abs=1e-15)


def test_a_perfect_generator_reads_below_0_by_a_discriminator_that_sees_differences():
    u = norm.ppf((np.arange(100_000) + 0.5) / 100_000)

    def integrand(x):
        d = 1 / (1 + math.exp(-logits(x, 1)))
        return norm.pdf(x) * 0.5 * (math.log(d) + math.log(1 - d))

    found = perfect_bound(logits(u, 1))
    assert found.value == pytest.approx(math.log(2) + quad(integrand, -10, 10)[0], abs=1e-4)
    assert found.value < 0
