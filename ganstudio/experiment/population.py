"""Many runs at once: experiments of one structure that differ in their seeds or in live numbers alone.

What differs must be numbers that an update is given; what there is to compute is the same for all of them. So a
population of n runs is one computation with a leading axis of n members.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import model_validator

from ganstudio.errors import UserError
from ganstudio.experiment.change import differences, with_value
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.networks import MixturePrior
from ganstudio.experiment.reference import SettingReference, fields
from ganstudio.experiment.setting import Record

FEWEST, MOST = 4, 64
"""Members of a population."""
SHARED_RECORDS = ("target.", "measure.", "stop.")
"""The same for all members: what is imitated, and how it is looked at."""
SHARED = (
    "training.batch_size",
    "training.discriminator_updates",
    "training.generator_updates",
    "penalty_schedule.every",
    "updates.unrolled_steps",
)
"""The same for all members: these numbers decide how much there is to compute."""
SWITCHES = ("penalties.weight_clipping", "gradient_clip")
"""Off at 0, which is no small value of theirs: their members are all on or all off. Elsewhere 0 is a number as any."""
SYMBOLS = {"learning_rate": "η", "weight_decay": "λ", "momentum": "μ", "r1": "γ₁", "r2": "γ₂", "wgan_gp": "λ_GP"}
"""Settings that have a shorter name than their label."""
PLAYERS = {"optimizers.generator.": "G", "optimizers.discriminator.": "D"}
FEWEST_DIGITS, ALL_DIGITS = 6, 17
"""Of a value that is swept, as it is written; no two float64 have the same 17."""


class Axis(Record):
    """One swept live setting, and its values in the order in which they are shown."""

    title: ClassVar[str] = "Axis of a population"
    path: str
    values: tuple[float, ...]


class PopulationSpec(Record):
    """A population: one experiment over seeds, over the values of a setting, or over those of two settings.

    Rows and columns of the grid that shows it. Where an axis is None, ``seeds`` seeds take its place, counted from
    that of ``base``; where both are, the seeds are laid out nearly square.

    Raises:
        UserError: names the field that no population can be made of, and what to do.
    """

    title: ClassVar[str] = "Population"
    base: Experiment
    rows: Axis | None = None
    columns: Axis | None = None
    seeds: int = 1

    @model_validator(mode="after")
    def _is_a_population(self) -> Self:
        axes = self._axes()
        for axis in axes:
            _check_axis(self.base, axis)
        if len(axes) == 2 and axes[0].path == axes[1].path:
            raise UserError("is swept twice: choose another setting for one of the axes", field=axes[1].path)
        if self.seeds < 1:
            raise UserError(f"must be at least 1, not {self.seeds}", field="seeds")
        if not FEWEST <= self.count <= MOST:
            more = "more" if self.count < FEWEST else "fewer"
            what = ("seeds", "values or seeds", "values")[len(axes)]
            raise UserError(
                f"a population has {FEWEST} to {MOST} members, not {self.count}: give {more} {what}",
                field=axes[0].path if axes else "seeds",
            )
        if self._seeds_used > 1 and self.base.seed + self._seeds_used > 2**31:
            raise UserError(f"too high for {self._seeds_used} seeds: the last must be below 2³¹", field="seed")
        return self

    @property
    def count(self) -> int:
        """How many members there are."""
        return math.prod(len(axis.values) for axis in self._axes()) * self._seeds_used

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the grid; of seeds alone the last row may have fewer."""
        if self.rows is None and self.columns is None:
            columns = math.ceil(math.sqrt(self.seeds))
            return math.ceil(self.seeds / columns), columns
        rows, columns = (self.seeds if axis is None else len(axis.values) for axis in (self.rows, self.columns))
        return rows, columns

    def members(self) -> tuple[Experiment, ...]:
        """The experiments, row by row."""
        return tuple(self._member(values) for values in self.own_values())

    def labels(self) -> tuple[str, ...]:
        """What tells each member from the others, in a few letters: ``seed 3``, or ``η_G 0.002 · γ₁ 0.1``."""
        return tuple(
            " · ".join(f"{short_label(self.base, path)} {text}" for path, text in texts.items())
            for texts in self.own_texts()
        )

    def own_values(self) -> list[dict[str, float]]:
        """What each member has of its own, by path, row by row."""
        seeds: list[dict[str, float]] = [{"seed": self.base.seed + number} for number in range(self._seeds_used)]
        axes = self._axes()
        if not axes:
            return seeds
        if len(seeds) == 1:
            seeds = [{}]  # The base's own seed, which tells no member from another.
        down, across = (
            seeds if axis is None else [{axis.path: value} for value in axis.values]
            for axis in (self.rows, self.columns)
        )
        return [row | column for row in down for column in across]

    def own_texts(self) -> list[dict[str, str]]:
        """The same, as it is written."""
        own = self.own_values()
        columns = (value_texts([values[path] for values in own]) for path in own[0])
        return [dict(zip(own[0], texts, strict=True)) for texts in zip(*columns, strict=True)]

    @property
    def _seeds_used(self) -> int:
        return self.seeds if self.rows is None or self.columns is None else 1

    def _axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in (self.rows, self.columns) if axis is not None)

    def _member(self, values: dict[str, float]) -> Experiment:
        experiment = self.base
        for path, value in values.items():
            experiment = with_value(experiment, path, value)
        return experiment


