"""What lies below 0 on the line, free of Qt: rows for what has no density, each there only while it is needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

ABOVE = 1.06
"""What is in view ends so high, as a share of the density at the top of its axis."""
MARGIN = 0.02
"""Room below 0 when there is nothing else: the line itself is seen."""
RUG, ARROWS, MAP, NUMBERS, BATCH = 0.05, 0.11, 0.17, 0.075, 0.1
"""Heights of the rows, as shares of the density's height."""


@dataclass(frozen=True)
class Strip:
    """Heights of what is drawn below 0, as shares of the density's height, all negative.

    Attributes:
        batch: of the real and of the generated samples of a batch that is walked through.
        rug: of the generated samples themselves.
        arrows: of the first row of gradients; three more lie below it, ``arrow_step`` apart.
        heads, feet: ends of the lines from z to x; the axis of z is at the feet.
        bottom: where the strip ends.
    """

    batch: tuple[float, float]
    rug: float
    arrows: float
    arrow_step: float
    heads: float
    feet: float
    bottom: float


def strip_of(visible: Collection[str]) -> Strip:
    """The strip for the layers that are shown: their rows below one another, no room for the others.

    ``batch`` stands for the samples of a walk, which are no layer of their own.
    """
    at = -MARGIN / 2
    batch = at - BATCH / 4, at - 3 * BATCH / 4
    at -= BATCH if "batch" in visible else 0.0
    rug = at - RUG / 2
    at -= RUG if "generated" in visible else 0.0
    arrows, step = at - 0.2 * ARROWS, -ARROWS / 5
    at -= ARROWS if "gradients" in visible else 0.0
    heads, feet = at, at - MAP
    at -= MAP + NUMBERS if "latent_grid" in visible else 0.0
    return Strip(batch, rug, arrows, step, heads, feet, min(at, -MARGIN))
