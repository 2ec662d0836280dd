import numpy as np
import pytest

from ganstudio.experiment.presets import preset
from ganstudio.metrics.estimators import ESTIMATORS, Material
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.flags import Evidence, warnings
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.targets import build

CHEATS = {
    "repeats the centres": (
        lambda t, n, rng: t.modes[rng.integers(0, len(t.modes), n)],
        ("narrowed", "narrower", "repeat others exactly", "closer together"),
    ),
    "every mode once, the rest in one": (
        lambda t, n, rng: np.vstack([t.modes, t.modes[0] + t.sigma * rng.standard_normal((n - len(t.modes), 2))]),
        ("less than a quarter of their samples",),
    ),
    "every mode once, the rest anywhere": (
        lambda t, n, rng: np.vstack([t.modes, rng.uniform(-1, 1, (n - len(t.modes), 2)) * t.extent.x_max]),
        ("lie near any mode",),
    ),
    "half a σ off": (lambda t, n, rng: t.sample(n, rng) + np.array([0, t.sigma / 2]), ("off their centres",)),
    "narrows": (
        lambda t, n, rng: t.modes[rng.integers(0, len(t.modes), n)] + 0.7 * t.sigma * rng.standard_normal((n, 2)),
        ("narrower",),
    ),
    "widens": (
        lambda t, n, rng: t.modes[rng.integers(0, len(t.modes), n)] + 1.3 * t.sigma * rng.standard_normal((n, 2)),
        ("wider",),
    ),
    "leaves out a mode": (
        lambda t, n, rng: (x := t.sample(2 * n, rng))[np.linalg.norm(x - t.modes[1], axis=1) > 10 * t.sigma][:n],
        ("1 of {total} modes have no sample within 3σ (number 2,",),
    ),
    "memorised 200 samples": (
        lambda t, n, rng: t.sample(200, rng)[rng.integers(0, 200, n)],
        ("repeat others exactly",),
    ),
}


@pytest.mark.parametrize("name", ["ring8", "grid25"])
@pytest.mark.parametrize("cheat", CHEATS)
def test_each_cheat_is_told_from_a_good_generator_with_its_numbers(make_target, name, cheat):
    target = make_target(name)
    make, said = CHEATS[cheat]
    found = evaluate(make(target, 2_500, np.random.default_rng(0)), target)
    for words in said:
        matching = [warning for warning in found.warnings if words.format(total=len(target.modes)) in warning]
        assert len(matching) == 1, found.warnings
        assert any(letter.isdigit() for letter in matching[0])
        assert matching[0].endswith(".")


@pytest.mark.parametrize("name", ["gaussian", "ring8 σ .1", "grid25", "mixture 1-D", "box"])
def test_a_perfect_sampler_raises_no_flag(make_target, name):
    target = make_target(name)
    histogram = HistogramJsd(target)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        points, real, null = (target.sample(2_000, rng) for _ in range(3))
        material = Material(points, real, null, target, histogram, seed)
        readings = {"histogram": ESTIMATORS["histogram"].read(material)}
        if seed < 5:  # These are slow, and far from their flag.
            readings["exact_density"] = ESTIMATORS["exact_density"].read(material)
        assert warnings(Evidence.of(points, np.concatenate([real, null]), target, readings)) == ()


def test_a_perfect_sampler_of_any_size_raises_no_flag(make_target):
    target = make_target("grid25")
    histogram = HistogramJsd(target)
    for n in (1, 2, 6, 50, 300, 20_000):
        found = evaluate(target.sample(n, np.random.default_rng(n)), target, histogram=histogram)
        assert found.warnings == ()


def test_modes_that_overlap_are_judged_against_samples_of_themselves():
    from ganstudio.experiment.targets import GaussianRing

    target = build(GaussianRing(count=12, sigma=0.2))
    for seed in range(3):
        assert evaluate(target.sample(2_000, np.random.default_rng(seed)), target, seed=seed).warnings == ()


def test_points_on_a_line_in_a_wide_cloud_are_closer_together_than_the_data():
    target = build(preset("gaussians").experiment.target)
    x = np.random.default_rng(0).uniform(-1, 1, 2_500)
    assert any("closer together" in warning for warning in evaluate(np.c_[x, x], target).warnings)


def test_what_differs_only_inside_the_cells_is_not_hidden_by_the_histogram(make_target):
    ring = make_target("ring8")
    rng = np.random.default_rng(0)
    turned = ring.modes[rng.integers(0, 8, 5_000)] + 2.5 * ring.sigma * rng.standard_normal((5_000, 2))
    found = evaluate(turned, ring, cells=5)
    assert found.jsd_high < found.jsd_estimators["exact_density"].low
    assert any("inside the cells" in warning for warning in found.warnings)


def test_points_from_a_file_that_repeat_because_the_data_do_are_no_cheat():
    from ganstudio.experiment.array_text import ArrayText
    from ganstudio.experiment.targets import Points

    rows = np.random.default_rng(0).standard_normal((300, 2)).astype(np.float32)
    target = build(Points(points=ArrayText.of(rows)))
    assert evaluate(target.sample(2_500, np.random.default_rng(1)), target).warnings == ()
