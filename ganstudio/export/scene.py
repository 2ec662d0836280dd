"""The numbers of a session that figures are made of, each computed once and only when a figure needs it."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.commands import RequestFrame
from ganstudio.messages.events import Frame, Histograms
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS
from ganstudio.session.session import Session
from ganstudio.training.look import look
from ganstudio.training.run import Run

POINTS = 2000
FIELD_CELLS = 128
DENSITY_CELLS = 200

View = tuple[float, float, float, float]
Layer = TypeVar("Layer")


class Scene:
    """What there is to see of a session where it stands; a session that has not begun stands at its initialisation.

    Raises:
        UserError: on first use of the run: the state does not fit the experiment, or the target is empty.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        # What was trained on a GPU can be looked at everywhere.
        self.experiment = session.experiment.model_copy(update={"device": "cpu"})

    @cached_property
    def run(self) -> Run:
        """The run, as the trainer would go on with it."""
        return Run(self.experiment, self.session.snapshot)

    @property
    def generated(self) -> NDArray[np.float32]:
        """(POINTS, dimension) samples of G, those that the window shows."""
        return _there(self._frame.generated)

    @property
    def field(self) -> NDArray[np.float32]:
        """D as a probability on cells of the view, (FIELD_CELLS, FIELD_CELLS), row 0 at y_min; one row in 1-D."""
        return _there(self._frame.field).values

    @property
    def outputs(self) -> Histograms:
        """D's outputs on real and on generated samples."""
        return _there(self._frame.histograms)

    @cached_property
    def _frame(self) -> Frame:
        request = RequestFrame(("generated", "field", "histograms"), self.view, cells=FIELD_CELLS, points=POINTS)
        return look(self.run, request, generation=0, iterations_per_second=0.0)

    @property
    def dimension(self) -> int:
        return self.run.game.dimension

    @property
    def view(self) -> View:
        """x_min, x_max, y_min, y_max: the extent of the target."""
        extent = self.run.target.extent
        return (extent.x_min, extent.x_max, extent.y_min, extent.y_max)

    @cached_property
    def real(self) -> NDArray[np.float32]:
        """(POINTS, dimension) samples of p_data."""
        return self.run.target.sample(POINTS, stream(self.experiment.seed, Purpose.LOOK_REAL))

    @cached_property
    def density(self) -> NDArray[np.float32] | None:
        """p_data on cells of the view, row 0 at y_min; None where it is not known."""
        rows = DENSITY_CELLS if self.dimension == 2 else 1
        return self.run.target.density_raster(self.run.target.extent, DENSITY_CELLS, rows)

    @property
    def iteration(self) -> int:
        """How far the session is."""
        return self.session.snapshot.progress.iteration if self.session.snapshot else 0

    def column(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Iterations and values of a column of the history, without what is not known."""
        rows = self.session.history.rows
        values = rows[:, COLUMNS.index(name)]
        known = np.isfinite(values)
        return rows[known, 0], values[known]

    @cached_property
    def measures(self) -> dict[str, NDArray[np.float64]]:
        """Each measure of the JSD by its name in ``MEASURE_COLUMNS``; the last one is of where the session stands."""
        table = self.session.history.measures
        if not len(table) or table[-1, 0] != self.iteration:
            self.run.measure()
            table = np.vstack([table, self.run.history.measures[-1:]])
        return {name: table[:, index] for index, name in enumerate(MEASURE_COLUMNS)}


def _there(layer: Layer | None) -> Layer:
    """A layer of a frame that was asked for."""
    if layer is None:
        raise RuntimeError("a frame came without a layer that was asked for")
    return layer
