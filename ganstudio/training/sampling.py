"""Fresh samples and what D says of them, for looking: how means over batches scatter around the expectation."""

from __future__ import annotations

import numpy as np
import torch

from ganstudio.errors import UserError
from ganstudio.gan.priors import Floats, sample_prior
from ganstudio.gan.streams import Purpose, stream
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.messages.commands import SampleOutputs
from ganstudio.messages.events import OutputsSampled
from ganstudio.training.run import Run

MOST = 2**17
SHOWN = 1024
"""Latents and samples that are told; outputs are all told."""


def outputs_sampled(run: Run, command: SampleOutputs, generation: int) -> OutputsSampled:
    """The answer to a ``SampleOutputs``.

    Raises:
        UserError: the count is out of range.
    """
    if not 1 <= command.count <= MOST:
        raise UserError(f"must be between 1 and {MOST:,}, not {command.count:,}", field="count")
    experiment = run.experiment
    seed, needed = experiment.seed, command.count * experiment.discriminator.packing
    real = run.target.sample(needed, stream(seed, Purpose.EXPECTATION_REAL, command.draw))
    latents = sample_prior(experiment.latent, needed, stream(seed, Purpose.EXPECTATION_LATENT, command.draw), seed)
    samples = TrainedGenerator.of(run.game, run.state, run.normaliser, "current")(latents)
    return OutputsSampled(
        generation,
        run.progress,
        command.request,
        _judged(run, real),
        _judged(run, samples),
        np.ascontiguousarray(latents[:SHOWN]),
        np.ascontiguousarray(samples[:SHOWN]),
    )


def _judged(run: Run, points: Floats) -> Floats:
    """D's raw outputs, (n,), at ``points`` in data coordinates, as it plays: in packs where it sees packs."""
    game, player = run.game, run.state.discriminator
    with torch.no_grad():
        prepared = game.discriminator.prepare(player.parameters, player.buffers, training=False)
        x = game.packed(torch.from_numpy(run.normaliser.normalised(points)).to(run.state.ema.device))
        outputs: Floats = game.discriminator.forward(prepared, x, training=False)[0].flatten().cpu().numpy()
    return outputs
