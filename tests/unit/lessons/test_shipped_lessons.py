"""Every shipped lesson is played by the real trainer: each check is ticked by its step's actions, and not before."""

from __future__ import annotations

import re

import pytest

from ganstudio import shipped
from ganstudio.lessons.check import PLAYED
from ganstudio.lessons.facts import FACTS
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.player import play
from ganstudio.lessons.reading import load_lessons
from ganstudio.ui.canvas.layers import LAYERS
from ganstudio.ui.forms import formula
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.theory import THEORY
from ganstudio.view_names import LAYER_NAMES, PLOT_NAMES, THEORY_NAMES

FOLDER = shipped.directory("lessons")
LESSONS = {lesson.name: lesson for lesson in load_lessons(FOLDER)}
STEPS = [(lesson.name, step) for lesson in LESSONS.values() for step in lesson.steps]


def assert_plays(lesson: Lesson, seed: int | None) -> None:
    for report in play(lesson, seed=seed):
        for check in report.checks:
            where = f"step {report.number}, {report.title}: {check.says} [{check.value}]"
            assert not check.ticked_before, f"ticked before its actions: {where}"
            assert check.ticked, f"was not ticked: {where}"


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_every_check_is_ticked_by_its_actions_and_not_before(name: str) -> None:
    assert_plays(LESSONS[name], None)


def test_there_are_twelve_lessons_of_five_to_eight_steps_in_the_order_of_the_course() -> None:
    assert [name[3:] for name in LESSONS] == [
        "what-a-generative-model-is",
        "noise-in-data-out",
        "the-discriminator-is-a-classifier",
        "the-minimax-game",
        "the-training-loop",
        "the-optimal-discriminator",
        "from-v-to-the-jsd",
        "the-phases-of-training",
        "the-saturating-gradient",
        "when-supports-do-not-meet",
        "mode-collapse",
        "why-training-circles",
    ]
    assert all(5 <= len(lesson.steps) <= 8 for lesson in LESSONS.values())


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[f"{name[:2]}-{step.title}" for name, step in STEPS])
def test_every_step_says_what_to_do_and_shows_a_formula_that_can_be_typeset(name: str, step: object) -> None:
    assert step.checks and step.do and step.layers and step.plots and step.formula  # type: ignore[attr-defined]
    known = {*formula.SYMBOLS, *formula.OPERATORS, *formula.FUNCTIONS, *formula.ACCENTS, *formula.UPRIGHT}
    known |= {*formula.FRACTIONS, "sqrt"}
    source: str = step.formula  # type: ignore[attr-defined]
    assert set(re.findall(r"\\([A-Za-z]+)", source)) <= known
    assert "\\" not in formula.readable(source) + formula.rich(source)


def test_the_names_a_lesson_may_use_are_those_of_the_window() -> None:
    assert set(LAYER_NAMES) == {layer.name for layer in LAYERS}
    assert set(PLOT_NAMES) == set(PLOTS)
    assert set(THEORY_NAMES) == set(THEORY)


def test_the_page_for_teachers_names_every_fact_layer_and_plot() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [
        name for name in (*FACTS, PLAYED, *LAYER_NAMES, *PLOT_NAMES, *THEORY_NAMES) if f"`{name}`" not in page
    ] == []
