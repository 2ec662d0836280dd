"""``ganstudio lessons``: list them, and try one without a window."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ganstudio import shipped
from ganstudio.cli.output import FAILED, print_json, result
from ganstudio.lessons.lesson import Lesson, Step
from ganstudio.lessons.player import StepReport, play
from ganstudio.lessons.reading import FILE, load_lessons, read_lesson


def list_lessons(*, as_json: bool) -> int:
    """Every shipped lesson with its title, summary and steps."""
    lessons = load_lessons(shipped.directory("lessons"))
    if as_json:
        print_json({"lessons": [_row(lesson) for lesson in lessons]})
    else:
        result({lesson.name: lesson.title for lesson in lessons}, as_json=False)
    return 0


def check_lessons(folder: Path, *, seed: int | None, as_json: bool) -> int:
    """Read the lesson in ``folder``, or all lessons below it, play them, and report; 1 where a check did not do.

    Raises:
        UserError: a lesson cannot be read, or the trainer refuses an action.
    """
    lessons = (read_lesson(folder),) if (folder / FILE).is_file() else load_lessons(folder)
    played = [_played(lesson, seed, quiet=as_json) for lesson in lessons]
    if as_json:
        print_json({"passed": all(row["passed"] for row in played), "lessons": played})
    return 0 if all(row["passed"] for row in played) else FAILED


def _row(lesson: Lesson) -> dict[str, Any]:
    return {
        "name": lesson.name,
        "title": lesson.title,
        "summary": lesson.summary,
        "steps": [step.title for step in lesson.steps],
    }


def _played(lesson: Lesson, seed: int | None, *, quiet: bool) -> dict[str, Any]:
    if not quiet:
        print(f"{lesson.name}: {lesson.title}")
    steps = []
    for step, report in zip(lesson.steps, play(lesson, seed=seed), strict=True):
        remarks = [*_doubts(step), *_faults(report)]
        steps.append(
            {
                "title": report.title,
                "passed": report.passed,
                "seconds": report.seconds,
                "iterations": report.iterations,
                "checks": [vars(check) for check in report.checks],
                "remarks": remarks,
            }
        )
        if not quiet:
            mark = "✓" if report.passed else "✗"
            print(f"  {mark} {report.number}. {report.title}  ({report.iterations} iterations, {report.seconds:.1f} s)")
            for remark in remarks:
                print(f"      {remark}")
    return {"name": lesson.name, "passed": all(step["passed"] for step in steps), "steps": steps}


def _faults(report: StepReport) -> Iterable[str]:
    for check in report.checks:
        if check.ticked_before:
            yield f"ticked before its actions, so it asserts nothing: {check.says}"
        elif not check.ticked:
            yield f"was not ticked (it ended at {check.value}): {check.says}"


def _doubts(step: Step) -> Iterable[str]:
    # Qt-free, in spite of its room: the one place that knows what can be typeset.
    from ganstudio.ui.forms import formula

    known = {*formula.SYMBOLS, *formula.OPERATORS, *formula.FUNCTIONS, *formula.ACCENTS, *formula.UPRIGHT}
    known |= {*formula.FRACTIONS, "sqrt"}
    for name in re.findall(r"\\([A-Za-z]+)", step.formula):
        if name not in known:
            yield f"the formula's \\{name} will be shown as it stands"
