"""Reads lessons from their folders, within bounds: they may come from strangers.

The format is described in resources/lessons/README.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import user_error, with_text
from ganstudio.experiment.presets import preset
from ganstudio.lessons.action import parse_action
from ganstudio.lessons.check import PLAYED, Check, is_number, parse_check
from ganstudio.lessons.facts import FACTS, setting_value
from ganstudio.lessons.lesson import Lesson, Step
from ganstudio.view_names import LayerName, PlotName, TheoryName

FILE = "lesson.md"
MAX_LESSONS = 200
MAX_BYTES = 64 * 1024
MAX_STEPS = 30
MAX_TEXT = 8000
MAX_TOML_LINE = 1000  # A key of thousands of dots costs TOML's parser quadratic time.
_FENCE = "```"
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;")
_PICTURE = re.compile(r"!\[")
_LINK = re.compile(r"\]\(\s*(?!https://)|^ {0,3}\[[^\]]*\]:\s*(?!https://)", re.MULTILINE)

_Line = Annotated[str, Field(min_length=1, max_length=MAX_TOML_LINE)]
_T = TypeVar("_T")


class _Fields(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Front(_Fields):
    """What stands between the +++ lines."""

    title: str = Field(min_length=1, max_length=100)
    summary: str = Field(min_length=1, max_length=400)
    speed: float | None = Field(default=None, ge=0.1, le=1e6)


class _StepFields(_Fields):
    """What stands in a step's toml block."""

    formula: str = Field(default="", max_length=500)
    preset: str | None = Field(default=None, max_length=64)
    settings: tuple[_Line, ...] = Field(default=(), max_length=40)
    layers: tuple[LayerName, ...] = ()
    plots: tuple[PlotName | TheoryName, ...] = ()
    speed: float | None = Field(default=None, ge=0.1, le=1e6)
    do: str = Field(default="", max_length=600)
    actions: tuple[_Line, ...] = Field(default=(), max_length=20)
    checks: tuple[_Line, ...] = Field(default=(), max_length=10)


def load_lessons(folder: Path) -> tuple[Lesson, ...]:
    """The lessons in ``folder``, one in each folder that holds a lesson.md, in the order of their names.

    Raises:
        UserError: names the file, the step and the field that cannot be used.
    """
    if not folder.is_dir():
        raise UserError("there is no such folder of lessons", file=folder)
    found = sorted(path for path in folder.iterdir() if (path / FILE).is_file())
    if len(found) > MAX_LESSONS:
        raise UserError(f"holds more than {MAX_LESSONS} lessons", file=folder)
    return tuple(read_lesson(path) for path in found)


def read_lesson(folder: Path) -> Lesson:
    """The lesson in this folder.

    Raises:
        UserError: names the file, the step and the field that cannot be used.
    """
    path = folder / FILE
    label = f"{folder.resolve().name}/{FILE}"
    return parse_lesson(_text(path, label), name=folder.resolve().name, file=label)


def parse_lesson(text: str, *, name: str, file: str) -> Lesson:
    """The lesson that ``text`` describes; ``file`` is how faults name it. Raises as :func:`read_lesson`."""
    front, body = _split_front(text, file)
    introduction, *parts = _split_steps(body, file)
    if not parts:
        raise UserError("has no step; a step begins with a line '## Its title'", file=file)
    if len(parts) > MAX_STEPS:
        raise UserError(f"has more than {MAX_STEPS} steps", file=file)
    if introduction.fields is not None:
        raise UserError(f"the {_FENCE}toml block stands before the first step", file=file, field="introduction")
    steps: list[Step] = []
    for number, part in enumerate(parts, start=1):
        before = steps[-1].experiment_after if steps else None
        where = f"step {number} ({part.title})"
        steps.append(_step(part, before, front.speed, file=file, where=where))
    prose = _prose(introduction.text, file=file, field="introduction")
    return Lesson(name, front.title, front.summary, tuple(steps), prose)


# -- the file --------------------------------------------------------------------------------------------------------


def _text(path: Path, label: str) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", file=label) from error
    if len(data) > MAX_BYTES:
        raise UserError(f"is longer than {MAX_BYTES // 1024} KiB", file=label)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("is no text in UTF-8", file=label) from error
    text = text.replace("\r\n", "\n")
    if not all(letter.isprintable() or letter == "\n" for letter in text):
        raise UserError("holds control characters; use spaces instead of tabs", file=label)
    return text


@dataclass(frozen=True)
class _Part:
    """A heading with what stands below it."""

    title: str
    text: str
    fields: str | None


def _split_front(text: str, file: str) -> tuple[_Front, str]:
    first, _, rest = text.lstrip("\n").partition("\n")
    front, separator, body = rest.partition("\n+++\n")
    if first.strip() != "+++" or not separator:
        raise UserError('must begin with a line +++, then title = "…" and summary = "…", then a line +++', file=file)
    return _validated(_Front, front, file=file, field="front matter"), body


