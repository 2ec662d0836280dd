"""What a line of a walk looks like: the points of its batch, their colours, and the lines between them. No Qt.

Points of 2-D data lie where they are. Of 1-D data, and of 1-D latents, the second coordinate is D(x) once D has judged
them; before, they are spread evenly so that they can be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudio.messages.walkthrough import DiscriminatorWalk, GeneratorWalk
from ganstudio.ui.theory.walk_places import Place, Player, Step

Floats = NDArray[np.float64]
Side = Literal["latent", "real", "generated"]
Space = Literal["latents", "data"]

GOLDEN = 0.6180339887498949
DRAWN, DRAWN_MOVING = 256, 64
"""Points drawn of each side, and of those that move or are pulled: more would hide one another."""


@dataclass(frozen=True)
class Dots:
    """Points of one side, (n, 2). ``judged``: D(x) of each, which colours it. ``hollow``: they were there before."""

    side: Side
    points: Floats
    judged: Floats | None = None
    hollow: bool = False


@dataclass(frozen=True)
class Picture:
    """What is drawn at a line. ``lines``: (n, 4), from x, y to x, y; ``arrows``: (n, 4), x, y and a direction."""

    space: Space
    dots: tuple[Dots, ...]
    lines: Floats = field(default_factory=lambda: np.empty((0, 4)))
    arrows: Floats = field(default_factory=lambda: np.empty((0, 4)))


def picture(place: Place) -> Picture:
    """What this line of a walk looks like."""
    return _PICTURES[place.player, place.line.name](place.step)


def axes(place: Place) -> tuple[str, str]:
    """The names of the axes of its picture."""
    latents = picture(place).space == "latents"
    dimension = (place.step.latent if latents else place.step.generated).shape[1]
    if dimension > 1:
        return ("z₁", "z₂") if latents else ("x₁", "x₂")
    judged = picture(place).dots[0].judged is not None or place.line.name == "update"
    return ("z" if latents else "x", "D(x)" if judged and not latents else "(spread)")


def _shown(values: NDArray[np.floating]) -> Floats:
    return np.asarray(values[:DRAWN], np.float64)


def _placed(points: NDArray[np.floating], judged: NDArray[np.floating] | None = None) -> Floats:
    """(n, 2): the first two coordinates, or the one there is and D(x), or an even spread over [0, 1]."""
    shown = _shown(points)
    if shown.shape[1] > 1:
        return shown[:, :2]
    spread = (np.arange(len(shown)) * GOLDEN) % 1.0 if judged is None else _shown(judged)
    return np.column_stack([shown[:, 0], spread])


def _latents(step: Step) -> Picture:
    return Picture("latents", (Dots("latent", _placed(step.latent)),))


def _real(step: DiscriminatorWalk) -> Picture:
    return Picture("data", (Dots("real", _placed(step.real)),))


def _both(step: DiscriminatorWalk) -> Picture:
    return Picture("data", (Dots("real", _placed(step.real)), Dots("generated", _placed(step.generated))))


def _judged_by_d(step: DiscriminatorWalk) -> Picture:
    return Picture(
        "data",
        (
            Dots("real", _placed(step.real, step.real_probability), _shown(step.real_probability)),
            Dots(
                "generated",
                _placed(step.generated, step.generated_probability),
                _shown(step.generated_probability),
            ),
        ),
    )


def _updated_d(step: DiscriminatorWalk) -> Picture:
    sides: tuple[tuple[Side, NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]], ...] = (
        ("real", step.real, step.real_probability, step.real_after),
        ("generated", step.generated, step.generated_probability, step.generated_after),
    )
    dots = tuple(Dots(side, _placed(points, after), _shown(after)) for side, points, _, after in sides)
    lines = [np.hstack([_placed(points, before), _placed(points, after)]) for _, points, before, after in sides]
    return Picture("data", dots, np.vstack(lines) if step.real.shape[1] == 1 else np.empty((0, 4)))


def _generated(step: GeneratorWalk) -> Picture:
    return Picture("data", (Dots("generated", _placed(step.generated)),))


def _judged_for_g(step: GeneratorWalk) -> Picture:
    judged = step.generated_probability
    return Picture("data", (Dots("generated", _placed(step.generated, judged), _shown(judged)),))


def _pulled(step: GeneratorWalk) -> Picture:
    judged = _judged_for_g(step)
    pull = _shown(step.pull)[:DRAWN_MOVING]
    if pull.shape[1] == 1:
        pull = np.column_stack([pull[:, 0], np.zeros(len(pull))])
    return Picture("data", judged.dots, arrows=np.hstack([judged.dots[0].points[:DRAWN_MOVING], pull[:, :2]]))


def _moved(step: GeneratorWalk) -> Picture:
    before = _placed(step.generated, step.generated_probability)[:DRAWN_MOVING]
    after = _placed(step.moved, step.generated_after)[:DRAWN_MOVING]
    judged = _shown(step.generated_after)[:DRAWN_MOVING]
    return Picture(
        "data",
        (Dots("generated", before, hollow=True), Dots("generated", after, judged)),
        np.hstack([before, after]),
    )


_PICTURES: dict[tuple[Player, str], Callable[..., Picture]] = {
    ("discriminator", "latents"): _latents,
    ("discriminator", "real"): _real,
    ("discriminator", "generate"): _both,
    ("discriminator", "judge"): _judged_by_d,
    ("discriminator", "loss"): _judged_by_d,
    ("discriminator", "gradient"): _judged_by_d,
    ("discriminator", "update"): _updated_d,
    ("generator", "latents"): _latents,
    ("generator", "generate"): _generated,
    ("generator", "judge"): _judged_for_g,
    ("generator", "loss"): _judged_for_g,
    ("generator", "gradient"): _pulled,
    ("generator", "update"): _moved,
}


STRAY = 0.005
"""Share of the points at each side that may lie outside the axes, lest a few shrink all others."""
LEAST_ANSWERS = 0.2
"""The least span of an axis of D(x)."""


def span(places: tuple[Place, ...], shown: Picture) -> tuple[float, float, float, float]:
    """x_min, x_max, y_min, y_max for a picture of a walk: the same for all of its kind, so that axes do not move.

    A few strays may lie outside.
    """
    points: list[Floats] = []
    answers: list[NDArray[np.floating]] = []
    for place in places:
        step = place.step
        if shown.space == "latents":
            points.append(_placed(step.latent))
            continue
        points.append(_placed(step.generated))
        answers += [step.generated_probability, step.generated_after]
        if isinstance(step, DiscriminatorWalk):
            points.append(_placed(step.real))
            answers += [step.real_probability, step.real_after]
        else:
            points.append(_placed(step.moved))
    x_min, x_max = _extent(np.concatenate([some[:, 0] for some in points]))
    if not is_flat(places[0], shown):
        y_min, y_max = _extent(np.concatenate([some[:, 1] for some in points]))
    elif any(dots.judged is not None for dots in shown.dots):
        y_min, y_max = _extent(np.concatenate(answers), least=LEAST_ANSWERS)
    else:
        y_min, y_max = -0.05, 1.05
    return x_min, x_max, y_min, y_max


def is_flat(place: Place, shown: Picture) -> bool:
    """Whether the second coordinate is none of the data."""
    points = place.step.latent if shown.space == "latents" else place.step.generated
    return bool(points.shape[1] == 1)


def _extent(values: NDArray[np.floating], least: float = 1e-6) -> tuple[float, float]:
    values = values[np.isfinite(values)]
    if not len(values):
        return -1.0, 1.0
    low, high = (float(end) for end in np.quantile(values, [STRAY, 1 - STRAY]))
    middle, half = (low + high) / 2, max(high - low, least) * 0.56
    return middle - half, middle + half
