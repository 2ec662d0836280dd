"""Shapes that were drawn by hand, shipped as paintings: what no formula for a target foresaw."""

from __future__ import annotations

from functools import cache

from ganstudio.experiment import catalogue
from ganstudio.experiment.targets import Painting, Painting1D
from ganstudio.targets.files import read_painting

PREFIX = "drawn-"
"""Begins the name of each, so that it is no preset's."""


@cache
def drawn_shapes() -> dict[str, Painting | Painting1D]:
    """All drawn shapes by name, in the order in which they are offered.

    Raises:
        UserError: a shipped painting is broken; the message names the file and the field.
    """
    return {PREFIX + name: read_painting(path) for name, path in catalogue.files("drawn").items()}


def drawn_shape(name: str) -> Painting | Painting1D:
    """The drawn shape of this name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    return catalogue.entry(drawn_shapes(), name, kind="drawn shape", field="target")
