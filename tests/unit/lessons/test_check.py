"""Checks are small records, read from a strict form and compared, never run."""

from __future__ import annotations

import pytest

from ganstudio.errors import UserError
from ganstudio.lessons.check import Check, parse_check


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("jsd < 0.05", Check("jsd", "<", 0.05, says="jsd < 0.05")),
        ("They meet: jsd<=0.05 for 200 iterations", Check("jsd", "<=", 0.05, 200, says="They meet")),
        ("change of jsd < -0.1", Check("jsd", "<", -0.1, relative=True, says="change of jsd < -0.1")),
        ("A: b: objective.kind = hinge", Check("objective.kind", "=", "hinge", says="A: b")),
        ("generator.widths = [16, 8]", Check("generator.widths", "=", [16, 8], says="generator.widths = [16, 8]")),
        (
            "phase = D ahead for 25 iterations",
            Check("phase", "=", "D ahead", 25, says="phase = D ahead for 25 iterations"),
        ),
        ("played >= 100", Check("played", ">=", 100, says="played >= 100")),
    ],
)
def test_a_check_reads_as_it_is_written(text: str, check: Check) -> None:
    assert parse_check(text) == check


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jsd", "is no check"),
        ("jsd < ", "is no check"),
        ("jsd < low", "needs a number"),
        ("jsd < NaN", "needs a number"),
        ("jsd = equilibrium", "is a number"),
        ("phase = 3", "is one of"),
        ("phase = bored", "is one of"),
        ("change of phase = equilibrium", "needs a number"),
        ("change of objective.kind = hinge", "needs a number"),
        ("jds < 0.1", "neither a setting nor a fact"),
        ("__import__('os') = 1", "is no check"),
        ("jsd < 0.1 for 9999999 iterations", "at most"),
        ("jsd < 0.1; jsd > 0.2", "needs a number"),
    ],
)
def test_what_is_no_check_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_check(text)


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("jsd < 0.05", 0.04, True),
        ("jsd < 0.05", 0.05, False),
        ("jsd < 0.05", None, False),
        ("jsd < 0.05", float("nan"), False),
        ("phase != equilibrium", "D ahead", True),
        ("phase != equilibrium", None, False),
        ("training.batch_size > 8", True, False),
        ("generator.widths = []", [], True),
        ("generator.widths = []", [16], False),
    ],
)
def test_an_unknown_value_satisfies_nothing(text: str, value: object, holds: bool) -> None:
    assert parse_check(text).holds(value) is holds
