"""Every setting there is, derived from the records: for ``ganstudio settings``, ``--set`` and forms."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.setting import Record
from ganstudio.experiment.targets import TargetSpec


@dataclass(frozen=True)
class SettingReference:
    """One setting as a form, a table or a command line needs to know it.

    ``type`` is one of bool, int, float, text, choice, kind (choice among records) and integers (a list).
    ``when`` maps the path of a choice to the kind under which this setting exists.
    ``low`` and ``high`` are inclusive unless ``open_low``/``open_high``; of integers they bound each one. ``optional``
    means that null is a value. ``min_length`` and ``max_length`` count the letters of a text, the items of a list.
    """

    path: str
    label: str
    type: str
    default: Any
    help: str
    live: bool
    unit: str = ""
    usual: str = ""
    formula: str = ""
    log: bool = False
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    min_length: int | None = None
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    when: tuple[tuple[str, str], ...] = ()


def kinds_of(record: type[BaseModel], name: str) -> dict[str, type[Record]]:
    """The kinds that the field ``name`` of ``record`` chooses among; empty when it is no such choice."""
    return choices_of(_annotation(record, name))


def choices_of(annotation: Any) -> dict[str, type[Record]]:
    """The records by their kinds that a union such as ``Target`` is made of; empty when it is no such choice."""
    members = [member for member in _members(annotation) if _is_record(member)]
    return {str(member.model_fields["kind"].default): member for member in members if "kind" in member.model_fields}


def switched(old: BaseModel, kind: type[Record], default: object = None) -> Record:
    """A record of another kind with the values of ``old`` where both have the same setting, else its defaults.

    The same is what has the same name, help and bounds. ``default`` holds the defaults where it is of that kind.
    """
    fresh = default if isinstance(default, Record) and type(default) is kind else kind()
    values = {name: getattr(fresh, name) for name in kind.model_fields}
    for name, info in kind.model_fields.items():
        same = type(old).model_fields.get(name)
        if name != "kind" and same and (same.description, same.metadata) == (info.description, info.metadata):
            values[name] = getattr(old, name)
    return kind.model_validate(values)


def settings(root: type[BaseModel] = Experiment) -> tuple[SettingReference, ...]:
    """All settings below ``root``, in the order of the records; settings of each kind follow its choice."""
    return tuple(_settings(root, "", (), parent_live=False, defaults=None))


def fields(record: BaseModel) -> tuple[SettingReference, ...]:
    """The settings a form for ``record`` shows, paths relative to it, with the record's kinds as they are now."""
    return tuple(_settings(type(record), "", (), parent_live=False, defaults=record, every_kind=False))


def _settings(
    record: type[BaseModel],
    prefix: str,
    when: tuple[tuple[str, str], ...],
    *,
    parent_live: bool,
    defaults: BaseModel | None,
    every_kind: bool = True,
) -> list[SettingReference]:
    found: list[SettingReference] = []
    for name, info in record.model_fields.items():
        if name == "kind":
            continue
        path = f"{prefix}{name}"
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        live = parent_live or bool(extra.get("live"))
        default = getattr(defaults, name) if defaults is not None else info.get_default(call_default_factory=True)
        kinds = kinds_of(record, name)
        if kinds:
            chosen = getattr(default, "kind", None)
            found.append(
                SettingReference(
                    path=f"{path}.kind",
                    label=info.title or name,
                    type="kind",
                    default=chosen,
                    help=info.description or f"which {(info.title or name).lower()}",
                    live=live,
                    choices=tuple(kinds),
                    when=when,
                )
            )
            for kind, member in kinds.items():
                if not every_kind and kind != chosen:
                    continue
                inner = default if isinstance(default, BaseModel) else None
                if inner is not None and kind != chosen:
                    # What choosing this kind gives; another target takes none of the values of the old one.
                    inner = None if isinstance(inner, TargetSpec) else switched(inner, member)
                found += _settings(
                    member,
                    f"{path}.",
                    (*when, (f"{path}.kind", kind)),
                    parent_live=live,
                    defaults=inner,
                    every_kind=every_kind,
                )
            continue
        annotation = _annotation(record, name)
        if annotation is ArrayText:
            continue  # Data, such as the points of a file: not something to set by hand.
        if _is_record(annotation):
            inner = default if isinstance(default, BaseModel) else None
            found += _settings(annotation, f"{path}.", when, parent_live=live, defaults=inner, every_kind=every_kind)
            continue
        reference = _leaf(path, info, annotation, default, live, when)
        if reference is not None:
            found.append(reference)
    return found


def _leaf(
    path: str, info: FieldInfo, annotation: Any, default: Any, live: bool, when: tuple[tuple[str, str], ...]
) -> SettingReference | None:
    members = _members(annotation)
    optional = type(None) in members
    plain = [member for member in members if member is not type(None)]
    type_name, choices = _type_name(plain[0])
    if type_name is None:
        return None  # Data, such as strokes and points: not something to set by hand.
    bounds: dict[str, Any] = {}
    constraints = [*info.metadata]
    if type_name == "integers":
        constraints += [part for field in get_args(get_args(plain[0])[0])[1:] for part in field.metadata]
    for constraint in constraints:
        for key in ("ge", "gt", "le", "lt", "min_length", "max_length"):
            if getattr(constraint, key, None) is not None:
                bounds[key] = getattr(constraint, key)
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return SettingReference(
        path=path,
        label=info.title or path.rsplit(".", 1)[-1],
        type=type_name,
        default=None if default is PydanticUndefined else default,
        help=info.description or "",
        live=live,
        unit=str(extra.get("unit", "")),
        usual=str(extra.get("usual", "")),
        formula=str(extra.get("formula", "")),
        log=bool(extra.get("log", False)),
        low=bounds.get("ge", bounds.get("gt")),
        high=bounds.get("le", bounds.get("lt")),
        open_low="gt" in bounds,
        open_high="lt" in bounds,
        min_length=bounds.get("min_length"),
        max_length=bounds.get("max_length"),
        choices=choices,
        optional=optional,
        when=when,
    )


def _type_name(annotation: Any) -> tuple[str | None, tuple[str, ...]]:
    if get_origin(annotation) is Literal:
        return "choice", tuple(str(choice) for choice in get_args(annotation))
    if get_origin(annotation) is tuple and _members(get_args(annotation)[0])[0] is int:
        return "integers", ()
    names = {bool: "bool", int: "int", float: "float", str: "text"}
    return names.get(annotation), ()


def _annotation(record: type[BaseModel], name: str) -> Any:
    return record.model_fields[name].annotation


def _members(annotation: Any) -> list[Any]:
    while get_origin(annotation) is typing.Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return list(get_args(annotation))
    return [annotation]


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
