"""How the members of a population are laid out and named. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.experiment.population import PopulationSpec, short_label, value_texts
from ganstudio.experiment.reference import fields
from ganstudio.ui.population.proposals import heading


@dataclass(frozen=True)
class Sheet:
    """The grid's (rows, columns), and the name of each member.

    In a sweep the names stand at the edges: of the axis of the rows and that of the columns, and of each one's values.
    """

    shape: tuple[int, int]
    names: tuple[str, ...]
    row_title: str = ""
    column_title: str = ""
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def is_sweep(self) -> bool:
        """Whether there are headings."""
        return bool(self.rows or self.columns)


def sheet_of(spec: PopulationSpec) -> Sheet:
    """The sheet of a population; of one over seeds alone without headings."""
    if spec.rows is None and spec.columns is None:
        return Sheet(spec.shape, spec.labels())
    seeds = [spec.base.seed + number for number in range(spec.seeds)]
    known = {found.path: found for found in fields(spec.base)}
    return Sheet(
        spec.shape,
        spec.labels(),
        row_title=short_label(spec.base, spec.rows.path) if spec.rows else "seed",
        column_title=heading(spec.base, known[spec.columns.path]) if spec.columns else "Seed",
        rows=value_texts(spec.rows.values if spec.rows else seeds),
        columns=value_texts(spec.columns.values if spec.columns else seeds),
    )
