"""Who takes part in a comparison: a person's own settings, and the recipes, on one target."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.experiment import Experiment
from ganstudio.experiment.experiment import Stop
from ganstudio.experiment.recipes import recipes
from ganstudio.targets.sight import sight_of

OWN = "own"


@dataclass(frozen=True)
class Contender:
    """A name, a title for people, why one would train so, what is trained, and what was seen of the target."""

    name: str
    title: str
    explain: str
    experiment: Experiment
    seen: str = ""

    @property
    def why(self) -> str:
        """Why one would train so, and what was chosen by what is seen of the target."""
        return f"{self.explain} {self.seen}" if self.seen else self.explain


def contenders(experiment: Experiment) -> dict[str, Contender]:
    """Everybody who can be compared, by name: all on this target, from this seed, measured alike, without an end."""
    endless = experiment.model_copy(update={"stop": Stop()})
    found = [Contender(OWN, "Your settings", "The settings as they stand in the window when it begins.", endless)]
    sight = sight_of(experiment)
    for each in recipes().values():
        trained, seen = each.apply(endless, sight), each.seen(experiment, sight)
        found.append(Contender(each.name, each.title, each.explain, trained, seen))
    return {contender.name: contender for contender in found}


def first_pair(experiment: Experiment) -> tuple[str, str]:
    """Whom to compare at first: the settings as they are, and the first recipe that they do not follow."""
    sight = sight_of(experiment)
    return OWN, next(recipe.name for recipe in recipes().values() if recipe.changes(experiment, sight))
