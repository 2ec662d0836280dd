"""What is the same for every run of a benchmark, so that its numbers can be compared."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import Field, model_validator

from ganstudio.experiment import Experiment
from ganstudio.experiment.experiment import Measure, Stop
from ganstudio.experiment.setting import Record

CELLS = {1: 100, 2: 30}
"""Cells of the JSD's histogram along each axis of the extent, by the dimension of the target."""

_NEVER = 10**6


class Protocol(Record):
    """How long each run trains, and by what it is judged.

    The budget is either iterations, or seconds of processor time: what the run would take on a machine that does
    nothing else. Neither the start nor measuring is counted, so runs beside each other and a busy machine hardly
    change a result.

    Attributes:
        seconds: budget of processor time; None where ``iterations`` are the budget.
        iterations: budget in iterations; None where ``seconds`` are.
        engine: what executes the iterations, as in ``train --engine``.
        samples: generated samples for each JSD, on the way and at the end.
        coverage_samples: the first so many of them are judged for modes, as in the papers.
        measurements: points of each curve, evenly spaced over the budget: the resolution of the times to a threshold.
        thresholds: JSDs, nats, the times to which are told.
    """

    seconds: float | None = Field(default=30.0, gt=0, le=10**6)
    iterations: int | None = Field(default=None, ge=1, le=10**9)
    engine: Literal["auto", "eager", "compiled"] = "auto"
    samples: int = Field(default=50_000, ge=100, le=1_000_000)
    coverage_samples: int = Field(default=2_500, ge=100, le=1_000_000)
    measurements: int = Field(default=60, ge=1, le=1000)
    thresholds: tuple[float, ...] = (0.1, 0.05)

    @model_validator(mode="after")
    def _has_one_budget(self) -> Self:
        if (self.seconds is None) == (self.iterations is None):
            raise ValueError("needs either seconds or iterations, not both")
        return self

    @property
    def budget(self) -> float:
        """Seconds or iterations, whichever is counted."""
        amount = self.seconds if self.iterations is None else self.iterations
        return float(amount or 0.0)

    def due(self, number: int) -> float:
        """What has been spent when measurement ``number`` is due; 0 is before training, ``measurements`` at its end."""
        share = self.budget * number / self.measurements
        return float(math.ceil(share)) if self.iterations is not None else share

    def cells(self, dimension: int) -> int:
        """Cells of the histogram along each axis, for a target of this dimension."""
        return CELLS[dimension]

    def applied(self, experiment: Experiment) -> Experiment:
        """The experiment as this protocol runs it: its own measuring and end do not count, only which G is judged."""
        measure = Measure(
            cells=self.cells(type(experiment.target).dimension),
            every=_NEVER,
            weights=experiment.measure.weights,
        )
        return experiment.model_copy(update={"measure": measure, "stop": Stop(), "device": "cpu"})

    def told(self) -> str:
        """The budget for people."""
        if self.seconds is None:
            return f"{self.iterations:,} iterations"
        return f"{self.seconds:g} s of processor time"
