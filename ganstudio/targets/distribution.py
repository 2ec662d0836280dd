"""What every target can do: be sampled, and, where it is known, give its density and the mass of histogram cells."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]


class TargetDistribution(ABC):
    """p_data. Immutable; safe to share between readers.

    Attributes:
        dimension: 1 or 2.
        extent: the region in which the target is shown and its histogram is taken. It holds at least 99.9 % of the
            mass with a little margin, and is square for the 2-D shapes. A 1-D target uses its x alone.
        has_density: whether ``log_density`` can be asked.
        modes: (K, dimension) centres for the papers' mode coverage; None unless the target consists of separate
            round gaussians of one scale.
        mode_weights: (K,) their shares of the mass, summing to 1; None where ``modes`` is.
        sigma: their standard deviation, data units; None where ``modes`` is.
    """

    dimension: int
    extent: Extent
    has_density: bool = True
    modes: Floats | None = None
    mode_weights: Floats | None = None
    sigma: float | None = None

    @abstractmethod
    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        """``n`` independent samples, (n, dimension) float32; all randomness comes from ``rng``."""

    @abstractmethod
    def log_density(self, points: NDArray[np.floating]) -> Floats:
        """log p_data in nats at ``points`` (n, dimension), as (n,) float64; −inf where there is no mass.

        Raises:
            ValueError: the target has no density (``has_density`` is False).
        """

    @abstractmethod
    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats | None:
        """Probability of each cell of a histogram with these ascending edges; mass outside is left out.

        Shape (ny, nx), row 0 at the lowest y, or (nx,) for a 1-D target, which takes no ``y_edges``. None where it
        is not known. Exact to float rounding unless the class states an error.
        """

    def density_raster(self, extent: Extent, nx: int, ny: int = 1) -> NDArray[np.float32] | None:
        """Mean density over each cell of ``extent``: (ny, nx) float32, row 0 at y_min; one row in 1-D.

        None where the cell masses are not known.
        """
        x_edges = np.linspace(extent.x_min, extent.x_max, nx + 1)
        area = extent.width / nx
        if self.dimension == 1:
            masses = self.cell_masses(x_edges)
        else:
            masses = self.cell_masses(x_edges, np.linspace(extent.y_min, extent.y_max, ny + 1))
            area *= extent.height / ny
        return None if masses is None else (masses / area).astype(np.float32).reshape(-1, nx)


def as_points(points: NDArray[np.floating], dimension: int) -> Floats:
    """``points`` as float64 (n, dimension); a flat array is taken for a 1-D target."""
    array = np.asarray(points, dtype=np.float64)
    if dimension == 1 and array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] != dimension:
        raise ValueError(f"points must have shape (n, {dimension}), not {array.shape}")
    return array


def needed_edges(y_edges: NDArray[np.floating] | None) -> NDArray[np.floating]:
    """The y edges, which a 2-D target needs."""
    if y_edges is None:
        raise ValueError("a 2-D target needs y_edges")
    return y_edges
