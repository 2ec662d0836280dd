"""The presets: named experiments shipped as JSON, each a few differences from the default."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from ganstudio import shipped
from ganstudio.errors import UserError
from ganstudio.experiment.change import validated
from ganstudio.experiment.experiment import Experiment


@dataclass(frozen=True)
class Preset:
    """A named experiment; ``description`` is a sentence or two for a person who has not seen it."""

    name: str
    title: str
    description: str
    experiment: Experiment


@cache
def presets() -> dict[str, Preset]:
    """All presets by name, in the order in which they are offered.

    Raises:
        UserError: a shipped preset is broken; the message names the file and the field.
    """
    folder = shipped.directory("presets")
    order: list[str] = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    return {name: _read(name) for name in order}


def preset(name: str) -> Preset:
    """The preset of this name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    known = presets()
    if name not in known:
        raise UserError(f"there is no preset '{name}'; known: {', '.join(known)}", field="preset")
    return known[name]


def _read(name: str) -> Preset:
    path = shipped.directory("presets") / f"{name}.json"
    tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Preset(
        name=name,
        title=tree["title"],
        description=tree["description"],
        experiment=validated(tree["experiment"], file=path.name),
    )
