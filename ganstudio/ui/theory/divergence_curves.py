"""Every divergence as a curve over the place of q, computed a few places at a time. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergence, Divergences

Floats = NDArray[np.float64]


class Pair(Protocol):
    """p and q, and where q could stand instead."""

    @property
    def place(self) -> float:
        """Where q stands."""

    @property
    def origin(self) -> tuple[float, ...]:
        """From where q is pulled, one number an axis."""

    def divergences(self) -> Divergences:
        """Of p against q as they stand."""

    def places(self) -> Floats:
        """Where the curves are computed, in order."""

    def divergences_at(self, place: float) -> Divergences:
        """With q there."""


@dataclass(frozen=True)
class Measure:
    """A divergence: its name in :class:`~ganstudio.metrics.divergences.Divergences`, how it is written and drawn."""

    name: str
    title: str
    unit: str
    colour: str
    dashed: bool
    help: str

    def of(self, found: Divergences) -> Divergence:
        """This one of them."""
        divergence: Divergence = getattr(found, self.name)
        return divergence


MEASURES: tuple[Measure, ...] = (
    Measure(
        "kl",
        "KL(p‖q)",
        "nats",
        "value",
        False,
        "∫ p ln(p/q): dear where p is and q is not. Infinite as soon as p has mass where q has none",
    ),
    Measure(
        "reverse_kl",
        "KL(q‖p)",
        "nats",
        "value",
        True,
        "∫ q ln(q/p): dear where q is and p is not. Infinite as soon as q has mass where p has none",
    ),
    Measure(
        "jsd",
        "JSD",
        "nats",
        "jsd",
        False,
        "½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2: from 0 to ln 2, and no more than ln 2 however far apart",
    ),
    Measure(
        "w1",
        "W1",
        "units",
        "generator",
        False,
        "The least work of carrying q's mass to p: mass × distance. It grows with the distance, and never goes flat",
    ),
)


@dataclass(frozen=True)
class Curves:
    """Values and gradients along the place of q, (places, measures); NaN is not computed yet, ∞ is infinite.

    A gradient is that along the axis of the places; NaN where there is none.
    """

    places: Floats
    values: Floats
    gradients: Floats

    @property
    def is_complete(self) -> bool:
        """Whether all has been computed."""
        return not np.isnan(self.values).any()


def grown_curves(pair: Pair) -> Iterator[Curves]:
    """The curves after each place; every fourth one first, so that the whole is seen early."""
    places = pair.places()
    values, gradients = np.full((2, len(places), len(MEASURES)), math.nan)
    for start, step in ((0, 4), (2, 4), (1, 2)):
        for at in range(start, len(places), step):
            found = pair.divergences_at(float(places[at]))
            for column, measure in enumerate(MEASURES):
                divergence = measure.of(found)
                values[at, column] = divergence.value
                gradients[at, column] = math.nan if divergence.gradient is None else divergence.gradient[0]
            yield Curves(places, values, gradients)


def verdict(found: Divergences) -> str:
    """What the numbers say, in a sentence or two."""
    jsd = found.jsd.value
    if found.w1.value < 1e-12:
        return "p and q are the same: every divergence is 0."
    slopes = {measure.name: _slope(measure.of(found)) for measure in MEASURES}
    infinite = [measure.title for measure in MEASURES if math.isinf(measure.of(found).value)]
    if jsd >= math.log(2) - 1e-9 and len(infinite) == 2:
        return (
            "Disjoint: the JSD is ln 2 wherever q is, and its gradient 0, so nothing tells q where to go. "
            f"W1 does: it falls by {slopes['w1']:.3g} with each unit that q comes nearer."
        )
    if jsd > math.log(2) - 1e-2 and slopes["jsd"] < 1e-4:
        return "Hardly any overlap: the JSD is all but ln 2, and its gradient has vanished. That of W1 has not."
    if infinite:
        return f"{' and '.join(infinite)} {'are' if len(infinite) > 1 else 'is'} infinite: " + (
            "one has mass where the other has none."
        )
    if all(slope < 1e-9 for slope in slopes.values()):
        return "They stand at the same place and differ in shape alone: no shift of q brings them closer."
    return "They overlap: all four are finite, and pull q towards p."


def _slope(divergence: Divergence) -> float:
    """The length of its gradient; infinite where it has none."""
    return math.inf if divergence.gradient is None else math.hypot(*divergence.gradient)
