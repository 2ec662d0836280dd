import math

import numpy as np
import pytest

from ganstudio.experiment.networks import Latent
from ganstudio.metrics.estimators import ESTIMATORS, FEWEST, Material, read_all
from ganstudio.metrics.jsd import LN2, HistogramJsd
from ganstudio.metrics.model import Model
from ganstudio.targets.mixture import IsotropicMixture

SHIFTS = {0.0: 0.0, 0.5: 0.030311, 1.0: 0.111421, 2.0: 0.336831, 4.0: 0.632720}


def gaussian_model(target, shift, sharpness=1.0):
    """G(z) = z + shift, and D's logits as the optimal ones times ``sharpness``."""
    there = IsotropicMixture(np.array([[shift, 0.0]]), 1.0, target.extent)

    def logits(points):
        return (sharpness * (target.log_density(points) - there.log_density(points))).astype(np.float32)

    return Model(lambda z: z + np.array([shift, 0], np.float32), Latent(), 0, logits)


def material(target, sampler, n, seed=0, model=None, histogram=None):
    rng = np.random.default_rng([7, seed])
    points, real, null = sampler(n, rng), target.sample(n, rng), target.sample(n, rng)
    return Material(points, real, null, target, histogram or HistogramJsd(target), seed, model)


def shifted(shift):
    return lambda n, rng: rng.standard_normal((n, 2)) + np.array([shift, 0])


@pytest.mark.parametrize(("shift", "truth"), SHIFTS.items())
@pytest.mark.parametrize(("n", "below", "above"), [(2_500, 0.02, 0.006), (50_000, 0.006, 0.003)])
def test_every_estimator_comes_near_the_truth_and_bounds_do_not_exceed_it(make_target, shift, truth, n, below, above):
    target = make_target("gaussian")
    histogram, repeats = HistogramJsd(target), 6 if n < 10_000 else 1
    found = [
        read_all(material(target, shifted(shift), n, seed, gaussian_model(target, shift), histogram))
        for seed in range(repeats)
    ]
    assert set(found[0]) == set(ESTIMATORS)
    for name in ESTIMATORS:
        readings = [each[name] for each in found]
        mean = float(np.mean([reading.value for reading in readings]))
        error = max(reading.high - reading.low for reading in readings) / 4 / math.sqrt(repeats)
        assert truth - below - 2 * error <= mean <= truth + above + 2 * error, name
        assert all(reading.low <= reading.value <= reading.high <= LN2 for reading in readings), name
        assert all(reading.floor >= 0 for reading in readings), name
        assert all(
            (reading.bound == "lower") == (name in ("kde", "exact_density", "discriminator")) for reading in readings
        )


@pytest.mark.parametrize("target_name", ["gaussian", "ring8", "grid25", "box", "mixture 1-D"])
def test_bounds_by_densities_stay_below_zero_on_average_for_a_perfect_generator(make_target, target_name):
    target = make_target(target_name)
    histogram = HistogramJsd(target)
    materials = [material(target, target.sample, 1_000, seed, histogram=histogram) for seed in range(8)]
    for name in ("kde", "exact_density"):
        readings = [ESTIMATORS[name].read(each) for each in materials]
        values = np.array([reading.value for reading in readings])
        assert values.mean() <= 2 * values.std() / math.sqrt(len(values))
        assert all(reading.low <= reading.value <= reading.high for reading in readings)
        assert all(reading.high >= 0 for reading in readings)
        assert sum(reading.value > reading.floor for reading in readings) <= 2


@pytest.mark.parametrize("sharpness", [-1.0, 0.0, 0.3, 1.0, 5.0])
def test_the_discriminators_bound_never_exceeds_the_truth_however_bad_d_is(make_target, sharpness):
    target = make_target("gaussian")
    reading = ESTIMATORS["discriminator"].read(
        material(target, shifted(1.0), 20_000, model=gaussian_model(target, 1.0, sharpness))
    )
    assert reading.low <= SHIFTS[1.0]
    assert (reading.value < -1e-12) == (sharpness < 0 or sharpness == 5.0)
    if sharpness == 1.0:
        assert reading.value == pytest.approx(SHIFTS[1.0], abs=0.005)


def test_strangers_points_have_no_generator_and_no_discriminator_to_look_into(make_target):
    target = make_target("gaussian")
    assert set(read_all(material(target, target.sample, 500))) == {"histogram", "kde", "exact_density"}


def test_a_critic_gives_no_bound(make_target):
    target = make_target("gaussian")
    model = Model(lambda z: z, Latent(), 0)
    assert set(read_all(material(target, target.sample, 500, model=model))) == set(ESTIMATORS) - {"discriminator"}


def test_without_exact_masses_or_density_what_needs_them_is_absent(make_target, without_masses):
    target = without_masses(make_target("gaussian"))
    model = Model(lambda z: z, Latent(), 0, lambda x: np.zeros(len(x), np.float32))
    found = read_all(material(target, target.sample, 500, model=model))
    assert set(found) == {"histogram", "kde", "discriminator"}
    assert found["histogram"].real_samples == 2_000_000


def test_too_few_points_have_no_density(make_target):
    target = make_target("gaussian")
    assert set(read_all(material(target, target.sample, FEWEST - 1))) == {"histogram"}


def test_off_the_plot_every_estimator_says_ln_2(make_target):
    target = make_target("gaussian")
    model = gaussian_model(target, 1e6)
    found = read_all(material(target, shifted(1e6), 2_000, model=model))
    for name, reading in found.items():
        assert reading.value == pytest.approx(LN2, abs=5e-3), name


def test_the_latent_map_reads_a_perfect_generator_far_nearer_to_zero_than_the_histogram(make_target):
    target = make_target("gaussian")
    found = read_all(material(target, target.sample, 2_500, model=gaussian_model(target, 0.0)))
    assert abs(found["latent_map"].value) < 1e-4
    assert found["latent_map"].floor < 0.2 * found["histogram"].floor
    assert found["latent_map"].high - found["latent_map"].low < 0.2 * (found["histogram"].high - found["histogram"].low)
