"""``ganstudio train``: what it trains, writes and says."""

from __future__ import annotations

import csv
import inspect
import json
import signal
from pathlib import Path

import numpy as np
import pytest
from command_line import FEW, QUICK, CommandLine

from ganstudio.cli import app, train
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.presets import preset
from ganstudio.messages.history import COLUMNS
from ganstudio.session import codec
from ganstudio.session.experiment_file import write_experiment
from ganstudio.session.session import Session
from ganstudio.training.run import Run
from ganstudio.training.trainer import Trainer


def weights(session: Session) -> dict[str, bytes]:
    assert session.snapshot is not None
    return {name: array.tobytes() for name, array in session.snapshot.arrays.items()}


def quick(experiment: Experiment) -> Experiment:
    for setting in QUICK[1::2]:
        path, _, value = setting.partition("=")
        experiment = with_value(experiment, path, [int(value)] if path.endswith("widths") else int(value))
    return experiment


def test_it_writes_session_history_and_overview_and_reports_in_one_object(ganstudio: CommandLine) -> None:
    said = ganstudio("train", "--preset", "ring8", *QUICK, "--iterations", "30", "--out", "run", "--json")
    assert said.code == 0
    report = said.json
    assert report["iterations"] == 30
    assert report["session"] == str(Path("run") / "session.gans")
    assert report["seconds"] > 0
    assert report["iterations_per_second"] == pytest.approx(30 / report["seconds"])
    assert set(report["metrics"]) >= {"n", "jsd", "jsd_floor", "hq_fraction", "reverse_kl", "modes_captured"}
    assert report["metrics"]["modes_total"] == 8
    assert {path.name for path in Path("run").iterdir()} == {"session.gans", "history.csv", "overview.png"}
    assert Path("run/overview.png").read_bytes().startswith(b"\x89PNG")
    with Path("run/history.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert set(COLUMNS) <= set(rows[0])
    assert [row["iteration"] for row in rows if row["discriminator_loss"]] == [str(n) for n in range(1, 31)]
    assert [row["iteration"] for row in rows if row["jsd"]] == ["0", "20"]
    session = codec.read(Path("run/session.gans"))
    assert session.thumbnail is not None
    assert session.experiment == quick(preset("ring8").experiment)


def test_the_trajectory_is_that_of_the_trainer_and_the_same_each_time(ganstudio: CommandLine) -> None:
    for out in ("first", "second"):
        assert (
            ganstudio("train", "--preset", "moons", *QUICK, "--seed", "5", "--iterations", "12", "--out", out).code == 0
        )
    first, second = (codec.read(Path(out, "session.gans")) for out in ("first", "second"))
    assert weights(first) == weights(second)
    run = Run(with_value(quick(preset("moons").experiment), "seed", 5))
    run.advance(12)
    assert weights(first) == weights(Session(run.experiment, run.snapshot()))


def test_its_metrics_are_those_that_evaluate_gives(ganstudio: CommandLine) -> None:
    report = ganstudio("train", "--preset", "ring8", *QUICK, "--iterations", "5", "--out", "run", "--json").json
    assert ganstudio("evaluate", "run/session.gans", "--samples", FEW, "--json").json == report["metrics"]


def test_both_judge_by_as_many_samples_unless_told_otherwise() -> None:
    assert inspect.signature(app.evaluate).parameters["samples"].default == train.EVALUATION_SAMPLES


def test_going_on_in_two_calls_is_bitwise_one_long_training(ganstudio: CommandLine) -> None:
    assert ganstudio("train", "--preset", "ring8", *QUICK, "--iterations", "30", "--out", "long").code == 0
    assert ganstudio("train", "--preset", "ring8", *QUICK, "--iterations", "18", "--out", "a").code == 0
    said = ganstudio("train", "--session", "a/session.gans", "--iterations", "12", "--out", "b", "--json")
    assert said.json["iterations"] == 30
    long, short = codec.read(Path("long/session.gans")), codec.read(Path("b/session.gans"))
    assert weights(long) == weights(short)
    np.testing.assert_array_equal(long.history.rows, short.history.rows)
    np.testing.assert_array_equal(long.history.measures, short.history.measures)


def test_a_session_can_be_continued_in_place(ganstudio: CommandLine, session: Path) -> None:
    said = ganstudio("train", "--session", session, "--iterations", "5", "--out", session.parent, "--json")
    assert said.json["iterations"] == 35
    grown = codec.read(session)
    assert grown.snapshot is not None and grown.snapshot.progress.iteration == 35
    assert [snapshot.progress.iteration for snapshot in grown.timeline] == [0, 30]


def test_a_live_setting_changes_a_trained_session_as_it_does_in_the_window(
    ganstudio: CommandLine, session: Path
) -> None:
    changes = {"optimizers.generator": "sgd", "optimizers.generator.learning_rate": 0.05, "target.radius": 0.5}
    options = [part for path, value in changes.items() for part in ("--set", f"{path}={value}")]
    assert ganstudio("train", "--session", session, *options, "--iterations", "7", "--out", "b").code == 0
    begun = codec.read(session)
    run, experiment = Run(begun.experiment, begun.snapshot), begun.experiment
    for path, value in changes.items():
        experiment = with_value(experiment, path, value)
    run.apply(experiment)
    run.advance(7)
    assert weights(codec.read(Path("b/session.gans"))) == weights(Session(experiment, run.snapshot()))
    assert codec.read(Path("b/session.gans")).experiment == experiment


def test_an_experiment_from_a_file_is_trained_bare_or_as_a_preset_has_it(ganstudio: CommandLine) -> None:
    experiment = quick(preset("line").experiment)
    write_experiment(Path("bare.json"), experiment)
    tree = json.loads(Path("bare.json").read_text(encoding="utf-8"))
    tree = tree.get("experiment", tree)
    Path("beside.json").write_text(json.dumps({"title": "Mine", "experiment": tree}), encoding="utf-8")
    for name in ("bare.json", "beside.json"):
        assert ganstudio("train", "--experiment", name, "--iterations", "2", "--out", name[:4]).code == 0
        assert codec.read(Path(name[:4], "session.gans")).experiment == experiment


def test_an_untrained_session_takes_structural_changes(ganstudio: CommandLine, tmp_path: Path) -> None:
    codec.write(Session(quick(Experiment())), tmp_path / "new.gans")
    said = ganstudio("train", "--session", "new.gans", "--seed", "9", "--iterations", "2", "--out", "run")
    assert said.code == 0
    assert codec.read(Path("run/session.gans")).experiment.seed == 9


def test_no_iterations_at_all_give_the_initialisation(ganstudio: CommandLine) -> None:
    said = ganstudio("train", "--preset", "gaussian-1d", *QUICK, "--iterations", "0", "--out", "run", "--json")
    assert said.code == 0
    assert (said.json["iterations"], said.json["iterations_per_second"]) == (0, 0.0)
    session = codec.read(Path("run/session.gans"))
    assert session.snapshot is not None and session.snapshot.progress.iteration == 0
    assert session.history.measures[:, 0].tolist() == [0]
    assert weights(session) == weights(Session(session.experiment, Run(session.experiment).snapshot()))


def test_a_stop_condition_ends_it_and_is_told(ganstudio: CommandLine) -> None:
    said = ganstudio("train", *QUICK, "--set", "stop.iterations=7", "--out", "run", "--json")
    assert (said.json["iterations"], said.json["stopped"]) == (7, "reached 7 iterations")
    again = ganstudio("train", "--session", "run/session.gans", "--out", "again", "--json")
    assert (again.code, again.json["iterations"], again.json["stopped"]) == (0, 7, "reached 7 iterations")
    sooner = ganstudio("train", *QUICK, "--set", "stop.iterations=7", "--iterations", "3", "--out", "c", "--json")
    assert (sooner.json["iterations"], sooner.json["stopped"]) == (3, "")


def test_without_a_folder_each_run_gets_a_new_one(ganstudio: CommandLine) -> None:
    for _ in range(2):
        assert ganstudio("train", *QUICK, "--iterations", "1").code == 0
    assert {path.name for path in Path().iterdir()} == {"ganstudio-run", "ganstudio-run-2"}


def test_without_json_the_report_is_for_a_person(ganstudio: CommandLine) -> None:
    said = ganstudio("train", *QUICK, "--iterations", "1", "--out", "run")
    assert any(line.split() == ["iterations", "1"] for line in said.out.splitlines())
    assert "metrics.jsd" in said.out
    assert "overview.png" in said.err


def test_ctrl_c_saves_what_was_trained_and_exits_130(ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    work, bursts = Trainer.work, []

    def interrupted(trainer: Trainer) -> None:
        work(trainer)
        bursts.append(trainer.run.progress.iteration)
        if len(bursts) == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Trainer, "work", interrupted)
    before = signal.getsignal(signal.SIGINT)
    said = ganstudio("train", *QUICK, "--engine", "eager", "--iterations", "1000000", "--out", "run", "--json")
    assert said.code == 130
    assert said.json["iterations"] == bursts[-1] > 0
    assert said.json["stopped"] == "interrupted"
    session = codec.read(Path("run/session.gans"))
    assert session.snapshot is not None and session.snapshot.progress.iteration == bursts[-1]
    assert len(session.history.rows) == bursts[-1]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_it_at_once(ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(trainer: Trainer) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Trainer, "work", twice)
    assert ganstudio("train", *QUICK, "--engine", "eager", "--iterations", "1000000", "--out", "run").code == 130
    assert not Path("run/session.gans").exists()


def test_numbers_that_break_down_end_it_with_the_state_before(ganstudio: CommandLine) -> None:
    wild = ["optimizers.discriminator=sgd", "optimizers.discriminator.learning_rate=10", "objective=least_squares"]
    options = [part for setting in wild for part in ("--set", setting)]
    said = ganstudio("train", *QUICK, *options, "--iterations", "500", "--out", "run", "--json")
    assert said.code == 1
    assert "not finite after iteration" in said.json["stopped"]
    assert "the session holds the state before it" in said.err
    session = codec.read(Path("run/session.gans"))
    assert session.snapshot is not None
    assert session.snapshot.progress.iteration == said.json["iterations"]
    assert all(np.isfinite(array).all() for array in session.snapshot.arrays.values())


def test_a_fault_while_training_saves_the_state_before_it_and_keeps_the_traceback(
    ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = Run.advance

    def faulty(run: Run, count: int) -> None:
        advance(run, min(count, 5 - run.progress.iteration))  # however many are asked for at once
        if run.progress.iteration == 5:
            raise ZeroDivisionError("deliberate")

    monkeypatch.setattr(Run, "advance", faulty)
    said = ganstudio("train", "--preset", "ring8", *QUICK, "--iterations", "30", "--out", "run")
    assert said.code == 1
    assert "deliberate" in said.err
    assert "Traceback" not in said.err
    assert "ZeroDivisionError" in Path("run/error.log").read_text(encoding="utf-8")
    snapshot = codec.read(Path("run/session.gans")).snapshot
    assert snapshot is not None
    assert snapshot.progress.iteration == 5


def test_without_a_compiler_it_trains_eagerly_and_says_why_once(
    ganstudio: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    arguments = ("train", *QUICK, "--iterations", "3", "--out", "run", "--engine", "compiled", "--json")
    said = ganstudio(*arguments)
    assert said.code == 0
    assert said.json["engine"] == "eager"
    assert said.err.count("no-such-compiler") == 1


def test_an_engine_that_there_is_not_is_refused(ganstudio: CommandLine) -> None:
    said = ganstudio("train", *QUICK, "--iterations", "3", "--out", "run", "--engine", "steam")
    assert said.code == 2
    assert "--engine" in said.err and "eager" in said.err
    assert not Path("run").exists()
