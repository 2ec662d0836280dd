"""What can be seen of a run: each layer is one function, computed only when it is asked for.

All of it draws from the streams for looking, and reads the state without changing it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.gan.draws import Normaliser
from ganstudio.gan.priors import Floats, sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.commands import Layer, RequestFrame
from ganstudio.messages.events import Field, Frame, Histograms
from ganstudio.training.run import Run

REFERENCE_SAMPLES = 1024
HISTOGRAM_BINS = 50
ARROWS = 256
GRID_LINES = 15
GRID_POINTS = 61
LARGEST_DRAWN_WIDTH = 128


def look(run: Run, request: RequestFrame, generation: int, iterations_per_second: float) -> Frame:
    """A frame with the requested layers of the run as it stands."""
    layers: dict[str, Any] = {}
    with torch.no_grad():
        for layer in request.layers:
            layers |= _LAYERS[layer](run, request)
    return Frame(generation, run.progress, iterations_per_second, **layers)


def _generated(run: Run, request: RequestFrame) -> dict[str, Any]:
    return {"generated": run.generator(_look_latents(run, request.points))}


def _field(run: Run, request: RequestFrame) -> dict[str, Any]:
    x_min, x_max, y_min, y_max = request.view
    xs = _centres(x_min, x_max, request.cells)
    if run.game.dimension == 1:
        return {"field": Field(_probability(run, xs[:, None])[None], request.view)}
    ys = _centres(y_min, y_max, request.cells)
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    values = _probability(run, points).reshape(request.cells, request.cells)
    return {"field": Field(values, request.view)}


def _gradients(run: Run, request: RequestFrame) -> dict[str, Any]:
    """−∂L_G/∂x at generated samples, in data coordinates: where D would move each of them."""
    game = run.game
    points = run.generator(_look_latents(run, min(ARROWS, request.points)))
    player = run.state.discriminator
    prepared = game.discriminator.prepare(player.parameters, player.buffers, training=False)

    def loss(x: Tensor) -> Tensor:
        output = game.discriminator.forward(prepared, x, training=False)[0]
        return game.objective.generator_loss(output) * len(points)  # the mean's 1/n taken out again

    with torch.enable_grad():
        slope: Tensor = torch.func.grad(loss)(_tensor(run, run.normaliser.normalised(points)))
    # x = c + s·u, so ∂L/∂x = ∂L/∂u / s.
    return {"gradients": np.hstack([points, -slope.cpu().numpy() / run.normaliser.scale])}


def _latent_grid(run: Run, request: RequestFrame) -> dict[str, Any]:
    """Images of straight lines through the first two latent coordinates, the others at 0."""
    dimension = run.experiment.latent.dimension
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


def _histograms(run: Run, request: RequestFrame) -> dict[str, Any]:
    edges = np.linspace(0, 1, HISTOGRAM_BINS + 1, dtype=np.float32)
    counts = [
        np.histogram(_as_probability(run, outputs), edges)[0].astype(np.float32) for outputs in _reference_outputs(run)
    ]
    return {"histograms": Histograms(edges, *counts)}


def _networks(run: Run, request: RequestFrame) -> dict[str, Any]:
    game, state = run.game, run.state
    return {
        "generator_weights": _drawable(game.generator.weight_matrices(state.generator.parameters)),
        "discriminator_weights": _drawable(game.discriminator.weight_matrices(state.discriminator.parameters)),
    }


_LAYERS: dict[Layer, Callable[[Run, RequestFrame], dict[str, Any]]] = {
    "generated": _generated,
    "field": _field,
    "gradients": _gradients,
    "latent_grid": _latent_grid,
    "histograms": _histograms,
    "networks": _networks,
}


def _look_latents(run: Run, count: int) -> Floats:
    """The same latents in every frame, so that a dot keeps its identity."""
    experiment = run.experiment
    return sample_prior(experiment.latent, count, stream(experiment.seed, Purpose.LOOK_LATENT), experiment.seed)


def _reference_outputs(run: Run) -> tuple[Tensor, Tensor]:
    """D's raw outputs on real and on generated samples."""
    real = run.target.sample(REFERENCE_SAMPLES, stream(run.experiment.seed, Purpose.LOOK_REAL))
    generated = run.generator(_look_latents(run, REFERENCE_SAMPLES))
    return _outputs(run, real), _outputs(run, generated)


def _outputs(run: Run, points: Floats) -> Tensor:
    player = run.state.discriminator
    x = _tensor(run, _normalised(run.normaliser, points))
    return run.game.discriminator.evaluate(player.parameters, player.buffers, x)


def _probability(run: Run, points: Floats) -> Floats:
    """D at ``points`` in data coordinates, (n,), as a probability."""
    return _as_probability(run, _outputs(run, points))


def _as_probability(run: Run, outputs: Tensor) -> Floats:
    probabilities = run.game.objective.probability(outputs, _reference_outputs(run))
    array: Floats = probabilities.flatten().cpu().numpy()
    return array


def _normalised(normaliser: Normaliser, points: Floats) -> Floats:
    return normaliser.normalised(points)


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
