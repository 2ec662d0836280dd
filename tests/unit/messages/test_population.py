"""Messages about populations cross as they are."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ganstudio.experiment import Experiment
from ganstudio.experiment.population import PopulationSpec
from ganstudio.messages.codec import decode, encode
from ganstudio.messages.population import (
    PopulationFrame,
    PopulationMeasured,
    PopulationStarted,
    RequestPopulationFrame,
    StartPopulation,
)
from ganstudio.messages.snapshot import Progress

JSD = np.array([0.25, np.nan, 0.5, -1e-4])
MESSAGES = [
    StartPopulation(3, PopulationSpec(base=Experiment(seed=4), seeds=64).members()),
    RequestPopulationFrame(3, 500),
    PopulationStarted(3, 64, "eager"),
    PopulationFrame(
        3,
        Progress(7, 7, 7, 0.5),
        np.arange(24, dtype=np.float32).reshape(4, 3, 2),
        JSD,
        np.array([False, True, False, False]),
        1234.5,
    ),
    PopulationMeasured(3, 250, JSD, 0.002),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(message: object) -> None:
    arrived = decode(encode(message))
    assert type(arrived) is type(message)
    for field in dataclasses.fields(message):  # type: ignore[arg-type]
        sent, got = getattr(message, field.name), getattr(arrived, field.name)
        if isinstance(sent, np.ndarray):
            assert got.dtype == sent.dtype
            np.testing.assert_array_equal(got, sent)
        else:
            assert got == sent
