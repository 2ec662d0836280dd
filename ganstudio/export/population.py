"""What a figure of a population shows; drawn in :mod:`ganstudio.export.population_figure`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class PopulationPicture:
    """All of it, as it was at one moment.

    title, facts: what was trained, and how far.
    shape: (rows, columns) of the grid. names: of each member; in a sweep they stand as ``rows`` and ``columns`` beside
    and above the grid, with the names of both axes.
    view: x_min, x_max, y_min, y_max.
    are_curves: ``real`` and each of ``generated`` are (n, 2) points of a density curve, else samples in the plane.
    jsd: (members,) in nats. broken: the members whose numbers stopped being finite.
    iterations, floors, measured: (rows,), (rows,) and (rows, members).
    """

    title: str
    facts: str
    shape: tuple[int, int]
    names: Sequence[str]
    row_title: str
    column_title: str
    rows: Sequence[str]
    columns: Sequence[str]
    view: tuple[float, float, float, float]
    are_curves: bool
    real: Floats
    generated: Sequence[Floats]
    jsd: Floats
    broken: frozenset[int]
    iterations: Floats
    floors: Floats
    measured: Floats
