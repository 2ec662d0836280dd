"""Targets that come from outside: files of points, pictures and paintings, and an empty canvas to draw on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from ganstudio.experiment.targets import Painting, Painting1D, TargetSpec
from ganstudio.targets.files import columns_of, read_points, read_target, write_painting
from ganstudio.targets.point_files import POINT_SUFFIXES
from ganstudio.ui import file_dialogs
from ganstudio.ui.background import Background
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio

NEW_PAINTINGS: dict[int, Callable[[], Painting | Painting1D]] = {1: Painting1D, 2: Painting}
FIRST_TOOL = {1: "curve", 2: "brush"}
NO_COLUMN = "—"


class TargetFiles(QObject):
    """Reads and writes beside the GUI thread; a file that cannot be read changes nothing."""

    message = Signal(str, str)  # level, text
    tool_wanted = Signal(str)

    def __init__(self, studio: Studio, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._settings, self._window = studio, settings, window
        self._background = Background(self)

    def begin_painting(self, dimension: int) -> None:
        """An empty canvas and a brush; a painting that is there already stays."""
        target = self._studio.experiment.target
        kind = NEW_PAINTINGS[dimension]
        if not isinstance(target, kind if isinstance(kind, type) else ()):
            self._studio.set_target(kind())
        self.tool_wanted.emit(FIRST_TOOL[dimension])

    def choose_and_load(self) -> None:
        """Ask for a file, and take it as the target."""
        path = file_dialogs.file_to_open(
            self._window, "Open data, a picture or a painting", self._settings.folder, file_dialogs.TARGETS
        )
        if path is not None:
            self.load(path)

    def load(self, path: Path) -> None:
        """Take a file as the target; of a table with many columns a person chooses."""
        self._settings.folder = path.parent
        if path.suffix.lower() in POINT_SUFFIXES:
            self._background.do(lambda: columns_of(path), lambda names: self._choose_columns(path, names), self._refuse)
        else:
            self._background.do(lambda: read_target(path), self._studio.set_target, self._refuse)

    def save_painting(self) -> None:
        """Ask for a file, and save what is painted."""
        spec = self._studio.experiment.target
        if not isinstance(spec, Painting | Painting1D):
            self.message.emit("info", "There is no painting to save: the target is not painted. Take a brush and draw.")
            return
        suggestion = self._settings.folder / "painting.json"
        path = file_dialogs.file_to_save(self._window, "Save the painting", suggestion, file_dialogs.PAINTINGS)
        if path is not None:
            self._settings.folder = path.parent
            told = f"Saved {path.name}."
            self._background.do(
                lambda: write_painting(path, spec), lambda _: self.message.emit("info", told), self._refuse
            )

    def close(self) -> None:
        """Wait for what is being written."""
        self._background.close()

    def _choose_columns(self, path: Path, names: tuple[str, ...]) -> None:
        if len(names) <= 2:
            self._read_points(path, None)
            return
        dialog = ColumnsDialog(path.name, names, self._window)
        dialog.chosen.connect(lambda columns: self._read_points(path, columns))
        dialog.open()

    def _read_points(self, path: Path, columns: tuple[str, ...] | None) -> None:
        def take(found: tuple[TargetSpec, tuple[str, ...]]) -> None:
            spec, notes = found
            self._studio.set_target(spec)
            for note in notes:
                self.message.emit("info", f"{path.name}: {note}.")

        def read() -> tuple[TargetSpec, tuple[str, ...]]:
            points = read_points(path, columns)
            return points.spec, points.notes

        self._background.do(read, take, self._refuse)

    def _refuse(self, text: str) -> None:
        self.message.emit("error", text)


class ColumnsDialog(QDialog):
    """Which columns of a table are the coordinates."""

    chosen = Signal(object)  # one or two names

    def __init__(self, file: str, names: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Columns of {file}")
        self.first, self.second = QComboBox(), QComboBox()
        self.first.addItems(list(names))
        self.second.addItems([*names, NO_COLUMN])
        self.second.setCurrentIndex(1)
        self.second.setToolTip(f"{NO_COLUMN} makes a 1-D target of the first column alone")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept_choice)
        buttons.rejected.connect(self.reject)
        self.finished.connect(self.deleteLater)
        form = QFormLayout(self)
        form.addRow("x", self.first)
        form.addRow("y", self.second)
        form.addRow(buttons)

    def accept_choice(self) -> None:
        """Take what is chosen."""
        first, second = self.first.currentText(), self.second.currentText()
        self.chosen.emit((first,) if second == NO_COLUMN else (first, second))
        self.accept()
