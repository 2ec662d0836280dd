"""Shapes that were drawn by hand, shipped as paintings: what no formula for a target foresaw."""

from __future__ import annotations

import json
from functools import cache

from ganstudio import shipped
from ganstudio.errors import UserError
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
    folder = shipped.directory("drawn")
    order: list[str] = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    return {PREFIX + name: read_painting(folder / f"{name}.json") for name in order}


def drawn_shape(name: str) -> Painting | Painting1D:
    """The drawn shape of this name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    known = drawn_shapes()
    if name not in known:
        raise UserError(f"there is no drawn shape '{name}'; known: {', '.join(known)}", field="target")
    return known[name]
