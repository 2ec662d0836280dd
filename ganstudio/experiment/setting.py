"""One setting: its default, range, unit, help and whether it is live, said once.

Forms, the command line's ``--set``, the session file and the reference table are all derived from what is said
here (see :mod:`ganstudio.experiment.reference`).
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A frozen, validated record; unknown fields and non-finite numbers are refused.

    ``title`` names the record for people, ``formula`` (LaTeX-like, may be empty) and ``source`` say where its
    mathematics comes from. The docstring's first line is its help.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""

    @classmethod
    def help(cls) -> str:
        """The first line of the docstring, which says in a sentence what the record is."""
        return (cls.__doc__ or "").strip().splitlines()[0] if cls.__doc__ else ""


def setting(
    default: Any = ...,
    *,
    label: str,
    help: str,
    live: bool = False,
    unit: str = "",
    formula: str = "",
    log: bool = False,
    usual: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
) -> Any:
    """A field of a :class:`Record`.

    Args:
        label: short name for forms.
        help: one line; what it is and what raising it does.
        live: whether it may change while training; the others need re-initialisation.
        unit: unit of the number, empty when it has none.
        formula: where the number stands in a formula.
        log: whether a form should step in factors rather than in differences.
        usual: the usual range, in words or numbers, for tooltips.
    """
    extra: dict[str, Any] = {"live": live, "unit": unit, "formula": formula, "log": log, "usual": usual}
    return Field(
        default,
        title=label,
        description=help,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        min_length=min_length,
        max_length=max_length,
        json_schema_extra=extra,
    )
