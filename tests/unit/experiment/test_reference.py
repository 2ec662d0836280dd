"""The reference table is true: what it says can be set can be set, and nothing else."""

from __future__ import annotations

import json
import math

import pytest
from experiments import BETWEEN_FIELDS, POINTS, ends, under, value_at

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.optimizers import Optimizers
from ganstudio.experiment.reference import SettingReference, fields, kinds_of, settings

ALL = settings()
NUMBERS = [reference for reference in ALL if reference.type in ("int", "float", "integers")]


def named(reference: SettingReference) -> str:
    return ",".join([reference.path, *(kind for _, kind in reference.when)])


def test_every_setting_has_a_place_of_its_own_a_label_and_a_help() -> None:
    assert len({(reference.path, reference.when) for reference in ALL}) == len(ALL)
    for reference in ALL:
        assert reference.label, reference.path
        assert reference.help, reference.path
        assert "\n" not in reference.help
        assert not reference.help.endswith("."), reference.path


def test_the_table_can_be_written_as_json() -> None:
    assert json.loads(json.dumps([vars(reference) for reference in ALL]))


def test_every_number_has_a_range() -> None:
    assert [named(reference) for reference in NUMBERS if reference.low is None or reference.high is None] == []


@pytest.mark.parametrize("reference", ALL, ids=named)
def test_the_default_is_what_there_is_and_can_be_set(reference: SettingReference) -> None:
    experiment = under(reference)
    path = reference.path.removesuffix(".kind")
    if reference.type == "kind":
        assert value_at(experiment, path).kind == reference.default
    else:
        assert value_at(experiment, path) == reference.default
    assert with_value(experiment, reference.path, reference.default) == experiment


def taken(experiment: Experiment, path: str, value: object) -> Experiment | None:
    """The experiment with this value; None where another field stands against it."""
    try:
        return with_value(experiment, path, value)
    except UserError as error:
        if any(rule in error.message for rule in BETWEEN_FIELDS):
            return None
        raise


def test_only_pairs_of_ends_stand_against_each_other() -> None:
    against = {
        reference.path
        for reference in NUMBERS
        if None
        in [
            taken(under(reference), reference.path, [end] if reference.type == "integers" else end)
            for end in ends(reference)
        ]
    }
    assert against == {"target.inner", "target.outer", "target.low", "target.high"} | {
        f"target.extent.{side}" for side in ("x_min", "x_max", "y_min", "y_max")
    }


@pytest.mark.parametrize("reference", NUMBERS, ids=named)
def test_the_ends_of_a_range_are_taken_and_what_lies_beyond_is_refused(reference: SettingReference) -> None:
    experiment, path = under(reference), reference.path
    low, high = ends(reference)
    many = reference.type == "integers"
    for end, beyond in ((low, -math.inf), (high, math.inf)):
        changed = taken(experiment, path, [end] if many else end)
        assert changed is None or value_at(changed, path) == ((end,) if many else end)
        further = math.nextafter(end, beyond) if reference.type == "float" else end + int(math.copysign(1, beyond))
        with pytest.raises(UserError) as caught:
            with_value(experiment, path, [further] if many else further)
        assert caught.value.field == path
        assert "than" in caught.value.message


@pytest.mark.parametrize("reference", [reference for reference in ALL if reference.choices], ids=named)
def test_every_choice_can_be_chosen_and_no_other(reference: SettingReference) -> None:
    experiment, path = under(reference), reference.path.removesuffix(".kind")
    for choice in reference.choices:
        changed = value_at(with_value(experiment, path, POINTS.get(choice, choice)), path)
        assert (changed.kind if reference.type == "kind" else changed) == choice
    with pytest.raises(UserError, match="nonsense"):
        with_value(experiment, path, "nonsense")


@pytest.mark.parametrize("reference", [reference for reference in ALL if reference.max_length], ids=named)
def test_lengths_are_bounded_as_the_table_says(reference: SettingReference) -> None:
    experiment, path = under(reference), reference.path
    assert reference.max_length is not None
    item = [1] if reference.type == "integers" else "x"
    with_value(experiment, path, item * reference.max_length)
    with pytest.raises(UserError, match="at most"):
        with_value(experiment, path, item * (reference.max_length + 1))
    if reference.min_length:
        with pytest.raises(UserError, match="at least"):
            with_value(experiment, path, item * (reference.min_length - 1))


def test_only_optional_settings_take_null() -> None:
    for reference in ALL:
        path = reference.path.removesuffix(".kind")
        if reference.optional:
            assert value_at(with_value(under(reference), path, None), path) is None
        else:
            with pytest.raises(UserError):
                with_value(under(reference), path, None)


def test_a_form_shows_the_kinds_that_are_chosen_now_with_their_values() -> None:
    optimizers = with_value(Experiment(), "optimizers.generator", "sgd").optimizers
    shown = {reference.path: reference for reference in fields(optimizers)}
    assert shown["generator.kind"].default == "sgd"
    assert "generator.momentum" in shown
    assert "generator.beta1" not in shown
    assert shown["discriminator.learning_rate"].default == optimizers.discriminator.learning_rate
    assert shown["generator.learning_rate"].live


def test_kinds_are_found_through_their_fields() -> None:
    assert set(kinds_of(Optimizers, "generator")) == {"sgd", "adam", "adamw", "rmsprop"}
    assert kinds_of(Experiment, "seed") == {}
    assert kinds_of(Experiment, "generator") == {}
