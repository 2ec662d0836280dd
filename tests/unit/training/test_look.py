"""Looks: frames hold numbers of the running model, and looking at it does not change it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from small_experiment import same
from small_experiment import small as tiny
from torch import Tensor

from ganstudio.errors import UserError
from ganstudio.gan.priors import prior_span
from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.codec import decode, encode
from ganstudio.messages.commands import GRID_LINES, GRID_POINTS, RequestFrame
from ganstudio.metrics.line_density import latent_lines
from ganstudio.training.look import _LAYERS, MAP_LINES, REFERENCE_SAMPLES, look
from ganstudio.training.run import Run

EVERY_LAYER = RequestFrame(
    tuple(_LAYERS), (-2.0, 2.0, -2.0, 2.0), cells=8, points=50, latents=np.zeros((3, 2), np.float32)
)

small = partial(tiny, generator__widths=[8], discriminator__widths=[8], measure__every=7)


@pytest.mark.parametrize("target", ["gaussian_ring", "mixture_1d"])
def test_looking_does_not_change_the_trajectory(target: str) -> None:
    blind, watched = Run(small(target=target)), Run(small(target=target, measure__every=1000))
    for _ in range(10):
        blind.advance(1)
        watched.advance(1)
        look(watched, EVERY_LAYER, 0, 0.0)
        watched.measure()
    assert same(blind.snapshot(), watched.snapshot())


class TestLooks:
    """Frames hold numbers of the running model."""

    def test_a_dot_keeps_its_latent_from_frame_to_frame(self) -> None:
        run = Run(small(optimizers__generator__learning_rate=1e-6))
        first = look(run, EVERY_LAYER, 0, 0.0).generated
        run.advance(1)
        second = look(run, EVERY_LAYER, 0, 0.0).generated
        assert first is not None and second is not None
        assert abs(first - second).max() < 1e-3
        assert first.shape == (50, 2)

    def test_the_field_is_d_at_the_cell_centres(self) -> None:
        run = Run(small())
        run.advance(5)
        field = look(run, EVERY_LAYER, 0, 0.0).field
        assert field is not None
        import torch

        x, y = -2 + 4 * (3 + 0.5) / 8, -2 + 4 * (5 + 0.5) / 8  # column 3, row 5
        at = torch.from_numpy(run.normaliser.normalised(np.array([[x, y]], np.float32)))
        player = run.state.discriminator
        output = run.game.discriminator.evaluate(player.parameters, player.buffers, at)
        assert field.values[5, 3] == pytest.approx(torch.sigmoid(output).item(), rel=1e-5)

    def test_arrows_point_where_the_generators_loss_falls(self) -> None:
        run = Run(small())
        run.advance(50)
        arrows = look(run, EVERY_LAYER, 0, 0.0).gradients
        assert arrows is not None
        import torch

        player = run.state.discriminator

        def loss(points: np.ndarray) -> float:
            x = torch.from_numpy(run.normaliser.normalised(points.astype(np.float32)))
            output = run.game.discriminator.evaluate(player.parameters, player.buffers, x)
            return float(torch.nn.functional.softplus(-output).sum())

        points, step = arrows[:, :2], 1e-3 * arrows[:, 2:]
        slope = (loss(points + step) - loss(points - step)) / 2e-3
        assert slope == pytest.approx(-float((arrows[:, 2:] ** 2).sum()), rel=0.05)

    @pytest.mark.parametrize("kind", ["relativistic_paired", "relativistic_average"])
    def test_arrows_of_a_relativistic_loss_compare_each_sample_with_all_real_ones(self, kind: str) -> None:
        run = Run(small(objective=kind))
        run.advance(50)
        arrows = look(run, EVERY_LAYER, 0, 0.0).gradients
        assert arrows is not None
        player = run.state.discriminator
        drawn = run.target.sample(REFERENCE_SAMPLES, stream(0, Purpose.LOOK_REAL))

        def outputs(points: np.ndarray) -> Tensor:
            x = torch.from_numpy(run.normaliser.normalised(points.astype(np.float32)))
            return run.game.discriminator.evaluate(player.parameters, player.buffers, x).double()[:, 0]

        real, softplus = outputs(drawn), torch.nn.functional.softplus

        def loss(points: np.ndarray) -> float:
            generated = outputs(points)
            if kind == "relativistic_paired":
                return float(softplus(real[None] - generated[:, None]).mean(1).sum())
            each = softplus(real.mean() - generated).mean() + softplus(real - generated.mean()).mean()
            return float(each) * len(generated)

        points, step = arrows[:, :2], 1e-3 * arrows[:, 2:]
        slope = (loss(points + step) - loss(points - step)) / 2e-3
        assert slope == pytest.approx(-float((arrows[:, 2:] ** 2).sum()), rel=0.05)

    def test_histograms_count_every_output_once(self) -> None:
        histograms = look(Run(small()), EVERY_LAYER, 0, 0.0).histograms
        assert histograms is not None
        assert histograms.real.sum() == histograms.generated.sum() == REFERENCE_SAMPLES
        assert len(histograms.edges) == len(histograms.real) + 1

    def test_only_the_layers_that_were_asked_for_are_there(self) -> None:
        frame = look(Run(small()), RequestFrame(("generated",), (-1, 1, -1, 1)), 3, 12.0)
        assert frame.generated is not None
        assert frame.field is None and frame.histograms is None and frame.latent_grid is None
        assert (frame.generation, frame.iterations_per_second) == (3, 12.0)

    @pytest.mark.parametrize("weights", ["ema", "current"])
    def test_latents_of_a_request_are_mapped_by_the_generator_that_is_shown(self, weights: str) -> None:
        run = Run(small(measure__weights=weights))
        run.advance(9)
        latents = np.array([[0.0, 0.0], [1.5, -0.5], [-2.0, 0.3]], np.float32)
        asked = decode(encode(RequestFrame((), (-1, 1, -1, 1), latents=latents)))  # read-only, as from the pipe
        frame = look(run, asked, 0, 0.0)
        assert frame.mapped is not None and frame.generated is None
        player = run.state.generator
        parameters = run.state.ema if weights == "ema" else player.parameters
        images = run.game.generator.evaluate(parameters, player.buffers, torch.from_numpy(latents))
        expected = np.array(run.centre) + np.array(run.scale) * images.detach().numpy()
        np.testing.assert_allclose(frame.mapped.points, expected, rtol=1e-5, atol=1e-6)
        field = look(run, RequestFrame(("field",), (-9, 9, -9, 9), cells=400), 0, 0.0).field
        assert field is not None
        for (x, y), probability in zip(frame.mapped.points, frame.mapped.probabilities, strict=True):
            near = field.values[int((y + 9) / 18 * 400), int((x + 9) / 18 * 400)]
            assert probability == pytest.approx(near, abs=0.02)

    def test_the_latent_grid_runs_through_the_latent_that_is_asked_for_along_its_axes(self) -> None:
        run = Run(small(latent__dimension=4))
        latents = np.array([[0.1, -0.2, 0.3, 0.4]], np.float32)
        request = RequestFrame(("latent_grid",), (-1, 1, -1, 1), latents=latents, axes=(3, 1))
        grid = look(run, request, 0, 0.0).latent_grid
        assert grid is not None and grid.shape == (2 * GRID_LINES, GRID_POINTS, 2)
        span = prior_span(run.experiment.latent, run.experiment.seed)
        along, across = np.linspace(-span, span, GRID_POINTS), np.linspace(-span, span, GRID_LINES)
        corner = latents[0].copy()
        corner[3], corner[1] = along[7], across[2]  # line 2 of the first family, point 7
        np.testing.assert_allclose(grid[2, 7], run.generator(corner[None])[0], rtol=1e-4, atol=1e-5)
        corner[3], corner[1] = across[2], along[7]
        np.testing.assert_allclose(grid[GRID_LINES + 2, 7], run.generator(corner[None])[0], rtol=1e-4, atol=1e-5)
        for axes in ((1, 1), (0, 4), (-1, 0)):
            with pytest.raises(UserError, match="no plane"):
                look(run, RequestFrame(("latent_grid",), (-1, 1, -1, 1), latents=latents, axes=axes), 0, 0.0)

    def test_latents_of_another_latent_space_were_meant_for_another_run(self) -> None:
        run = Run(small())
        for latents in (np.zeros((3, 5), np.float32), np.zeros(2, np.float32)):
            assert look(run, RequestFrame((), (-1, 1, -1, 1), latents=latents), 0, 0.0).mapped is None

    def test_too_many_latents_are_refused(self) -> None:
        with pytest.raises(UserError, match="at most"):
            look(Run(small()), RequestFrame((), (-1, 1, -1, 1), latents=np.zeros((5000, 2), np.float32)), 0, 0.0)

    @pytest.mark.parametrize("dimension", [1, 3])
    def test_lines_from_z_to_x_end_at_the_generators_images(self, dimension: int) -> None:
        run = Run(small(target="mixture_1d", latent__dimension=dimension))
        run.advance(5)
        latents = latent_lines(run.experiment.latent, run.experiment.seed, MAP_LINES)
        lines = look(run, RequestFrame(("latent_grid",), (-3, 3, 0, 1)), 0, 0.0).latent_map
        assert lines is not None and lines.shape == (MAP_LINES, dimension + 1)
        np.testing.assert_array_equal(lines[:, :-1], latents)
        np.testing.assert_allclose(lines[:, -1], run.generator(latents)[:, 0], rtol=1e-5)

    def test_the_density_on_the_line_is_that_of_the_generator_shown(self) -> None:
        run = Run(small(target="mixture_1d", latent__dimension=1))
        run.advance(5)
        request = RequestFrame(("generated",), (-6.0, 6.0, 0.0, 1.0), cells=60)
        line = look(run, request, 0, 0.0).generated_line
        assert line is not None and line.values.shape == (1, 60)
        samples = run.generator.sample(200_000, np.random.default_rng(0))[:, 0]
        counted = np.histogram(samples, np.linspace(-6, 6, 61))[0] / (len(samples) * 0.2)
        assert np.abs(line.values[0] - counted).sum() * 0.2 < 0.02

    @pytest.mark.parametrize("objective", ["non_saturating", "least_squares", "hinge", "wasserstein"])
    def test_outputs_of_every_objective_read_as_probabilities(self, objective: str) -> None:
        run = Run(small(objective=objective, target="mixture_1d"))
        run.advance(3)
        frame = look(run, EVERY_LAYER, 0, 0.0)
        assert frame.field is not None and frame.gradients is not None
        assert frame.field.values.shape == (1, 8)
        assert ((frame.field.values >= 0) & (frame.field.values <= 1)).all()
        assert frame.gradients.shape == (50, 2)


def test_a_frame_says_what_each_of_its_layers_took() -> None:
    frame = look(Run(small()), EVERY_LAYER, 0, 0.0)
    assert set(frame.costs) == set(EVERY_LAYER.layers)
    assert all(cost > 0 for cost in frame.costs.values())
