r"""Cell masses of p_g from the generator as a known map, nearly without noise.

p_g is the image of p_z under G, so the mass of a cell is the share of latent space that G maps into it: an integral
over z, which evenly spread latents take far better than random ones (randomised quasi Monte Carlo: scrambled Sobol
points through the prior's inverse CDF; Owen 1997). Independent scramblings give the error. They also take away the
bias of the divergence, by the jackknife, in the cells that hold many points; in those that expect only a few there is
nothing left of the even spread, and the histogram's correction for counts serves (:mod:`ganstudio.metrics.cell_terms`).

Compared on known maps, 30² cells, plug-in JSD of 262,144 latents, root mean square error in nats × 10⁵:

                                    random latents   warped triangles   Sobol
    linear                                51              138             13
    2×64 ReLU network                     25               56              4
    8 clusters with thin bridges          37              310              6

(Triangles: the latent lattice's images, each spread over the cells as if G were linear inside. Where G is steep, and
between clusters it is, that is wrong; and the lattice has no place for the tails of the prior.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc
from scipy.stats import t as student

from ganstudio.gan.priors import prior_quantiles, uniforms_needed
from ganstudio.metrics.cell_terms import CellTerms
from ganstudio.metrics.histogram import CellGrid
from ganstudio.metrics.jsd import LN2, jensen_shannon
from ganstudio.metrics.model import Model

SCRAMBLINGS = 8
LOG2_POINTS = 15
"""Points of each scrambling, as a power of 2; Sobol points are evenly spread at those."""

_CHUNK = 1 << 14
_FEW = 20.0
"""Expected points below which a cell is counted as if they were independent."""


@dataclass(frozen=True)
class MappedJsd:
    """The JSD between two vectors of cell masses, in nats: value and half of its 95 % band."""

    value: float
    half: float


@dataclass(frozen=True)
class MappedMasses:
    """Latents that each scrambling mapped into each cell, (scramblings, cells); every row has the same sum."""

    counts: NDArray[np.int64]

    @property
    def samples(self) -> int:
        """Latents in all."""
        return int(self.counts.sum())

    @property
    def masses(self) -> NDArray[np.float64]:
        """The estimated mass of each cell, (cells,)."""
        return np.asarray(self.counts.sum(axis=0) / self.samples)

    def divergence(self, p: NDArray[np.float64]) -> MappedJsd:
        """The JSD to the exact masses ``p``, (cells,), corrected for bias."""
        if self.masses[-1] == 1.0:  # All off the plot: nothing that G makes can be seen beside the data.
            return MappedJsd(LN2, 0.0)
        count, total = len(self.counts), self.counts.sum(axis=0)
        few = p * self.samples < _FEW
        sparse, dense = _sums(p, total, few)
        # Each scrambling left out in turn, (count,) each. The tables depend on the number of points alone.
        others = np.array([_sums(p, total - row, few) for row in self.counts])
        value = sparse + count * dense - (count - 1) * float(others[:, 1].mean())
        error = math.sqrt((count - 1) * float(others.sum(axis=1).var()))
        return MappedJsd(min(LN2, value), float(student.ppf(0.975, count - 1)) * error)

    def noise(self, p: NDArray[np.float64]) -> float:
        """What a perfect generator's noise is, as a share of that of as many independent samples; at most 1.

        The spread of the reading is that of a sum of squares, in proportion to the variance of each cell's mass.
        """
        expected = p * self.samples
        dense, sparse = expected >= _FEW, (expected < _FEW) & (expected > 0.5)
        if not dense.any():
            return 1.0
        masses = self.masses[dense]
        independent = float((masses * (1 - masses)).sum()) / self.samples
        found = float((self.counts[:, dense] * len(self.counts) / self.samples).var(axis=0, ddof=1).sum())
        ratio = min(1.0, found / len(self.counts) / independent) if independent > 0 else 1.0
        share = float(dense.sum() / (dense.sum() + sparse.sum()))
        return math.sqrt(ratio**2 * share + 1 - share)


def _sums(p: NDArray[np.float64], counts: NDArray[np.int64], few: NDArray[np.bool_]) -> tuple[float, float]:
    """Contributions to the JSD of cells that expect few points, without bias, and of the others, as they are."""
    n = int(counts.sum())
    sparse = float(CellTerms(n * p[few])(counts[few]).sum()) / n if few.any() else 0.0
    q = counts / n
    return sparse, jensen_shannon(p[~few], q[~few])


def mapped_masses(
    model: Model, grid: CellGrid, *, seed: int, scramblings: int = SCRAMBLINGS, log2_points: int = LOG2_POINTS
) -> MappedMasses:
    """The mass that ``model``'s generator gives each cell of ``grid``; points off the plot are in the last one."""
    rng = np.random.default_rng([0x736F626F6C, seed])
    total = 1 << log2_points
    counts = np.zeros((scramblings, grid.count), np.int64)
    for row in counts:
        sequence = qmc.Sobol(uniforms_needed(model.latent), rng=rng)
        for start in range(0, total, _CHUNK):
            uniforms = sequence.random(min(_CHUNK, total - start))
            row += grid.counts(model.generate(prior_quantiles(model.latent, uniforms, model.seed)))
    return MappedMasses(counts)
