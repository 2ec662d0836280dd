"""``ganstudio train --population`` and ``--sweep``: what is trained, written and said."""

from __future__ import annotations

import csv
import json
import signal
from pathlib import Path

import numpy as np
import pytest
from command_line import QUICK, CommandLine

from ganstudio.cli import population
from ganstudio.session import codec
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.run import Run

RATE = "optimizers.generator.learning_rate"
TRAIN = ("train", "--preset", "ring8", *QUICK, "--iterations", "5", "--out", "run")


def test_seeds_are_trained_together_and_each_has_a_session(ganstudio: CommandLine) -> None:
    said = ganstudio(*TRAIN, "--seed", "3", "--population", "4", "--json")
    assert said.code == 0
    report = said.json
    assert report["iterations"] == 5
    assert report["engine"] == "eager"
    assert report["seconds"] > 0
    assert [member["label"] for member in report["members"]] == ["seed 3", "seed 4", "seed 5", "seed 6"]
    jsd = [member["jsd"] for member in report["members"]]
    assert report["jsd_mean"] == pytest.approx(np.mean(jsd))
    assert report["jsd_standard_error"] == pytest.approx(np.std(jsd, ddof=1) / 2)
    assert {member["modes_total"] for member in report["members"]} == {8}
    assert {path.name for path in Path("run").iterdir()} == {"members", "population.csv", "population.png"}
    names = [f"{number:03d}-seed-{number + 3}.gans" for number in range(4)]
    assert sorted(path.name for path in Path("run/members").iterdir()) == names
    assert [member["session"] for member in report["members"]] == [str(Path("run/members") / name) for name in names]
    assert Path("run/population.png").read_bytes().startswith(b"\x89PNG")


