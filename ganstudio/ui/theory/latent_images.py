"""z, z′ and the point between them in numbers: each with its image under G, and what D says of that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ganstudio.messages.events import Mapped
from ganstudio.ui.plots.figures import NONE
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.latent_path import LatentPath

ROWS = ("z", "z′", "z(t)")
HEADINGS = ("", "latent", "x = G(z)", "D(x)")
TIPS = {
    "z": "The disc on the pad, and on the stage where G puts it",
    "z′": "The ring on the pad, and on the stage where G puts it",
    "z(t)": "The point on the way from z to z′, at the share t that the slider says",
}
WIDEST = "−0.00, −0.00"


class LatentImages(QWidget):
    """A small table in tabular figures; a dash where there is no model yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        for column, heading in enumerate(HEADINGS):
            label = QLabel(heading)
            label.setProperty("role", "muted")
            grid.addWidget(label, 0, column)
        self._cells: dict[tuple[str, int], QLabel] = {}
        for row, name in enumerate(ROWS):
            for column in range(len(HEADINGS)):
                label = QLabel(name if column == 0 else NONE)
                label.setToolTip(TIPS[name])
                label.setAccessibleName(f"{name} {HEADINGS[column]}".strip())
                label.setFont(tabular(self.font()))
                if column in (1, 2):
                    label.setMinimumWidth(label.fontMetrics().horizontalAdvance(WIDEST))
                grid.addWidget(label, row + 1, column)
                self._cells[name, column] = label
        grid.setColumnStretch(len(HEADINGS), 1)
        self._roomy = True
        self._moving = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours: samples are generated, D has its own."""
        for (_, column), label in self._cells.items():
            colour = {2: theme.generated, 3: theme.discriminator}.get(column)
            if colour is not None:
                label.setStyleSheet(f"color: {colour};")

    def set_roomy(self, roomy: bool) -> None:
        """Whether there is room for more than z itself."""
        self._roomy = roomy
        self._arrange()

    def show_path(self, path: LatentPath) -> None:
        """The latents, in the coordinates that the pad shows."""
        latents = path.shown(np.vstack([path.start, path.end, path.at(np.array([path.share]))]))
        for name, latent in zip(ROWS, latents, strict=True):
            self._cells[name, 1].setText(_point(latent))
        if self._moving is not (path.share > 0):
            self._moving = path.share > 0
            self._arrange()

    def show_mapped(self, mapped: Mapped | None) -> None:
        """Their images, and D's answers; None knows none."""
        for row, name in enumerate(ROWS):
            image, answer = NONE, NONE
            if mapped is not None:
                image, answer = _point(mapped.points[row]), f"{float(mapped.probabilities[row]):.3f}"
            self._cells[name, 2].setText(image)
            self._cells[name, 3].setText(answer)

    def text(self, name: str, heading: str) -> str:
        """What stands in a row under a heading."""
        return self._cells[name, HEADINGS.index(heading)].text()

    def _arrange(self) -> None:
        shown = {"z": self._roomy or not self._moving, "z′": self._roomy, "z(t)": self._moving}
        for (name, _), label in self._cells.items():
            label.setVisible(shown[name])


def _point(values: NDArray[np.floating]) -> str:
    return ", ".join(f"{float(value):.2f}".replace("-", "−") for value in values)
