"""What can be seen of a run: each layer is one function, computed only when it is asked for.

All of it draws from the streams for looking, and reads the state without changing it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.gan.objectives import value_terms
from ganstudio.gan.priors import Floats, sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.commands import Layer, RequestFrame
from ganstudio.messages.events import Field, Frame, Histograms, Outputs
from ganstudio.training.optimal_discriminator import optimal_discriminator
from ganstudio.training.run import Run

REFERENCE_SAMPLES = 512
HISTOGRAM_BINS = 50
ARROWS = 256
GRID_LINES = 15
GRID_POINTS = 61
LARGEST_DRAWN_WIDTH = 128


@dataclass(frozen=True)
class _Glance:
    """One look at a run; what several layers need is computed once."""

    run: Run
    request: RequestFrame

    @cached_property
    def reference(self) -> tuple[Tensor, Tensor]:
        """D's raw outputs on real and on generated samples."""
        run = self.run
        real = run.target.sample(REFERENCE_SAMPLES, stream(run.experiment.seed, Purpose.LOOK_REAL))
        generated = run.generator(_look_latents(run, REFERENCE_SAMPLES))
        return _outputs(run, real), _outputs(run, generated)

    def probability(self, outputs: Tensor) -> Floats:
        """D's raw outputs, (n, 1), as probabilities, (n,)."""
        array: Floats = self.run.game.objective.probability(outputs, self.reference).flatten().cpu().numpy()
        return array


def look(run: Run, request: RequestFrame, generation: int, iterations_per_second: float) -> Frame:
    """A frame with the requested layers of the run as it stands."""
    glance = _Glance(run, request)
    layers: dict[str, Any] = {}
    with torch.no_grad():
        for layer in request.layers:
            layers |= _LAYERS[layer](glance)
    return Frame(generation, run.progress, iterations_per_second, **layers)


def _generated(glance: _Glance) -> dict[str, Any]:
    return {"generated": glance.run.generator(_look_latents(glance.run, glance.request.points))}


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
    prepared = game.discriminator.prepare(player.parameters, player.buffers, training=False)

    def loss(x: Tensor) -> Tensor:
        output = game.discriminator.forward(prepared, x, training=False)[0]
        return game.objective.generator_loss(output) * len(points)  # the mean's 1/n taken out again

    with torch.enable_grad():
        slope: Tensor = torch.func.grad(loss)(_tensor(run, run.normaliser.normalised(points)))
    # x = c + s·u, so ∂L/∂x = ∂L/∂u / s.
    return {"gradients": np.hstack([points, -slope.cpu().numpy() / run.normaliser.scale])}


def _latent_grid(glance: _Glance) -> dict[str, Any]:
    """Images of straight lines through the first two latent coordinates, the others at 0."""
    run, dimension = glance.run, glance.run.experiment.latent.dimension
    # The lines span what the prior practically fills.
    reach = float(np.quantile(np.abs(_look_latents(run, 4096)[:, : min(2, dimension)]), 0.98))
    along = np.linspace(-reach, reach, GRID_POINTS, dtype=np.float32)
    if dimension == 1:
        return {"latent_grid": run.generator(along[:, None])[None]}
    latents = np.zeros((2 * GRID_LINES, GRID_POINTS, dimension), np.float32)
    across = np.linspace(-reach, reach, GRID_LINES, dtype=np.float32)[:, None]
    latents[:GRID_LINES, :, 0], latents[:GRID_LINES, :, 1] = along, across
    latents[GRID_LINES:, :, 0], latents[GRID_LINES:, :, 1] = across, along
    images = run.generator(latents.reshape(-1, dimension))
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
    """D's raw outputs, of the generator that D plays against: its current parameters, averaged or not."""
    run, game = glance.run, glance.run.game
    playing = TrainedGenerator.of(game, run.state, run.normaliser, "current")
    real = _outputs(run, run.target.sample(REFERENCE_SAMPLES, stream(run.experiment.seed, Purpose.LOOK_REAL)))
    generated = _outputs(run, playing(_look_latents(run, REFERENCE_SAMPLES)))
    terms = [float(term) for term in value_terms(real, generated)] if game.objective.is_classifier else None
    with torch.enable_grad():
        slope: Tensor = torch.func.grad(game.objective.generator_loss)(generated)
    return {
        "outputs": Outputs(
            real=real.flatten().cpu().numpy(),
            generated=generated.flatten().cpu().numpy(),
            real_term=None if terms is None else terms[0],
            generated_term=None if terms is None else terms[1],
            value=None if terms is None else sum(terms),
            discriminator_loss=float(game.objective.discriminator_loss(real, generated, game.smoothing)),
            generator_loss=float(game.objective.generator_loss(generated)),
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
    experiment = run.experiment
    return sample_prior(experiment.latent, count, stream(experiment.seed, Purpose.LOOK_LATENT), experiment.seed)


def _outputs(run: Run, points: Floats) -> Tensor:
    """D's raw outputs, (n, 1), at ``points`` in data coordinates."""
    player = run.state.discriminator
    x = _tensor(run, run.normaliser.normalised(points))
    return run.game.discriminator.evaluate(player.parameters, player.buffers, x)


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
