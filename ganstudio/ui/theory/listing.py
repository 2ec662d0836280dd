"""The algorithm as a listing in which one line is the current one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QStaticText,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.forms.formula import readable, rich
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.walk_places import Player
from ganstudio.ui.theory.walk_texts import Entry

INDENT = 14.0
BAR = 3.0
FADED = 0.55
"""How far what does not run now fades into the ground."""


class Listing(QWidget):
    """Lines under two headings, one for each player; the current one is marked, the other player's are quiet.

    Where there is no room for all of them only those of the player whose turn it is are shown, before a walk those of
    the one who begins. The arrow keys go on and back; a click asks for the line under the mouse.
    """

    line_requested = Signal(str, str)  # player, name of the line
    stepped = Signal(int)  # +1 on, −1 back

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self._shown: tuple[Entry, ...] = ()
        self._texts: dict[str, QStaticText] = {}
        self._player: Player | None = None
        self._name = ""
        self._count = ""
        self._hovered: Entry | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setToolTip(
            "The algorithm (Goodfellow et al. 2014, algorithm 1). Click a line, or use the arrow keys, to go to it"
        )
        self.setAccessibleName("The algorithm")

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these lines from now on."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._texts.clear()
            self._choose()
            self.updateGeometry()

    def set_current(self, player: Player | None, name: str = "", count: str = "") -> None:
        """Mark a line; ``count`` says in the player's heading which update it is. None marks nothing."""
        self._player, self._name, self._count = player, name, count
        current = next((e for e in self._entries if (e.player, e.name) == (player, name)), None)
        self.setAccessibleDescription(readable(current.formula) if current is not None else "")
        self._choose()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The lines that there is room for."""
        return self._shown

    @property
    def current(self) -> Entry | None:
        """The line that is marked."""
        return next((e for e in self._shown if (e.player, e.name) == (self._player, self._name)), None)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all lines."""
        return QSize(round(self._widest()), round(self._row() * max(len(self._entries), 1)))

    def minimumSizeHint(self) -> QSize:
        """Room for one player's lines."""
        return QSize(round(self._widest()), round(self._row() * 6))

    def height_for(self, *, all_lines: bool) -> int:
        """Pixels that all lines need, or those of one player with the other's heading."""
        return round(self._row() * (len(self._entries) if all_lines else self._longest() + 1)) + 2

    def row_at(self, y: float) -> Entry | None:
        """The line at this height, headings left out."""
        at = int(y / self._pitch())
        entry = self._shown[at] if 0 <= at < len(self._shown) else None
        return entry if entry is not None and entry.name else None

    # -- Qt ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on and back."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key()), 0
        )
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the line."""
        entry = self.row_at(event.position().y())
        if entry is not None and event.button() == Qt.MouseButton.LeftButton:
            self.line_requested.emit(entry.player, entry.name)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would go to."""
        self._hover(self.row_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        self._hover(None)

    def resizeEvent(self, event: object) -> None:
        """Show as many lines as there is room for."""
        self._choose()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        theme, pitch = self._theme, self._pitch()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, entry in enumerate(self._shown):
            box = QRectF(0, at * pitch, self.width(), pitch)
            turn = self._player is None or entry.player == self._player
            colour = getattr(theme, entry.player)
            if entry.name and entry is self.current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(mixed(colour, theme.surface, 0.82)))
                painter.drawRoundedRect(box.adjusted(0, 0, -1, 0), 3, 3)
                painter.setBrush(QColor(colour))
                painter.drawRect(QRectF(0, box.top(), BAR, pitch))
            elif entry is self._hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(box.adjusted(0, 0, -1, 0), 3, 3)
            ink = theme.text if entry.name else colour
            painter.setPen(QColor(ink if turn else mixed(ink, theme.surface, FADED)))
            self._paint_text(painter, entry, box)
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    # -- inside --------------------------------------------------------------------------------------------------

    def _paint_text(self, painter: QPainter, entry: Entry, box: QRectF) -> None:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        heading = not entry.name
        painter.setFont(bold if heading or entry is self.current else self.font())
        text = self._texts.get(entry.formula)
        if text is None:
            text = self._texts[entry.formula] = QStaticText(rich(entry.formula))
            text.setTextFormat(Qt.TextFormat.RichText)
            whole = QTextOption()
            whole.setWrapMode(QTextOption.WrapMode.NoWrap)
            text.setTextOption(whole)
        text.prepare(painter.transform(), painter.font())
        left = BAR + (4 if heading else INDENT)
        painter.drawStaticText(QPointF(left, box.center().y() - text.size().height() / 2), text)
        if heading and self._count and entry.player == self._player:
            painter.setFont(self.font())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(box.adjusted(0, 0, -6, 0), flags, self._count)

    def _hover(self, entry: Entry | None) -> None:
        if entry is not self._hovered:
            self._hovered = entry
            self.setCursor(Qt.CursorShape.ArrowCursor if entry is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def _choose(self) -> None:
        """All lines, or those of one player with the other's heading, as room allows."""
        if self._row() * len(self._entries) <= self.height() + 2:
            self._shown = self._entries
        else:
            turn = self._player or next((e.player for e in self._entries), None)
            self._shown = tuple(e for e in self._entries if e.player == turn or not e.name)
        self.update()

    def _longest(self) -> int:
        """Lines of the player who has more of them, the heading included."""
        return max((sum(e.player == one.player for e in self._entries) for one in self._entries), default=0)

    def _row(self) -> float:
        return QFontMetricsF(self.font()).height() + 1

    def _pitch(self) -> float:
        """The height of a line: what there is room for, within reason."""
        count = len(self._entries) if len(self._shown) == len(self._entries) else self._longest() + 1
        return min(max(self.height() / max(count, 1), self._row() - 2), self._row() + 5)

    def _widest(self) -> float:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(bold)
        widths = [metrics.horizontalAdvance(readable(entry.formula)) for entry in self._entries]
        return BAR + INDENT + max(widths, default=160) + 18
