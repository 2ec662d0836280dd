"""How far a person is in a lesson: facts in, ticks out. It keeps nobody: every step can be gone to at any time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ganstudio.lessons.check import PLAYED, Check, is_number
from ganstudio.lessons.facts import Observation
from ganstudio.lessons.lesson import Lesson, Step


@dataclass(frozen=True)
class LessonProgress:
    """A place in a lesson; ``seen`` and ``go_to`` give the next one.

    at: the step that is shown, from 0.
    done: the steps that were ticked off, in whatever order.
    ticked: the checks of the step shown that have held, from 0; what was ticked stays so.
    played: iterations trained since the step began.
    values: of each check of the step shown the fact as it was last seen, its change for a relative check; None while it
        is not known, empty before the first look.
    """

    lesson: Lesson
    at: int = 0
    done: frozenset[int] = frozenset()
    ticked: frozenset[int] = frozenset()
    played: int = 0
    values: tuple[Any, ...] = ()
    _iteration: int | None = None
    _began: Mapping[str, float] = field(default_factory=dict, repr=False)
    _held: Mapping[int, int] = field(default_factory=dict, repr=False)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.lesson.steps[self.at]

    @property
    def step_done(self) -> bool:
        """Whether the step that is shown is ticked off."""
        return self.at in self.done

    @property
    def is_complete(self) -> bool:
        """Whether every step is ticked off."""
        return len(self.done) == len(self.lesson.steps)

    def held(self, number: int) -> int:
        """For how many iterations a check of the step shown holds without a break, as last seen."""
        return self.played - self._held[number] if number in self._held else 0

    @classmethod
    def of(cls, lesson: Lesson, done: Iterable[int] = ()) -> LessonProgress:
        """Come back to a lesson of which these steps are done: at the first that is not. Unknown steps are ignored."""
        known = frozenset(number for number in done if 0 <= number < len(lesson.steps))
        left = (number for number in range(len(lesson.steps)) if number not in known)
        return cls(lesson, done=known).go_to(next(left, 0))

    def go_to(self, step: int) -> LessonProgress:
        """Show this step; beyond the ends the first or the last. A step that was done stays so."""
        at = min(max(step, 0), len(self.lesson.steps) - 1)
        all_of_it = frozenset(range(len(self.lesson.steps[at].checks)))
        return LessonProgress(self.lesson, at, self.done, all_of_it if at in self.done else frozenset())

    def again(self) -> LessonProgress:
        """The step that is shown once more, from its beginning and not ticked off."""
        return LessonProgress(self.lesson, self.at, self.done - {self.at})

    def seen(self, observation: Observation) -> LessonProgress:
        """Take in a look at the run. The first one after ``go_to`` is where changes are counted from."""
        iteration = observation.progress.iteration
        played = self.played + max(0, iteration - (iteration if self._iteration is None else self._iteration))
        began = dict(self._began)
        held: dict[int, int] = {}
        ticked = set(self.ticked)
        values: list[Any] = []
        for number, check in enumerate(self.step.checks):
            value = played if check.fact == PLAYED else observation.value(check.fact)
            if check.relative:
                value = _change(began, check, value)
            values.append(value)
            if number not in ticked and check.holds(value):
                held[number] = self._held.get(number, played)
                if played - held[number] >= check.hold:
                    ticked.add(number)
        done = self.done | {self.at} if len(ticked) == len(self.step.checks) else self.done
        return replace(
            self,
            done=done,
            ticked=frozenset(ticked),
            played=played,
            values=tuple(values),
            _iteration=iteration,
            _began=began,
            _held=held,
        )


def _change(began: dict[str, float], check: Check, value: Any) -> float | None:
    """The value less what it was when it was first known in this step, which is noted."""
    if not is_number(value):
        return None
    return float(value) - began.setdefault(check.fact, float(value))
