"""Changing an experiment by path, and telling two apart."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from experiments import POINTS, experiments
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import differences, needs_restart, user_error, validated, with_text, with_value
from ganstudio.experiment.networks import MixturePrior, TruncatedNormalPrior, UniformPrior
from ganstudio.experiment.optimizers import SGD, Adam, AdamW, Constant, Cosine, LinearWarmup, RMSprop
from ganstudio.experiment.painting import BrushStroke, Extent, Fill
from ganstudio.experiment.targets import GaussianRing, Moons, Painting, Points, Text


def applied(old: Experiment, changes: dict[str, Any]) -> Experiment:
    """``old`` after all changes, in whatever order each step is a valid experiment."""
    while changes:
        for path, value in changes.items():
            try:
                old = with_value(old, path, value)
            except UserError:
                continue
            del changes[path]
            break
        else:
            raise AssertionError(f"no order in which these can be applied: {changes}")
    return old


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_applying_the_differences_makes_the_new_experiment_of_the_old(data: st.DataObject) -> None:
    old = data.draw(experiments())
    new = data.draw(experiments(old, most=4))
    changes = differences(old, new)
    assert (changes == ()) == (old == new)
    assert applied(old, {change.path: change.new for change in changes}) == new
    assert needs_restart(old, new) == any(not change.live for change in changes)


@settings(max_examples=100, deadline=None)
@given(experiments())
def test_an_experiment_survives_json(experiment: Experiment) -> None:
    assert Experiment.model_validate_json(experiment.model_dump_json()) == experiment
    assert validated(experiment.model_dump(mode="json")) == experiment


def test_setting_a_value_changes_that_field_alone() -> None:
    changed = with_value(Experiment(), "optimizers.discriminator.learning_rate", 0.5)
    (change,) = differences(Experiment(), changed)
    assert (change.path, change.old, change.new, change.live) == (
        "optimizers.discriminator.learning_rate",
        Experiment().optimizers.discriminator.learning_rate,
        0.5,
        True,
    )


@pytest.mark.parametrize(
    ("path", "value", "live"),
    [
        ("generator.widths", [9], False),
        ("latent.dimension", 3, False),
        ("latent.prior", "uniform", False),
        ("seed", 1, False),
        ("target", "moons", False),
        ("target.radius", 2.0, True),
        ("objective", "hinge", True),
        ("optimizers.generator", "sgd", True),
        ("optimizers.generator.schedule", "cosine", True),
        ("penalties.r1", 1.0, True),
        ("training.batch_size", 64, True),
        ("stop.iterations", 10, True),
        ("measure.cells", 20, True),
    ],
)
def test_what_is_live_needs_no_restart_and_what_is_structural_does(path: str, value: object, live: bool) -> None:
    changed = with_value(Experiment(), path, value)
    assert needs_restart(Experiment(), changed) is not live


def test_a_kind_can_be_named_at_the_choice_or_at_its_kind() -> None:
    named = with_value(Experiment(), "objective", "hinge")
    assert named == with_value(Experiment(), "objective.kind", "hinge")
    assert named.objective.kind == "hinge"


def test_another_kind_keeps_what_means_the_same_and_takes_its_own_defaults_for_the_rest() -> None:
    experiment = Experiment()
    for path, value in {"learning_rate": 0.25, "weight_decay": 0.125, "beta2": 0.5, "schedule": "warmup"}.items():
        experiment = with_value(experiment, f"optimizers.generator.{path}", value)
    adam = experiment.optimizers.generator
    assert isinstance(adam, Adam)
    adamw = with_value(experiment, "optimizers.generator", "adamw").optimizers.generator
    assert adamw == AdamW(learning_rate=0.25, weight_decay=0.125, beta2=0.5, schedule=LinearWarmup())
    sgd = with_value(experiment, "optimizers.generator", "sgd").optimizers.generator
    assert sgd == SGD(learning_rate=0.25, weight_decay=0.125, schedule=LinearWarmup())


def test_settings_of_one_name_that_mean_different_things_do_not_follow_to_another_kind() -> None:
    wide = with_value(with_value(Experiment(), "latent.prior", "uniform"), "latent.prior.bound", 50.0)
    assert wide.latent.prior == UniformPrior(bound=50.0)
    assert with_value(wide, "latent.prior", "truncated_normal").latent.prior == TruncatedNormalPrior()
    decay = with_value(Experiment(), "optimizers.generator.schedule", "cosine")
    warm = with_value(decay, "optimizers.generator.schedule", "warmup")
    assert warm.optimizers.generator.schedule == LinearWarmup()


def test_momentum_follows_from_one_optimizer_to_another() -> None:
    sgd = with_value(with_value(Experiment(), "optimizers.generator", "sgd"), "optimizers.generator.momentum", 0.9)
    sgd = with_value(sgd, "optimizers.generator.nesterov", True)
    assert with_value(sgd, "optimizers.generator", "rmsprop").optimizers.generator == RMSprop(
        learning_rate=sgd.optimizers.generator.learning_rate,
        schedule=sgd.optimizers.generator.schedule,
        momentum=0.9,
    )


def test_choosing_the_kind_there_is_changes_nothing() -> None:
    experiment = with_value(Experiment(), "target.radius", 3.0)
    assert with_value(experiment, "target", "gaussian_ring") == experiment


def test_another_target_begins_with_its_own_defaults() -> None:
    experiment = with_value(with_value(Experiment(), "target.radius", 3.0), "target", "moons")
    assert experiment.target == Moons()
    assert with_value(experiment, "target", "gaussian_ring").target == Experiment().target


def test_a_target_that_needs_a_file_cannot_be_chosen_by_name() -> None:
    with pytest.raises(UserError, match=r"target: 'points' .* from a file"):
        with_value(Experiment(), "target", "points")
    assert with_value(Experiment(), "target", POINTS["points"]).target == POINTS["points"]


def test_points_of_a_file_differ_as_a_whole() -> None:
    old = with_value(Experiment(), "target", POINTS["points"])
    packed = ArrayText.of(np.array([[5, 5], [6, 6], [7, 7]], np.float32))
    new = with_value(old, "target", Points(points=packed))
    (change,) = differences(old, new)
    assert change.path == "target.points"
    assert with_value(old, change.path, change.new) == new


def test_an_extent_differs_by_its_sides_and_needs_a_restart() -> None:
    old = with_value(Experiment(), "target", Painting())
    new = with_value(old, "target.extent", Extent(x_min=-9, x_max=9))
    assert [change.path for change in differences(old, new)] == ["target.extent.x_min", "target.extent.x_max"]
    assert needs_restart(old, new)
    with pytest.raises(UserError, match=r"target\.extent\.x_min: the extent is empty"):
        with_value(old, "target.extent.x_min", 2.0)


def test_strokes_are_live_and_kept_as_the_same_objects() -> None:
    stroke = BrushStroke(points=((0, 0, 1),), size=0.1)
    old = with_value(Experiment(), "target", Painting(commands=(stroke,)))
    new = with_value(old, "target.commands", (stroke, Fill()))
    assert not needs_restart(old, new)
    assert isinstance(new.target, Painting) and new.target.commands[0] is stroke
    assert with_value(new, "seed", 4).target is new.target


def test_the_type_of_what_differs_may_change() -> None:
    old = Experiment()
    new = with_value(with_value(old, "stop.iterations", 5), "optimizers.generator", "sgd")
    kinds = {change.path: (type(change.old), type(change.new)) for change in differences(old, new)}
    assert kinds == {"optimizers.generator": (Adam, SGD), "stop.iterations": (type(None), int)}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("nowhere", 1, "no such setting; known here: target"),
        ("", 1, "no such setting"),
        ("training.batch", 1, "no such setting; known here: discriminator_updates"),
        ("seed.kind", 5, "'seed' has no settings|not the name of a kind"),
        ("training.kind", "sgd", "not the name of a kind"),
        ("objective.kind", 5, "not the name of a kind"),
        ("seed.of.all", 1, "'seed' has no settings"),
        ("objective", "cleverness", "'cleverness' is not one of non_saturating"),
        ("objective", 5, "valid dictionary"),
        ("training", "x", "valid dictionary"),
        ("seed", -1, "greater than or equal to 0"),
        ("seed", 0.5, "integer"),
        ("seed", True, "does not take true"),
        ("stop.iterations", True, "does not take true"),
        ("penalties.r1", float("nan"), "finite"),
        ("penalties.r1", float("inf"), "finite"),
        ("penalties.r1", "much", "valid number"),
        ("generator.widths", [0], "greater than or equal to 1"),
        ("generator.widths", [8] * 11, "at most 10"),
        ("target.text", "GAN", "no such setting"),
        ("optimizers.generator", {"kind": "adam", "spell": 1}, "not permitted"),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_path(path: str, value: object, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        with_value(Experiment(), path, value)
    assert caught.value.field == (path or None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("seed", "7", 7),
        ("penalties.r1", "1e-2", 0.01),
        ("penalties.r1", ".5", 0.5),
        ("generator.residual", "true", True),
        ("stop.iterations", "null", None),
        ("generator.widths", "[64, 64]", (64, 64)),
        ("generator.widths", "64,64", (64, 64)),
        ("generator.widths", " 64 , 32 ", (64, 32)),
        ("generator.widths", "64", (64,)),
        ("generator.widths", "", ()),
        ("generator.widths", "[]", ()),
        ("measure.weights", "current", "current"),
        ("measure.weights", '"current"', "current"),
    ],
)
def test_values_can_be_written_as_a_person_writes_them(path: str, text: str, value: object) -> None:
    assert with_text(Experiment(), path, text) == with_value(Experiment(), path, value)


@pytest.mark.parametrize(
    ("text", "written"), [("2014", "2014"), ("true", "true"), ('"GAN"', "GAN"), ("[1]", "[1]"), ("Ian", "Ian")]
)
def test_a_text_is_taken_as_it_stands_even_where_it_looks_like_a_number(text: str, written: str) -> None:
    experiment = with_text(Experiment(), "target", "text")
    assert with_text(experiment, "target.text", text).target == Text(text=written)


def test_a_kind_and_a_whole_record_can_be_written() -> None:
    assert with_text(Experiment(), "objective.kind", "hinge").objective.kind == "hinge"
    ring = with_text(Experiment(), "target", '{"kind": "gaussian_ring", "count": 3}')
    assert ring.target == GaussianRing(count=3)
    prior = with_text(Experiment(), "latent.prior", '{"kind": "mixture", "count": 5}').latent.prior
    assert prior == MixturePrior(count=5)


@pytest.mark.parametrize(
    ("tree", "field"),
    [
        ({"target": {"kind": "text", "text": 5}}, "target.text"),
        ({"target": {"kind": "line", "line": 5}}, "target.line"),
        (
            {"optimizers": {"generator": {"kind": "adam", "schedule": {"kind": "cosine", "iterations": 0}}}},
            "iterations",
        ),
        ({"target": {"kind": "painting", "commands": [{"kind": "line"}]}}, "target.commands.0.start"),
        ({"latent": {"prior": {"kind": "uniform", "bound": -1}}}, "latent.prior.bound"),
        ({"objective": {"kind": "nothing"}}, "objective"),
        ({"target": {"kind": "annulus", "inner": 2, "outer": 1}}, "target"),
        ({"generator": {"widths": [1, 0]}}, "generator.widths.1"),
    ],
)
def test_a_fault_is_named_as_the_file_names_the_field(tree: dict[str, Any], field: str) -> None:
    with pytest.raises(UserError) as caught:
        validated(tree, file="lesson.json")
    assert caught.value.file == "lesson.json"
    assert caught.value.field is not None and caught.value.field.endswith(field)
    kinds = {"adam", "cosine", "painting", "uniform", "annulus"}
    assert not kinds & set(caught.value.field.split("."))


def test_what_a_stranger_wrote_cannot_reach_the_terminal() -> None:
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate({"\x1b[2J\n" + "x" * 5000: 1})
    told = str(user_error(caught.value))
    assert told.isprintable()
    assert len(told) < 2000


def test_every_pair_of_kinds_can_be_switched_and_keeps_a_valid_experiment() -> None:
    from ganstudio.experiment.reference import settings as all_settings

    for choice in (reference for reference in all_settings() if reference.type == "kind" and not reference.when):
        for first, second in itertools.permutations(choice.choices, 2):
            experiment = Experiment()
            for kind in (first, second):
                experiment = with_value(experiment, choice.path.removesuffix(".kind"), POINTS.get(kind, kind))
            assert validated(experiment.model_dump(mode="json")) == experiment


def test_a_new_experiment_slows_down_while_an_optimizer_that_is_written_down_does_so_only_where_it_says_so() -> None:
    for player in (Experiment().optimizers.generator, Experiment().optimizers.discriminator):
        assert isinstance(player.schedule, Cosine)
    assert Adam().schedule == Constant()


def test_drawing_on_a_shape_is_live_and_taking_it_back_too_while_another_shape_or_dimension_is_not() -> None:
    shape = Experiment()
    drawn = with_value(shape, "target", "painting")
    for before, after in ((shape, drawn), (drawn, shape)):
        assert not needs_restart(before, after)
    assert needs_restart(shape, with_value(shape, "target", "moons"))
    assert needs_restart(shape, with_value(shape, "target", "painting_1d"))
