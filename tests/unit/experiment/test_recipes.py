"""Recipes change how a GAN is trained, say what they change, and never touch what it is to imitate."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from ganstudio import shipped
from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment import recipes as module
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import MixturePrior
from ganstudio.experiment.optimizers import Cosine
from ganstudio.experiment.presets import preset, presets
from ganstudio.experiment.recipes import PARTS, recipe, recipe_of, recipes
from ganstudio.experiment.sight import Sight
from ganstudio.training.run import Run

PROMISED = [
    *("plain-2014", "unrolled-2016", "wgan-gp-2017", "pacgan-2018", "r3gan-2024"),
    "studio-default",
]
MANY_CLUSTERS = Sight(clusters=100, spacing=0.35, width=0.01)


def test_all_recipes_that_were_promised_are_offered_and_every_file_is() -> None:
    assert list(recipes()) == PROMISED
    files = {path.stem for path in shipped.directory("recipes").glob("*.json")} - {"order"}
    assert files == set(recipes())
    for name, found in recipes().items():
        assert found.name == name and found.title and found.explain.endswith(".")


@pytest.mark.parametrize("name", PROMISED)
def test_what_a_recipe_is_about_is_told_in_two_sentences_and_the_rest_in_short_points(name: str) -> None:
    found = recipe(name)
    assert 1 <= len(re.findall(r"\.(?: |$)", found.explain)) <= 2
    assert len(found.explain) <= 240
    assert found.points
    for point in found.points:
        assert point[0].isupper() or point.startswith("z ")
        assert point.endswith(".") and len(point) <= 200


@pytest.mark.parametrize("name", PROMISED)
@pytest.mark.parametrize("start", ["grid25", "gaussian-1d"])
def test_a_recipe_leaves_target_seed_and_measure_alone_and_its_changes_lead_there(name: str, start: str) -> None:
    before = with_value(with_value(preset(start).experiment, "seed", 5), "stop.iterations", 77)
    after = recipe(name).apply(before)
    assert after.target is before.target
    kept = set(Experiment.model_fields) - set(PARTS)
    assert {"target", "normalisation", "measure", "stop", "seed", "device"} == kept
    assert all(getattr(after, field) == getattr(before, field) for field in kept)
    step_by_step = before
    for change in recipe(name).changes(before):
        step_by_step = with_value(step_by_step, change.path, change.new)
    assert step_by_step == after
    assert recipe(name).changes(after) == ()
    assert Experiment.model_validate_json(after.model_dump_json()) == after


@pytest.mark.parametrize("sight", [None, MANY_CLUSTERS], ids=["unseen", "seen"])
def test_what_a_recipe_gives_does_not_depend_on_the_recipe_before(sight: Sight | None) -> None:
    start = preset("ring8").experiment
    for first in PROMISED:
        for second in PROMISED:
            then = recipe(second).apply(recipe(first).apply(start, sight), sight)
            assert then == recipe(second).apply(start, sight)


def test_an_experiment_knows_which_recipe_it_follows() -> None:
    for name in PROMISED:
        followed = recipe_of(recipe(name).apply(preset("moons").experiment))
        assert followed is not None and followed.name == name
    assert recipe_of(with_value(Experiment(), "training.batch_size", 77)) is None


def test_for_a_target_of_many_clusters_only_what_was_chosen_for_it_is_the_default() -> None:
    default = recipe("studio-default")
    plain = Experiment()
    fine = default.apply(plain, MANY_CLUSTERS)
    assert default.changes(fine, MANY_CLUSTERS) == ()
    assert recipe_of(fine, MANY_CLUSTERS) is default and recipe_of(plain, MANY_CLUSTERS) is None
    assert recipe_of(plain) is default and recipe_of(fine) is None
    assert [(change.path, change.new) for change in default.changes(plain, MANY_CLUSTERS)] == [
        ("latent.dimension", 16),
        ("latent.prior", MixturePrior(count=256, radius=1.0, sigma=0.01)),
        ("discriminator.fourier_features", 64),
        ("discriminator.fourier_scale", 3.0),
        ("penalties.r1", 0.04),
        ("penalties.r2", 0.01),
        ("penalty_schedule.weights", Cosine(iterations=75_000, final_share=0.02)),
        ("optimizers.generator.schedule.iterations", 75_000),
        ("optimizers.discriminator.schedule.iterations", 75_000),
    ]
    assert default.choice(plain, MANY_CLUSTERS) == (
        "100 clusters, 0.35 apart, so z from 256 narrow gaussians, 64 Fourier pairs at scale 3, weaker penalties, and "
        "learning rates that fall over 75,000 iterations"
    )


@pytest.mark.parametrize("name", PROMISED)
def test_only_the_studio_default_goes_by_what_is_seen_and_only_in_the_plane(name: str) -> None:
    each = recipe(name)
    plane, line = preset("grid25").experiment, preset("mixture-1d").experiment
    goes_by_it = name == "studio-default"
    assert (each.apply(plane, MANY_CLUSTERS) != each.apply(plane)) is goes_by_it
    assert bool(each.choice(plane, MANY_CLUSTERS)) is goes_by_it
    assert each.apply(line, MANY_CLUSTERS) == each.apply(line)
    assert each.choice(line, MANY_CLUSTERS) == each.choice(plane, None) == ""


def test_recipes_are_what_their_papers_are_known_for() -> None:
    def of(name: str) -> Experiment:
        return recipe(name).apply(Experiment())

    plain, unrolled, wgan, pac, r3 = (of(name) for name in PROMISED[:5])
    assert plain.objective.kind == "non_saturating" and not any(vars(plain.penalties).values())
    assert [change.path for change in recipe("unrolled-2016").changes(plain)] == ["updates.unrolled_steps"]
    assert unrolled.updates.unrolled_steps == 5
    assert (wgan.objective.kind, wgan.training.discriminator_updates) == ("wasserstein", 5)
    assert wgan.penalties.wgan_gp > 0 and wgan.penalties.r1 == wgan.penalties.weight_clipping == 0
    assert pac.discriminator.packing == 2
    differing = [change.path for change in recipe("pacgan-2018").changes(plain)]
    assert differing == ["discriminator.widths", "discriminator.packing"], "else it is the plain GAN"
    assert r3.objective.kind == "relativistic_paired" and r3.penalties.r1 == r3.penalties.r2 > 0
    for name in PROMISED:
        assert of(name).generator.table_rows == 0, "none of them memorises"
    assert of("studio-default") == Experiment()


def test_unseen_the_studio_default_goes_by_the_dimension_of_the_target_alone() -> None:
    default = recipe("studio-default")
    for name, each in presets().items():
        parts = default.apply(each.experiment).model_dump(include=set(PARTS))
        like = preset("mixture-1d" if type(each.experiment.target).dimension == 1 else "moons").experiment
        assert parts == default.apply(like).model_dump(include=set(PARTS)), name
    assert default.apply(preset("mixture-1d").experiment) == preset("mixture-1d").experiment
    assert default.apply(preset("gaussian-1d").experiment).latent.dimension == 1


@pytest.mark.parametrize("name", PROMISED)
def test_every_recipe_can_be_played(name: str) -> None:
    run = Run(with_value(recipe(name).apply(preset("gaussians").experiment), "training.batch_size", 32))
    run.advance(3)
    assert np.isfinite(run.history.column("generator_loss")).all()


def test_an_unknown_recipe_is_told_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"no recipe 'best'; known: plain-2014, .*studio-default"):
        recipe("best")


def test_a_recipe_whose_rule_is_not_known_is_refused(tmp_path: Path) -> None:
    tree = {"title": "T", "source": "", "explain": "E.", "experiment": {}, "rule": "fortune"}
    (tmp_path / "bad.json").write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(UserError, match=r"no rule 'fortune'; known: many_clusters"):
        module._read("bad", tmp_path / "bad.json")


def test_a_recipe_that_would_set_the_target_is_refused(tmp_path: Path) -> None:
    tree = {"title": "T", "source": "", "explain": "E.", "experiment": {"target": {"kind": "moons"}}}
    (tmp_path / "bad.json").write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(UserError, match=r"bad\.json: target: a recipe does not set it"):
        module._read("bad", tmp_path / "bad.json")
