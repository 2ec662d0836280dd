"""The measures on the targets that people choose, each judged on its own samples."""

import numpy as np
import pytest

from ganstudio.experiment import targets as spec
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import BrushStroke, Curve
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.jsd import LN2, HistogramJsd
from ganstudio.targets.registry import BUILDERS, build


def points(dimension):
    rows = np.random.default_rng(0).standard_normal((300, dimension)).astype(np.float32)
    return {"points": ArrayText.of(rows), "sigma": 0.1}


NEEDED = {
    spec.Painting: {"commands": (BrushStroke(points=((-1, -1, 1), (1, 0.5, 0.4)), size=0.1),)},
    spec.Painting1D: {"commands": (Curve(points=((-2, 0), (0, 0.9), (1, 0.1))),)},
    spec.Points: points(2),
    spec.Points1D: points(1),
}
SPECS = [kind(**NEEDED.get(kind, {})) for kind in BUILDERS]


@pytest.mark.parametrize("chosen", SPECS, ids=lambda chosen: chosen.kind)
def test_every_target_reads_zero_on_its_own_samples(chosen):
    target, rng = build(chosen), np.random.default_rng(1)
    estimator = HistogramJsd(target)
    for n, tolerance in ((2_500, 0.01), (20_000, 0.002), (50_000, 0.002)):
        found = [estimator.estimate(target.sample(n, rng)) for _ in range(6)]
        assert max(abs(estimate.value) for estimate in found) <= tolerance
        assert abs(np.mean([estimate.value for estimate in found])) <= tolerance / 4
        assert all(estimate.high >= 0 for estimate in found)
        assert 0 < found[0].floor <= tolerance


@pytest.mark.parametrize("chosen", SPECS, ids=lambda chosen: chosen.kind)
def test_every_target_reads_ln_2_off_the_plot_and_something_between_for_a_collapsed_generator(chosen):
    target = build(chosen)
    one_place = np.repeat(target.sample(1, np.random.default_rng(0)), 2_000, axis=0)
    assert evaluate(one_place + 1e6, target).jsd == LN2
    collapsed = evaluate(one_place, target)
    assert 0.2 < collapsed.jsd_low <= collapsed.jsd <= collapsed.jsd_high <= LN2
    if target.modes is not None:
        assert collapsed.modes_captured <= 1
        assert collapsed.sigma_ratio is None or collapsed.sigma_ratio < 1e-9