def test_a_members_session_goes_on_as_a_single_run(ganstudio: CommandLine) -> None:
    assert ganstudio(*TRAIN, "--population", "4").code == 0
    path = Path("run/members/002-seed-2.gans")
    session = codec.read(path)
    assert session.experiment.seed == 2
    assert session.snapshot is not None
    assert session.snapshot.progress.iteration == 5
    assert session.history.rows[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert session.history.measures[:, 0].tolist() == [0, 5]
    said = ganstudio("train", "--session", path, "--iterations", "3", "--out", "on", "--json")
    assert said.json["iterations"] == 8
    whole = Run(session.experiment)
    whole.advance(8)
    resumed = codec.read(Path("on/session.gans")).snapshot
    assert resumed is not None
    np.testing.assert_allclose(resumed.arrays["ema"], whole.snapshot().arrays["ema"], rtol=1e-3, atol=1e-4)


def test_sessions_hold_every_measurement_that_was_due(ganstudio: CommandLine) -> None:
    assert ganstudio(*TRAIN, "--population", "4", "--set", "measure.every=1").code == 0
    for path in Path("run/members").iterdir():
        assert codec.read(path).history.measures[:, 0].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_sweep_of_two_settings_makes_a_table_row_by_row(ganstudio: CommandLine) -> None:
    said = ganstudio(*TRAIN, "--sweep", f"{RATE}=0.001,0.002", "--sweep", "penalties.r1=0,0.1,1", "--json")
    assert said.code == 0
    with Path("run/population.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row[RATE]) for row in rows] == [0.001] * 3 + [0.002] * 3
    assert [float(row["penalties.r1"]) for row in rows] == [0, 0.1, 1] * 2
    assert {row["seed"] for row in rows} == {"0"}
    assert [row["member"] for row in rows] == list("012345")
    told = said.json["members"]
    assert [float(row["jsd"]) for row in rows] == [member["jsd"] for member in told]
    assert told[4]["settings"] == {RATE: 0.002, "penalties.r1": 0.1}
    assert Path("run/members/004-generator-learning-rate-0.002-penalties-r1-0.1.gans").is_file()


def test_a_sweep_has_several_seeds_where_more_members_are_asked_for(ganstudio: CommandLine) -> None:
    said = ganstudio(*TRAIN, "--sweep", f"{RATE}=0.001,0.002", "--population", "4")
    assert said.code == 0
    lines = [line for line in said.out.splitlines() if line.strip()]
    assert sum("mean ± s.e." in line for line in lines) == 2  # for each value
    assert any("η_G 0.002 · seed 1" in line for line in lines)
    assert any("a perfect generator" in line for line in lines)


def test_a_session_gives_its_experiment_and_is_trained_afresh(ganstudio: CommandLine, session: Path) -> None:
    said = ganstudio("train", "--session", session, "--iterations", "2", "--population", "4", "--json")
    assert said.code == 0
    assert said.json["iterations"] == 2


def test_a_member_that_breaks_is_told_and_the_others_count(ganstudio: CommandLine) -> None:
    settings = ("objective=least_squares", "optimizers.discriminator=sgd", "optimizers.generator=sgd")
    changes = [part for setting in settings for part in ("--set", setting)]
    sweep = "optimizers.discriminator.learning_rate=0.01,0.02,10,0.03"
    said = ganstudio(*TRAIN, *changes, "--sweep", sweep, "--iterations", "150", "--json")
    assert said.code == 0
    broken = [bool(member["broken"]) for member in said.json["members"]]
    assert broken == [False, False, True, False]
    assert said.json["members"][2]["jsd"] is None
    assert "1 of 4 members broke off: η_D 10" in said.err
    assert codec.read(Path("run/members/002-discriminator-learning-rate-10.gans")).snapshot is not None


def test_with_all_members_broken_it_fails(ganstudio: CommandLine) -> None:
    settings = ("objective=least_squares", "optimizers.discriminator=sgd", "optimizers.generator=sgd")
    changes = [part for setting in settings for part in ("--set", setting)]
    sweep = "optimizers.discriminator.learning_rate=7,8,9,10"
    said = ganstudio(*TRAIN, *changes, "--sweep", sweep, "--iterations", "400")
    assert said.code == 1
    assert "4 of 4 members broke off" in said.err


def test_ctrl_c_keeps_what_was_trained(ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    advance = PopulationRun.advance

    def interrupted(run: PopulationRun, count: int) -> None:
        advance(run, count)
        if run.progress.iteration == 1:  # once: a second one ends the program at once
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(PopulationRun, "advance", interrupted)
    said = ganstudio(*TRAIN, "--iterations", "100000", "--population", "4", "--engine", "eager", "--json")
    assert said.code == 130
    assert said.json["stopped"] == "interrupted"
    assert 0 < said.json["iterations"] < 100000
    assert len(list(Path("run/members").iterdir())) == 4


def test_a_long_training_keeps_the_jsd_alone(ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "MOST_ROWS", 19)
    said = ganstudio(*TRAIN, "--population", "4")
    assert "keep the JSD alone" in said.err
    session = codec.read(Path("run/members/000-seed-0.gans"))
    assert len(session.history.rows) == 0
    assert len(session.history.measures) == 2


def test_json_is_one_line_and_valid(ganstudio: CommandLine) -> None:
    said = ganstudio(*TRAIN, "--population", "4", "--json")
    assert json.loads(said.out) == said.json


WRONG = [
    (["--population", "3"], ["--population", "4"]),
    (["--population", "65"], ["--population", "64"]),
    (["--sweep", "x"], ["--sweep", "'x'", "PATH=V1,V2"]),
    (["--sweep", "=1,2"], ["--sweep"]),
    (["--sweep", f"{RATE}=a,b"], [RATE, "numbers"]),
    (["--sweep", f"{RATE}=0.1,inf"], [RATE, "finite"]),
    (["--sweep", f"{RATE}="], [RATE, "numbers"]),
    (["--sweep", f"{RATE}=1,2,30,4"], [RATE, "10"]),
    (["--sweep", f"{RATE}=0.1,0.2"], [RATE, "give more"]),
    (["--sweep", "generator.widths=1,2,3,4"], ["generator.widths", "what can"]),
    (["--sweep", "training.batch_size=8,16,32,64"], ["training.batch_size", "cannot differ"]),
    (["--sweep", f"{RATE}=1,2,3", "--population", "32"], ["--population", "3, 6, 9"]),
    (["--sweep", f"{RATE}=1,2", "--sweep", "penalties.r1=1,2", "--population", "8"], ["--population", "4 members"]),
    (["--sweep", f"{RATE}=1,2", "--sweep", f"{RATE}=3,4"], [RATE, "twice"]),
    (["--sweep", "a=1,2", "--sweep", "b=1,2", "--sweep", "c=1,2"], ["--sweep", "two"]),
    (["--population", "4", "--engine", "quick"], ["--engine", "quick"]),
    (["--population", "4", "--session", "none.gans"], ["only one"]),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_wrong_input_is_one_line_and_writes_nothing(
    ganstudio: CommandLine, arguments: list[str], named: list[str]
) -> None:
    said = ganstudio(*TRAIN, *arguments)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert all(word in said.err for word in named), said.err
    assert not Path("run").exists()
