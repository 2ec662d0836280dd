"""Changing an experiment by path, and telling two experiments apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from ganstudio.errors import UserError
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.painting import PaintCommand
from ganstudio.experiment.reference import choices_of, kinds_of, settings, switched
from ganstudio.experiment.setting import Record
from ganstudio.experiment.targets import Painting, Painting1D, Target, TargetSpec

PAINTED = (Painting, Painting1D)


@dataclass(frozen=True)
class Change:
    """One field that differs; ``live`` says whether a running GAN can take it over without starting again."""

    path: str
    old: Any
    new: Any
    live: bool


def with_value(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The experiment with the field at ``path`` (``optimizers.generator.learning_rate``) set to ``value``.

    A choice among kinds takes the kind's name (``objective=hinge``, or ``objective.kind=hinge``). Settings that mean
    the same in the old and the new kind keep their values, the others take their defaults; another target takes all
    of its defaults, since a radius that suits one shape does not suit another.

    Raises:
        UserError: there is no such field, or it does not take this value.
    """
    names = path.split(".")
    if names[-1] == "kind" and len(names) > 1:
        names.pop()
        if not (_is_choice(_value_at(experiment, names, path)) and isinstance(value, str)):
            raise UserError("there is no such setting, or this is not the name of a kind", field=path)
    return validated(_replaced(experiment, names, value, path), field=path)


def with_text(experiment: Experiment, path: str, text: str) -> Experiment:
    """The same with a value in the form in which a person writes it (``--set path=text``).

    Where the setting is a text or a choice it is taken as it stands, in quotes or not; a list may be written with
    commas alone (``64,64``); all else is JSON (``true``, ``null``, ``[64, 64]``).

    Raises:
        UserError: there is no such field, or it does not take this value.
    """
    names = path.split(".")
    old = _value_at(experiment, names[:-1] if names[-1] == "kind" else names, path)
    value = _parsed(text)
    if isinstance(old, str | BaseModel) and not isinstance(value, str | dict):
        value = text
    elif isinstance(old, tuple) and not isinstance(value, list):
        value = [_parsed(item.strip()) for item in text.split(",") if item.strip()]
    return with_value(experiment, path, value)


def validated(tree: object, *, field: str | None = None, file: str | None = None) -> Experiment:
    """The experiment that ``tree`` (JSON-like) describes, or a :class:`UserError` that names the first bad field."""
    try:
        return Experiment.model_validate(tree)
    except ValidationError as error:
        raise user_error(error, field=field, file=file) from error


def user_error(error: ValidationError, *, field: str | None = None, file: str | None = None) -> UserError:
    """The first fault of a validation error as one line for a person.

    The field is named as ``--set`` and the file name it: without the kinds that pydantic puts after a choice.
    """
    fault = error.errors(include_url=False, include_context=False)[0]
    location = ".".join(_without_kinds(fault["loc"]))
    message = fault["msg"].removeprefix("Value error, ")
    given = fault.get("input")
    if isinstance(given, (int, float, str)) and len(str(given)) < 60:
        message += f" (got {given!r})"
    return UserError(_printable(message), field=field or _printable(location) or None, file=file)


def _without_kinds(location: tuple[int | str, ...]) -> Iterator[str]:
    place: int | str | None = None
    for part in location:
        # A choice has a name, or it is an item of a list (a stroke), or the whole file (a target by itself).
        choice = place if isinstance(place, str) else ""
        if place != "" and part in _kinds_by_place().get(choice, ()):
            place = ""  # What follows is a field, whatever its name: a target of kind "text" has a text.
        else:
            place = part
            yield str(part)


@cache
def _kinds_by_place() -> Mapping[str, frozenset[str]]:
    """The kinds that may follow in pydantic's location of a fault, by the field that holds the choice."""
    places = {"": frozenset(choices_of(PaintCommand)) | frozenset(choices_of(Target))}
    for setting in settings():
        if setting.type == "kind":
            place = setting.path.split(".")[-2]
            places[place] = places.get(place, frozenset()) | frozenset(setting.choices)
    return places


