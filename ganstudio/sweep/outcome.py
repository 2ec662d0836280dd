"""What came of one run: everything that a table, a figure or a reader may ask of it, as one record of one file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ganstudio.experiment.setting import Record

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
"""Printed on terminals and part of a file's name."""


class CurvePoint(Record):
    """One measurement on the way: after so many iterations, and seconds of training on the clock and the processor."""

    iteration: int = Field(ge=0)
    seconds: float = Field(ge=0)
    processor_seconds: float = Field(ge=0)
    jsd: float


class Coverage(Record):
    """The modes as the papers count them, on the protocol's ``coverage_samples``.

    As in :class:`~ganstudio.metrics.coverage.ModeCoverage`. ``least_share`` is of all samples: the smallest share of
    a mode among HQ samples over its weight in p_data, 1 where all have their due.
    """

    modes_captured: int
    modes_total: int
    hq_fraction: float
    perfect_hq_fraction: float
    reverse_kl: float | None
    perfect_reverse_kl: float
    sigma_ratio: float | None
    least_share: float | None


class Outcome(Record):
    """One finished run.

    Attributes:
        target, recipe, seed, digest: of the :class:`~ganstudio.sweep.subjects.Case` that was run.
        engine: the one that executed the iterations, and in ``engine_note`` why it was not another.
        workers: runs that were made at once, each in a process of its own; 0 for one by one in the program's own.
        iterations, seconds, processor_seconds: of training, in all; measuring is not counted.
        broken: why it ended before its budget, such as a number that stopped being finite; None where it did not.
        curve: from before the first iteration to the end.
        jsd and what belongs to it: nats, as in :class:`~ganstudio.metrics.evaluate.Evaluation`, at the end.
        distances: of the same samples, as in :class:`~ganstudio.metrics.distances.SampleDistances`.
        coverage: None for a target without separate modes.
    """

    target: Name
    recipe: Name
    seed: int = Field(ge=0)
    digest: Name
    engine: Name
    engine_note: str = Field(default="", max_length=1000)
    workers: int = Field(default=1, ge=0)
    iterations: int = Field(ge=0)
    seconds: float = Field(ge=0)
    processor_seconds: float = Field(ge=0)
    broken: str | None = Field(default=None, max_length=1000)
    curve: tuple[CurvePoint, ...] = Field(min_length=1, max_length=10_000)
    jsd: float
    jsd_floor: float
    jsd_low: float
    jsd_high: float
    distances: dict[str, float | None]
    coverage: Coverage | None = None

    @property
    def key(self) -> str:
        """The same as its case's."""
        return f"{self.target}--{self.recipe}--seed-{self.seed}"

    @property
    def iterations_per_second(self) -> float | None:
        """Of processor time."""
        return self.iterations / self.processor_seconds if self.processor_seconds > 0 else None

    def reached(self, threshold: float) -> CurvePoint | None:
        """The first measurement at or below ``threshold`` nats; None where there is none."""
        return next((point for point in self.curve if point.jsd <= threshold), None)
