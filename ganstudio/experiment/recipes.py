"""The recipes: named ways to train, shipped as JSON. They change how a GAN is trained, never what it is to imitate.

A file holds the settings in which the recipe differs from a new experiment, and may hold others for targets on the
line. Whatever a recipe is about takes those values, or the defaults: so what it gives depends on the dimension of the
target alone, and on nothing that was set before. A file may also name a rule by which the recipe goes by what is seen
of a target in the plane, see :mod:`ganstudio.experiment.recipe_rules`. Looking needs samples: whoever applies a recipe
has looked, with :func:`ganstudio.targets.sight.sight_of`.
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
from ganstudio.experiment.recipe_rules import RULES, Rule
from ganstudio.experiment.sight import Sight

STUDIO_DEFAULT = "studio-default"
"""What an experiment begins with, by name."""

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
        explain: a sentence or two: what it does, and why.
        points: the rest, to be read when it is asked for: short sentences, those of its rule last.
        parts: by the dimension of the target, an experiment whose ``PARTS`` are the recipe's.
        rule: how it goes by what is seen of a target in the plane; None where it does not.

    What is seen of a target is None where nobody looked, or where there is nothing to see yet: then a recipe gives
    what it gives for any target.
    """

    name: str
    title: str
    source: str
    explain: str
    points: tuple[str, ...]
    parts: dict[int, Experiment]
    rule: Rule | None = None

    def apply(self, experiment: Experiment, sight: Sight | None = None) -> Experiment:
        """The experiment, trained by this recipe."""
        rule = self._rule_for(experiment)
        parts = self.parts[type(experiment.target).dimension]
        if rule is not None and sight is not None:
            parts = rule.apply(parts, sight)
        return experiment.model_copy(update={part: getattr(parts, part) for part in PARTS})

    def changes(self, experiment: Experiment, sight: Sight | None = None) -> tuple[Change, ...]:
        """Every setting of the experiment that the recipe changes, in the order of the record."""
        return differences(experiment, self.apply(experiment, sight))

    def choice(self, experiment: Experiment, sight: Sight | None) -> str:
        """What is seen of the target and chosen by it, as the rest of a sentence; empty where there is no rule."""
        rule = self._rule_for(experiment)
        return "" if rule is None or sight is None else rule.choice(sight)

    def seen(self, experiment: Experiment, sight: Sight | None) -> str:
        """The same as a sentence of its own."""
        choice = self.choice(experiment, sight)
        return f"Seen of this target: {choice}." if choice else ""

    def _rule_for(self, experiment: Experiment) -> Rule | None:
        return self.rule if type(experiment.target).dimension == 2 else None


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


def recipe_of(experiment: Experiment, sight: Sight | None = None) -> Recipe | None:
    """The recipe that the experiment follows to the letter, if there is one."""
    return next((recipe for recipe in recipes().values() if not recipe.changes(experiment, sight)), None)


def _read(name: str, path: Path) -> Recipe:
    tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    on_the_plane = tree["experiment"]
    on_the_line = tree.get("on_the_line", on_the_plane)
    parts = {1: _parts(on_the_line, path.name), 2: _parts(on_the_plane, path.name)}
    rule = catalogue.entry(RULES, tree["rule"], kind="rule", field="rule") if "rule" in tree else None
    points = (*tree.get("points", ()), *(() if rule is None else rule.statement))
    return Recipe(name, tree["title"], tree["source"], tree["explain"], points, parts, rule)


def _parts(settings: dict[str, Any], file: str) -> Experiment:
    beyond = sorted(set(settings) - set(PARTS))
    if beyond:
        raise UserError(f"a recipe does not set it; it may set: {', '.join(PARTS)}", file=file, field=beyond[0])
    return validated(settings, file=file)
