"""The data source: what p_data is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.presets import presets
from ganstudio.experiment.targets import TargetSpec
from ganstudio.targets import build
from ganstudio.ui.forms.record_form import stacked
from ganstudio.ui.icons import icon
from ganstudio.ui.panels.gallery import Gallery
from ganstudio.ui.panels.panel import Panel, note
from ganstudio.ui.theme import Theme


class DataPanel(Panel):
    """A gallery of presets, drawing and files, and the parameters of the target."""

    title = "Data source"
    icon_name = "target"
    preset_requested = Signal(str)
    drawing_requested = Signal(int)  # dimension
    file_requested = Signal()

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(experiment, theme)
        self.gallery = Gallery(tuple(presets().values()), theme)
        self.gallery.chosen.connect(self.preset_requested)
        self.draw_button = self._draw_button()
        self.file_button = QPushButton("Load file…")
        self.file_button.setToolTip("Points from CSV, TSV, NPY or NPZ, or the dark pixels of a PNG or JPEG")
        self.file_button.clicked.connect(self.file_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.draw_button, 1)
        buttons.addWidget(self.file_button, 1)
        target = self.form("target")
        self._extent = note()
        self._extent.setToolTip("The part of the plane that is shown and in which distances are measured")
        normalisation = self.form("normalisation")
        column = stacked(self.gallery)
        column.addLayout(buttons)
        for widget in (target, self._extent, normalisation):
            column.addWidget(widget)
        self.setLayout(column)
        self._shown: TargetSpec | None = None
        self.set_theme(theme)
        self.show_experiment(experiment)

    def _draw_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("Draw your own")
        button.setToolTip("Paint a distribution on the stage with the mouse")
        button.setProperty("role", "outlined")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        menu.addAction("In the plane (2-D)", lambda: self.drawing_requested.emit(2))
        menu.addAction("A density curve (1-D)", lambda: self.drawing_requested.emit(1))
        button.setMenu(menu)
        button.clicked.connect(lambda: self.drawing_requested.emit(2))
        return button

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this experiment."""
        target = experiment.target
        if target is not self._shown and target != self._shown:
            self.gallery.show_experiment(experiment)
            self._extent.setText(_extent_text(target))
        self._shown = target
        super().show_experiment(experiment)

    def set_theme(self, theme: Theme) -> None:
        """Draw pictures and icons again."""
        super().set_theme(theme)
        self.gallery.set_theme(theme)
        self.draw_button.setIcon(icon("brush", theme))
        self.file_button.setIcon(icon("open", theme))

    def summary(self) -> str:
        """``Ring of gaussians · 2-D``."""
        target = self._experiment.target
        return f"{target.title} · {target.dimension}-D" if "1-D" not in target.title else target.title


def _extent_text(target: TargetSpec) -> str:
    try:
        extent = build(target).extent
    except UserError as error:
        return error.message
    x = f"x {_coordinate(extent.x_min)} to {_coordinate(extent.x_max)}"
    return x if target.dimension == 1 else f"{x} · y {_coordinate(extent.y_min)} to {_coordinate(extent.y_max)}"


def _coordinate(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
