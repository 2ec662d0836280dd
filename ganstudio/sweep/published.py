"""Numbers as printed in papers, to stand beside ours, with what is known to differ."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.experiment.targets import GaussianGrid, GaussianRing, TargetSpec


@dataclass(frozen=True)
class PublishedRow:
    """One method on one target, as printed; what a paper does not tell is None.

    ``modes_captured`` and ``hq_fraction`` are means over the paper's runs; ``reverse_kl`` is in nats.
    """

    method: str
    source: str
    modes_captured: float
    hq_fraction: float
    reverse_kl: float | None


DIFFERENCES = (
    "† As printed in the paper, not run here. The same: target, 2,500 samples, and what counts as a captured mode, as "
    "high quality (HQ: within 3σ of a centre) and as reverse KL. Not the same: networks, optimizers, programs and the "
    "length of training (400,000 iterations in those that tell); the authors of a paper ran all of its rows, those of "
    "other people's methods as well. VEEGAN 2017: Srivastava et al.; PacGAN 2018: Lin et al."
)
"""What every published row is marked with."""

_VEEGAN = "VEEGAN 2017"
_PACGAN = "PacGAN 2018"

_TABLES: tuple[tuple[TargetSpec, tuple[PublishedRow, ...]], ...] = (
    (
        GaussianRing(count=8, radius=1.0, sigma=0.01),
        (
            PublishedRow("GAN", _VEEGAN, 1.0, 0.993, None),
            PublishedRow("Unrolled", _VEEGAN, 7.6, 0.356, None),
            PublishedRow("VEEGAN", _VEEGAN, 8.0, 0.529, None),
            PublishedRow("GAN", _PACGAN, 6.3, 0.982, 0.45),
            PublishedRow("PacGAN2", _PACGAN, 7.9, 0.956, 0.07),
            PublishedRow("PacGAN4", _PACGAN, 7.8, 0.959, 0.07),
        ),
    ),
    (
        GaussianGrid(count=5, spacing=2.0, sigma=0.05),
        (
            PublishedRow("GAN", _VEEGAN, 3.3, 0.005, None),
            PublishedRow("Unrolled", _VEEGAN, 23.6, 0.16, None),
            PublishedRow("VEEGAN", _VEEGAN, 24.6, 0.40, None),
            PublishedRow("GAN", _PACGAN, 17.3, 0.948, 0.70),
            PublishedRow("PacGAN2", _PACGAN, 23.8, 0.913, 0.13),
            PublishedRow("PacGAN4", _PACGAN, 24.8, 0.936, 0.04),
        ),
    ),
)


def published_rows(target: TargetSpec) -> tuple[PublishedRow, ...]:
    """What papers print for this very target; empty where none does."""
    return next((rows for known, rows in _TABLES if known == target), ())
