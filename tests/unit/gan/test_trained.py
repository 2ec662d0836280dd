"""The trained generator gives samples in data coordinates, by the chunk."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.gan import trained
from ganstudio.gan.priors import sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.training.run import Run


def _run() -> Run:
    run = Run(with_value(with_value(Experiment(), "generator.widths", [8]), "target", "two_gaussians"))
    run.advance(3)
    return run


def test_samples_are_images_of_the_prior() -> None:
    run = _run()
    latents = sample_prior(run.experiment.latent, 100, stream(4, Purpose.SAMPLE_LATENT), run.experiment.seed)
    np.testing.assert_array_equal(run.generator.sample_seeded(100, 4), run.generator(latents))


def test_a_snapshot_gives_the_generator_that_the_run_measures() -> None:
    run = _run()
    kept = TrainedGenerator.from_snapshot(run.experiment, run.snapshot())
    np.testing.assert_array_equal(kept.sample_seeded(50, 0), run.generator.sample_seeded(50, 0))
    current = TrainedGenerator.from_snapshot(run.experiment, run.snapshot(), "current")
    assert not np.array_equal(current.sample_seeded(50, 0), kept.sample_seeded(50, 0))


@pytest.mark.parametrize("count", [0, 1, 7, 8, 20])
def test_many_samples_are_drawn_by_the_chunk(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    generator = _run().generator
    whole = generator.sample_seeded(count, 0)
    monkeypatch.setattr(trained, "CHUNK", 7)
    parts = generator.sample_seeded(count, 0)
    assert parts.shape == whole.shape == (count, 2)
    np.testing.assert_allclose(parts, whole, rtol=1e-5, atol=1e-6)
