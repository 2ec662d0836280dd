r"""The optimal discriminator against G as it stands, on the cells of a picture.

    D*(x) = p_data(x) / (p_data(x) + p_g(x))                     Goodfellow et al. 2014, proposition 1

p_data is the target's own density, averaged over each cell, wherever that is known. On the line p_g is the image of
p_z, integrated (:mod:`ganstudio.metrics.line_density`), or with a latent table the rows that fall into each cell. In
the plane it is a kernel density of evenly spread latents mapped by G, its kernels' widths weighted by held-out
likelihood (:mod:`ganstudio.metrics.kernel_density`), averaged over each cell. Where neither density reaches that of one
sample spread over the whole plot D* is not a number: no finite sample says anything there.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.networks import Latent
from ganstudio.experiment.painting import Extent
from ganstudio.gan.priors import prior_quantiles, uniforms_needed
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.commands import RequestFrame
from ganstudio.messages.events import Field
from ganstudio.metrics.kernel_density import KernelDensity
from ganstudio.metrics.line_density import line_density
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.training.run import Run

Floats = NDArray[np.float32]

SAMPLES = 8192
"""Of G, and of a target without a density. A power of 2, at which Sobol points are evenly spread."""

_PARTS = {1: 8, 2: 2}
"""Points along each axis of a cell over which a density is averaged."""
_STEPS_A_CELL = 6
_MARGIN = 0.1
"""Share of the view by which the density reaches beyond it, so that kernels from just outside count."""
_LATENTS, _REAL, _WIDTHS = 1, 2, 3
"""Numbers of the draws for looking that are used here; 0 is that of the dots on the stage."""


def optimal_discriminator(run: Run, request: RequestFrame) -> dict[str, Field]:
    """The fields ``optimal``, ``generated_density`` and ``target_density``, densities per data unit or squared unit.

    G is that of the current parameters, whatever is shown and measured: they are what D plays against.
    """
    generator = TrainedGenerator.of(run.game, run.state, run.normaliser, "current")
    if run.game.dimension == 1:
        generated = _on_the_line(run, request, generator)
    else:
        samples = generator(_even_latents(run.experiment.latent, run.experiment.seed))
        generated = _estimated(run, request, samples)
    target = _known(run.target, request)
    if target is None:
        drawn = run.target.sample(SAMPLES, stream(run.experiment.seed, Purpose.LOOK_REAL, _REAL))
        target = _estimated(run, request, drawn)
    extent = run.target.extent
    faintest = 1 / (SAMPLES * extent.width * (extent.height if run.game.dimension == 2 else 1.0))
    some = np.maximum(target, generated) >= faintest
    optimal = np.full(target.shape, np.nan, np.float32)
    np.divide(target, target + generated, out=optimal, where=some)
    return {
        "optimal": Field(optimal, request.view),
        "generated_density": Field(generated.astype(np.float32), request.view),
        "target_density": Field(target.astype(np.float32), request.view),
    }


def line_field(run: Run, request: RequestFrame, generator: TrainedGenerator) -> Field:
    """p_g of a generator of a 1-D target, per data unit, averaged over the cells of the view."""
    return Field(_on_the_line(run, request, generator).astype(np.float32), request.view)


def _on_the_line(run: Run, request: RequestFrame, generator: TrainedGenerator) -> NDArray[np.float64]:
    """p_g in each cell, (1, cells)."""
    edges = np.linspace(request.view[0], request.view[1], request.cells + 1)
    atoms = generator.every_sample()
    if atoms is not None:  # with a latent table p_g is no density: the cells hold what falls into them
        return (np.histogram(atoms[:, 0], edges)[0] / (len(atoms) * np.diff(edges)))[None]
    return line_density(generator, run.experiment.latent, run.experiment.seed, edges)[None]


def _known(target: TargetDistribution, request: RequestFrame) -> NDArray[np.float64] | None:
    """p_data in each cell, (rows, cells); None where it is not known."""
    view = _extent(*request.view)
    raster = target.density_raster(view, request.cells, request.cells)
    if raster is not None:
        return raster.astype(np.float64)
    if not target.has_density:
        return None
    return _averaged(np.exp(target.log_density(_points(request, target.dimension))), request, target.dimension)


def _estimated(run: Run, request: RequestFrame, samples: Floats) -> NDArray[np.float64]:
    """The kernel density of samples in each cell, (rows, cells)."""
    x_min, x_max, y_min, y_max = request.view
    over_x, over_y = _MARGIN * (x_max - x_min), _MARGIN * (y_max - y_min)
    plot = _extent(x_min - over_x, x_max + over_x, y_min - over_y, y_max + over_y)
    dimension = run.game.dimension
    steps = _STEPS_A_CELL * request.cells if dimension == 2 else None
    rng = stream(run.experiment.seed, Purpose.LOOK_REAL, _WIDTHS)
    density = KernelDensity(samples, plot, rng, finest_steps=steps)
    return _averaged(np.exp(density.log_density(_points(request, dimension))), request, dimension)


def _extent(x_min: float, x_max: float, y_min: float, y_max: float) -> Extent:
    """A view as an extent. Not validated: one may zoom beyond what a target may span."""
    return Extent.model_construct(x_min=x_min, x_max=x_max, y_min=y_min, y_max=y_max)


def _points(request: RequestFrame, dimension: int) -> Floats:
    """Evenly spread points of every cell, (n, dimension), row by row."""
    x_min, x_max, y_min, y_max = request.view
    count = request.cells * _PARTS[dimension]
    share = (np.arange(count, dtype=np.float32) + 0.5) / count
    xs = (x_min + share * (x_max - x_min)).astype(np.float32)
    if dimension == 1:
        return xs[:, None]
    ys = (y_min + share * (y_max - y_min)).astype(np.float32)
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


def _averaged(values: NDArray[np.float64], request: RequestFrame, dimension: int) -> NDArray[np.float64]:
    cells, parts = request.cells, _PARTS[dimension]
    if dimension == 1:
        return np.asarray(values.reshape(1, cells, parts).mean(axis=2))
    return np.asarray(values.reshape(cells, parts, cells, parts).mean(axis=(1, 3)))


@lru_cache(maxsize=2)
def _even_latents(latent: Latent, seed: int) -> Floats:
    """Latents of p_z, the same in every frame; scrambled Sobol points through the prior's quantiles (Owen 1997)."""
    from scipy.stats import qmc  # a quarter of a second to import, and no first frame needs it

    rng = stream(seed, Purpose.LOOK_LATENT, _LATENTS)
    # The sequence spawns generators of its own, which one with a fixed key cannot.
    sequence = qmc.Sobol(uniforms_needed(latent), rng=np.random.default_rng(rng.integers(2**63)))
    return rng.permutation(prior_quantiles(latent, sequence.random(SAMPLES), seed))
