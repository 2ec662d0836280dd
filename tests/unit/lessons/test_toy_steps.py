"""Steps about the Dirac-GAN: what is played, and what may be asked about it."""

from __future__ import annotations

import pytest

from ganstudio.errors import UserError
from ganstudio.lessons.action import PlayToy, parse_action
from ganstudio.lessons.player import play
from ganstudio.lessons.reading import parse_lesson
from ganstudio.messages.toys import DiracGan, Toy

LESSON = """+++
title = "T"
summary = "S"
speed = 50
+++

## Toy

```toml
preset = "ring8"
plots = ["toys"]
do = "Look."
actions = ["toy {toy}"]
checks = ["toy_norm {norm}", "toy_factor {factor}"]
```

## Fast

```toml
speed = 500
```
"""


def test_a_toy_is_an_objective_with_at_most_one_penalty() -> None:
    assert parse_action("toy minimax") == PlayToy(Toy(DiracGan()))
    assert parse_action("toy wasserstein, wgan_gp 0.35") == PlayToy(Toy(DiracGan("wasserstein", wgan_gp=0.35)))
    assert parse_action("toy minimax, consensus 1") == PlayToy(Toy(DiracGan(), consensus=1.0))
    with pytest.raises(UserError, match="no objective of the Dirac-GAN"):
        parse_action("toy chess")


@pytest.mark.parametrize(
    ("toy", "norm", "factor"),
    [
        # ‖(θ, ψ)‖ after 500 iterations with h = .2 from (1, 1): Mescheder et al. 2018, figure 3 and its code.
        ("minimax", "> 3.09", "> 1"),
        ("minimax, r1 1", "< 1e-20", "< 1"),
        ("minimax, consensus 1", "< 3e-10", "< 1"),
    ],
)
def test_the_published_norms_are_facts(toy: str, norm: str, factor: str) -> None:
    lesson = parse_lesson(LESSON.format(toy=toy, norm=norm, factor=factor), name="t", file="t/lesson.md")
    assert all(report.passed for report in play(lesson))


def test_the_speed_of_the_front_matter_is_that_of_steps_which_name_none() -> None:
    lesson = parse_lesson(LESSON.format(toy="minimax", norm="> 1", factor="> 0"), name="t", file="t/lesson.md")
    assert [step.speed for step in lesson.steps] == [50, 500]
