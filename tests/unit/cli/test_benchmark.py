"""``ganstudio benchmark quality``: what it writes and says, and how it goes on after an interruption."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import QUICK as TRAIN_QUICK
from command_line import CommandLine

from ganstudio.session import codec
from ganstudio.sweep import measured_run
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.subjects import Case
from ganstudio.targets.drawn import drawn_shape

BASE = ("benchmark", "quality", "--targets", "ring8,drawn-dots", "--recipes", "own", "--iterations", "2")
QUICK = ("--engine", "eager", "--samples", "1000", "--jobs", "0", "--out", "found")
COMMAND = (*BASE, *QUICK)


class Played:
    """Counts runs, and can interrupt one of them as Ctrl-C does; after the first they only seem to be made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: list[str] = []
        self.interrupt_at: str | None = None
        self.break_at: str | None = None
        self._play = measured_run.play
        self._first: Outcome | None = None
        monkeypatch.setattr(measured_run, "play", self)

    def __call__(self, case: Case, *arguments: Any, **options: Any) -> Outcome:
        if case.key == self.interrupt_at:
            raise KeyboardInterrupt
        if case.key == self.break_at:
            raise RuntimeError("out of paper")
        self.keys.append(case.key)
        if self._first is None:
            self._first = self._play(case, *arguments, **options)
        names = {"target": case.target, "recipe": case.recipe, "seed": case.seed, "digest": case.digest}
        return self._first.model_copy(update=names)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    return Played(monkeypatch)


def seeds_in_csv() -> list[tuple[str, str]]:
    with Path("found/runs.csv").open(encoding="utf-8", newline="") as file:
        return [(row["target"], row["seed"]) for row in csv.DictReader(file)]


def test_what_the_studio_default_chose_by_a_target_is_told_once(ganstudio: CommandLine, played: Played) -> None:
    asked = ("benchmark", "quality", "--targets", "ring8,grid100", "--recipes", "studio-default", "--iterations", "2")
    said = ganstudio(*asked, *QUICK, "--seeds", "0-1")
    assert said.code == 0
    assert said.err.count("grid100, studio-default: 100 clusters, 0.35 apart, so z from 256 narrow gaussians") == 1
    assert "ring8, studio-default:" not in said.err, "as for most targets"


def test_it_runs_everything_and_reports_means_and_every_seed(ganstudio: CommandLine) -> None:
    said = ganstudio(*COMMAND, "--seeds", "0-1", "--json")
    assert said.code == 0
    report = said.json
    assert report["protocol"]["iterations"] == 2 and report["protocol"]["samples"] == 1000
    assert [(mean["target"], mean["seeds"]) for mean in report["means"]] == [("ring8", [0, 1]), ("drawn-dots", [0, 1])]
    ring = [run["jsd"] for run in report["runs"] if run["target"] == "ring8"]
    assert report["means"][0]["jsd"]["value"] == pytest.approx(sum(ring) / 2)
    assert report["means"][0]["jsd"]["error"] == pytest.approx(abs(ring[0] - ring[1]) / 2)
    assert seeds_in_csv() == [("ring8", "0"), ("ring8", "1"), ("drawn-dots", "0"), ("drawn-dots", "1")]
    assert Path("found/figure.png").read_bytes().startswith(b"\x89PNG")
    assert "PacGAN4 † (PacGAN 2018)" in Path("found/table.md").read_text(encoding="utf-8")
    assert {path.name for path in Path("found").iterdir()} == {
        "manifest.json", "runs", "runs.csv", "table.md", "figure.png", "figure.svg",
    }  # fmt: skip


