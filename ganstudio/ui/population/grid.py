"""All members of a population at once: one widget that paints everything itself.

Thirty-six plots of pyqtgraph would cost more than the training. Here the picture of each member is kept, drawn again
only when its samples have changed, and put on the screen as it is whatever else moves over it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from ganstudio.experiment.equilibrium import LOG_2
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.population.cells import Cell, Headings, Plan
from ganstudio.ui.population.sheet import Sheet
from ganstudio.ui.population.small_stage import SmallStage
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme

Floats = NDArray[np.floating]

ROUND = 4
"""The radius of a cell's corners."""
DIVERGED = "diverged"
VEIL = 0.82
"""How much of the surface lies over a member that is broken."""
STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
"""Rows and columns that the arrow keys go."""


class MemberGrid(QWidget):
    """A cell for each member: its samples over the target's, its name, and its JSD as a number and as a bar.

    The bar is as long as the Jensen–Shannon distance √JSD, as a share of the most that can be.
    """

    hovered = Signal(int)  # the member under the mouse, −1 for none
    selected = Signal(int)
    toggled = Signal()  # by the keyboard: play, or pause

    def __init__(self, sheet: Sheet, stage: SmallStage, theme: Theme) -> None:
        super().__init__()
        self._sheet, self._stage, self._theme = sheet, stage, theme
        count = len(sheet.names)
        self._points: list[Floats | None] = [None] * count
        self.pictures: list[QPixmap | None] = [None] * count
        self.jsd: Floats = np.full(count, np.nan)
        """What is shown, (members,) in nats."""
        self._broken: Mapping[int, int] = {}
        self.hovered_member = -1
        self.selected_member = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(420, 300)
        self.setAccessibleName("The members of the population")
        self.set_theme(theme)

    # what the window tells

    def show_points(self, points: Floats) -> None:
        """Samples of each member, (members, n, dimension); cells whose samples are new are drawn again."""
        for member, own in enumerate(points):
            shown = self._points[member]
            if shown is None or not np.array_equal(shown, own, equal_nan=True):
                self._points[member] = own
                self.pictures[member] = None
                self.update(self.plan.at(member).frame)

    def show_jsd(self, jsd: Floats, broken: Mapping[int, int]) -> None:
        """The JSD of each member, (members,) in nats; of those that broke, the iteration by which they did."""
        changed = ~((jsd == self.jsd) | (np.isnan(jsd) & np.isnan(self.jsd)))
        changed[[member for member in broken if member not in self._broken]] = True
        self.jsd, self._broken = jsd.copy(), dict(broken)
        for member in np.flatnonzero(changed).tolist():
            self.update(self.plan.at(member).frame)

    def hover(self, member: int) -> None:
        """Mark a member as the one that is pointed at; −1 none."""
        if member != self.hovered_member:
            self.hovered_member, before = member, self.hovered_member
            self._update_cells(before, member)

    def select(self, member: int) -> None:
        """Mark a member as chosen, and tell."""
        if member != self.selected_member:
            self.selected_member, before = member, self.selected_member
            self._update_cells(before, member)
            self.setAccessibleDescription(f"{self._sheet.names[member]}, JSD {figure(float(self.jsd[member]))}")
            self.selected.emit(member)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._theme = theme
        self._font = tabular(self.font(), scale=0.88)
        self._lay_out()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        if self._sheet.is_sweep:
            self._paint_headings(painter)
        for member in range(len(self._points)):
            cell = self.plan.at(member)
            if event.region().intersects(cell.frame):
                self._paint_cell(painter, member, cell)
        painter.end()

    def _paint_cell(self, painter: QPainter, member: int, cell: Cell) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.surface), 1))
        painter.setBrush(QColor(theme.surface))
        frame = QRectF(cell.frame).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, ROUND, ROUND)
        picture = self.pictures[member]
        if picture is None:
            picture = self.pictures[member] = self._stage.picture(
                cell.picture.size(), self.devicePixelRatioF(), self._points[member]
            )
        painter.drawPixmap(cell.picture.topLeft(), picture)
        if member in self._broken:
            self._paint_broken(painter, cell)
        self._paint_words(painter, member, cell)
        self._paint_bar(painter, float(self.jsd[member]), cell.bar)
        width, colour = self._edge(member)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        painter.drawRoundedRect(QRectF(cell.frame).adjusted(inset, inset, -inset, -inset), ROUND, ROUND)

    def _edge(self, member: int) -> tuple[float, str]:
        """Width and colour of a cell's border."""
        if member == self.selected_member:
            return 2.0, self._theme.accent
        return (2.0, self._theme.muted) if member == self.hovered_member else (1.0, self._theme.border)

    def _paint_words(self, painter: QPainter, member: int, cell: Cell) -> None:
        name = "" if self._sheet.is_sweep else self._sheet.names[member]
        line = painter.fontMetrics().height()
        upper = QRect(cell.words.left() + 3, cell.words.top() + 1, cell.words.width() - 6, line)
        side = Qt.AlignmentFlag.AlignLeft if not cell.beside else Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(upper, side | Qt.AlignmentFlag.AlignVCenter, name or "JSD")
        painter.setPen(QColor(self._theme.text))
        lower = upper.translated(0, line) if cell.beside else upper
        painter.drawText(lower, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._number(member))

    def _number(self, member: int) -> str:
        return "—" if member in self._broken else figure(float(self.jsd[member]))

    def _paint_broken(self, painter: QPainter, cell: Cell) -> None:
        veil = QColor(self._theme.surface)
        veil.setAlphaF(VEIL)
        painter.fillRect(cell.picture, veil)
        painter.setPen(QColor(self._theme.warning))
        painter.drawText(cell.picture, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, DIVERGED)

    def _paint_bar(self, painter: QPainter, jsd: float, bar: QRect) -> None:
        painter.fillRect(bar, QColor(self._theme.grid))
        if math.isfinite(jsd):
            share = math.sqrt(min(max(jsd / LOG_2, 0.0), 1.0))
            colour = mixed(self._theme.border, self._theme.jsd, 0.4 + 0.6 * share)
            painter.fillRect(QRectF(bar.left(), bar.top(), share * bar.width(), bar.height()), QColor(colour))

    def _paint_headings(self, painter: QPainter) -> None:
        sheet, plan, line = self._sheet, self.plan, self.plan.headings.line
        metrics, middle = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
        left = plan.headings.width
        painter.setPen(QColor(self._theme.muted))
        if sheet.columns:
            title = QRect(left, 0, self.width() - left, line)
            painter.drawText(title, middle | Qt.AlignmentFlag.AlignHCenter, f"{sheet.column_title} →")
        if sheet.rows:
            corner = QRect(2, 0, max(left, self.width() // 3) if not sheet.columns else left - 6, 2 * line)
            painter.drawText(corner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, f"{sheet.row_title} ↓")
        painter.setPen(QColor(self._theme.text))
        for column, text in enumerate(sheet.columns):
            place = plan.column_heading(column)
            # Numbers that are close differ at their ends.
            short = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignHCenter, short)
        for row, text in enumerate(sheet.rows):
            place = plan.row_heading(row)
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, short)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.plan.member_at(event.position().toPoint(), len(self._points)))

    def leaveEvent(self, event: object) -> None:
        self._point_at(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        member = self.plan.member_at(event.position().toPoint(), len(self._points))
        if event.button() == Qt.MouseButton.LeftButton and member >= 0:
            self.select(member)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggled.emit()
        elif event.key() in STEPS:
            self._step(*STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.selected_member < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.select(0)
        super().focusInEvent(event)

    # inside

    def _lay_out(self) -> None:
        metrics = QFontMetrics(self._font)
        names = () if self._sheet.is_sweep else self._sheet.names
        widest = max(metrics.horizontalAdvance(text) for text in ("0.000", *names, "JSD"))
        headings = Headings()
        if self._sheet.is_sweep:
            titles = (f"{self._sheet.row_title} ↓", *self._sheet.rows) if self._sheet.rows else ()
            width = max((metrics.horizontalAdvance(text) for text in titles), default=0)
            headings = Headings(width + 16 if titles else 0, metrics.height() + 2)
        words = QSize(widest + 10, metrics.height() + 2)
        self.plan = Plan(self.size(), self._sheet.shape, headings, words, self._stage.is_square)
        self.pictures = [None] * len(self.pictures)
        self.update()

    def _step(self, rows: int, columns: int) -> None:
        row, column = divmod(max(self.selected_member, 0), self._sheet.shape[1])
        if self.selected_member < 0:
            rows = columns = 0
        row = min(max(row + rows, 0), self._sheet.shape[0] - 1)
        column = min(max(column + columns, 0), self._sheet.shape[1] - 1)
        self.select(min(row * self._sheet.shape[1] + column, len(self._points) - 1))

    def _point_at(self, member: int) -> None:
        if member != self.hovered_member:
            self.hover(member)
            self.hovered.emit(member)

    def _update_cells(self, *members: int) -> None:
        for member in members:
            if member >= 0:
                self.update(self.plan.at(member).frame)
