"""The actions of the stage: tools, painting at once, undo, moving the view. Menus and buttons show the same ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from ganstudio.experiment.painting import Clear, Fill
from ganstudio.ui.canvas.stage_view import ZOOM_STEP
from ganstudio.ui.canvas.tools import TOOLS
from ganstudio.ui.icons import icon
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage

GROUPS = (
    ("pan", "select"),
    ("curve", "brush", "spray", "eraser"),
    ("line", "rectangle", "ellipse", "polygon", "blob"),
)


class StageActions:
    """Each belongs to the stage, so its key works wherever the window has the focus."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._icons: dict[QAction, str] = {}
        self._only_for: dict[QAction, tuple[int, ...]] = {}
        tools = QActionGroup(stage)
        self.tools: dict[str, QAction] = {}
        for entry in TOOLS:
            action = self._action(
                entry.title, entry.icon, entry.shortcut, entry.help, partial(stage.select_tool, entry.name)
            )
            action.setCheckable(True)
            tools.addAction(action)
            self.tools[entry.name] = action
            self._only_for[action] = entry.dimensions
        self.fill = self._action(
            "Fill",
            "fill",
            "F",
            "Add the same density everywhere",
            lambda: stage.easel.execute(Fill(strength=stage.options.strength)),
        )
        self.clear = self._action(
            "Clear", "clear", "Ctrl+Backspace", "Empty the painting", lambda: stage.easel.execute(Clear())
        )
        self.undo = self._action("Undo", "undo", "", "Take the last stroke back", stage.easel.undo)
        self.undo.setShortcuts(QKeySequence.StandardKey.Undo)
        self.redo = self._action("Redo", "redo", "", "Paint it again", stage.easel.redo)
        self.redo.setShortcuts([*QKeySequence.keyBindings(QKeySequence.StandardKey.Redo), QKeySequence("Ctrl+Y")])
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self.fit = self._action("Fit", "fit", "0", "Show the whole target", stage.fit)
        self.zoom_in = self._action("Zoom in", "", "+", "", lambda: stage.view.zoom(1 / ZOOM_STEP))
        self.zoom_in.setShortcuts([QKeySequence("+"), QKeySequence("=")])
        self.zoom_out = self._action("Zoom out", "", "-", "", lambda: stage.view.zoom(ZOOM_STEP))
        self.larger = self._action("Larger tip", "", "]", "", lambda: stage.options.scale_size(1))
        self.smaller = self._action("Smaller tip", "", "[", "", lambda: stage.options.scale_size(-1))

    @property
    def groups(self) -> tuple[tuple[QAction, ...], ...]:
        """For the strip of tools."""
        tools = tuple(tuple(self.tools[name] for name in group) for group in GROUPS)
        return (*tools, (self.fill, self.clear), (self.undo, self.redo), (self.fit,))

    def check(self, name: str) -> None:
        """Mark the present tool."""
        self.tools[name].setChecked(True)

    def set_dimension(self, dimension: int) -> None:
        """Offer what targets of this dimension can be painted with."""
        for action, dimensions in self._only_for.items():
            action.setVisible(dimension in dimensions)
            action.setEnabled(dimension in dimensions)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in a theme's colours."""
        for action, name in self._icons.items():
            action.setIcon(icon(name, theme))

    def _action(self, title: str, picture: str, key: str, help: str, run: Callable[[], None]) -> QAction:
        action = QAction(title, self._stage)
        if key:
            action.setShortcut(QKeySequence(key))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"<b>{title}</b>{f' ({keys})' if keys else ''}{'<br>' + help if help else ''}")
        action.setWhatsThis(help)  # as a status tip it would take the place of the timeline
        action.triggered.connect(lambda _checked: run())
        if picture:
            self._icons[action] = picture
        self._stage.addAction(action)
        return action
