"""The headless player does what a person would do in the window, and tells what came of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ganstudio.cli.lessons import check_lessons, list_lessons
from ganstudio.errors import UserError
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.player import StepReport, play
from ganstudio.lessons.reading import parse_lesson
from ganstudio.metrics.phases import PhaseReader

SMALL = """
preset = "gaussian-1d"
settings = [
  "generator.widths = []",
  "discriminator.widths = [4]",
  "discriminator.fourier_features = 0",
  "training.batch_size = 8",
  "measure.samples = 1000",
  "measure.every = 10",
]
"""


def text(*steps: tuple[list[str], list[str]]) -> str:
    """A lesson of one small experiment, each step its actions and checks."""
    body = ""
    for number, (actions, checks) in enumerate(steps):
        fields = f'do = "Do it."\nactions = {json.dumps(actions)}\nchecks = {json.dumps(checks)}'
        body += f"## Step {number}\n```toml\n{'' if number else SMALL}{fields}\n```\n"
    return '+++\ntitle = "T"\nsummary = "S"\n+++\n' + body


def lesson(*steps: tuple[list[str], list[str]]) -> Lesson:
    return parse_lesson(text(*steps), name="t", file="t/lesson.md")


def reports(*steps: tuple[list[str], list[str]]) -> list[StepReport]:
    return list(play(lesson(*steps)))


def test_every_action_is_done_by_the_real_trainer() -> None:
    played = reports(
        (["play 30"], ["iteration = 30", "played = 30"]),
        (["update discriminator 2"], ["change of discriminator_updates = 2", "discriminator_updates = 32"]),
        (["update generator"], ["change of generator_updates = 1"]),
        (["set training.discriminator_updates = 3", "play 10"], ["change of discriminator_updates = 30"]),
        (["train discriminator to optimality, at most 50 updates"], ["optimal_gap > -1", "optimal_value < 0"]),
        (["new seed"], ["change of seed = 1", "iteration = 0"]),
        (["play 5", "restart"], ["played = 5"]),
        (["set generator.widths = [3]"], ["generator.widths = [3]"]),
    )
    assert [report.passed for report in played] == [True] * 8
    assert played[0].iterations == 30


def test_playing_until_checked_stops_there() -> None:
    (report,) = reports((["play until checked, at most 500"], ["iteration >= 40"]))
    assert report.passed
    assert report.iterations == 50  # the next look after 40


def test_playing_until_checked_gives_up_after_the_most_it_may() -> None:
    (report,) = reports((["play until checked, at most 60"], ["jsd < -1"]))
    assert not report.passed
    assert report.iterations == 60
    assert report.checks[0].value > -1  # type: ignore[operator]


def test_a_check_that_holds_before_its_actions_is_told() -> None:
    (report,) = reports((["play 10"], ["jsd > -1"]))
    assert report.checks[0].ticked_before
    assert not report.passed


def test_a_run_is_measured_before_a_person_has_done_anything() -> None:
    begun, again = reports(
        (["play 2"], ["jsd > -1 for 2 iterations"]),
        (["restart"], ["change of iteration < 0", "jsd > -1"]),
    )
    assert begun.passed
    assert again.checks[1].value == begun.checks[0].value  # measured at iteration 0 both times


def test_looking_at_the_phase_again_reads_only_what_is_new_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    usual = PhaseReader._read_piece

    def counted(reader: PhaseReader, rows: np.ndarray, measures: np.ndarray) -> None:
        read.append(len(rows))
        usual(reader, rows, measures)

    monkeypatch.setattr(PhaseReader, "_read_piece", counted)
    (report,) = reports((["play 300"], ["phase = D ahead", "iteration = 300"]))
    assert report.iterations == 300
    assert len(read) > 1 and sum(read) <= 300


def test_another_seed_is_another_run_of_the_same_lesson() -> None:
    steps = lesson((["play 20"], ["generator_loss != 0"]))
    first, same, other = (next(iter(play(steps, seed=seed))).checks[0].value for seed in (1, 1, 2))
    assert first == same != other


def test_what_the_trainer_refuses_is_a_user_error() -> None:
    refused = lesson((["set objective = wasserstein", "train discriminator to optimality"], ["optimal_gap < 1"]))
    with pytest.raises(UserError, match="objective"):
        list(play(refused))


def test_the_command_reports_every_step_and_why_a_check_did_not_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lesson.md").write_text(text((["play 10"], ["jsd < -1"]), (["play 10"], ["played = 10"])), "utf-8")
    assert check_lessons(tmp_path, seed=None, as_json=False) == 1
    printed = capsys.readouterr().out
    assert "✗ 1. Step 0" in printed and "was not ticked" in printed
    assert "✓ 2. Step 1" in printed
    assert check_lessons(tmp_path, seed=3, as_json=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [step["passed"] for step in answer["lessons"][0]["steps"]] == [False, True]


def test_the_command_lists_the_shipped_lessons(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_lessons(as_json=True) == 0
    lessons = json.loads(capsys.readouterr().out)["lessons"]
    assert len(lessons) >= 12
    assert all(row["title"] and row["summary"] and row["steps"] for row in lessons)
