"""Estimators that look into a session's networks see the networks of that session."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.trained_model import trained_model
from ganstudio.training.run import Run


def run_of(**settings: object) -> Run:
    experiment = Experiment()
    base: dict[str, object] = {"generator.widths": [8], "discriminator.widths": [8], "measure.samples": 1000}
    for path, value in (base | settings).items():
        experiment = with_value(experiment, path, value)
    run = Run(experiment)
    run.advance(30)
    return run


def test_the_discriminators_bound_is_half_of_v_plus_log_4_of_the_runs_own_networks() -> None:
    run = run_of()
    model = trained_model(run.generator, run.state)
    rng = np.random.default_rng(0)
    real, generated = run.target.sample(500, rng), run.generator.sample(500, rng)
    with torch.no_grad():
        player = run.state.discriminator
        on_real, on_generated = (
            run.game.discriminator.evaluate(
                player.parameters, player.buffers, torch.from_numpy(run.normaliser.normalised(side))
            )[:, 0]
            for side in (real, generated)
        )
        value = float(-softplus(-on_real).mean() - softplus(on_generated).mean())
    assert model.logits is not None
    assert model.logits(real) == pytest.approx(on_real.numpy(), abs=1e-6)
    assert model.logits(generated) == pytest.approx(on_generated.numpy(), abs=1e-6)
    found = evaluate(generated, run.target, model=model)
    assert set(found.jsd_estimators) == {"histogram", "kde", "exact_density", "discriminator", "latent_map"}
    # Other real samples than these, so only up to their noise.
    reading = found.jsd_estimators["discriminator"]
    assert reading.value == pytest.approx((value + math.log(4)) / 2, abs=5 * (reading.high - reading.low) + 1e-3)


def test_the_latent_map_agrees_with_a_histogram_of_many_samples() -> None:
    run = run_of(**{"latent.prior": "mixture"})
    model = trained_model(run.generator, run.state)
    found = evaluate(run.generator.sample(100_000, np.random.default_rng(0)), run.target, model=model).jsd_estimators
    assert found["latent_map"].value == pytest.approx(found["histogram"].value, abs=0.004)
    assert found["latent_map"].high - found["latent_map"].low < found["histogram"].high - found["histogram"].low


@pytest.mark.parametrize("objective", ["wasserstein", "hinge", "least_squares"])
def test_what_is_no_probability_gives_no_bound(objective: str) -> None:
    run = run_of(objective=objective)
    model = trained_model(run.generator, run.state)
    assert model.logits is None
