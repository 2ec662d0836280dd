"""What there is to do in a step, in a form that the program can do by itself: for a test, or on demand.

Written as a short command, for example

    play 300
    play until checked, at most 2000
    set training.discriminator_updates = 5
    update discriminator 20
    train discriminator to optimality, at most 2000 updates
    paint {"kind": "blob", "centre": [0.5, 0.5], "sigma": 0.2}
    restart
    new seed
    toy minimax, consensus 1
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from pydantic import TypeAdapter, ValidationError

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import user_error, with_text, with_value
from ganstudio.experiment.painting import PaintCommand
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.messages.toys import DiracGan, Toy, ToyObjective

MOST_ITERATIONS = 100_000
MOST_UPDATES = 1000
_COMMAND: TypeAdapter[PaintCommand] = TypeAdapter(PaintCommand)


@dataclass(frozen=True)
class Play:
    """Train for so many iterations; ``until_checked`` stops as soon as the step is ticked off."""

    iterations: int
    until_checked: bool = False

    def changed(self, experiment: Experiment) -> Experiment:
        return experiment


@dataclass(frozen=True)
class SetValue:
    """Change one setting: ``text`` is the value as a person writes it, for ``--set`` as well."""

    path: str
    text: str

    def changed(self, experiment: Experiment) -> Experiment:
        return with_text(experiment, self.path, self.text)


@dataclass(frozen=True)
class SingleUpdates:
    """So many updates of one player alone, while paused."""

    player: Literal["discriminator", "generator"]
    count: int = 1

    def changed(self, experiment: Experiment) -> Experiment:
        return experiment


@dataclass(frozen=True)
class TrainToOptimality:
    """Freeze G and train D until V no longer rises, or for ``most`` updates."""

    most: int = 20_000

    def changed(self, experiment: Experiment) -> Experiment:
        return experiment


@dataclass(frozen=True)
class Paint:
    """One more stroke on the painting."""

    command: PaintCommand

    def changed(self, experiment: Experiment) -> Experiment:
        target = experiment.target
        if not isinstance(target, Painting | Painting1D):
            raise UserError("there is nothing to paint on: the target of this step is no painting")
        return with_value(
            experiment, "target", target.model_copy(update={"commands": (*target.commands, self.command)})
        )


@dataclass(frozen=True)
class Restart:
    """Begin again from the same initialisation."""

    def changed(self, experiment: Experiment) -> Experiment:
        return experiment


@dataclass(frozen=True)
class NewSeed:
    """Begin again from another initialisation: the next seed, as the window's command does."""

    def changed(self, experiment: Experiment) -> Experiment:
        return with_value(experiment, "seed", (experiment.seed + 1) % 2**31)


@dataclass(frozen=True)
class PlayToy:
    """Play this Dirac-GAN from (1, 1), beside the run."""

    toy: Toy

    def changed(self, experiment: Experiment) -> Experiment:
        return experiment


Action = Play | SetValue | SingleUpdates | TrainToOptimality | Paint | Restart | NewSeed | PlayToy
"""Each has ``changed(experiment)``: the experiment after it, or a UserError that says why it cannot be done."""


def _play(found: re.Match[str]) -> Action:
    count = int(found["count"])
    if not 1 <= count <= MOST_ITERATIONS:
        raise UserError(f"may play from 1 to {MOST_ITERATIONS:,} iterations")
    return Play(count, until_checked=found["until"] is not None)


def _set(found: re.Match[str]) -> Action:
    return SetValue(found["path"], found["value"])


def _update(found: re.Match[str]) -> Action:
    count = int(found["count"] or 1)
    if not 1 <= count <= MOST_UPDATES:
        raise UserError(f"may make from 1 to {MOST_UPDATES:,} single updates")
    return SingleUpdates(cast("Literal['discriminator', 'generator']", found["player"]), count)


def _optimise(found: re.Match[str]) -> Action:
    if found["most"] is None:
        return TrainToOptimality()
    most = int(found["most"])
    if not 1 <= most <= MOST_ITERATIONS:
        raise UserError(f"may make from 1 to {MOST_ITERATIONS:,} updates")
    return TrainToOptimality(most)


def _paint(found: re.Match[str]) -> Action:
    try:
        return Paint(_COMMAND.validate_json(found["command"]))
    except ValidationError as error:
        raise user_error(error) from error


def _toy(found: re.Match[str]) -> Action:
    objective, penalty = found["objective"], found["penalty"]
    if objective not in get_args(ToyObjective):
        raise UserError(
            f"'{objective}' is no objective of the Dirac-GAN; those are: {', '.join(get_args(ToyObjective))}"
        )
    numbers = {penalty: float(found["number"])} if penalty else {}
    consensus = numbers.pop("consensus", 0.0)
    return PlayToy(Toy(DiracGan(cast("ToyObjective", objective), **numbers), consensus=consensus))


_FORMS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], Action]], ...] = tuple(
    (example, re.compile(pattern), make)
    for example, pattern, make in (
        (
            "play 300, or: play until checked, at most 2000",
            r"play (?P<until>until checked, at most )?(?P<count>\d{1,9})",
            _play,
        ),
        ("set PATH = VALUE", r"set (?P<path>[a-z0-9_.]+) ?= ?(?P<value>\S.*)", _set),
        ("update discriminator 20", r"update (?P<player>discriminator|generator)(?: (?P<count>\d{1,9}))?", _update),
        (
            "train discriminator to optimality",
            r"train discriminator to optimality(?:, at most (?P<most>\d{1,9}) updates)?",
            _optimise,
        ),
        ("paint {JSON}", r"paint (?P<command>\{.*\})", _paint),
        ("restart", r"restart", lambda _: Restart()),
        ("new seed", r"new seed", lambda _: NewSeed()),
        (
            "toy minimax, or: toy minimax, consensus 1",
            r"toy (?P<objective>[a-z_]+)"
            r"(?:, (?P<penalty>consensus|r1|r2|wgan_gp|weight_clipping|instance_noise)"
            r" (?P<number>\d{1,3}(?:\.\d{1,4})?))?",
            _toy,
        ),
    )
)


def parse_action(text: str) -> Action:
    """The action that is written so.

    Raises:
        UserError: it is none of the known forms, which the message lists.
    """
    for _, pattern, make in _FORMS:
        found = pattern.fullmatch(text.strip())
        if found is not None:
            return make(found)
    raise UserError(f"'{text}' is no action; write one of: {'; '.join(example for example, _, _ in _FORMS)}")


def after(experiment: Experiment, actions: Iterable[Action]) -> Experiment:
    """The experiment once all of these were done."""
    for action in actions:
        experiment = action.changed(experiment)
    return experiment
