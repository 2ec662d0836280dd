"""``ganstudio recipes``: named ways to train, as differences from an experiment."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from pydantic import BaseModel

from ganstudio.cli.output import print_json
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import Change
from ganstudio.experiment.recipes import Recipe, recipes
from ganstudio.experiment.sight import Sight
from ganstudio.sweep.subjects import subject
from ganstudio.targets.sight import sight_of

WIDTH = 100


def list_recipes(target: str | None, *, as_json: bool) -> int:
    """Every recipe with its explanation, and with what it changes for ``target``, else of a new experiment.

    Raises:
        UserError: there is no such target.
    """
    experiment = Experiment() if target is None else subject(target, field="--target")[1]
    sight = sight_of(experiment)
    if as_json:
        print_json({"recipes": [_row(recipe, experiment, sight) for recipe in recipes().values()]})
        return 0
    for recipe in recipes().values():
        print(f"{recipe.name}: {recipe.title}" + (f" ({recipe.source})" if recipe.source else ""))
        print(textwrap.fill(recipe.explain, WIDTH, initial_indent="    ", subsequent_indent="    "))
        for point in recipe.points:
            print(textwrap.fill(point, WIDTH, initial_indent="    · ", subsequent_indent="      "))
        if seen := recipe.seen(experiment, sight):
            print(f"    {seen}")
        for change in recipe.changes(experiment, sight):
            print(f"    {change.path}: {_text(change.old)} → {_text(change.new)}")
        print()
    return 0


def _row(recipe: Recipe, experiment: Experiment, sight: Sight | None) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "title": recipe.title,
        "source": recipe.source,
        "explain": recipe.explain,
        "points": list(recipe.points),
        "choice": recipe.choice(experiment, sight),
        "changes": [_change(change) for change in recipe.changes(experiment, sight)],
    }


def _change(change: Change) -> dict[str, Any]:
    return {"path": change.path, "old": _plain(change.old), "new": _plain(change.new), "live": change.live}


def _plain(value: object) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _text(value: object) -> str:
    """A value as ``--set`` takes it; of a record among kinds its kind, with what is not as usual in brackets."""
    if isinstance(value, BaseModel):
        tree = value.model_dump(mode="json", exclude_defaults=True)
        own = {name: item for name, item in tree.items() if name != "kind"}
        kind = str(getattr(value, "kind", ""))
        return f"{kind} {json.dumps(own, ensure_ascii=False)}".strip() if own else kind
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
