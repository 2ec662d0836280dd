"""Every shipped preset can be trained."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio import shipped
from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import preset, presets
from ganstudio.targets import build

PROMISED = {
    *("line", "gaussians", "ring", "disjoint", "ring8", "grid25", "moons", "circles", "spirals", "swiss-roll"),
    *("checkerboard", "pinwheel", "gaussian-1d", "mixture-1d"),
}


def test_all_presets_that_were_promised_are_there_and_every_file_is_offered() -> None:
    assert set(presets()) >= PROMISED
    files = {path.stem for path in shipped.directory("presets").glob("*.json")} - {"order"}
    assert files == set(presets())


@pytest.mark.parametrize("name", presets())
def test_a_preset_loads_says_what_it_is_and_its_target_can_be_drawn_from(name: str) -> None:
    chosen = preset(name)
    assert chosen.name == name
    assert chosen.title and chosen.description.endswith((".", ")", "!"))
    target = build(chosen.experiment.target)
    points = target.sample(500, np.random.default_rng(0))
    assert points.shape == (500, target.dimension) and np.isfinite(points).all()
    assert Experiment.model_validate_json(chosen.experiment.model_dump_json()) == chosen.experiment


@pytest.mark.parametrize(("name", "modes", "sigma"), [("ring8", 8, 0.01), ("grid25", 25, 0.05)])
def test_the_papers_targets_are_those_of_the_papers(name: str, modes: int, sigma: float) -> None:
    target = build(preset(name).experiment.target)
    assert target.modes is not None
    assert len(target.modes) == modes
    assert target.sigma == sigma
    if name == "ring8":
        np.testing.assert_allclose(np.linalg.norm(target.modes, axis=1), 1.0)
    else:
        assert {float(x) for x in target.modes.ravel().round(9)} == {-4, -2, 0, 2, 4}


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"no preset 'rings'; known: .*ring8"):
        preset("rings")
