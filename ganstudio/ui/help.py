"""What explains the program: the list of everything that can be done, and what it is made of."""

from __future__ import annotations

import platform
from collections.abc import Iterable

import numpy as np
import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio import __version__

Row = tuple[str, str, str, str]
"""Group, name, keys, help."""


def rows_of(group: str, actions: Iterable[QAction]) -> tuple[Row, ...]:
    """Rows for actions that stand in no table."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(
        (group, action.text().replace("&", ""), QKeySequence.listToString(keys, native), action.whatsThis())
        for action, keys in ((action, action.shortcuts()) for action in actions)
        if action.isVisible() and action.text()
    )


class ShortcutsWindow(QDialog):
    """Every action with its keys and what it is for, to search in."""

    def __init__(self, rows: tuple[Row, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 600)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["What", "Keys", "What it does"])
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setAlternatingRowColors(True)
        groups: dict[str, QTreeWidgetItem] = {}
        for group, name, keys, text in rows:
            if group not in groups:
                groups[group] = QTreeWidgetItem(self.tree, [group])
                groups[group].setFirstColumnSpanned(True)
            QTreeWidgetItem(groups[group], [name, keys, text]).setToolTip(2, text)
        self.tree.expandAll()
        header = self.tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)

    def _filter(self, text: str) -> None:
        for group in (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())):
            if group is None:
                continue
            rows = [row for at in range(group.childCount()) if (row := group.child(at)) is not None]
            for row in rows:
                words = " ".join(row.text(column) for column in range(3)).casefold()
                row.setHidden(text.casefold() not in words)
            group.setHidden(all(row.isHidden() for row in rows))


class AboutWindow(QDialog):
    """Version, licence and libraries."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About GAN Studio")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label = QLabel(
            f"<h3>GAN Studio {__version__}</h3>"
            "<p>Draw a distribution, set two networks against each other,<br>and see the mathematics happen.</p>"
            "<p>Everything on the screen is a number of the running model.</p>"
            "<p>MIT licence.</p>"
            f"<p>Python {platform.python_version()} · Qt for Python {PySide6.__version__} (LGPL) · "
            f"NumPy {np.__version__} · PyTorch · pyqtgraph · pydantic · safetensors · matplotlib</p>"
        )
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(label)
        column.addWidget(buttons)
