"""``session.json`` as a record: all of a session that is neither arrays nor strokes."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ganstudio.experiment import Experiment
from ganstudio.experiment.setting import Record
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS
from ganstudio.messages.snapshot import Array, Progress, Snapshot
from ganstudio.messages.timeline import CAPACITY
from ganstudio.session.migrations import FORMAT_VERSION
from ganstudio.session.view import ViewSettings

FORMAT = "ganstudio-session"

_Count = Annotated[int, Field(ge=0, lt=2**63)]


class ProgressRecord(Record):
    """:class:`~ganstudio.messages.snapshot.Progress`, validated. The counters are the state of the randomness."""

    iteration: _Count
    discriminator_updates: _Count
    generator_updates: _Count
    seconds: float = Field(ge=0)
    single_updates: _Count
    schedules_since: _Count

    @model_validator(mode="after")
    def _has_counted_forwards(self) -> Self:
        if self.schedules_since > self.iteration:
            raise ValueError("schedules cannot count from an iteration that was not reached; use another copy")
        return self


class NormalisationRecord(Record):
    """Data = centre + scale · normalised; one number for each dimension of the target."""

    centre: tuple[float, ...] = Field(min_length=1, max_length=2)
    scale: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1, max_length=2)


class Moment(Record):
    """What a snapshot has beside its arrays."""

    progress: ProgressRecord
    normalisation: NormalisationRecord

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """The moment of a snapshot."""
        return cls.model_validate(
            {
                "progress": dataclasses.asdict(snapshot.progress),
                "normalisation": {"centre": snapshot.centre, "scale": snapshot.scale},
            }
        )

    def snapshot(self, arrays: dict[str, Array]) -> Snapshot:
        """The snapshot of this moment with these arrays."""
        return Snapshot(
            Progress(**self.progress.model_dump()), self.normalisation.centre, self.normalisation.scale, arrays
        )


class HistoryColumns(Record):
    """What the columns of ``history.safetensors`` are, for whoever reads the file without this program."""

    rows: tuple[str, ...] = COLUMNS
    measures: tuple[str, ...] = MEASURE_COLUMNS

    @model_validator(mode="after")
    def _are_those_of_this_version(self) -> Self:
        if (self.rows, self.measures) != (COLUMNS, MEASURE_COLUMNS):
            raise ValueError("these are not the columns of this format; use another copy")
        return self


class Document(Record):
    """The whole of ``session.json``, the commands of a painting excepted (see ``painting.json``).

    ``progress`` and ``normalisation`` belong to ``state.safetensors``; both are null for a run that has not begun.
    ``program`` is the version that wrote the file, for people; reading goes by ``format_version`` alone.
    """

    format: Literal["ganstudio-session"] = "ganstudio-session"
    format_version: Annotated[int, Field(ge=1)] = FORMAT_VERSION
    program: str = Field(max_length=100)
    experiment: Experiment
    progress: ProgressRecord | None = None
    normalisation: NormalisationRecord | None = None
    timeline: tuple[Moment, ...] = Field(default=(), max_length=CAPACITY)
    history: HistoryColumns = HistoryColumns()
    view: ViewSettings = ViewSettings()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.progress is None) != (self.normalisation is None):
            raise ValueError("progress and normalisation must both be there, or both be null")
        dimension = type(self.experiment.target).dimension
        moments = [*self.timeline, *([self.moment] if self.moment else [])]
        for moment in moments:
            normalisation = moment.normalisation
            if not len(normalisation.centre) == len(normalisation.scale) == dimension:
                raise ValueError(f"a normalisation does not have the {dimension} dimension(s) of the target")
        iterations = [moment.progress.iteration for moment in self.timeline]
        if iterations != sorted(set(iterations)):
            raise ValueError("the timeline is not in the order of its iterations")
        return self

    @property
    def moment(self) -> Moment | None:
        """Where the run stands."""
        if self.progress is None or self.normalisation is None:
            return None
        return Moment(progress=self.progress, normalisation=self.normalisation)
