"""D* beside D for the stage, free of Qt: kept from frame to frame, for it comes more rarely than D does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.messages.events import Field, Frame

Colours = NDArray[np.uint8]


class Optimal:
    """The latest D* there is, and how far D was from it then.

    ``field`` is D*, ``difference`` is D − D* in [−1, 1], both on the same cells, NaN where p_data and p_g are too faint
    to tell; None before the first. ``discriminator`` is D at that time.
    """

    def __init__(self) -> None:
        self.field: Field | None = None
        self.difference: Field | None = None
        self.discriminator: Field | None = None

    def take(self, frame: Frame | None) -> bool:
        """Look at a frame, None for no model; whether anything is another than before."""
        if frame is None:
            changed = self.field is not None
            self.field = self.difference = self.discriminator = None
            return changed
        if frame.optimal is None or frame.field is None or frame.optimal is self.field:
            return False
        self.field, self.discriminator = frame.optimal, frame.field
        self.difference = Field(frame.field.values - frame.optimal.values, frame.optimal.view)
        return True


def with_gaps(table: Colours) -> Colours:
    """A table of (256, 4) colours whose first entry is transparent, for :func:`marked`; the others span the table."""
    picked = np.linspace(0, len(table) - 1, len(table) - 1).round().astype(np.intp)
    return np.vstack((np.zeros((1, 4), np.uint8), table[picked]))


def marked(shares: NDArray[np.floating]) -> NDArray[np.float64]:
    """Shares in [0, 1] as places in a table of :func:`with_gaps`; NaN becomes its transparent entry."""
    places = (1.0 + 254.0 * np.clip(shares.astype(np.float64), 0.0, 1.0)) / 255.0
    return np.nan_to_num(places, nan=0.0)
