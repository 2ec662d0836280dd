"""Fresh samples for looking: the right distributions, and the run as it was."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages.codec import decode, encode
from ganstudio.messages.commands import SampleOutputs
from ganstudio.training.run import Run
from ganstudio.training.sampling import SHOWN, outputs_sampled


def run(**settings: object) -> Run:
    experiment = Experiment()
    small = {"generator.widths": [8], "discriminator.widths": [8], "training.batch_size": 16, "measure.samples": 1000}
    for path, value in (small | {name.replace("__", "."): value for name, value in settings.items()}).items():
        experiment = with_value(experiment, path, value)
    return Run(experiment)


def test_the_run_is_not_changed_by_looking() -> None:
    looked, blind = run(), run()
    for _ in range(3):
        outputs_sampled(looked, SampleOutputs(100, 0, 0), 1)
        looked.advance(2)
        blind.advance(2)
    ours, theirs = looked.snapshot(), blind.snapshot()
    assert all(np.array_equal(ours.arrays[name], theirs.arrays[name]) for name in ours.arrays)


def test_another_draw_is_independent_and_the_same_draw_the_same() -> None:
    playing = run()
    first, again, other = (outputs_sampled(playing, SampleOutputs(500, draw, 7), 1) for draw in (0, 0, 1))
    np.testing.assert_array_equal(first.real, again.real)
    np.testing.assert_array_equal(first.generated, again.generated)
    assert not np.array_equal(first.real, other.real)
    assert abs(np.corrcoef(first.latents[:, 0], other.latents[:, 0])[0, 1]) < 0.15
    assert first.request == 7


def test_outputs_are_d_s_on_samples_of_g() -> None:
    playing = run(latent__dimension=3)
    playing.advance(3)
    found = outputs_sampled(playing, SampleOutputs(40, 0, 0), 1)
    assert found.latents.shape == (40, 3) and found.samples.shape == (40, 2)
    import torch

    x = torch.from_numpy(playing.normaliser.normalised(found.samples))
    player = playing.state.discriminator
    expected = playing.game.discriminator.evaluate(player.parameters, player.buffers, x)
    np.testing.assert_allclose(found.generated, expected[:, 0].numpy(), rtol=1e-5, atol=1e-6)


def test_a_d_that_sees_packs_gives_an_output_for_each_pack() -> None:
    found = outputs_sampled(run(discriminator__packing=3), SampleOutputs(50, 0, 0), 1)
    assert found.real.shape == found.generated.shape == (50,)
    assert found.latents.shape == (150, 2)


def test_points_are_told_in_part_outputs_in_full_and_it_crosses_the_pipe() -> None:
    found = decode(encode(outputs_sampled(run(), SampleOutputs(3000, 0, 0), 1)))
    assert len(found.real) == len(found.generated) == 3000
    assert len(found.latents) == len(found.samples) == SHOWN


@pytest.mark.parametrize("count", [0, -1, 10**7])
def test_counts_out_of_range_are_refused(count: int) -> None:
    with pytest.raises(UserError, match="between"):
        outputs_sampled(run(), SampleOutputs(count, 0, 0), 1)
