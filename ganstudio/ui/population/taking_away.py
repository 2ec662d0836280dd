"""Taking a population away: its grid as a figure, or its measurements as a table."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ganstudio.export.csv_table import write_csv
from ganstudio.export.population import PopulationPicture
from ganstudio.ui.background import Background
from ganstudio.ui.export_dialog import FIGURES, ExportDialog, ExportForm, Format, Wish
from ganstudio.ui.population.board import Board
from ganstudio.ui.population.population_run import PopulationRun
from ganstudio.ui.settings import Settings

FORM = ExportForm(
    "Export the population",
    "",  # no command: what is on the screen is in no session
    (*FIGURES, Format("csv", "CSV table of every JSD", ".csv", "A row for each member each time it was measured")),
    lambda _: [],
)
"""What is asked."""


class PopulationExport(QObject):
    """Asks how, and writes beside the GUI thread."""

    said = Signal(str)  # for a person: what became of it

    def __init__(self, settings: Settings, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._settings, self._background, self._window = settings, background, window
        self.dialog: ExportDialog | None = None

    def ask(self, run: PopulationRun, board: Board) -> None:
        """Ask for format and file; what is written is as it is when that is answered."""
        self.dialog = ExportDialog(FORM, self._settings.folder / "population", "", self._window)
        self.dialog.wished.connect(lambda wish: self.write(wish, run, board))
        self.dialog.open()

    def write(self, wish: Wish, run: PopulationRun, board: Board) -> None:
        """Write it."""
        self._settings.folder = wish.path.parent
        if wish.format == "csv":
            work = partial(write_csv, wish.path, *table(run))
        else:
            work = partial(_write_figure, wish.path, wish.scale, picture(run, board))
        self._background.do(work, lambda _: self.said.emit(f"Written to {wish.path.name}"), self.said.emit)
        self.said.emit(f"Writing {wish.path.name} …")

    def close(self) -> None:
        """The window closes: what is being written is waited for, a moment."""
        self._background.close()


def table(run: PopulationRun) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """A row for each member each time it was measured: which, what it has of its own, when, its JSD and the floor."""
    members = run.spec.members()
    axes = [axis.path for axis in (run.spec.rows, run.spec.columns) if axis is not None]
    own = [[number, member.seed, *(attrgetter(path)(member) for path in axes)] for number, member in enumerate(members)]
    iterations, floors, jsd = run.measures.table()
    times, count = len(iterations), len(members)
    rows = np.column_stack(
        [np.tile(own, (times, 1)), np.repeat(iterations, count), jsd.ravel(), np.repeat(floors, count)]
    )
    return ("member", "seed", *axes, "iteration", "jsd", "floor"), rows


def picture(run: PopulationRun, board: Board) -> PopulationPicture:
    """What the board shows, as it is now."""
    sheet, stage, spec = board.sheet, board.stage, run.spec
    samples = np.empty((spec.count, 0, spec.base.target.dimension)) if board.points is None else board.points
    iterations, floors, measured = run.measures.drawn()
    return PopulationPicture(
        title=type(spec.base.target).title,
        facts=f"{spec.base.objective.title} · {spec.count} members · {run.progress.iteration:,} iterations"
        " · numbers: JSD in nats",
        shape=sheet.shape,
        names=sheet.names,
        row_title=sheet.row_title,
        column_title=sheet.column_title,
        rows=sheet.rows,
        columns=sheet.columns,
        view=stage.view,
        are_curves=not stage.is_square,
        real=stage.real(),
        generated=[stage.shown(own) for own in samples],
        jsd=board.grid.jsd.copy(),
        broken=frozenset(run.broken_by),
        iterations=iterations.copy(),
        floors=floors.copy(),
        measured=measured.copy(),
    )


def _write_figure(path: Path, scale: float, shown: PopulationPicture) -> None:
    from ganstudio.export.population_figure import population_figure  # matplotlib takes a second to load
    from ganstudio.export.writing import write_figure

    write_figure(population_figure(shown), path, scale)
