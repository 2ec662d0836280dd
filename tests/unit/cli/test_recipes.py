"""``ganstudio recipes``, and ``train --recipe``: from the choice to samples and exports."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import FEW, QUICK, CommandLine

from ganstudio.cli import train
from ganstudio.experiment.optimizers import Cosine
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import recipe, recipes
from ganstudio.session import codec


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "EVALUATION_SAMPLES", FEW)


def test_all_recipes_are_listed_with_what_they_change_and_why(ganstudio: CommandLine) -> None:
    listed = ganstudio("recipes", "--json").json["recipes"]
    assert [row["name"] for row in listed] == list(recipes())
    pac = next(row for row in listed if row["name"] == "pacgan-2018")
    assert pac["explain"] == recipe("pacgan-2018").explain and pac["title"] == "PacGAN (2018)"
    assert pac["points"] == list(recipe("pacgan-2018").points)
    packing = next(change for change in pac["changes"] if change["path"] == "discriminator.packing")
    assert packing == {"path": "discriminator.packing", "old": 1, "new": 2, "live": False}
    said = ganstudio("recipes").out
    unwrapped = " ".join(said.split())
    assert all(f"· {point}" in unwrapped for each in recipes().values() for point in each.points)
    assert "discriminator.packing: 1 → 2" in said
    assert "objective: non_saturating → wasserstein" in said
    assert 'schedule: cosine {"iterations": 30000, "final_share": 0.02} → constant' in said


def test_changes_are_told_from_a_preset_on_request(ganstudio: CommandLine) -> None:
    listed = ganstudio("recipes", "--preset", "gaussian-1d", "--json").json["recipes"]
    default = next(row for row in listed if row["name"] == "studio-default")
    paths = {change["path"] for change in default["changes"]}
    assert "penalties.r1" in paths and not any(path.startswith(("target", "measure")) for path in paths)
    assert "latent.dimension" not in paths, "the default of the line has one dimension as well"
    assert ganstudio("recipes", "--preset", "nowhere").code == 2


def test_what_is_seen_of_a_target_and_chosen_by_it_is_told(ganstudio: CommandLine) -> None:
    choice = (
        "100 clusters, 0.35 apart, so z from 256 narrow gaussians, 64 Fourier pairs at scale 3, weaker penalties, and "
        "learning rates that fall over 75,000 iterations"
    )
    listed = ganstudio("recipes", "--target", "grid100", "--json").json["recipes"]
    assert {row["name"]: row["choice"] for row in listed if row["choice"]} == {"studio-default": choice}
    default = next(row for row in listed if row["name"] == "studio-default")
    assert default["changes"] == [], "it is what this target comes with"
    said = ganstudio("recipes", "--target", "grid100").out
    assert f"    Seen of this target: {choice}." in said
    assert "discriminator.fourier_features: 64 → 0" in said
    assert (
        "Seen of this target: 14 separate clusters, so the usual settings."
        in ganstudio("recipes", "--target", "drawn-dots").out
    )
    refused = ganstudio("recipes", "--target", "nowhere")
    assert refused.code == 2
    assert "--target: 'nowhere' is neither a file nor one of gaussians, line" in refused.err


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_default_goes_by_the_target_that_is_trained_wherever_it_is_set(ganstudio: CommandLine, place: str) -> None:
    chosen, grid = ("--recipe", "studio-default"), ("--set", "target.count=10", "--set", "target.spacing=1")
    order = (*grid, *chosen) if place == "before" else (*chosen, *grid)
    own = ("--set", "optimizers.generator.schedule.iterations=77", "--set", "generator.widths=8")
    said = ganstudio("train", "--preset", "grid25", *order, *own, "--iterations", "0", "--out", "run")
    assert said.code == 0
    assert "Studio default: 100 clusters, 0.35 apart, so z from 256 narrow gaussians" in said.err
    trained = codec.read("run/session.gans").experiment
    assert (trained.discriminator.fourier_features, trained.discriminator.fourier_scale) == (64, 3.0)
    assert trained.optimizers.generator.schedule == Cosine(iterations=77, final_share=0.02), "settings come after it"
    assert trained.optimizers.discriminator.schedule == Cosine(iterations=75_000, final_share=0.02)


def test_a_recipe_trains_a_preset_and_settings_come_after_it(ganstudio: CommandLine) -> None:
    said = ganstudio(
        "train", "--preset", "ring8", "--recipe", "pacgan-2018", *QUICK, "--iterations", "4", "--out", "run", "--json"
    )
    assert said.code == 0
    trained = codec.read("run/session.gans").experiment
    assert trained.target == preset("ring8").experiment.target
    assert trained.discriminator.packing == 2 and trained.discriminator.widths == (8,)
    assert trained.penalties.r1 == 0 and trained.training.ema_decay == 0


def test_an_unknown_recipe_is_one_line(ganstudio: CommandLine) -> None:
    said = ganstudio("train", "--recipe", "best", "--iterations", "1")
    assert said.code == 2
    assert "there is no recipe 'best'; known: plain-2014" in said.err


def test_a_session_goes_on_by_a_recipe_only_where_its_networks_fit(ganstudio: CommandLine) -> None:
    base = ("train", "--preset", "ring8", "--recipe", "plain-2014", "--iterations", "2")
    assert ganstudio(*base, "--set", "training.batch_size=16", "--out", "first").code == 0
    again = ("train", "--session", "first/session.gans", "--iterations", "1", "--out", "second")
    assert ganstudio(*again, "--recipe", "plain-2014").code == 0
    refused = ganstudio(*again, "--recipe", "pacgan-2018")
    assert refused.code == 2
    assert "discriminator.widths" in refused.err and "new networks" in refused.err


def test_a_generator_with_a_latent_table_is_sampled_evaluated_and_exported(ganstudio: CommandLine) -> None:
    rows = ("--set", "generator.table_rows=40")
    assert ganstudio("train", "--preset", "ring8", *QUICK, *rows, "--iterations", "3", "--out", "run").code == 0
    assert ganstudio("sample", "run/session.gans", "-n", "3000", "-o", "samples.npy").code == 0
    assert len(np.unique(np.load("samples.npy").round(5), axis=0)) <= 40
    judged = ganstudio("evaluate", "run/session.gans", "--samples", "500", "--json")
    assert judged.code == 0
    assert any("repeat" in warning for warning in judged.json["warnings"]), "the finite support is said aloud"
    assert ganstudio("export", "run/session.gans", "--format", "py", "-o", "generator").code == 0
    described = json.loads(Path("generator/experiment.json").read_text(encoding="utf-8"))
    assert described["generator"]["table_rows"] == 40
