"""The line above a plot: its title and the numbers it stands at, in slots that keep their place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QToolTip, QWidget

from ganstudio.ui.icons import icon
from ganstudio.ui.plots.figures import WIDEST
from ganstudio.ui.theme import Theme

HEIGHT = 28
_GAP = 8
_DOT = 7


@dataclass(frozen=True)
class Readout:
    """One number: ``label`` is quiet, ``colour`` (the name of a colour of the theme) that of its curve's dot.

    ``widest`` is the widest text expected, which reserves the room; ``short`` replaces the label where there is little.
    ``tip`` is its own tooltip, in place of the header's.
    """

    label: str
    text: str
    colour: str | None = None
    widest: str = WIDEST
    short: str | None = None
    tip: str = ""


def tabular(font: QFont, *, scale: float = 1.0, weight: QFont.Weight | None = None) -> QFont:
    """The font with figures of equal width, so that numbers that change do not make their neighbours jump."""
    changed = QFont(font)
    changed.setPointSizeF(font.pointSizeF() * scale if font.pointSizeF() > 0 else font.pixelSize() * 0.75 * scale)
    changed.setFeature(QFont.Tag("tnum"), 1)
    if weight is not None:
        changed.setWeight(weight)
    return changed


class PanelHeader(QWidget):
    """Title, read-outs, and buttons for the menu and (in a dock) for closing. Also the title bar of a dock."""

    menu_requested = Signal(object)  # QPoint in global coordinates
    close_requested = Signal()

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._theme = theme
        self._readouts: tuple[Readout, ...] = ()
        self._hovering = False
        self._slots: tuple[tuple[QRectF, str], ...] = ()  # of the numbers that are shown, with their tips
        self._font: QFont | None = None
        self._bold = self._plain = QFont()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._more = self._button("more", f"{title}: smoothing, axis, export", "More")
        self._more.clicked.connect(
            lambda: self.menu_requested.emit(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        )
        self._close = self._button("close", f"Hide {title}; the View menu brings it back", "Hide")
        self._close.clicked.connect(self.close_requested)
        self._close.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(0)
        row.addStretch(1)
        row.addWidget(self._more)
        row.addWidget(self._close)
        self.set_theme(theme)

    def show_close_button(self) -> None:
        """Offer closing: the header is a dock's title bar now."""
        self._close.show()

    def set_readouts(self, readouts: tuple[Readout, ...], *, hovering: bool = False) -> None:
        """Show these numbers; ``hovering`` marks that they are those under the mouse and not the latest ones."""
        if (readouts, hovering) != (self._readouts, self._hovering):
            self._readouts, self._hovering = readouts, hovering
            self.update()

    @property
    def readouts(self) -> tuple[Readout, ...]:
        """The numbers as they are shown."""
        return self._readouts

    def text(self) -> str:
        """The whole line as text."""
        return "  ".join((self._title, *(f"{shown.label} {shown.text}".strip() for shown in self._readouts)))

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self._more.setIcon(icon("more", theme))
        self._close.setIcon(icon("close", theme))
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(220, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """One line; what does not fit is left out from the right."""
        return QSize(96, HEIGHT)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu as the plot's."""
        self.menu_requested.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line by hand: a text label would lay out anew, thirty times a second."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.font() != self._font:  # Making fonts at every painting would take as long as the painting.
            self._font = self.font()
            self._bold = tabular(self._font, weight=QFont.Weight.DemiBold)
            self._plain = tabular(self._font, scale=0.95)
        bold, plain = self._bold, self._plain
        centre = self.height() / 2
        right = self._more.x() - 4.0
        x = 10.0
        painter.setFont(bold)
        painter.setPen(QColor(self._theme.text))
        title = QFontMetricsF(bold).horizontalAdvance(self._title)
        painter.drawText(
            QRectF(x, 0, min(title, right - x) + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self._title
        )
        x += title + _GAP * 1.4
        metrics = QFontMetricsF(plain)
        readouts = self._readouts
        widths = [_width(readout, metrics) for readout in readouts]
        if x + sum(widths) + (len(widths) - 1) * _GAP > right:
            readouts = tuple(replace(shown, label=shown.short or shown.label) for shown in readouts)
            widths = [_width(readout, metrics) for readout in readouts]
        shown = sum(1 for index in range(len(widths)) if x + sum(widths[: index + 1]) + index * _GAP <= right)
        if self._hovering and shown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.raised))
            total = sum(widths[:shown]) + (shown - 1) * _GAP
            painter.drawRoundedRect(QRectF(x - 6, 4, total + 12, self.height() - 8), 5, 5)
        painter.setFont(plain)
        slots = []
        for readout, width in zip(readouts[:shown], widths, strict=False):
            slots.append((QRectF(x, 0, width, self.height()), readout.tip))
            self._paint_readout(painter, metrics, readout, slots[-1][0], centre)
            x += width + _GAP
        self._slots = tuple(slots)
        painter.end()

    def tip_at(self, at: QPointF) -> str:
        """The tip of the number there; of the header itself where it has none."""
        own = next((tip for slot, tip in self._slots if tip and slot.contains(at)), "")
        return own or self.toolTip()

    def event(self, event: QEvent) -> bool:
        """Numbers may have tips of their own."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.tip_at(QPointF(event.pos()))
            if tip:
                # As HTML it is broken into lines.
                QToolTip.showText(event.globalPos(), f"<div>{escape(tip).replace(chr(10), '<br>')}</div>", self)
                return True
        return super().event(event)

    def _paint_readout(
        self, painter: QPainter, metrics: QFontMetricsF, readout: Readout, slot: QRectF, centre: float
    ) -> None:
        x = slot.left()
        if readout.colour is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(self._theme, readout.colour)))
            painter.drawEllipse(QPointF(x + _DOT / 2, centre + 0.5), _DOT / 2, _DOT / 2)
            x += _DOT + 4
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        if readout.label:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QRectF(x, 0, slot.width(), slot.height()), flags, readout.label)
            x += metrics.horizontalAdvance(readout.label) + 4
        painter.setPen(QColor(self._theme.text))
        number = QRectF(x, 0, slot.right() - x, slot.height())
        painter.drawText(number, flags | Qt.AlignmentFlag.AlignRight, readout.text)

    def _button(self, name: str, tip: str, word: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(word)
        button.setIconSize(QSize(16, 16))
        button.setFixedSize(24, 24)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


def _width(readout: Readout, metrics: QFontMetricsF) -> float:
    dot = _DOT + 4 if readout.colour is not None else 0
    label = metrics.horizontalAdvance(readout.label) + 4 if readout.label else 0
    number = max(metrics.horizontalAdvance(readout.widest), metrics.horizontalAdvance(readout.text))
    return float(dot + label + number)