def sweepable(experiment: Experiment) -> tuple[str, ...]:
    """The paths of the live numbers in which members of one population may differ, in the order of the record."""
    return tuple(reference.path for reference in _references(experiment))


def value_texts(values: Sequence[float]) -> tuple[str, ...]:
    """Values as they are written side by side: with six digits, or as many more as tell all that differ apart."""
    written = (
        tuple(str(value) if isinstance(value, int) else f"{value:.{digits}g}" for value in values)
        for digits in range(FEWEST_DIGITS, ALL_DIGITS + 1)
    )
    return next(texts for texts in written if len(set(texts)) >= len(set(values)))


def short_label(experiment: Experiment, path: str) -> str:
    """The shortest name of a setting that can be told from those of the other player: ``η_G``, ``R1 γ``, ``seed``."""
    if path == "seed":
        return "seed"
    label = next((reference.label for reference in fields(experiment) if reference.path == path), path)
    symbol = SYMBOLS.get(path.rsplit(".", 1)[-1])
    player = next((name for place, name in PLAYERS.items() if path.startswith(place)), "")
    if not player:
        return symbol or label
    short = symbol or (label if len(label) <= 2 else "")
    return f"{short}_{player}" if short else f"{player} {label[0].lower()}{label[1:]}"


def shared(members: Sequence[Experiment]) -> Experiment:
    """The experiment that all members are of: their first, with each number on that is on in any of them.

    Raises:
        UserError: they are too many, or differ in more than seeds and numbers that are swept.
    """
    if not 1 <= len(members) <= MOST:
        raise UserError(f"a population has at most {MOST} members, not {len(members)}", field="members")
    first, allowed = members[0], {*sweepable(members[0]), "seed"}
    if first.generator.table_rows and isinstance(first.latent.prior, MixturePrior) and _seeds(members) > 1:
        raise UserError(
            "a table of latents is looked up by where the mixture's centres are, which is another place for each seed: "
            "take another prior, or sweep a setting with one seed",
            field="latent.prior",
        )
    common = first
    for member in members[1:]:
        for change in differences(first, member):
            if change.path not in allowed:
                raise UserError(
                    "differs between members of a population: they may differ in seeds and live numbers alone",
                    field=change.path,
                )
            if bool(change.old) != bool(change.new) and change.path != "seed":
                if change.path.endswith(SWITCHES):
                    raise UserError(_SWITCHED, field=change.path)
                common = with_value(common, change.path, change.old or change.new)
    return common


def _seeds(members: Sequence[Experiment]) -> int:
    return len({member.seed for member in members})


_SWITCHED = "is off at 0, which is another computation: give values all above 0"


def _references(experiment: Experiment) -> list[SettingReference]:
    return [
        reference
        for reference in fields(experiment)
        if reference.live
        and reference.type in ("float", "int")
        and not reference.optional
        and not reference.path.startswith(SHARED_RECORDS)
        and reference.path not in SHARED
    ]


def _check_axis(base: Experiment, axis: Axis) -> None:
    reference = next((found for found in _references(base) if found.path == axis.path), None)
    if reference is None:
        known = ", ".join(sweepable(base))
        raise UserError(f"cannot differ between members of a population; what can: {known}", field=axis.path)
    if not axis.values:
        raise UserError("needs at least one value", field=axis.path)
    if len(set(axis.values)) < len(axis.values):
        raise UserError("has a value twice: give each once", field=axis.path)
    for value in axis.values:
        if not math.isfinite(value):
            raise UserError(f"must be a finite number, not {value}", field=axis.path)
        with_value(base, axis.path, value)  # says what the setting does not take
    if axis.path.endswith(SWITCHES) and 0 in axis.values and len(axis.values) > 1:
        raise UserError(_SWITCHED, field=axis.path)
