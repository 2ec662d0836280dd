"""A check as it stands, in words."""

from __future__ import annotations

import pytest

from ganstudio.lessons.check import parse_check
from ganstudio.ui.lessons.check_words import standing, subscripted


@pytest.mark.parametrize(
    ("check", "value", "held", "ticked", "words"),
    [
        ("jsd < 0.05", 0.0834, 0, False, "JSD 0.083 — below 0.05"),
        ("jsd < 0.05", None, 0, False, "JSD … — below 0.05"),
        ("jsd < 0.05", 0.0123, 0, True, "JSD 0.012"),
        ("jsd < 0.05 for 200 iterations", 0.01, 120, False, "JSD 0.010 — below 0.05, for 120 of 200 iterations"),
        ("jsd < 0.05 for 200 iterations", 0.08, 0, False, "JSD 0.080 — below 0.05 for 200 iterations"),
        ("change of jsd < -0.1", -0.02, 0, False, "change of JSD −0.020 — below −0.1"),
        ("modes_captured >= 8", 5.0, 0, False, "modes 5 — at least 8"),
        ("training.discriminator_updates = 20", 1, 0, False, "D updates k 1 — wanted: 20"),
        ("objective.kind = non_saturating", "minimax", 0, False, "Objective Minimax (saturating) — wanted: Non-saturating"),  # noqa: E501
        ("discriminator.widths = []", [32, 32], 0, False, "D: Hidden widths 32, 32 — wanted: none"),
        ("phase != equilibrium", "D ahead", 0, False, "phase D ahead — not equilibrium"),
        ("latent.prior.kind = uniform", "normal", 0, False, "Prior p_z Normal — wanted: Uniform"),
    ],
)  # fmt: skip
def test_the_value_is_told_with_what_is_wanted(check: str, value: object, held: int, ticked: bool, words: str) -> None:
    assert standing(parse_check(check), value, held, ticked=ticked) == words


def test_subscripts_are_set_as_such_and_markup_in_a_lesson_stays_text() -> None:
    assert subscripted("p_g is close to p_data") == "p<sub>g</sub> is close to p<sub>data</sub>"
    assert subscripted("|L_D + V| 0") == "|L<sub>D</sub> + V| 0"
    assert subscripted("a < b, <b>c</b>, snake_case") == "a &lt; b, &lt;b&gt;c&lt;/b&gt;, snake_case"
