"""Frames and events for the panels of the theory, from numbers that are chosen."""

from __future__ import annotations

import numpy as np

from ganstudio.messages.events import Field, Frame, Optimality, Outputs
from ganstudio.messages.snapshot import Progress


def outputs(real: list[float], generated: list[float]) -> Outputs:
    """Raw outputs of D with their terms of V by the textbook's formula."""
    d_real, d_generated = (1 / (1 + np.exp(-np.array(side))) for side in (real, generated))
    terms = float(np.log(d_real).mean()), float(np.log(1 - d_generated).mean())
    return Outputs(
        real=np.array(real, np.float32),
        generated=np.array(generated, np.float32),
        real_term=terms[0],
        generated_term=terms[1],
        value=sum(terms),
        discriminator_loss=-sum(terms),
        generator_loss=float(-np.log(d_generated).mean()),
        generator_slope=(1 - d_generated).astype(np.float32),
    )


def frame(shown: Outputs | None = None, *, generator_updates: int = 0) -> Frame:
    """A frame with these outputs."""
    progress = Progress(generator_updates, generator_updates, generator_updates, 0.0)
    return Frame(1, progress, 0.0, outputs=shown)


def densities(a: float, b: float, d: float, *, cells: int = 8) -> Frame:
    """A frame with the same densities and the same D in every cell of ±1."""
    view = (-1.0, 1.0, -1.0, 1.0)

    def field(value: float) -> Field:
        return Field(np.full((cells, cells), value, np.float32), view)

    best = a / (a + b) if a + b > 0 else np.nan
    return Frame(
        1, Progress(), 0.0,
        field=field(d), optimal=field(best), target_density=field(a), generated_density=field(b),
    )  # fmt: skip


def optimality(
    updates: int, value: float, *, target: float = -0.8, finished: bool = False, reason: str = ""
) -> Optimality:
    """A reading, with G as it was at the start."""
    progress = Progress(0, updates, 0, 0.0)
    return Optimality(
        1, progress, updates, value, 0.002, target, target - 0.01, target + 0.01, target - value, finished, reason
    )
