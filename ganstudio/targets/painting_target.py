"""A painting as a target."""

from __future__ import annotations

from ganstudio.errors import UserError
from ganstudio.experiment import targets as spec
from ganstudio.targets.canvas import Canvas
from ganstudio.targets.painting import replay
from ganstudio.targets.raster import RasterDistribution


class PaintingTarget(RasterDistribution):
    """p_data proportional to the ink of a canvas, constant in each of its cells, hence exact everywhere."""

    def __init__(self, canvas: Canvas) -> None:
        if not canvas.density.any():
            raise UserError("the painting is empty: draw something first", field="target.commands")
        super().__init__(canvas.density, canvas.extent, dimension=canvas.dimension)
        self.canvas = canvas


def painting(target: spec.Painting | spec.Painting1D) -> PaintingTarget:
    """The painting that ``target``'s commands make.

    Raises:
        UserError: nothing is painted, or a 1-D painting holds a command that has no meaning there.
    """
    return PaintingTarget(replay(target))
