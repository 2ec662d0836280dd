"""The table of what a recipe would change."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem

from ganstudio.ui.forms.tooltip import LIVE, STRUCTURAL
from ganstudio.ui.panels.recipe_changes import ChangeRow
from ganstudio.ui.theme import Theme

SETTING, MARK, NOW, THEN = range(4)
HEADERS = {SETTING: "Setting", MARK: "", NOW: "Now", THEN: "Then"}
STRUCTURAL_MARK = STRUCTURAL[0]
LIVE_MARK = "•"
MARK_WIDTH = 18
WIDEST = 96
"""Pixels that a column of values may take; what is longer is elided, and whole in the tooltip."""
ROW = 21
INDENT = "  "


class RecipeTable(QTreeWidget):
    """A row for each setting, in groups, as high as what is in it: it scrolls with the column that it stands in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[ChangeRow, ...] = ()
        self.setColumnCount(len(HEADERS))
        self.setHeaderLabels(list(HEADERS.values()))
        self.headerItem().setToolTip(MARK, f"{STRUCTURAL}; {LIVE_MARK} {LIVE}")
        self.setAccessibleName("What the recipe changes")
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(MARK_WIDTH)
        header.setSectionsClickable(False)
        for column in HEADERS:
            mode = QHeaderView.ResizeMode.Stretch if column == SETTING else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
        header.resizeSection(MARK, MARK_WIDTH)

    @property
    def rows(self) -> tuple[ChangeRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[ChangeRow]) -> None:
        """Show these rows, under the names of their groups."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self.clear()
        for group, members in groupby(self._rows, key=lambda row: row.group):
            self._add_group(group)
            for row in members:
                self._add(row)
        self._fit_columns()
        self.setFixedHeight(self.sizeHint().height())

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        rows, self._rows = self._rows, ()
        self.show_rows(rows)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(self.header().width(), self.header().sizeHint().height() + ROW * self.topLevelItemCount() + 4)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The column scrolls."""
        event.ignore()

    def _add_group(self, title: str) -> None:
        item = QTreeWidgetItem(self, [title])
        item.setFirstColumnSpanned(True)
        item.setForeground(SETTING, QColor(self._theme.muted))
        item.setSizeHint(SETTING, QSize(0, ROW))

    def _add(self, row: ChangeRow) -> None:
        mark = LIVE_MARK if row.live else STRUCTURAL_MARK
        item = QTreeWidgetItem(self, [INDENT * (row.depth + 1) + row.label, mark, row.now, row.then])
        item.setSizeHint(SETTING, QSize(0, ROW))
        item.setToolTip(SETTING, row.tooltip)
        item.setToolTip(MARK, LIVE.capitalize() if row.live else STRUCTURAL)
        item.setForeground(NOW, QColor(self._theme.muted))
        item.setForeground(MARK, QColor(self._theme.muted))
        item.setTextAlignment(MARK, Qt.AlignmentFlag.AlignCenter)
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        item.setFont(THEN, strong)
        for column, value in ((NOW, row.now), (THEN, row.then)):
            item.setToolTip(column, f"{row.label}: {value}")

    def _fit_columns(self) -> None:
        """As wide as the values need, within reason, so that the names have the rest."""
        for column in (NOW, THEN):
            self.header().resizeSection(column, min(WIDEST, max(44, self.sizeHintForColumn(column) + 6)))
