"""The places of a walk: each line of each update of an iteration, in order. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ganstudio.messages.walkthrough import (
    DISCRIMINATOR_LINES,
    GENERATOR_LINES,
    DiscriminatorWalk,
    GeneratorWalk,
    Line,
)

Player = Literal["discriminator", "generator"]
Step = DiscriminatorWalk | GeneratorWalk


@dataclass(frozen=True)
class Place:
    """A line of the algorithm in one update: whose, which of how many (from 1), and the update's numbers."""

    player: Player
    line: Line
    number: int
    of: int
    step: Step


def places(steps: tuple[Step, ...]) -> tuple[Place, ...]:
    """The lines of an iteration's updates, in order."""
    found: list[Place] = []
    of_d = sum(isinstance(step, DiscriminatorWalk) for step in steps)
    for step in steps:
        if isinstance(step, DiscriminatorWalk):
            found += [Place("discriminator", line, step.number + 1, of_d, step) for line in DISCRIMINATOR_LINES]
        else:
            found += [Place("generator", line, step.number + 1, len(steps) - of_d, step) for line in GENERATOR_LINES]
    return tuple(found)
