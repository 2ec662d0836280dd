"""The protocol: one budget, and what it makes of an experiment."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from sweep_material import QUICK, small

from ganstudio.experiment.experiment import Measure, Stop
from ganstudio.sweep.protocol import Protocol


def test_it_has_exactly_one_budget() -> None:
    assert Protocol().budget == 30 and Protocol(seconds=None, iterations=70).budget == 70
    for both in ({"seconds": 3.0, "iterations": 3}, {"seconds": None, "iterations": None}):
        with pytest.raises(ValidationError, match="either seconds or iterations"):
            Protocol.model_validate(both)


def test_measurements_are_evenly_spaced_and_the_last_is_at_the_end() -> None:
    by_time = Protocol(seconds=12.0, measurements=4)
    assert [by_time.due(number) for number in range(5)] == [0, 3, 6, 9, 12]
    by_count = Protocol(seconds=None, iterations=10, measurements=4)
    assert [by_count.due(number) for number in range(5)] == [0, 3, 5, 8, 10]


def test_only_what_is_measured_and_when_it_ends_is_the_protocols() -> None:
    experiment = small().model_copy(
        update={"measure": Measure(cells=77, weights="current", every=3), "stop": Stop(jsd_below=0.3)}
    )
    applied = QUICK.applied(experiment)
    assert applied.measure.cells == 30 and applied.measure.weights == "current"
    assert applied.stop == Stop()
    for name in set(type(experiment).model_fields) - {"measure", "stop", "device"}:
        assert getattr(applied, name) == getattr(experiment, name)
    assert QUICK.applied(small("mixture-1d")).measure.cells == 100


def test_the_budget_is_told_in_its_unit() -> None:
    assert Protocol().told() == "30 s of processor time"
    assert Protocol(seconds=None, iterations=5000).told() == "5,000 iterations"
