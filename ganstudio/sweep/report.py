"""What a benchmark leaves in its folder beside its runs: a CSV, tables in Markdown, and a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from ganstudio.experiment.targets import TargetSpec
from ganstudio.export.writing import write_figure
from ganstudio.session.atomic import replace_file
from ganstudio.sweep.figure import figure
from ganstudio.sweep.folder import machine, versions
from ganstudio.sweep.outcome import Coverage, Outcome
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.tables import tables

CSV, TABLE, FIGURES = "runs.csv", "table.md", ("figure.png", "figure.svg")

_OWN = ("target", "recipe", "seed", "engine", "workers", "iterations", "seconds", "processor_seconds", "broken")
_JSD = ("jsd", "jsd_floor", "jsd_low", "jsd_high")


def write_report(
    folder: Path, outcomes: Sequence[Outcome], protocol: Protocol, targets: Mapping[str, TargetSpec]
) -> tuple[Path, ...]:
    """Write all of it, each file whole or not at all; returns the files. ``outcomes`` are at least one.

    Raises:
        UserError: a file cannot be written; what was there is kept.
    """
    texts = {CSV: _csv(outcomes, protocol), TABLE: markdown(outcomes, protocol, targets)}
    for name, text in texts.items():
        with replace_file(folder / name) as file:
            file.write(text.encode())
    drawn = figure(outcomes, protocol)
    for name in FIGURES:
        write_figure(drawn, folder / name)
    return tuple(folder / name for name in (*texts, *FIGURES))


def markdown(outcomes: Sequence[Outcome], protocol: Protocol, targets: Mapping[str, TargetSpec]) -> str:
    """All tables on one page, below what was measured, where and how."""
    workers = sorted({outcome.workers for outcome in outcomes})
    beside = ", ".join("in one process, one by one" if count == 0 else f"{count} at once" for count in workers)
    head = (
        f"Each run: {protocol.told()}; start and measuring are not counted. JSD in nats, of {protocol.samples:,} "
        f"generated samples on cells of 1/{protocol.cells(2)} of the extent (1/{protocol.cells(1)} in 1-D), corrected "
        f"for bias; modes, HQ, reverse KL and σ ratio of {protocol.coverage_samples:,} samples; least share: of the "
        f"mode that has least of its due, of {protocol.samples:,}. “s to …”: processor time to the first of "
        f"{protocol.measurements} measurements at or below it; in brackets how many seeds got there. "
        "Means ± standard errors over seeds."
    )
    where = f"{machine()}; runs: {beside}; " + ", ".join(f"{name} {version}" for name, version in versions().items())
    parts = [table.markdown() for table in tables(outcomes, protocol, targets)]
    return "\n".join(["# Benchmark of quality", "", head, "", where, "", *parts])


def _csv(outcomes: Sequence[Outcome], protocol: Protocol) -> str:
    """One row a run: every number of its outcome but the curve."""
    file = io.StringIO()
    modes, distances = tuple(Coverage.model_fields), tuple(outcomes[0].distances)
    times = tuple(f"{kind}_to_{threshold:g}" for threshold in protocol.thresholds for kind in ("seconds", "iterations"))
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*_OWN, *_JSD, *times, *modes, *distances))
    for one in outcomes:
        reached = [one.reached(threshold) for threshold in protocol.thresholds]
        writer.writerow(
            (
                *(getattr(one, name) for name in (*_OWN, *_JSD)),
                *(part for at in reached for part in ((at.processor_seconds, at.iteration) if at else (None, None))),
                *(getattr(one.coverage, name, None) for name in modes),
                *(one.distances.get(name) for name in distances),
            )
        )
    return file.getvalue()
