"""Actions are read from a strict form; what they make of an experiment is known before they are done."""

from __future__ import annotations

import pytest

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_text
from ganstudio.experiment.painting import GaussianBlob
from ganstudio.lessons.action import (
    NewSeed,
    Paint,
    Play,
    Restart,
    SetValue,
    SingleUpdates,
    TrainToOptimality,
    after,
    parse_action,
)

BLOB = '{"kind": "blob", "centre": [0.4, 0.3], "sigma": 0.2}'


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("play 300", Play(300)),
        ("play until checked, at most 2000", Play(2000, until_checked=True)),
        ("set objective = hinge", SetValue("objective", "hinge")),
        ("set generator.widths=[16, 8]", SetValue("generator.widths", "[16, 8]")),
        ("update discriminator 20", SingleUpdates("discriminator", 20)),
        ("update generator", SingleUpdates("generator", 1)),
        ("train discriminator to optimality", TrainToOptimality()),
        ("train discriminator to optimality, at most 500 updates", TrainToOptimality(500)),
        ("paint " + BLOB, Paint(GaussianBlob(centre=(0.4, 0.3), sigma=0.2))),
        ("restart", Restart()),
        ("new seed", NewSeed()),
    ],
)
def test_an_action_reads_as_it_is_written(text: str, action: object) -> None:
    assert parse_action(text) == action


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wait", "is no action"),
        ("play", "is no action"),
        ("play 0", "from 1 to"),
        ("play 999999999", "from 1 to"),
        ("update generator 5000", "from 1 to"),
        ("paint {}", "kind"),
        ('paint {"kind": "blob", "centre": [0, 0], "sigma": -1}', "sigma"),
    ],
)
def test_what_is_no_action_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_action(text)


def test_actions_change_an_experiment_one_after_the_other() -> None:
    experiment = with_text(Experiment(), "target", '{"kind": "painting", "commands": [' + BLOB + "]}")
    changed = after(experiment, [parse_action("paint " + BLOB), parse_action("new seed"), parse_action("play 10")])
    assert len(changed.target.commands) == 2  # type: ignore[union-attr]
    assert changed.seed == experiment.seed + 1


def test_painting_where_there_is_no_painting_is_refused() -> None:
    with pytest.raises(UserError, match="no painting"):
        after(Experiment(), [parse_action("paint " + BLOB)])
