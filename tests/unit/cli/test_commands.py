"""Every other command does what the contract says."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from command_line import CommandLine

import ganstudio as package
from ganstudio.cli import main, main_gui
from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import preset, presets
from ganstudio.experiment.reference import settings
from ganstudio.session import codec
from ganstudio.targets import build

KEYS = {"n", "jsd", "jsd_floor", "modes_captured", "modes_total", "hq_fraction", "reverse_kl"}


class TestEvaluate:
    """``ganstudio evaluate``."""

    def test_a_session_is_judged_against_its_own_target(self, ganstudio: CommandLine, session: Path) -> None:
        judged = ganstudio("evaluate", session, "--samples", "200", "--json").json
        assert set(judged) >= KEYS
        assert (judged["n"], judged["modes_total"]) == (200, 8)
        assert 0.2 < judged["jsd"] <= np.log(2)

    def test_the_seed_decides_which_samples_are_judged(self, ganstudio: CommandLine, session: Path) -> None:
        first, same, other = (
            ganstudio("evaluate", session, "--samples", "300", "--seed", seed, "--json").json for seed in "112"
        )
        assert first == same
        assert first["sliced_w2"] != other["sliced_w2"]

    @pytest.mark.parametrize("suffix", ["csv", "npy"])
    def test_points_from_a_file_are_judged_against_a_preset(self, ganstudio: CommandLine, suffix: str) -> None:
        points = build(preset("ring8").experiment.target).sample(2500, np.random.default_rng(0))
        if suffix == "npy":
            np.save("points.npy", points)
        else:
            np.savetxt("points.csv", points, delimiter=",")
        judged = ganstudio("evaluate", "--target", "ring8", "--points", f"points.{suffix}", "--json").json
        assert judged["n"] == 2500
        assert judged["modes_captured"] == judged["modes_total"] == 8
        assert judged["hq_fraction"] == pytest.approx(0.9889, abs=0.01)
        assert judged["reverse_kl"] < 0.01
        assert judged["jsd"] < 3 * judged["jsd_floor"]

    def test_measures_of_modes_are_null_where_the_target_has_none(self, ganstudio: CommandLine) -> None:
        np.save("points.npy", build(preset("moons").experiment.target).sample(500, np.random.default_rng(0)))
        judged = ganstudio("evaluate", "--target", "moons", "--points", "points.npy", "--json").json
        assert [judged[key] for key in ("modes_captured", "modes_total", "hq_fraction", "reverse_kl")] == [None] * 4

    def test_numbers_are_judged_against_a_target_on_the_line(self, ganstudio: CommandLine) -> None:
        np.save("points.npy", build(preset("mixture-1d").experiment.target).sample(2000, np.random.default_rng(0)))
        judged = ganstudio("evaluate", "--target", "mixture-1d", "--points", "points.npy", "--json").json
        assert (judged["cells"], judged["modes_captured"]) == (100, 3)

    def test_a_target_may_be_a_session_an_experiment_or_points(self, ganstudio: CommandLine, session: Path) -> None:
        points = build(preset("ring8").experiment.target).sample(1000, np.random.default_rng(0))
        np.save("points.npy", points)
        np.save("target.npy", build(preset("ring8").experiment.target).sample(1000, np.random.default_rng(1)))
        Path("target.json").write_text('{"target": {"kind": "gaussian_ring", "sigma": 0.01}}', encoding="utf-8")
        for target in (session, "target.json", "target.npy"):
            judged = ganstudio("evaluate", "--target", target, "--points", "points.npy", "--json")
            assert judged.code == 0
            assert judged.json["jsd"] < 0.1

    def test_without_json_it_is_a_table(self, ganstudio: CommandLine, session: Path) -> None:
        rows = [line.split() for line in ganstudio("evaluate", session, "--samples", "200").out.splitlines()]
        assert ["n", "200"] in rows
        assert {row[0] for row in rows} >= KEYS
        assert all(len(row) > 1 for row in rows)


class TestSample:
    """``ganstudio sample``."""

    def test_samples_are_those_of_the_generator_in_either_format(self, ganstudio: CommandLine, session: Path) -> None:
        for name in ("a.npy", "a.csv"):
            assert ganstudio("sample", session, "-n", "50", "-o", name, "--seed", "3").code == 0
        array, table = np.load("a.npy"), np.loadtxt("a.csv", delimiter=",", skiprows=1)
        assert array.shape == (50, 2)
        np.testing.assert_array_equal(array, table.astype(np.float32))
        ganstudio("sample", session, "-n", "50", "-o", "b.npy", "--seed", "4")
        assert not np.array_equal(array, np.load("b.npy"))

    def test_what_was_sampled_can_be_judged(self, ganstudio: CommandLine, session: Path) -> None:
        ganstudio("sample", session, "-n", "200", "-o", "a.csv")
        judged = ganstudio("evaluate", "--target", session, "--points", "a.csv", "--json").json
        known = ganstudio("evaluate", session, "--samples", "200", "--json").json
        assert {key: judged[key] for key in KEYS} == {key: known[key] for key in KEYS}


class TestPlot:
    """``ganstudio plot``."""

    @pytest.mark.parametrize(("suffix", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
    def test_a_session_becomes_a_figure(self, ganstudio: CommandLine, session: Path, suffix: str, magic: bytes) -> None:
        assert ganstudio("plot", session, "-o", f"figure.{suffix}").code == 0
        data = Path(f"figure.{suffix}").read_bytes()
        assert data.startswith(magic)
        if suffix == "svg":
            assert ET.fromstring(data.decode()).tag.endswith("svg")  # noqa: S314  we wrote it

    def test_one_panel_alone(self, ganstudio: CommandLine, session: Path) -> None:
        assert ganstudio("plot", session, "-o", "losses.png", "--panel", "losses", "--scale", "1").code == 0
        assert Path("losses.png").exists()


class TestExport:
    """``ganstudio export``."""

    def test_the_generator_is_taken_away_as_code_or_weights(self, ganstudio: CommandLine, session: Path) -> None:
        assert ganstudio("export", session, "--format", "py", "-o", "folder").code == 0
        assert {"generator.py", "generator.safetensors"} <= {path.name for path in Path("folder").iterdir()}
        assert ganstudio("export", session, "--format", "safetensors", "-o", "weights.safetensors").code == 0
        assert Path("weights.safetensors").stat().st_size > 0


class TestLists:
    """``ganstudio presets`` and ``ganstudio settings``."""

    def test_all_presets_are_listed(self, ganstudio: CommandLine) -> None:
        listed = ganstudio("presets", "--json").json["presets"]
        assert [row["name"] for row in listed] == list(presets())
        assert {row["dimension"] for row in listed} == {1, 2}
        assert all(row["title"] and row["description"] and row["target"] for row in listed)
        assert [line.split()[0] for line in ganstudio("presets").out.splitlines()] == list(presets())

    def test_every_setting_is_listed_with_all_that_is_known_of_it(self, ganstudio: CommandLine) -> None:
        listed = ganstudio("settings", "--json").json["settings"]
        assert [row["path"] for row in listed] == [reference.path for reference in settings()]
        assert set(listed[0]) >= {"path", "type", "range", "default", "live", "help", "choices", "when", "unit"}
        rows = {row["path"]: row for row in listed if not row["when"]}
        assert rows["training.batch_size"]["range"] == "[2, 16384]"
        assert rows["training.ema_decay"]["range"] == "[0, 1)"
        assert rows["stop.seconds"]["range"] == "(0, 10000000]"
        assert rows["generator.widths"] | {"help": ""} == rows["generator.widths"] | {
            "help": "",
            "type": "integers",
            "default": list(Experiment().generator.widths),
            "range": "[1, 1024]",
            "live": False,
        }
        assert rows["stop.iterations"]["default"] is None

    def test_settings_are_readable_too(self, ganstudio: CommandLine) -> None:
        out = ganstudio("settings").out
        rate = Experiment().optimizers.generator.learning_rate
        assert f"optimizers.generator.learning_rate = {rate}   (when optimizers.generator.kind=adam)" in out
        assert "    int [2, 16384] samples; live; samples of each kind in one update" in out
        assert "    float (0, 10000000] s or null; live" in out


class TestMain:
    """The program itself."""

    def test_help_and_version_go_to_stdout(self, ganstudio: CommandLine) -> None:
        said = ganstudio("--help")
        assert said.code == 0
        for command in ("open", "train", "evaluate", "sample", "export", "plot", "presets", "recipes", "settings"):
            assert f"  {command} " in said.out
        assert ganstudio("train", "--help").code == 0
        assert ganstudio("--version").out.strip() == package.__version__

    @pytest.mark.parametrize(
        ("arguments", "file"),
        [([], None), (["mine.gans"], "mine.gans"), (["Mine.GANS"], "Mine.GANS"), (["open", "mine.csv"], "mine.csv")],
    )
    def test_without_a_command_the_window_opens_with_the_file(
        self, monkeypatch: pytest.MonkeyPatch, arguments: list[str], file: str | None
    ) -> None:
        opened = []
        monkeypatch.setattr("ganstudio.cli.app.run", lambda given: opened.append(given) or 0)
        assert main(arguments) == 0
        assert opened == [["open"] if file is None else ["open", file]]

    def test_a_launcher_opens_the_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened = []
        monkeypatch.setattr("ganstudio.cli.app.run", lambda given: opened.append(given) or 0)
        assert main_gui(["mine.gans"]) == 0
        assert opened == [["open", "mine.gans"]]


def test_json_says_null_where_a_number_is_not_finite(capsys: pytest.CaptureFixture[str]) -> None:
    from ganstudio.cli.output import result

    result({"a": float("nan"), "b": [float("inf"), 1.5], "c": {"d": "σ"}}, as_json=True)
    out = capsys.readouterr().out
    assert json.loads(out) == {"a": None, "b": [None, 1.5], "c": {"d": "σ"}}
    assert out.isascii()


def test_the_sessions_of_these_tests_are_real(once: Path) -> None:
    trained = codec.read(once / "trained" / "session.gans")
    assert trained.snapshot is not None and trained.snapshot.progress.iteration == 30


def test_a_fault_of_the_program_is_one_line_and_its_traceback_is_logged(
    ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ganstudio.cli import listing

    def faulty(**options: bool) -> int:
        raise ZeroDivisionError("deliberate")

    monkeypatch.setattr(listing, "list_presets", faulty)
    said = ganstudio("presets")
    assert said.code == 1
    (line,) = said.err.strip().splitlines()
    assert "deliberate" in line
    assert "ZeroDivisionError" in Path(line.rpartition(" are in ")[2]).read_text(encoding="utf-8")
