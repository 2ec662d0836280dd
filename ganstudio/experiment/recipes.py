"""The recipes: named ways to train, shipped as JSON. They change how a GAN is trained, never what it is to imitate.

A file holds the settings in which the recipe differs from a new experiment, and may hold others for targets on the
line. Whatever a recipe is about takes those values, or the defaults: so what it gives depends on the dimension of the
target alone, and on nothing that was set before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ganstudio.errors import UserError
from ganstudio.experiment import catalogue
from ganstudio.experiment.change import Change, differences, validated
from ganstudio.experiment.experiment import Experiment

PARTS = (
    "latent",
    "generator",
    "discriminator",
    "objective",
    "penalties",
    "penalty_schedule",
    "optimizers",
    "training",
    "updates",
)
"""What a recipe is about. Target, normalisation, measure, stop conditions, seed and device stay as they are."""


@dataclass(frozen=True)
class Recipe:
    """A named way to train.

    Attributes:
        title: for people, with the year of its paper.
        source: the paper.
        explain: a few sentences: what it does, and why.
        parts: by the dimension of the target, an experiment whose ``PARTS`` are the recipe's.
    """

    name: str
    title: str
    source: str
    explain: str
    parts: dict[int, Experiment]

    def apply(self, experiment: Experiment) -> Experiment:
        """The experiment, trained by this recipe."""
        parts = self.parts[type(experiment.target).dimension]
        return experiment.model_copy(update={part: getattr(parts, part) for part in PARTS})

    def changes(self, experiment: Experiment) -> tuple[Change, ...]:
        """Every setting of the experiment that the recipe changes, in the order of the record."""
        return differences(experiment, self.apply(experiment))


@cache
def recipes() -> dict[str, Recipe]:
    """All recipes by name, in the order in which they are offered.

    Raises:
        UserError: a shipped recipe is broken; the message names the file and the field.
    """
    return {name: _read(name, path) for name, path in catalogue.files("recipes").items()}


def recipe(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    return catalogue.entry(recipes(), name, kind="recipe", field="recipe")


def recipe_of(experiment: Experiment) -> Recipe | None:
    """The recipe that the experiment follows to the letter, if there is one."""
    return next((recipe for recipe in recipes().values() if not recipe.changes(experiment)), None)


def _read(name: str, path: Path) -> Recipe:
    tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    on_the_plane = tree["experiment"]
    on_the_line = tree.get("on_the_line", on_the_plane)
    parts = {1: _parts(on_the_line, path.name), 2: _parts(on_the_plane, path.name)}
    return Recipe(name, tree["title"], tree["source"], tree["explain"], parts)


def _parts(settings: dict[str, Any], file: str) -> Experiment:
    beyond = sorted(set(settings) - set(PARTS))
    if beyond:
        raise UserError(f"a recipe does not set it; it may set: {', '.join(PARTS)}", file=file, field=beyond[0])
    return validated(settings, file=file)
