"""Asks what to export how; knows the command line's options and nothing of what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from ganstudio.ui import file_dialogs


@dataclass(frozen=True)
class Format:
    """One way to write it: its name on the command line, its title, the file's ending, a line of help."""

    name: str
    title: str
    suffix: str
    help: str
    scalable: bool = False


@dataclass(frozen=True)
class Wish:
    """What the dialog was told."""

    path: Path
    format: str
    count: int = 1000
    seed: int = 0
    scale: float = 2.0
    weights: str = "ema"


@dataclass(frozen=True)
class ExportForm:
    """One kind of export: its command, its formats, which questions it asks."""

    title: str
    command: str
    formats: tuple[Format, ...]
    arguments: Callable[[Wish], list[str]]
    asks_count: bool = False
    asks_weights: bool = False


FIGURES = (
    Format("png", "PNG picture", ".png", "Pixels; the scale says how many", scalable=True),
    Format("svg", "SVG drawing", ".svg", "Sharp at any size; for the web and for drawing programs"),
    Format("pdf", "PDF", ".pdf", "Sharp at any size; for papers"),
)


def _figure_arguments(wish: Wish) -> list[str]:
    return ["-o", str(wish.path), "--scale", f"{wish.scale:g}"]


FORMS: dict[str, ExportForm] = {
    "generator": ExportForm(
        "Export the generator",
        "export",
        (
            Format(
                "py",
                "Python code with weights (zip)",
                ".zip",
                "generator.py needs torch only: sample(n, seed) gives points in data coordinates. "
                "A name without .zip makes a folder",
            ),
            Format("safetensors", "Weights (safetensors)", ".safetensors", "Named tensors, without any code"),
            Format("pt2", "torch.export program", ".pt2", "Loads with torch.export.load, in any program with torch"),
            Format(
                "onnx",
                "ONNX",
                ".onnx",
                "For ONNX runtimes, batch of any size; needs the extra 'onnx', takes some ten seconds",
            ),
        ),
        lambda wish: ["--format", wish.format, "-o", str(wish.path), "--weights", wish.weights],
        asks_weights=True,
    ),
    "samples": ExportForm(
        "Export samples",
        "sample",
        (
            Format("npy", "NumPy array", ".npy", "float32, one row a sample, in data coordinates"),
            Format("csv", "CSV table", ".csv", "Text, one line a sample, in data coordinates"),
        ),
        lambda wish: ["-n", str(wish.count), "--seed", str(wish.seed), "-o", str(wish.path)],
        asks_count=True,
    ),
    "view": ExportForm("Export the whole view as a figure", "plot", FIGURES, _figure_arguments),
    "plot": ExportForm(
        "Export a plot",
        "plot",
        (*FIGURES, Format("csv", "CSV table of its data", ".csv", "Every row at full resolution")),
        _figure_arguments,
    ),
}
"""What can be exported, by name."""


class ExportDialog(QDialog):
    """Asks for format, file and numbers; training goes on meanwhile."""

    wished = Signal(object)  # Wish

    def __init__(self, form: ExportForm, suggestion: Path, subject: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{form.title}: {subject}" if subject else form.title)
        self.setMinimumWidth(460)
        self._form = form
        self._confirmed: Path | None = None
        self.format = QComboBox()
        for entry in form.formats:
            self.format.addItem(entry.title, entry)
        self._help = QLabel()
        self._help.setProperty("role", "muted")
        self._help.setWordWrap(True)
        self.path = QLineEdit(str(suggestion))
        browse = QPushButton("Browse…")
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(browse)
        self.count = QSpinBox(minimum=1, maximum=10_000_000, value=10_000)
        self.count.setGroupSeparatorShown(True)
        self.seed = QSpinBox(minimum=0, maximum=2**31 - 1)
        self.scale = QDoubleSpinBox(minimum=0.5, maximum=8.0, singleStep=0.5, value=2.0, suffix=" ×")
        self.weights = QComboBox()
        self.weights.addItem("Moving average (EMA)", "ema")
        self.weights.addItem("Current parameters", "current")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow("Format", self.format)
        layout.addRow("", self._help)
        if form.asks_weights:
            layout.addRow("Weights of G", self.weights)
        if form.asks_count:
            layout.addRow("Samples", self.count)
            layout.addRow("Seed", self.seed)
        layout.addRow("Scale", self.scale)
        layout.addRow("File", place)
        layout.addRow(buttons)
        self._layout = layout
        self.format.currentIndexChanged.connect(self._on_format)
        self.path.textChanged.connect(lambda text: self.export.setEnabled(bool(text.strip())))
        self._on_format()

    @property
    def chosen(self) -> Format:
        """The format that is chosen."""
        entry = self.format.currentData()
        assert isinstance(entry, Format)  # noqa: S101  # nothing else was put in
        return entry

    def wish(self) -> Wish:
        """What the dialog says now."""
        return Wish(
            Path(self.path.text().strip()).expanduser().absolute(),
            self.chosen.name,
            count=self.count.value(),
            seed=self.seed.value(),
            scale=self.scale.value(),
            weights=str(self.weights.currentData()),
        )

    def _on_format(self) -> None:
        self._help.setText(self.chosen.help)
        self._layout.setRowVisible(self.scale, self.chosen.scalable)
        path = Path(self.path.text())
        known = {entry.suffix for entry in self._form.formats}
        stem = path.with_suffix("") if path.suffix in known else path
        self.path.setText(str(stem) + self.chosen.suffix)

    def _browse(self) -> None:
        kinds = f"{self.chosen.title} (*{self.chosen.suffix})"
        path = file_dialogs.file_to_save(self, self.windowTitle(), Path(self.path.text()), kinds)
        if path is not None:
            self._confirmed = path  # the file dialog has asked already
            self.path.setText(str(path))

    def _accept(self) -> None:
        path = self.wish().path
        if path.exists() and path != self._confirmed and not file_dialogs.may_overwrite(self, path):
            return
        self.wished.emit(self.wish())
        self.accept()
