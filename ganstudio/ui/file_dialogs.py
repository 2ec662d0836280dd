"""Asking for files and for what to do with unsaved work; one place, so that a test can answer instead."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

SESSIONS = "GAN Studio sessions (*.gans)"
TARGETS = "Data, pictures and paintings (*.csv *.tsv *.txt *.npy *.npz *.png *.jpg *.jpeg *.json *.gans)"
PAINTINGS = "Paintings (*.json)"


class Answer(Enum):
    """What to do with unsaved work."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def file_to_open(parent: QWidget, title: str, folder: Path, kinds: str) -> Path | None:
    """The file a person chose to open."""
    name, _ = QFileDialog.getOpenFileName(parent, title, str(folder), f"{kinds};;All files (*)")
    return Path(name) if name else None


def folder_to_open(parent: QWidget, title: str, folder: Path) -> Path | None:
    """The folder a person chose."""
    name = QFileDialog.getExistingDirectory(parent, title, str(folder))
    return Path(name) if name else None


def file_to_save(parent: QWidget, title: str, suggestion: Path, kinds: str) -> Path | None:
    """The file a person chose to save to; the ending of ``suggestion`` where none was given."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), kinds)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_suffix(suggestion.suffix)


def may_overwrite(parent: QWidget, path: Path) -> bool:
    """Ask whether a file may be replaced."""
    text = f"“{path.name}” exists already. Replace it?"
    return QMessageBox.question(parent, "GAN Studio", text) == QMessageBox.StandardButton.Yes


def what_about_unsaved(parent: QWidget, name: str) -> Answer:
    """Ask whether to save before something is lost."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("GAN Studio")
    box.setText(f"Save the changes to “{name}”?")
    box.setInformativeText("Otherwise the painting, the settings and the training since the last save are lost.")
    buttons = {
        box.addButton(QMessageBox.StandardButton.Save): Answer.SAVE,
        box.addButton(QMessageBox.StandardButton.Discard): Answer.DISCARD,
        box.addButton(QMessageBox.StandardButton.Cancel): Answer.CANCEL,
    }
    box.setDefaultButton(QMessageBox.StandardButton.Save)
    box.exec()
    return buttons.get(box.clickedButton(), Answer.CANCEL)  # type: ignore[call-overload, no-any-return]