def _printable(text: str) -> str:
    # Names and kinds in a stranger's file may hold control characters, which a terminal would obey, or megabytes.
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:1000])


def _parsed(text: str) -> Any:
    """JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _replaced(record: BaseModel, names: list[str], value: Any, path: str) -> dict[str, Any]:
    """The fields of ``record`` with one replaced. The others stay as they are: a long painting is not read again."""
    tree = {name: getattr(record, name) for name in type(record).model_fields}
    name, *rest = names
    old = _field(record, name, path)
    if rest:
        tree[name] = _replaced(_record(old, name, path), rest, value, path)
    elif isinstance(value, str) and _is_choice(old):
        tree[name] = _of_kind(record, name, old, value, path)
    elif isinstance(value, bool) and not isinstance(old, bool):
        raise UserError(f"does not take {str(value).lower()}", field=path)  # which would count as 1 or 0
    else:
        tree[name] = value
    return tree


def _value_at(record: BaseModel, names: list[str], path: str) -> Any:
    name, *rest = names
    value = _field(record, name, path)
    return _value_at(_record(value, name, path), rest, path) if rest else value


def _field(record: BaseModel, name: str, path: str) -> Any:
    known = type(record).model_fields
    if name not in known:
        raise UserError(f"there is no such setting; known here: {', '.join(known)}", field=path or None)
    return getattr(record, name)


def _record(value: Any, name: str, path: str) -> BaseModel:
    if not isinstance(value, BaseModel):
        raise UserError(f"'{name}' has no settings of its own", field=path)
    return value


def _is_choice(value: Any) -> bool:
    return isinstance(value, BaseModel) and "kind" in type(value).model_fields


def _of_kind(parent: BaseModel, name: str, old: BaseModel, kind: str, path: str) -> Any:
    """The record of this kind, with the values of ``old`` where both have the same setting."""
    kinds = kinds_of(type(parent), name)
    if kind not in kinds:
        raise UserError(f"'{kind}' is not one of {', '.join(kinds)}", field=path)
    if type(old) is kinds[kind]:
        return old
    missing = [label for label, info in kinds[kind].model_fields.items() if info.is_required()]
    if missing:
        raise UserError(f"'{kind}' cannot be chosen by its name alone: its {missing[0]} come from a file", field=path)
    default = type(parent).model_fields[name].get_default(call_default_factory=True)
    if isinstance(old, TargetSpec):
        return default if type(default) is kinds[kind] else kinds[kind]()
    return switched(old, kinds[kind], default)


def differences(old: Experiment, new: Experiment) -> tuple[Change, ...]:
    """Every field in which the two differ, in the order of the record; empty where they are equal."""
    return tuple(_differences(old, new, "", parent_live=False))


def _differences(old: BaseModel, new: BaseModel, prefix: str, *, parent_live: bool) -> Iterator[Change]:
    for name, info in type(new).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if before is after or before == after:
            continue
        extra = info.json_schema_extra
        live = parent_live or (isinstance(extra, dict) and bool(extra.get("live")))
        path = f"{prefix}{name}"
        # The parts of packed data mean nothing one by one.
        if isinstance(after, Record) and type(before) is type(after) and not isinstance(after, ArrayText):
            yield from _differences(before, after, f"{path}.", parent_live=live)
        else:
            yield Change(path, before, after, live or _is_painted_over(before, after))


def _is_painted_over(before: object, after: object) -> bool:
    """Whether a target became a painting of its dimension, or came back from one: drawn on while the GAN goes on."""
    return (
        isinstance(before, TargetSpec)
        and isinstance(after, TargetSpec)
        and type(before).dimension == type(after).dimension
        and (isinstance(before, PAINTED) or isinstance(after, PAINTED))
    )


def needs_restart(old: Experiment, new: Experiment) -> bool:
    """Whether going from ``old`` to ``new`` needs both networks to be initialised again."""
    return any(not change.live for change in differences(old, new))