def _split_steps(body: str, file: str) -> Iterator[_Part]:
    """The introduction, its title empty, and the steps."""
    title, prose, fields, inside = "", list[str](), list[str](), False
    has_fields = False
    for line in body.split("\n"):
        if inside:
            inside = line.rstrip() != _FENCE
            if inside:
                fields.append(line)
        elif line.startswith(_FENCE):
            if line.strip() != f"{_FENCE}toml" or has_fields:
                raise UserError(f"a step has one {_FENCE}toml block and no other", file=file, field=title or None)
            inside = has_fields = True
        elif line.startswith("# "):
            raise UserError("the title stands in the front matter; steps begin with '## '", file=file, field=line)
        elif line.startswith("## "):
            yield _Part(title, "\n".join(prose), "\n".join(fields) if has_fields else None)
            title, prose, fields, has_fields = line[3:].strip()[:100], [], [], False
        else:
            prose.append(line)
    if inside:
        raise UserError(f"the {_FENCE}toml block does not end", file=file, field=title or None)
    yield _Part(title, "\n".join(prose), "\n".join(fields) if has_fields else None)


_R = TypeVar("_R", bound=_Fields)


def _validated(record: type[_R], toml: str, *, file: str, field: str) -> _R:
    if any(len(line) > MAX_TOML_LINE for line in toml.split("\n")):
        raise UserError(f"a line is longer than {MAX_TOML_LINE:,} letters", file=file, field=field)
    try:
        tree = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError(f"is no valid TOML: {error}", file=file, field=field) from error
    try:
        return record.model_validate(tree)
    except ValidationError as error:
        told = user_error(error)
        raise UserError(told.message, file=file, field=f"{field}: {told.field}") from error


def _prose(text: str, *, file: str, field: str) -> str:
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise UserError(f"is longer than {MAX_TEXT:,} letters", file=file, field=field)
    if _MARKUP.search(text) or _PICTURE.search(text):
        raise UserError("holds HTML or a picture; only plain Markdown is shown", file=file, field=field)
    if _LINK.search(text):
        raise UserError("holds a link that does not begin with https://", file=file, field=field)
    return text


# -- a step ----------------------------------------------------------------------------------------------------------


def _step(part: _Part, before: Experiment | None, speed: float | None, *, file: str, where: str) -> Step:
    if not part.title:
        raise UserError("has no title", file=file, field=where)
    fields = _validated(_StepFields, part.fields or "", file=file, field=where)

    def named(name: str, make: Callable[[], _T]) -> _T:
        """What ``make`` gives; what it refuses is told with file, step and field."""
        try:
            return make()
        except UserError as error:
            told = f"{error.field}: {error.message}" if error.field else error.message
            raise UserError(told, file=file, field=f"{where}: {name}") from error

    experiment = named("preset", partial(_experiment, fields, before))
    actions = tuple(named(f"actions.{at}", partial(parse_action, line)) for at, line in enumerate(fields.actions, 1))
    checks = tuple(named(f"checks.{at}", partial(parse_check, line)) for at, line in enumerate(fields.checks, 1))
    step = Step(
        title=part.title,
        text=_prose(part.text, file=file, field=where),
        experiment=experiment,
        loads=fields.preset is not None,
        formula=fields.formula,
        layers=fields.layers,
        plots=fields.plots,
        speed=speed if fields.speed is None else fields.speed,
        do=fields.do.strip(),
        actions=actions,
        checks=checks,
    )
    after = named("actions", lambda: step.experiment_after)
    for at, check in enumerate(checks, 1):
        named(f"checks.{at}", partial(_check_fits, check, after))
    if actions and not checks:
        raise UserError("has actions but no check that they did something", file=file, field=where)
    if checks and not (actions and step.do):
        raise UserError("has checks, so it needs 'do' (in words) and 'actions'", file=file, field=where)
    if step.needs_samples and step.layers and "generated" not in step.layers:
        raise UserError("a check counts samples: 'layers' must show generated", file=file, field=f"{where}: layers")
    return step


def _experiment(fields: _StepFields, before: Experiment | None) -> Experiment:
    if fields.preset is None:
        if fields.settings:
            raise UserError("'settings' change a preset; without one, use actions such as: set PATH = VALUE")
        if before is None:
            raise UserError('the first step must load an experiment: preset = "…"')
        return before
    experiment = preset(fields.preset).experiment
    for line in fields.settings:
        path, separator, value = line.partition("=")
        if not (separator and path.strip() and value.strip()):
            raise UserError(f"'{line}' is not PATH = VALUE", field="settings")
        experiment = with_text(experiment, path.strip(), value.strip())
    return experiment


def _check_fits(check: Check, experiment: Experiment) -> None:
    """Raise if the check names a setting that is not there, or orders one that is no number."""
    if check.fact in FACTS or check.fact == PLAYED:
        return
    value: Any = setting_value(experiment, check.fact)
    if check.comparison not in ("=", "!=") and value is not None and not is_number(value):
        raise UserError(f"'{check.fact}' is no number; compare it by = or !=")
