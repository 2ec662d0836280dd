"""What can be benchmarked: targets and recipes by the names that are given on the command line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.presets import presets
from ganstudio.experiment.recipes import STUDIO_DEFAULT, recipe, recipes
from ganstudio.experiment.targets import GaussianGrid, TargetSpec
from ganstudio.targets import build
from ganstudio.targets.drawn import drawn_shapes
from ganstudio.targets.files import read_target
from ganstudio.targets.sight import sight_of

OWN_RECIPE = "own"
"""The settings that a target comes with: those of the preset, else what the studio default chooses for it."""

_FURTHER = {"grid100": GaussianGrid(count=10, spacing=1.0, sigma=0.03)}
"""Targets of the literature that are no presets."""

MOST_SEEDS = 1000
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Case:
    """One run to be made: a target and a recipe by name, a seed, and the experiment that these make."""

    target: str
    recipe: str
    seed: int
    experiment: Experiment

    @property
    def key(self) -> str:
        """A name for it that is one of a file as well."""
        return f"{self.target}--{self.recipe}--seed-{self.seed}"

    @property
    def digest(self) -> str:
        """Changes when anything in the experiment does: 16 hexadecimal digits."""
        text = json.dumps(self.experiment.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def choice(self) -> str:
        """What the studio default sees and chooses, where that is another than for most targets; else empty."""
        default, sight = recipe(STUDIO_DEFAULT), sight_of(self.experiment)
        follows = not default.changes(self.experiment, sight)
        return default.choice(self.experiment, sight) if follows and default.changes(self.experiment) else ""


def cases(targets: Sequence[str], recipe_names: Sequence[str], seeds: Sequence[int]) -> tuple[Case, ...]:
    """All runs for these names, the first seed of everything before the second.

    Raises:
        UserError: a name is not known, a target has nothing to sample from, or two targets have the same name.
    """
    subjects = _targets(targets)
    ways = _recipes(recipe_names)
    return tuple(
        Case(target, way, seed, with_value(apply(experiment), "seed", seed))
        for seed in seeds
        for target, experiment in subjects.items()
        for way, apply in ways.items()
    )


def target_groups() -> dict[str, tuple[str, ...]]:
    """Names for several targets at once."""
    return {
        "papers": ("ring8", "grid25"),
        "presets": tuple(presets()),
        "drawn": tuple(drawn_shapes()),
        "all": (*presets(), *drawn_shapes(), *_FURTHER),
    }


def seeds_of(texts: Iterable[str]) -> tuple[int, ...]:
    """``0-4,7`` as numbers, each once, in the order given.

    Raises:
        UserError: it is no list of numbers and ranges, or too long.
    """
    found: dict[int, None] = {}
    for text in _split(texts):
        match = re.fullmatch(r"([0-9]{1,10})(?:-([0-9]{1,10}))?", text)
        if match is None:
            raise UserError(f"'{text}' is no seed; write 0,1,2 or 0-4", field="--seeds")
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last <= _LARGEST_SEED:
            raise UserError(f"'{text}' is no range of seeds from 0 to {_LARGEST_SEED}", field="--seeds")
        if last - first >= MOST_SEEDS:
            raise UserError(f"'{text}' is more than {MOST_SEEDS} seeds", field="--seeds")
        found.update(dict.fromkeys(range(first, last + 1)))
    if not found:
        raise UserError("there is none; write 0,1,2 or 0-4", field="--seeds")
    return tuple(found)


def _targets(names: Iterable[str]) -> dict[str, Experiment]:
    groups = target_groups()
    given = [one for name in _split(names) for one in groups.get(name, (name,))]
    if not given:
        raise UserError(f"there is none; known: {_known_targets(groups)}", field="--targets")
    found: dict[str, Experiment] = {}
    for text in given:
        name, experiment = subject(text, field="--targets", groups=groups)
        if name in found and found[name] != experiment:
            raise UserError(f"two targets are called '{name}'; rename one of the files", field="--targets")
        found[name] = experiment
    return found


def subject(name: str, *, field: str, groups: Iterable[str] = ()) -> tuple[str, Experiment]:
    """A short name for the target that is named so or is in this file, and the experiment that it comes with.

    Raises:
        UserError: there is no such target, which ``field`` asks for, nor one of ``groups``; or it cannot be sampled.
    """
    if name in presets():
        return name, presets()[name].experiment
    if name in drawn_shapes():
        return name, _by_default(drawn_shapes()[name])
    if name in _FURTHER:
        return name, _by_default(_FURTHER[name])
    path = Path(name)
    if not path.exists():
        raise UserError(f"'{name}' is neither a file nor one of {_known_targets(groups)}", field=field)
    target = read_target(path)
    build(target)  # An empty painting is told now and not after an hour.
    return re.sub(r"[^A-Za-z0-9_]+", "-", path.stem).strip("-")[:60] or "file", _by_default(target)


def _by_default(target: TargetSpec) -> Experiment:
    return _by_recipe(STUDIO_DEFAULT)(with_value(Experiment(), "target", target))


def _known_targets(groups: Iterable[str]) -> str:
    return ", ".join((*groups, *presets(), *drawn_shapes(), *_FURTHER))


def _recipes(names: Iterable[str]) -> dict[str, Callable[[Experiment], Experiment]]:
    given = [one for name in _split(names) for one in ((OWN_RECIPE, *recipes()) if name == "all" else (name,))]
    if not given:
        raise UserError(f"there is none; known: all, {OWN_RECIPE}, {', '.join(recipes())}", field="--recipes")
    unknown = [name for name in given if name != OWN_RECIPE and name not in recipes()]
    if unknown:
        known = ", ".join(("all", OWN_RECIPE, *recipes()))
        raise UserError(f"there is no recipe '{unknown[0]}'; known: {known}", field="--recipes")
    return {name: _unchanged if name == OWN_RECIPE else _by_recipe(name) for name in given}


def _by_recipe(name: str) -> Callable[[Experiment], Experiment]:
    return lambda experiment: recipe(name).apply(experiment, sight_of(experiment))


def _unchanged(experiment: Experiment) -> Experiment:
    return experiment


def _split(texts: Iterable[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]
