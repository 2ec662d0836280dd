"""A folder of lessons as a library shows it: what can be read, and why the rest cannot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ganstudio.errors import UserError
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.reading import FILE, MAX_LESSONS, read_lesson


@dataclass(frozen=True)
class Shelf:
    """The lessons of one folder, in order, and a fault for each that cannot be read; it names file and field."""

    folder: Path
    lessons: tuple[Lesson, ...] = ()
    faults: tuple[UserError, ...] = ()


def shelf(folder: Path) -> Shelf:
    """The lessons in ``folder``, or the one lesson that it is. Faults are told, never raised."""
    try:
        found = [folder] if (folder / FILE).is_file() else sorted(_lessons_in(folder))
    except OSError as error:
        return Shelf(folder, faults=(UserError(f"cannot be read: {error.strerror}", file=folder),))
    if not found:
        reason = f"holds no lesson: each is a folder of its own with a file {FILE}"
        return Shelf(folder, faults=(UserError(reason, file=folder),))
    if len(found) > MAX_LESSONS:
        return Shelf(folder, faults=(UserError(f"holds more than {MAX_LESSONS} lessons", file=folder),))
    lessons, faults = list[Lesson](), list[UserError]()
    for path in found:
        try:
            lessons.append(read_lesson(path))
        except UserError as error:
            faults.append(error)
    return Shelf(folder, tuple(lessons), tuple(faults))


def _lessons_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if (path / FILE).is_file()]