def test_without_json_a_person_reads_tables_that_fit_a_terminal(
    ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = ganstudio(*COMMAND, "--seeds", "0")
    assert said.code == 0
    assert "ring8: modes" in said.out and "a perfect generator" in said.out and "not run here" in said.out
    assert "…" not in said.out and max(map(len, said.out.splitlines())) <= 80
    assert "wrote found/table.md" in said.err.replace("\\", "/")


def test_an_interruption_keeps_what_is_finished_and_the_same_command_goes_on(
    ganstudio: CommandLine, played: Played
) -> None:
    played.interrupt_at = "ring8--own--seed-1"
    said = ganstudio(*COMMAND, "--seeds", "0-1")
    assert said.code == 130 and "goes on from here" in said.err
    assert seeds_in_csv() == [("ring8", "0"), ("drawn-dots", "0")], "what is there is reported all the same"
    before = {path: path.read_bytes() for path in Path("found/runs").iterdir()}
    played.interrupt_at, played.keys = None, []
    said = ganstudio(*COMMAND, "--seeds", "0-1")
    assert said.code == 0 and "2 of 4 runs are finished already" in said.err
    assert played.keys == ["ring8--own--seed-1", "drawn-dots--own--seed-1"]
    assert {path: path.read_bytes() for path in before} == before
    assert len(seeds_in_csv()) == 4
    played.keys = []
    assert ganstudio(*COMMAND, "--seeds", "0-1").code == 0 and played.keys == []


def test_an_interruption_before_anything_is_finished_is_told_as_well(ganstudio: CommandLine, played: Played) -> None:
    played.interrupt_at = "ring8--own--seed-0"
    said = ganstudio(*COMMAND, "--seeds", "0", "--json")
    assert said.code == 130 and said.json == {"runs": []}


def test_a_changed_protocol_is_refused_and_more_seeds_are_not(ganstudio: CommandLine, played: Played) -> None:
    assert ganstudio(*COMMAND, "--seeds", "0", "--targets", "ring8").code == 0
    said = ganstudio(*BASE[:-1], "3", *QUICK, "--seeds", "0")
    assert said.code == 2
    assert "protocol.iterations is 2 there and 3 now; choose another --out" in said.err
    played.keys = []
    said = ganstudio("benchmark", "quality", "--targets", "ring8", "--recipes", "own,plain-2014", "--iterations", "2",
                     *QUICK, "--seeds", "0,5")  # fmt: skip
    assert said.code == 0
    assert played.keys == ["ring8--plain-2014--seed-0", "ring8--own--seed-5", "ring8--plain-2014--seed-5"]


def test_runs_that_break_off_are_told_and_tried_again_next_time(ganstudio: CommandLine, played: Played) -> None:
    played.break_at = "ring8--own--seed-0"
    said = ganstudio(*COMMAND, "--seeds", "0")
    assert said.code == 1 and "1 runs broke off (ring8--own--seed-0)" in said.err
    assert "out of paper" in Path("found/errors.log").read_text(encoding="utf-8")
    assert seeds_in_csv() == [("drawn-dots", "0")]
    played.break_at = None
    assert ganstudio(*COMMAND, "--seeds", "0").code == 0 and len(seeds_in_csv()) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--iterations", "5", "--seconds", "5"), "either seconds or iterations"),
        (("--engine", "turbo"), "engine"),
        (("--targets", "nowhere"), "'nowhere' is neither a file"),
        (("--recipes", "best"), "no recipe 'best'"),
        (("--seeds", "x"), "--seeds: 'x' is no seed"),
    ],
    ids=["budgets", "engine", "target", "recipe", "seeds"],
)
def test_wrong_options_are_one_line_and_make_no_folder(
    ganstudio: CommandLine, options: tuple[str, ...], message: str
) -> None:
    said = ganstudio("benchmark", "quality", *options)
    assert said.code == 2 and message in said.err and len(said.err.splitlines()) == 1
    assert list(Path().iterdir()) == []


def test_points_are_judged_against_a_drawn_shape_by_name(ganstudio: CommandLine) -> None:
    Path("points.csv").write_text("\n".join(f"{n / 200 - 1},{n / 300}" for n in range(300)), encoding="utf-8")
    said = ganstudio("evaluate", "--target", "drawn-face", "--points", "points.csv", "--json")
    assert said.code == 0 and said.json["cells"] == 30
    assert "drawn-face" in ganstudio("evaluate", "--target", "nowhere", "--points", "points.csv").err


def test_a_drawn_shape_is_trained_on_by_name(ganstudio: CommandLine) -> None:
    said = ganstudio("train", "--preset", "drawn-blobs", *TRAIN_QUICK, "--iterations", "1", "--out", "run")
    assert said.code == 0
    assert codec.read("run/session.gans").experiment.target == drawn_shape("drawn-blobs")


def test_a_manifest_says_what_was_run_and_on_what(ganstudio: CommandLine) -> None:
    assert ganstudio(*COMMAND, "--seeds", "0", "--targets", "line").code == 0
    manifest = json.loads(Path("found/manifest.json").read_text(encoding="utf-8"))
    assert manifest["protocol"]["engine"] == "eager" and manifest["machine"]
    assert set(manifest["versions"]) == {"ganstudio", "python", "torch", "numpy", "scipy"}
