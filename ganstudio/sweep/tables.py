"""Results as tables, one a target: means over seeds, each seed below them, and published rows beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ganstudio.experiment.targets import TargetSpec
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.published import DIFFERENCES, PublishedRow, published_rows
from ganstudio.sweep.statistics import OF_MODES, Mean, Quantity, mean_of, quantities

NOTHING = "–"

Kind = Literal["mean", "seed", "perfect", "published"]


@dataclass(frozen=True)
class Row:
    """One line: its name, what kind of line it is, and a text for each column."""

    name: str
    kind: Kind
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Numbers of one target; ``notes`` belong below it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    def markdown(self) -> str:
        """The table in Markdown, its notes below it."""
        lines = ["| " + " | ".join(self.header) + " |", "|---" + "|--:" * (len(self.header) - 1) + "|"]
        for row in self.rows:
            mark = "**" if row.kind == "mean" else ""
            name = f"&emsp;{row.name}" if row.kind == "seed" else f"{mark}{row.name}{mark}"
            lines.append("| " + " | ".join((name, *(f"{mark}{cell}{mark}" for cell in row.cells))) + " |")
        return "\n".join([f"## {self.title}", "", *lines, *(f"\n{note}" for note in self.notes)]) + "\n"


def tables(outcomes: Sequence[Outcome], protocol: Protocol, targets: Mapping[str, TargetSpec]) -> tuple[Table, ...]:
    """For each target, in the order in which they come: distances, then modes where it has any.

    ``targets`` says what the names stand for, where that is known: only such a one can have published rows.
    """
    found: list[Table] = []
    for name in dict.fromkeys(outcome.target for outcome in outcomes):
        own = [one for one in outcomes if one.target == name]
        found.append(_table(name, own, quantities(protocol), notes=_events(own)))
        if any(one.coverage is not None for one in own):
            published = published_rows(targets[name]) if name in targets else ()
            notes = [DIFFERENCES] if published else []
            found.append(_table(f"{name}: modes", own, OF_MODES, published, notes))
    return tuple(found)


def _table(
    title: str,
    outcomes: list[Outcome],
    columns: Sequence[Quantity],
    published: Sequence[PublishedRow] = (),
    notes: Sequence[str] = (),
) -> Table:
    rows: list[Row] = []
    for way in dict.fromkeys(outcome.recipe for outcome in outcomes):
        runs = sorted((one for one in outcomes if one.recipe == way), key=lambda one: one.seed)
        rows.append(Row(way, "mean", tuple(_mean_text(mean_of(map(column.read, runs)), column) for column in columns)))
        rows += [_seed_row(run, columns) for run in runs]
    rows.append(_perfect_row(outcomes[0], columns))
    rows += [_published_row(row, columns) for row in published]
    return Table(title, ("recipe", *(column.title for column in columns)), tuple(rows), tuple(notes))


def _events(outcomes: list[Outcome]) -> list[str]:
    """What a reader must know of single runs."""
    broken = [f"{one.recipe}, seed {one.seed}: ended early, {one.broken}." for one in outcomes if one.broken]
    return broken + list(filter(None, [_engines(outcomes)]))


def _seed_row(run: Outcome, columns: Sequence[Quantity]) -> Row:
    values = [column.read(run) for column in columns]
    cells = (NOTHING if value is None else column.text(value) for column, value in zip(columns, values, strict=True))
    return Row(f"seed {run.seed}", "seed", tuple(cells))


def _mean_text(mean: Mean, column: Quantity) -> str:
    if mean.value is None:
        return NOTHING
    text = column.text(mean.value)
    if mean.error is not None:
        text += f" ± {column.text(mean.error)}"
    return text if mean.count == mean.total else f"{text} ({mean.count} of {mean.total})"


def _perfect_row(run: Outcome, columns: Sequence[Quantity]) -> Row:
    """What a perfect generator would read."""
    found = {"jsd": f"≤ {run.jsd_floor:.4f}"}
    if run.coverage is not None:
        found |= {
            "modes_captured": str(run.coverage.modes_total),
            "hq_fraction": f"{100 * run.coverage.perfect_hq_fraction:.1f} %",
            "reverse_kl": f"{run.coverage.perfect_reverse_kl:.4f}",
            "sigma_ratio": "1",
            "least_share": "1",
        }
    return Row("a perfect generator", "perfect", tuple(found.get(column.name, "") for column in columns))


def _published_row(row: PublishedRow, columns: Sequence[Quantity]) -> Row:
    found = {
        "modes_captured": f"{row.modes_captured:g}",
        "hq_fraction": f"{100 * row.hq_fraction:.1f} %",
        "reverse_kl": NOTHING if row.reverse_kl is None else f"{row.reverse_kl:.2f}",
    }
    return Row(f"{row.method} † ({row.source})", "published", tuple(found.get(column.name, "") for column in columns))


def _engines(outcomes: list[Outcome]) -> str:
    """Which engine played what, where it was not the same for all."""
    played = sorted({(one.engine, one.recipe) for one in outcomes})
    if len({engine for engine, _ in played}) < 2:
        return ""
    parts = (f"{engine}: {', '.join(way for _, way in ways)}" for engine, ways in groupby(played, lambda pair: pair[0]))
    return f"Engines: {'; '.join(parts)}."
