"""Two latents and the way from one to the other, free of Qt: what the latent pad is about.

    straight       z(t) = (1 − t) z + t z′
    great circle   z(t) = sin((1 − t)ω)/sin ω · z + sin(tω)/sin ω · z′,   cos ω = z·z′ / (|z||z′|)

The second (Shoemake 1985; for latents White 2016) keeps to the lengths of its ends: in many dimensions nearly all of a
normal prior lies on a thin shell, which a straight line leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.networks import Latent
from ganstudio.gan.priors import sample_prior

Floats = NDArray[np.float64]
Way = Literal["straight", "great circle"]
End = Literal["start", "end"]

STEPS = 49
"""Points of the path that is drawn."""
_PARALLEL = 1e-4
"""Radians below which (or as near to opposite) two latents have no great circle of their own: the way is straight."""


@dataclass(frozen=True)
class LatentPath:
    """From ``start`` z to ``end`` z′, (d,) each, at ``share`` t in [0, 1] of the way.

    ``axes`` are the coordinates that the pad shows: one for latents of one dimension, else two.
    """

    start: Floats
    end: Floats
    axes: tuple[int, ...]
    share: float = 0.0
    way: Way = "straight"

    @property
    def dimension(self) -> int:
        """Of the latent space."""
        return len(self.start)

    def at(self, shares: Floats) -> Floats:
        """Latents at these shares of the way, (n, d)."""
        t = np.asarray(shares, np.float64)[:, None]
        lengths = float(np.linalg.norm(self.start)), float(np.linalg.norm(self.end))
        if self.way == "great circle" and min(lengths) > 0:
            cosine = float(self.start @ self.end) / (lengths[0] * lengths[1])
            angle = float(np.arccos(np.clip(cosine, -1.0, 1.0)))
            if _PARALLEL < angle < np.pi - _PARALLEL:
                weights = np.sin((1 - t) * angle) / np.sin(angle), np.sin(t * angle) / np.sin(angle)
                return np.asarray(weights[0] * self.start + weights[1] * self.end)
        return np.asarray((1 - t) * self.start + t * self.end)

    def latents(self) -> NDArray[np.float32]:
        """What is to be mapped, (3 + STEPS, d): z, z′, z(t), then the way from end to end."""
        way = self.at(np.linspace(0.0, 1.0, STEPS))
        return np.vstack([self.start, self.end, self.at(np.array([self.share])), way]).astype(np.float32)

    def shown(self, latents: NDArray[np.floating]) -> Floats:
        """The coordinates of latents, (n, d), that the pad shows: (n, 1) or (n, 2)."""
        return np.asarray(latents, np.float64)[:, list(self.axes)]

    def moved(self, end: End, to: Floats) -> LatentPath:
        """With one end at these coordinates of the pad; its other coordinates stay."""
        latent = (self.start if end == "start" else self.end).copy()
        latent[list(self.axes)] = to
        return replace(self, start=latent) if end == "start" else replace(self, end=latent)

    def along(self, axes: tuple[int, ...]) -> LatentPath:
        """Shown along other coordinates; both ends keep theirs, but those held are the start's."""
        return replace(self, axes=axes).levelled()

    def drawn_anew(self, latent: Latent, seed: int, rng: np.random.Generator) -> LatentPath:
        """With the coordinates that the pad does not show drawn from the prior, the same for both ends."""
        other = sample_prior(latent, 1, rng, seed)[0].astype(np.float64)
        other[list(self.axes)] = self.start[list(self.axes)]
        return replace(self, start=other).levelled()

    def within(self, reach: float) -> LatentPath:
        """With both ends inside a square of half the side ``reach``: another prior may not reach as far."""
        return replace(self, start=np.clip(self.start, -reach, reach), end=np.clip(self.end, -reach, reach))

    def levelled(self) -> LatentPath:
        """With the end in the slice of the pad: its held coordinates are the start's."""
        end = self.start.copy()
        end[list(self.axes)] = self.end[list(self.axes)]
        return replace(self, end=end)


def first_path(latent: Latent, seed: int, rng: np.random.Generator) -> LatentPath:
    """Two latents drawn from the prior, in one slice along the first two coordinates."""
    start, end = sample_prior(latent, 2, rng, seed).astype(np.float64)
    return LatentPath(start, end, tuple(range(min(2, latent.dimension)))).levelled()
