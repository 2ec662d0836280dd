"""What can be seen of a run: each layer is one function, computed only when it is asked for.

All of it draws from the streams for looking, and reads the state without changing it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.errors import UserError
from ganstudio.experiment.networks import Latent
from ganstudio.gan.objectives import value_terms
from ganstudio.gan.priors import Floats, prior_span, sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.commands import GRID_LINES, GRID_POINTS, MOST_LATENTS, Layer, RequestFrame
from ganstudio.messages.events import Field, Frame, Histograms, Mapped, Outputs
from ganstudio.metrics.line_density import latent_lines
from ganstudio.training.optimal_discriminator import line_field, optimal_discriminator
from ganstudio.training.run import Run

REFERENCE_SAMPLES = 512
HISTOGRAM_BINS = 50
ARROWS = 256
MAP_LINES = 41
LARGEST_DRAWN_WIDTH = 128


@dataclass(frozen=True)
class _Glance:
    """One look at a run; what several layers need is computed once."""

    run: Run
    request: RequestFrame

    @property
    def on_the_line(self) -> bool:
        """Whether the target is 1-D."""
        return self.run.game.dimension == 1

    @cached_property
    def latents(self) -> Floats | None:
        """Those of the request; None for ones of another latent space, which were meant for another run."""
        latents = self.request.latents
        if latents is None or latents.ndim != 2 or latents.shape[1] != self.run.experiment.latent.dimension:
            return None
        if len(latents) > MOST_LATENTS:
            raise UserError(f"a frame maps at most {MOST_LATENTS:,} latents, not {len(latents):,}", field="latents")
        return np.array(latents, np.float32)  # what came through the pipe is read-only, and torch wants it otherwise

    @cached_property
    def reference(self) -> tuple[Tensor, Tensor]:
        """D's raw outputs on real and on generated samples."""
        run = self.run
        real = run.target.sample(REFERENCE_SAMPLES, stream(run.experiment.seed, Purpose.LOOK_REAL))
        generated = run.generator(_look_latents(run, REFERENCE_SAMPLES))
        return _outputs(run, real), _outputs(run, generated)

    @cached_property
    def generated_line(self) -> Field:
        """p_g of G as it is shown, on the cells of a line."""
        return line_field(self.run, self.request, self.run.generator)

    def probability(self, outputs: Tensor) -> Floats:
        """D's raw outputs, (n, 1), as probabilities, (n,)."""
        array: Floats = self.run.game.objective.probability(outputs, self.reference).flatten().cpu().numpy()
        return array


def look(run: Run, request: RequestFrame, generation: int, iterations_per_second: float) -> Frame:
    """A frame with the requested layers of the run as it stands."""
    glance = _Glance(run, request)
    layers: dict[str, Any] = {}
    costs: dict[str, float] = {}
    with torch.no_grad():
        for layer in request.layers:
            started = time.perf_counter()
            layers |= _LAYERS[layer](glance)
            costs[layer] = time.perf_counter() - started
        layers["mapped"] = _mapped(glance)
    return Frame(generation, run.progress, iterations_per_second, **layers, costs=costs)


def _generated(glance: _Glance) -> dict[str, Any]:
    generated = glance.run.generator(_look_latents(glance.run, glance.request.points))
    return {"generated": generated} | ({"generated_line": glance.generated_line} if glance.on_the_line else {})


def _mapped(glance: _Glance) -> Mapped | None:
    """What the request's latents become."""
    if glance.latents is None:
        return None
    points = glance.run.generator(glance.latents)
    return Mapped(points, glance.probability(_outputs(glance.run, points)))


def _field(glance: _Glance) -> dict[str, Any]:
    run, request = glance.run, glance.request
    x_min, x_max, y_min, y_max = request.view
    xs = _centres(x_min, x_max, request.cells)
    if run.game.dimension == 1:
        return {"field": Field(glance.probability(_outputs(run, xs[:, None]))[None], request.view)}
    ys = _centres(y_min, y_max, request.cells)
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    values = glance.probability(_outputs(run, points)).reshape(request.cells, request.cells)
    return {"field": Field(values, request.view)}


def _gradients(glance: _Glance) -> dict[str, Any]:
    """−∂L_G/∂x at generated samples, in data coordinates: where D would move each of them."""
    run, game = glance.run, glance.run.game
    points = run.generator(_look_latents(run, min(ARROWS, glance.request.points)))
    player = run.state.discriminator
    # A row against the column of generated samples: a loss of pairs is then the mean over all pairs.
    on_real = glance.reference[0].T if game.is_relativistic else None

    def loss(x: Tensor) -> Tensor:
        output = game.discriminator.evaluate(player.parameters, player.buffers, x)
        return game.objective.generator_loss(output, on_real) * len(points)  # the mean's 1/n taken out again

    with torch.enable_grad():
        slope: Tensor = torch.func.grad(loss)(_tensor(run, run.normaliser.normalised(points)))
    # x = c + s·u, so ∂L/∂x = ∂L/∂u / s.
    return {"gradients": np.hstack([points, -slope.cpu().numpy() / run.normaliser.scale])}


