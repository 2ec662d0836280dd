"""``ganstudio lessons``, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganstudio.cli import main

LESSON = """+++
title = "T"
summary = "S"
+++
## Only
```toml
preset = "gaussian-1d"
settings = ["generator.widths = []", "discriminator.widths = [4]", "measure.samples = 1000"]
do = "Play."
actions = ["play 10"]
checks = ["played = 10"]
```
"""


def test_lessons_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons"]) == 0
    assert "Noise in, data out" in capsys.readouterr().out
    assert main(["lessons", "--json"]) == 0
    assert '"lessons": [' in capsys.readouterr().out


def test_a_lesson_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.md").write_text(LESSON, encoding="utf-8")
    assert main(["lessons", "check", str(tmp_path), "--seed", "2", "--json"]) == 0
    assert '"passed": true' in capsys.readouterr().out


def test_a_broken_lesson_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.md").write_text(LESSON.replace("played = 10", "plaid = 10"), encoding="utf-8")
    assert main(["lessons", "check", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "lesson.md: step 1 (Only): checks.1: 'plaid'" in said
