"""The row under the latent pad: the way from z to z′, and which coordinates of a longer latent are shown."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from ganstudio.ui.icons import icon
from ganstudio.ui.theme import Theme

STEPS = 200


class LatentSettings(QWidget):
    """Says what a person wants; shows what it is told."""

    share_requested = Signal(float)  # t in [0, 1]
    play_requested = Signal()
    axes_requested = Signal(tuple)  # two coordinates, from 0
    draw_requested = Signal()
    lines_requested = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._playing = False
        self.play = QPushButton("Interpolate")
        self.play.setToolTip("Let z(t) go to and fro between z and z′: watch its image move on the stage")
        self.play.clicked.connect(self.play_requested)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName("t, the share of the way from z to z′")
        self.slider.setToolTip("z(t) on the way from z (t = 0) to z′ (t = 1)")
        self.slider.valueChanged.connect(lambda value: self.share_requested.emit(value / STEPS))
        self._share = QLabel()
        self._share.setMinimumWidth(self._share.fontMetrics().horizontalAdvance("t = 0.00") + 4)
        self._first, self._second = (self._axis(which) for which in ("across", "up"))
        self.draw = QPushButton("New others")
        self.draw.setToolTip("Hold other values in the coordinates that are not shown: drawn from the prior")
        self.draw.clicked.connect(self.draw_requested)
        self.lines = QCheckBox("Lines on the stage")
        self.lines.setToolTip(
            "Show what G makes of the straight lines: the stage's latent grid, through z along the coordinates shown "
            "here; for a 1-D target, the lines from z to x"
        )
        self.lines.clicked.connect(self.lines_requested)
        self._others = QWidget()
        row = QHBoxLayout(self._others)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self._first, QLabel("×"), self._second, self.draw):
            row.addWidget(widget)
        row.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 4)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.play, 0, 0)
        grid.addWidget(self.slider, 0, 1)
        grid.addWidget(self._share, 0, 2)
        grid.addWidget(self._others, 1, 0, 1, 3)
        grid.addWidget(self.lines, 2, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_share(0.0)
        self.show_dimension(2)

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's icons."""
        self._theme = theme
        self.show_playing(self._playing)

    def show_share(self, share: float) -> None:
        """Where z(t) is."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * STEPS))
        self._share.setText(f"t = {share:.2f}")

    def show_lines(self, shown: bool) -> None:
        """Whether the stage shows the lines' images."""
        self.lines.setChecked(shown)

    def show_playing(self, playing: bool) -> None:
        """Whether z(t) goes to and fro."""
        self._playing = playing
        self.play.setText("Stop" if playing else "Interpolate")
        if self._theme is not None:
            self.play.setIcon(icon("pause" if playing else "play", self._theme))

    def show_dimension(self, dimension: int) -> None:
        """Of the latent space: only longer latents have coordinates to choose from. Shows the first two."""
        self._others.setVisible(dimension > 2)
        for number, box in enumerate((self._first, self._second)):
            with QSignalBlocker(box):
                box.setRange(1, max(dimension, 2))
                box.setValue(number + 1)

    def _axis(self, which: str) -> QSpinBox:
        box = QSpinBox(prefix="z")
        box.setMaximumWidth(72)
        box.setAccessibleName(f"latent coordinate {which}")
        box.setToolTip(f"Which coordinate of z goes {which} on the pad")
        box.valueChanged.connect(lambda _value, box=box: self._choose(box))
        return box

    def _choose(self, changed: QSpinBox) -> None:
        """Two different ones: the other box gives way."""
        other = self._second if changed is self._first else self._first
        if other.value() == changed.value():
            with QSignalBlocker(other):
                other.setValue(changed.value() % changed.maximum() + 1)
        self.axes_requested.emit((self._first.value() - 1, self._second.value() - 1))