def _latent_grid(glance: _Glance) -> dict[str, Any]:
    """Images of straight lines along two latent coordinates, the others fixed; on the line, z and x."""
    run, latent = glance.run, glance.run.experiment.latent
    if glance.on_the_line:
        latents = latent_lines(latent, run.experiment.seed, MAP_LINES)
        return {"latent_map": np.hstack([latents, run.generator(latents)])}
    reach = prior_span(latent, run.experiment.seed)
    along = np.linspace(-reach, reach, GRID_POINTS, dtype=np.float32)
    if latent.dimension == 1:
        return {"latent_grid": run.generator(along[:, None])[None]}
    latents = np.zeros((2 * GRID_LINES, GRID_POINTS, latent.dimension), np.float32)
    first, second = 0, 1
    if glance.latents is not None and len(glance.latents):
        first, second = glance.request.axes
        latents[:] = glance.latents[0]
        if first == second or not all(0 <= axis < latent.dimension for axis in (first, second)):
            raise UserError(f"there is no plane along {first} and {second} of the latent space", field="axes")
    across = np.linspace(-reach, reach, GRID_LINES, dtype=np.float32)[:, None]
    latents[:GRID_LINES, :, first], latents[:GRID_LINES, :, second] = along, across
    latents[GRID_LINES:, :, first], latents[GRID_LINES:, :, second] = across, along
    images = run.generator(latents.reshape(-1, latent.dimension))
    return {"latent_grid": images.reshape(2 * GRID_LINES, GRID_POINTS, -1)}


def _histograms(glance: _Glance) -> dict[str, Any]:
    edges = np.linspace(0, 1, HISTOGRAM_BINS + 1, dtype=np.float32)
    counts = [np.histogram(glance.probability(side), edges)[0].astype(np.float32) for side in glance.reference]
    return {"histograms": Histograms(edges, *counts)}


def _networks(glance: _Glance) -> dict[str, Any]:
    game, state = glance.run.game, glance.run.state
    return {
        "generator_weights": _drawable(game.generator.weight_matrices(state.generator.parameters)),
        "discriminator_weights": _drawable(game.discriminator.weight_matrices(state.discriminator.parameters)),
    }


def _optimal(glance: _Glance) -> dict[str, Any]:
    return dict(optimal_discriminator(glance.run, glance.request))


def _raw_outputs(glance: _Glance) -> dict[str, Any]:
    """D's raw outputs, as it plays: in packs where it sees packs, against G's current parameters, averaged or not."""
    run, game = glance.run, glance.run.game
    playing = TrainedGenerator.of(game, run.state, run.normaliser, "current")
    real = _packed_outputs(run, run.target.sample(REFERENCE_SAMPLES, stream(run.experiment.seed, Purpose.LOOK_REAL)))
    generated = _packed_outputs(run, playing(_look_latents(run, REFERENCE_SAMPLES)))
    terms = [float(term) for term in value_terms(real, generated)] if game.objective.is_classifier else None
    with torch.enable_grad():
        slope: Tensor = torch.func.grad(game.objective.generator_loss)(generated, real)
    return {
        "outputs": Outputs(
            real=real.flatten().cpu().numpy(),
            generated=generated.flatten().cpu().numpy(),
            real_term=None if terms is None else terms[0],
            generated_term=None if terms is None else terms[1],
            value=None if terms is None else sum(terms),
            discriminator_loss=float(game.objective.discriminator_loss(real, generated, game.smoothing)),
            generator_loss=float(game.objective.generator_loss(generated, real)),
            generator_slope=-slope.flatten().cpu().numpy() * len(generated),
        )
    }


_LAYERS: dict[Layer, Callable[[_Glance], dict[str, Any]]] = {
    "generated": _generated,
    "field": _field,
    "gradients": _gradients,
    "latent_grid": _latent_grid,
    "histograms": _histograms,
    "networks": _networks,
    "optimal": _optimal,
    "outputs": _raw_outputs,
}


def _look_latents(run: Run, count: int) -> Floats:
    """The same latents in every frame, so that a dot keeps its identity."""
    return _drawn_latents(run.experiment.latent, count, run.experiment.seed)


@lru_cache(maxsize=8)
def _drawn_latents(latent: Latent, count: int, seed: int) -> Floats:
    return sample_prior(latent, count, stream(seed, Purpose.LOOK_LATENT), seed)


def _outputs(run: Run, points: Floats) -> Tensor:
    """D's raw outputs, (n, 1), at ``points`` in data coordinates."""
    player = run.state.discriminator
    x = _tensor(run, run.normaliser.normalised(points))
    return run.game.discriminator.evaluate(player.parameters, player.buffers, x)


def _packed_outputs(run: Run, points: Floats) -> Tensor:
    """D's raw outputs, (packs, 1), on points in data coordinates, put into packs as in training."""
    game, player = run.game, run.state.discriminator
    prepared = game.discriminator.prepare(player.parameters, player.buffers, training=False)
    x = game.packed(_tensor(run, run.normaliser.normalised(points)))
    return game.discriminator.forward(prepared, x, training=False)[0]


def _tensor(run: Run, points: Floats) -> Tensor:
    return torch.from_numpy(points).to(run.state.ema.device)


def _centres(low: float, high: float, cells: int) -> Floats:
    return (low + (np.arange(cells, dtype=np.float32) + 0.5) * (high - low) / cells).astype(np.float32)


def _drawable(matrices: tuple[Tensor, ...]) -> tuple[Floats, ...]:
    """Weights for a drawing: of wide layers, evenly chosen units."""
    drawn = []
    for matrix in matrices:
        rows, columns = (_chosen(size) for size in matrix.shape)
        drawn.append(np.ascontiguousarray(matrix.cpu().numpy()[np.ix_(rows, columns)]))
    return tuple(drawn)


def _chosen(size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.linspace(0, size - 1, min(size, LARGEST_DRAWN_WIDTH)).round().astype(np.int64)
