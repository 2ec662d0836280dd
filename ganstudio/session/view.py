"""How a session was looked at: restored with it, without any influence on the run."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from ganstudio.experiment.setting import Record

MAX_NOTES = 20_000
_Edge = Annotated[float, Field(ge=-1e9, le=1e9)]


class LayerView(Record):
    """One layer of the stage: whether it is shown, and how opaque (0 to 1)."""

    title: ClassVar[str] = "Layer"
    name: str = Field(min_length=1, max_length=64)
    visible: bool = True
    opacity: float = Field(default=1.0, ge=0, le=1)


class ViewSettings(Record):
    """The stage as it was left, and what its owner noted.

    ``layers`` is bottom to top; a layer it does not name keeps the window's default, and a name that the window does
    not know is passed over, so that layers can come and go. ``view_range`` is x_min, x_max, y_min, y_max in data
    coordinates; None fits the view to the target. ``notes`` is plain text.
    """

    title: ClassVar[str] = "View"
    layers: tuple[LayerView, ...] = Field(default=(), max_length=64)
    view_range: tuple[_Edge, _Edge, _Edge, _Edge] | None = None
    notes: str = Field(default="", max_length=MAX_NOTES)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        names = [layer.name for layer in self.layers]
        if len(set(names)) != len(names):
            raise ValueError("a layer is named twice")
        if self.view_range is not None:
            x_min, x_max, y_min, y_max = self.view_range
            if not (x_min < x_max and y_min < y_max):
                raise ValueError("the view range is empty: each minimum must be below its maximum")
        return self
