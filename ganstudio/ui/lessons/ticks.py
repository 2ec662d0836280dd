"""Which steps of which lessons a person has done, from one start to the next."""

from __future__ import annotations

import json
from pathlib import Path

from ganstudio.lessons.lesson import Lesson
from ganstudio.ui.settings import LESSONS_DONE, Settings


class Ticks:
    """Reads and writes the steps by their titles, so that a lesson may be changed and keeps what still is there.

    Lessons of a folder are told from those of another by its path; "" is the one that ships with the program.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def done(self, lesson: Lesson, folder: Path | None = None) -> frozenset[int]:
        """The numbers, from 0, of the steps that were done."""
        titles = self._all().get(_key(lesson, folder), ())
        return frozenset(number for number, step in enumerate(lesson.steps) if step.title in titles)

    def keep(self, lesson: Lesson, step: int, folder: Path | None = None) -> None:
        """This step was done."""
        everything = self._all()
        titles = everything.setdefault(_key(lesson, folder), [])
        if lesson.steps[step].title not in titles:
            titles.append(lesson.steps[step].title)
        self._settings.set(LESSONS_DONE, json.dumps(everything))

    def forget(self, lesson: Lesson, folder: Path | None = None) -> None:
        """Nothing of this lesson was done."""
        everything = self._all()
        if everything.pop(_key(lesson, folder), None) is not None:
            self._settings.set(LESSONS_DONE, json.dumps(everything))

    def _all(self) -> dict[str, list[str]]:
        try:
            known = json.loads(self._settings.get(LESSONS_DONE) or "{}")
        except ValueError:
            return {}
        if not isinstance(known, dict):
            return {}
        return {
            str(key): [title for title in titles if isinstance(title, str)]
            for key, titles in known.items()
            if isinstance(titles, list)
        }


def _key(lesson: Lesson, folder: Path | None) -> str:
    return lesson.name if folder is None else f"{folder}/{lesson.name}"
