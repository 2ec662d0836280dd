"""Changing an experiment by path, and telling two experiments apart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from ganstudio.errors import UserError
from ganstudio.experiment.experiment import Experiment


@dataclass(frozen=True)
class Change:
    """One field that differs; ``live`` says whether a running GAN can take it over without starting again."""

    path: str
    old: Any
    new: Any
    live: bool


def with_value(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The experiment with the field at ``path`` (``optimizers.generator.learning_rate``) set to ``value``.

    A choice among kinds takes the kind's name (``objective=hinge``, or ``objective.kind=hinge``): fields that the
    old and the new kind have in common keep their values, the others take their defaults.

    Raises:
        UserError: there is no such field, or it does not take this value.
    """
    names = path.split(".")
    if names[-1] == "kind" and len(names) > 1:
        names.pop()
    return validated(_replaced(experiment, names, value, path), field=path)


def validated(tree: object, *, field: str | None = None, file: str | None = None) -> Experiment:
    """The experiment that ``tree`` (JSON-like) describes, or a :class:`UserError` that names the first bad field."""
    try:
        return Experiment.model_validate(tree)
    except ValidationError as error:
        raise user_error(error, field=field, file=file) from error


def user_error(error: ValidationError, *, field: str | None = None, file: str | None = None) -> UserError:
    """The first fault of a validation error as one line for a person."""
    fault = error.errors(include_url=False, include_context=False)[0]
    location = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    given = fault.get("input")
    if isinstance(given, (int, float, str)) and len(str(given)) < 60:
        message += f" (got {given!r})"
    return UserError(_printable(message), field=field or _printable(location) or None, file=file)


def _printable(text: str) -> str:
    # Names and kinds in a stranger's file may hold control characters, which a terminal would obey, or megabytes.
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:1000])


def parsed_value(text: str) -> Any:
    """The value that ``text`` of ``--set path=text`` means: JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _replaced(record: BaseModel, names: list[str], value: Any, path: str) -> dict[str, Any]:
    tree = record.model_dump(mode="json")
    name, *rest = names
    if name not in type(record).model_fields:
        known = ", ".join(type(record).model_fields)
        raise UserError(f"there is no such setting; known here: {known}", field=path)
    old = getattr(record, name)
    if rest:
        if not isinstance(old, BaseModel):
            raise UserError(f"'{name}' has no settings of its own", field=path)
        tree[name] = _replaced(old, rest, value, path)
    elif isinstance(value, str) and isinstance(old, BaseModel) and "kind" in type(old).model_fields:
        tree[name] = _of_kind(record, name, old, value, path)
    else:
        tree[name] = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return tree


def _of_kind(parent: BaseModel, name: str, old: BaseModel, kind: str, path: str) -> dict[str, Any]:
    from ganstudio.experiment.reference import kinds_of

    kinds = kinds_of(type(parent), name)
    if kind not in kinds:
        raise UserError(f"'{kind}' is not one of {', '.join(kinds)}", field=path)
    shared = set(kinds[kind].model_fields) - {"kind", "commands", "extent", "points"}
    kept = {key: item for key, item in old.model_dump(mode="json").items() if key in shared}
    fresh: dict[str, Any] = {"kind": kind}
    if name == "target":  # A radius or σ that suits one shape does not suit another.
        return fresh
    return fresh | kept


def differences(old: Experiment, new: Experiment) -> tuple[Change, ...]:
    """Every field in which the two differ, in the order of the record."""
    return tuple(_differences(old, new, "", parent_live=False))


def _differences(old: BaseModel, new: BaseModel, prefix: str, *, parent_live: bool) -> list[Change]:
    found: list[Change] = []
    for name, info in type(new).model_fields.items():
        before, after = getattr(old, name, None), getattr(new, name)
        if before == after:
            continue
        extra = info.json_schema_extra
        live = parent_live or (isinstance(extra, dict) and bool(extra.get("live")))
        path = f"{prefix}{name}"
        if isinstance(before, BaseModel) and type(before) is type(after):
            found += _differences(before, after, f"{path}.", parent_live=live)
        else:
            found.append(Change(path, before, after, live))
    return found


def needs_restart(old: Experiment, new: Experiment) -> bool:
    """Whether going from ``old`` to ``new`` needs both networks to be initialised again."""
    return any(not change.live for change in differences(old, new))
