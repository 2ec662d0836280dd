"""What a recipe would change, as rows for a person to read: the setting, its value now, and its value then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import Change
from ganstudio.experiment.recipes import Recipe, recipes
from ganstudio.experiment.reference import SettingReference, fields
from ganstudio.experiment.sight import Sight
from ganstudio.ui.forms.choices import choice
from ganstudio.ui.forms.number import grouped
from ganstudio.ui.forms.tooltip import label_text, setting_tooltip

ABSENT = "–"
"""The value of a setting that belongs to another kind of objective, schedule or optimizer."""

PER_PLAYER = ("optimizers",)
"""Parts of the experiment that G and D have one each of."""


@dataclass(frozen=True)
class ChangeRow:
    """One line of the table.

    Attributes:
        group: the part of the experiment that it belongs to; rows of a group follow one another.
        label: the setting, as its form calls it.
        now: its value, ``ABSENT`` where it has none.
        then: the same under the recipe.
        live: whether the running networks take it over.
        depth: 1 for what comes or goes with another kind, else 0.
        tooltip: what the setting is (HTML).
    """

    group: str
    label: str
    now: str
    then: str
    live: bool
    depth: int
    tooltip: str


@dataclass(frozen=True)
class Place:
    """Where an experiment stands among the recipes: the nearest, and how many settings differ from it."""

    recipe: Recipe
    away: int

    def __str__(self) -> str:
        if not self.away:
            return self.recipe.title
        return f"own settings, {self.away} away from {self.recipe.title}"


def place_of(experiment: Experiment, sight: Sight | None = None) -> Place:
    """The recipe from which the fewest settings differ; of several the one that is offered first."""
    places = [Place(recipe, len(recipe.changes(experiment, sight))) for recipe in recipes().values()]
    return min(places, key=lambda place: place.away)


def rows(recipe: Recipe, experiment: Experiment, sight: Sight | None = None) -> tuple[ChangeRow, ...]:
    """Every setting of the experiment that the recipe changes, in the order of the record.

    Of a choice among kinds also the settings that come with the new kind, or go with the old one.
    """
    after = recipe.apply(experiment, sight)
    old, new = ({setting.path: setting for setting in fields(one)} for one in (experiment, after))
    found: list[ChangeRow] = []
    for change in recipe.changes(experiment, sight):
        for path in _below(change, old, new):
            setting = new.get(path) or old[path]
            now, then = _text(experiment, old.get(path)), _text(after, new.get(path))
            if now != then:
                depth = int(path.removesuffix(".kind") != change.path)
                tip = setting_tooltip(setting, path)
                found.append(ChangeRow(_group(path), label_text(setting), now, then, change.live, depth, tip))
    return tuple(found)


def _below(change: Change, *known: dict[str, SettingReference]) -> Iterator[str]:
    """The paths of a change: the setting itself, or a kind and the settings of both kinds."""
    paths = dict.fromkeys(path for settings in known for path in settings)
    return (path for path in paths if path == change.path or path.startswith(f"{change.path}."))


def _group(path: str) -> str:
    """``Generator G``; of what both players have, whose it is: ``Optimizers · Generator``."""
    part, name, *_ = (*path.split("."), "")
    titles = [_title(Experiment, part)]
    if part in PER_PLAYER:
        titles.append(_title(type(getattr(Experiment(), part)), name))
    return " · ".join(titles)


def _title(record: type[BaseModel], name: str) -> str:
    return record.model_fields[name].title or name


def _text(experiment: Experiment, setting: SettingReference | None) -> str:
    if setting is None:
        return ABSENT
    if setting.type == "kind":
        return str(_value_at(experiment, setting.path.removesuffix(".kind")).title)
    return _TEXTS[setting.type](setting)


def _value_at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
    return record


def _number(setting: SettingReference) -> str:
    return grouped(setting.default) or "never"


_TEXTS: dict[str, Callable[[SettingReference], str]] = {
    "int": _number,
    "float": _number,
    "bool": lambda setting: "on" if setting.default else "off",
    "choice": lambda setting: choice(setting.path, setting.default).title,
    "integers": lambda setting: ", ".join(str(number) for number in setting.default) or "none",
    "text": lambda setting: str(setting.default),
}
"""How a value of each type of setting is written."""
