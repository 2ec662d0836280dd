"""Lessons are read within bounds, and every fault names the file, the step and the field."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganstudio.errors import UserError
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.reading import MAX_BYTES, load_lessons, parse_lesson, read_lesson

FRONT = '+++\ntitle = "A title"\nsummary = "A sentence."\n+++\n'
STEP = """
## First

Some *text*.

```toml
preset = "gaussian-1d"
settings = ["training.batch_size = 64", "objective = minimax"]
formula = 'x = G(z)'
layers = ["real"]
plots = ["jsd"]
do = "Press Play."
actions = ["play 10", "set objective = hinge"]
checks = ["Played: played >= 10", "objective.kind = hinge"]
```
"""


def parsed(text: str) -> Lesson:
    return parse_lesson(text, name="mine", file="mine/lesson.md")


def test_a_lesson_is_read_with_its_steps_experiments_and_checks() -> None:
    lesson = parsed(FRONT + "\nAn introduction.\n" + STEP + "\n## Second\n\nTo read.\n")
    first, second = lesson.steps
    assert (lesson.name, lesson.title, lesson.summary) == ("mine", "A title", "A sentence.")
    assert lesson.introduction == "An introduction."
    assert (first.title, first.text, first.formula, first.loads) == ("First", "Some *text*.", "x = G(z)", True)
    assert (first.experiment.training.batch_size, first.experiment.objective.kind) == (64, "minimax")
    assert len(first.actions) == len(first.checks) == 2
    assert not second.loads
    assert second.experiment.objective.kind == "hinge", "the run goes on with what the actions before have set"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('preset = "gaussian-1d"', 'preset = "gaussian-9d"', "step 1 (First): preset: preset: there is no preset"),
        ('preset = "gaussian-1d"\n', "", "step 1 (First): preset: 'settings' change a preset"),
        ("batch_size = 64", "batch_size = 0", "step 1 (First): preset: training.batch_size"),
        ("batch_size = 64", "batch_size", "is not PATH = VALUE"),
        ('layers = ["real"]', 'layers = ["reel"]', "step 1 (First): layers.0"),
        ('plots = ["jsd"]', 'plots = ["jds"]', "step 1 (First): plots.0"),
        ('do = "Press Play."', 'due = "Press Play."', "step 1 (First): due"),
        ('do = "Press Play."\n', "", "needs 'do'"),
        ('"play 10"', '"play ten"', "step 1 (First): actions.1: 'play ten' is no action"),
        ("set objective = hinge", "set objective = hing", "step 1 (First): actions: objective: 'hing' is not one of"),
        ("objective.kind = hinge", "objective.sort = hinge", "step 1 (First): checks.2: 'objective.sort' is neither"),
        ("objective.kind = hinge", "objective.kind > 3", "is no number"),
        ("objective.kind = hinge", "generator > 3", "is a group of settings"),
        ('checks = ["Played: played >= 10", "objective.kind = hinge"]\n', "", "no check that they did something"),
        ("checks = [", "checks = [[", "is no valid TOML"),
        ("```\n", "", "does not end"),
        ("```toml", "```yaml", "one ```toml block and no other"),
        ("## First", "# First", "steps begin with '## '"),
        ("## First", "##  ", "has no title"),
        ("Some *text*.", "<b>bold</b>", "HTML or a picture"),
        ("Some *text*.", "![](file:///etc/passwd)", "HTML or a picture"),
        ("Some *text*.", "[here](file:///etc/passwd)", "https://"),
        ("Some *text*.", "word " * 2000, "longer than"),
        ("objective.kind = hinge", "hq_fraction > 0.5", "'layers' must show generated"),
        ("formula = 'x = G(z)'", "formula" + ".a" * 600 + " = 1", "a line is longer"),
        ("+++\n", "", "must begin with a line +++"),
        ('summary = "A sentence."', "", "front matter: summary"),
    ],
)
def test_a_fault_names_the_file_and_where_it_is(old: str, new: str, words: str) -> None:
    text = FRONT + STEP
    assert old in text
    with pytest.raises(UserError) as caught:
        parsed(text.replace(old, new, 1))
    assert caught.value.file == "mine/lesson.md" and str(caught.value).startswith(caught.value.file)
    assert words in str(caught.value)


def test_deep_nesting_is_refused_not_followed() -> None:
    with pytest.raises(UserError, match="is no valid TOML"):
        parsed(FRONT + STEP.replace('["real"]', ("[" * 500 + "\n") * 20))


def test_a_lesson_has_a_step_and_the_first_loads_an_experiment() -> None:
    with pytest.raises(UserError, match="has no step"):
        parsed(FRONT + "Only words.")
    with pytest.raises(UserError, match="must load an experiment"):
        parsed(FRONT + "## First\n\nOnly words.")


def test_lessons_come_in_the_order_of_their_folders(tmp_path: Path) -> None:
    for name in ("02-b", "01-a", "notes"):
        (tmp_path / name).mkdir()
    for name in ("02-b", "01-a"):
        (tmp_path / name / "lesson.md").write_text(FRONT + STEP, encoding="utf-8")
    assert [lesson.name for lesson in load_lessons(tmp_path)] == ["01-a", "02-b"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"+++\n\x1b[2J", "control characters"),
        (b" " * (MAX_BYTES + 1), "longer than 64 KiB"),
    ],
)
def test_a_file_that_is_no_lesson_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "lesson.md").write_bytes(data)
    with pytest.raises(UserError, match=words) as caught:
        read_lesson(tmp_path / "mine")
    assert caught.value.file == "mine/lesson.md"


def test_a_folder_without_a_lesson_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_lesson(tmp_path)
    with pytest.raises(UserError, match="no such folder"):
        load_lessons(tmp_path / "none")
