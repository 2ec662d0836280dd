"""Targets, recipes and seeds by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.presets import preset, presets
from ganstudio.experiment.recipes import recipe, recipes
from ganstudio.experiment.targets import Painting, Points, Points1D
from ganstudio.sweep.subjects import cases, seeds_of, target_groups
from ganstudio.targets.drawn import drawn_shapes
from ganstudio.targets.files import write_painting


def test_every_combination_is_one_case_and_first_seeds_come_first() -> None:
    found = cases(["ring8,line", "drawn-face"], ["own", "plain-2014"], [3, 1])
    assert [(one.seed, one.target, one.recipe) for one in found] == [
        (seed, target, way)
        for seed in (3, 1)
        for target in ("ring8", "line", "drawn-face")
        for way in ("own", "plain-2014")
    ]
    assert all(one.experiment.seed == one.seed for one in found)
    assert len({one.key for one in found}) == len({one.digest for one in found}) == len(found)


def test_own_is_what_the_target_comes_with_and_a_recipe_is_applied_to_it() -> None:
    own, plain = (one.experiment for one in cases(["grid25"], ["own,plain-2014"], [0]))
    assert own == preset("grid25").experiment
    assert plain == recipe("plain-2014").apply(preset("grid25").experiment)
    (drawn,) = cases(["drawn-spiral"], ["own"], [0])
    assert drawn.experiment == Experiment(target=drawn_shapes()["drawn-spiral"])


def test_the_studio_default_is_what_it_chooses_for_the_samples_of_the_target(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    centres = rng.permutation(np.stack(np.meshgrid(np.arange(7), np.arange(7)), axis=-1).reshape(-1, 2))
    path = tmp_path / "measured.csv"
    np.savetxt(path, centres[rng.integers(0, 49, 8000)] + rng.normal(size=(8000, 2)) * 0.04, delimiter=",")
    for name, pairs, told in (
        ("grid100", 64, "100 clusters, 0.35 apart"),
        (str(path), 64, "49 clusters, 0.50 apart"),
        ("grid25", 16, ""),
        ("drawn-dots", 16, ""),
        ("mixture-1d", 16, ""),
    ):
        own, default, plain = cases([name], ["own,studio-default,plain-2014"], [0])
        assert own.experiment == default.experiment, name
        assert default.experiment.discriminator.fourier_features == pairs
        assert own.choice == default.choice
        assert default.choice.startswith(told) and bool(default.choice) is bool(told)
        assert plain.choice == ""


def test_groups_and_all_recipes() -> None:
    assert [one.target for one in cases(["papers"], ["own"], [0])] == ["ring8", "grid25"]
    assert {one.target for one in cases(["all"], ["own"], [0])} == {*presets(), *drawn_shapes(), "grid100"}
    assert [one.recipe for one in cases(["line"], ["all"], [0])] == ["own", *recipes()]
    assert not set(target_groups()) & {*presets(), *drawn_shapes()}, "a group has no target's name"


def test_a_file_is_a_target_of_its_own_name(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    plane, line, painting = tmp_path / "my data.csv", tmp_path / "line.npy", tmp_path / "drawn.json"
    np.savetxt(plane, rng.normal(size=(50, 2)), delimiter=",")
    np.save(line, rng.normal(size=(50, 1)))
    write_painting(painting, Painting(commands=drawn_shapes()["drawn-dots"].commands))
    found = cases([str(plane), str(line), str(painting)], ["own"], [0])
    assert [one.target for one in found] == ["my-data", "line", "drawn"]
    assert [type(one.experiment.target) for one in found] == [Points, Points1D, Painting]


@pytest.mark.parametrize(
    ("targets", "ways", "message"),
    [
        (["nowhere"], ["own"], "'nowhere' is neither a file nor one of papers, .*ring8.*drawn-face.*grid100"),
        (["line"], ["best"], "no recipe 'best'; known: all, own, plain-2014"),
        ([" , "], ["own"], "there is none; known: papers"),
        (["line"], [""], "there is none; known: all, own"),
    ],
    ids=["target", "recipe", "no-target", "no-recipe"],
)
def test_a_name_that_is_not_known_is_told_with_those_that_are(
    targets: list[str], ways: list[str], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        cases(targets, ways, [0])


def test_two_files_of_one_name_and_an_empty_painting_are_refused(tmp_path: Path) -> None:
    for folder, shift in (("a", 0.0), ("b", 1.0)):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "points.npy", np.random.default_rng(0).normal(size=(9, 2)) + shift)
    same = [str(tmp_path / folder / "points.npy") for folder in "ab"]
    with pytest.raises(UserError, match="two targets are called 'points'"):
        cases(same, ["own"], [0])
    assert len(cases([same[0], same[0]], ["own"], [0])) == 1, "the same one twice is one"
    write_painting(tmp_path / "empty.json", Painting())
    with pytest.raises(UserError, match="the painting is empty"):
        cases([str(tmp_path / "empty.json")], ["own"], [0])


def test_seeds_are_numbers_and_ranges_each_once() -> None:
    assert seeds_of(["0-4"]) == (0, 1, 2, 3, 4)
    assert seeds_of(["7,2-3", "3"]) == (7, 2, 3)


@pytest.mark.parametrize("text", ["", "a", "3-1", "-1", "0-5000", "2147483648", "1.5", "99999999999"])
def test_what_is_no_list_of_seeds_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="--seeds"):
        seeds_of([text])
