"""One list of what can be undone, strokes and settings alike, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QAction, QUndoGroup


def follow(group: QUndoGroup, actions: Mapping[str, QAction], instead_of: Iterable[QAction]) -> None:
    """Let the actions ``undo`` and ``redo`` say what they would do, and hide those that know of strokes alone."""
    for action in instead_of:
        action.setShortcuts([])
        action.setVisible(False)
    group.undoTextChanged.connect(lambda text: actions["undo"].setText(f"&Undo {text}".rstrip()))
    group.redoTextChanged.connect(lambda text: actions["redo"].setText(f"&Redo {text}".rstrip()))
    group.canUndoChanged.connect(actions["undo"].setEnabled)
    group.canRedoChanged.connect(actions["redo"].setEnabled)
    for name in ("undo", "redo"):
        actions[name].setEnabled(False)
