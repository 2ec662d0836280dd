"""The measurements of a comparison as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from ganstudio.messages.history import MEASURE_COLUMNS
from ganstudio.session.atomic import replace_file
from ganstudio.ui.compare.comparison import Lane

HEADER = ("recipe", "seed", *MEASURE_COLUMNS)


def write_measures(path: Path, lanes: Iterable[Lane]) -> None:
    """Write a row for each estimate of the JSD of each run, in nats, as in the history of a single run.

    Raises:
        UserError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEADER)
    for lane in lanes:
        contender = lane.contender
        for iteration, *measures in lane.run.history.measures.tolist():
            table.writerow([contender.name, contender.experiment.seed, int(iteration), *measures])
    with replace_file(path) as handle:
        handle.write(text.getvalue().encode("utf-8"))
