"""Densities of real and generated samples, each fitted to one half and read off on the other, in both directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.metrics.kernel_density import KernelDensity
from ganstudio.metrics.variational import Bound, bound
from ganstudio.targets.distribution import TargetDistribution

Floats = NDArray[np.float64]

MOST_UNSEEN = 0.01
"""Share of samples in places where the other side has less than one point: beyond, a KL divergence is not told."""

LIKELIEST = 0.95
"""Beyond this quantile of p_data/p_g at real samples there must be a generated one, too, for their divergence to be
told: else nothing bounds the ratio from above."""

MOST_IMPOSSIBLE = 1e-3
"""Share of generated samples where p_data is 0, which rounding at a sharp edge explains."""


@dataclass(frozen=True)
class LogDensities:
    """Log densities in nats at samples that took no part in the fits.

    Attributes:
        p: estimated p_data; ``q``: estimated p_g; ``exact``: p_data itself, −inf where there is none, or None where it
            is not known. Off the plot all three are the log of the probability of being there.
        p_seen, q_seen: where the estimate expects at least one of its samples.
        within: on the plot.
    """

    p: Floats
    q: Floats
    exact: Floats | None
    p_seen: NDArray[np.bool_]
    q_seen: NDArray[np.bool_]
    within: NDArray[np.bool_]


@dataclass(frozen=True)
class HeldOut:
    """Log densities at all real samples (n,) and at all generated ones (m,)."""

    real: LogDensities
    generated: LogDensities

    @classmethod
    def of(
        cls, real: NDArray[np.floating], generated: NDArray[np.floating], target: TargetDistribution, seed: int
    ) -> HeldOut:
        """Fit and read; at least four points a side, in random order."""
        rng = np.random.default_rng([0x6B6465, seed])
        parts: list[tuple[LogDensities, LogDensities]] = []
        for fold in (0, 1):
            p, q = (KernelDensity(side[fold::2], target.extent, rng) for side in (real, generated))
            parts.append((_read(p, q, real[1 - fold :: 2], target), _read(p, q, generated[1 - fold :: 2], target)))
        (real_1, generated_1), (real_2, generated_2) = parts
        return cls(_joined(real_1, real_2), _joined(generated_1, generated_2))

    def kde_bound(self) -> Bound:
        """The bound by D = p̂ / (p̂ + q̂)."""
        return bound(self.real.p - self.real.q, self.generated.p - self.generated.q)

    def exact_bound(self) -> Bound | None:
        """The bound by D = p / (p + q̂) with the exact p; None where that is not known."""
        if self.real.exact is None or self.generated.exact is None:
            return None
        # A real sample may lie beyond a sharp edge by rounding. Mixing a little of p̂ in costs nothing elsewhere.
        share = 1 / (len(self.real.p) + 1)
        on_real, on_generated = (
            np.logaddexp(exact + np.log1p(-share), side.p + np.log(share)) - side.q
            for side, exact in ((self.real, self.real.exact), (self.generated, self.generated.exact))
        )
        return bound(on_real, on_generated)

    def kl(self) -> float | None:
        """KL(p_data ‖ p_g) in nats.

        None where it is infinite or cannot be told: more than 1 % of the real samples lie where less than one of the
        generated samples is expected (a missing mode), none of these is found among the 5 % of the real ones at which
        p_data/p_g is largest, or more than 1 % of either lie off the plot. Where p_g's tails are thinner than p_data's
        it reads low: no sample shows how thin they are.
        """
        real, generated = (side.p if side.exact is None else side.exact for side in (self.real, self.generated))
        return self._divergence(real - self.real.q, generated - self.generated.q, self.real.q_seen)

    def reverse_kl(self) -> float | None:
        """KL(p_g ‖ p_data) in nats.

        None where it is infinite: generated samples lie where p_data is 0 (more than .1 % of them, where the density
        is known; else as in :meth:`kl`), or more than 1 % of either lie off the plot.
        """
        real, side = self.real, self.generated
        if side.exact is None:
            return self._divergence(side.q - side.p, real.q - real.p, side.p_seen)
        possible = np.isfinite(side.exact)
        if 1 - possible.mean() > MOST_IMPOSSIBLE or self._off > MOST_UNSEEN:
            return None
        return float((side.q - side.exact)[possible].sum() / len(possible))

    @property
    def _off(self) -> float:
        """Share off the plot, of the side that has more of it there."""
        return float(max(1 - self.real.within.mean(), 1 - self.generated.within.mean()))

    def _divergence(self, ratios: Floats, others: Floats, told: NDArray[np.bool_]) -> float | None:
        """The mean of log ratios at samples of the numerator; ``others`` are those at samples of the denominator."""
        if max(self._off, 1 - told.mean()) > MOST_UNSEEN:
            return None
        good = told & np.isfinite(ratios)
        if not (others > np.quantile(ratios[good], LIKELIEST)).any():
            return None
        return float(ratios[good].sum() / len(ratios))


def _read(p: KernelDensity, q: KernelDensity, points: NDArray[np.floating], target: TargetDistribution) -> LogDensities:
    within = p.within(points)
    exact = None
    if target.has_density:
        exact = np.full(len(points), np.log(p.outside))
        exact[within] = target.log_density(points[within])
    log_p, log_q = p.log_density(points), q.log_density(points)
    # Twice the uniform part: as much again from the kernels.
    seen = np.log(2)
    return LogDensities(log_p, log_q, exact, log_p > p.log_uniform + seen, log_q > q.log_uniform + seen, within)


def _joined(first: LogDensities, second: LogDensities) -> LogDensities:
    exact = None
    if first.exact is not None and second.exact is not None:
        exact = np.concatenate([first.exact, second.exact])
    return LogDensities(
        np.concatenate([first.p, second.p]),
        np.concatenate([first.q, second.q]),
        exact,
        np.concatenate([first.p_seen, second.p_seen]),
        np.concatenate([first.q_seen, second.q_seen]),
        np.concatenate([first.within, second.within]),
    )
