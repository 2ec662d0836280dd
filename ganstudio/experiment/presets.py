"""The presets: named experiments shipped as JSON, each a few differences from the default."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ganstudio.experiment import catalogue
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
    return {name: _read(name, path) for name, path in catalogue.files("presets").items()}


def preset(name: str) -> Preset:
    """The preset of this name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    return catalogue.entry(presets(), name, kind="preset", field="preset")


def _read(name: str, path: Path) -> Preset:
    tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Preset(
        name=name,
        title=tree["title"],
        description=tree["description"],
        experiment=validated(tree["experiment"], file=path.name),
    )
