"""The data-flow graph as a widget: parts that can be pressed, and what flows between them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QStaticText,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from ganstudio.ui.forms.formula import readable, rich
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.flow_nodes import (
    COLUMNS,
    FIXED,
    NODES,
    ROWS,
    Edge,
    Node,
    Weight,
    caption,
    edges,
    weight_of_edge,
    weight_of_node,
)
from ganstudio.ui.theory.flow_pictures import FlowData, FlowPictures
from ganstudio.ui.theory.walk_places import Place

GAP = QSize(30, 12)
"""Pixels between nodes, along the flow and across it."""
TALL = 86
"""From this height on a node has its picture below its title, else beside it."""
ASIDE = 4.0
"""How far a gradient runs beside the values it belongs to."""
OUTSIDE = 0.72
"""How far what takes no part fades into the ground."""
TEXT_LEAST = 52


class FlowGraph(QWidget):
    """Lays the nodes out, along the longer side, and paints the edges under them."""

    setting_wanted = Signal(str)  # path in the experiment

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._place: Place | None = None
        self._relativistic = False
        self.pictures = FlowPictures(theme)
        self.nodes = {name: NodeButton(node, self.pictures, theme, self) for name, node in NODES.items()}
        for name, button in self.nodes.items():
            button.clicked.connect(lambda _checked=False, name=name: self.setting_wanted.emit(NODES[name].setting))
        self.caption = QLabel(self)
        self.caption.setWordWrap(True)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.caption.setProperty("role", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_place(None, relativistic=False)

    def show_data(self, data: FlowData) -> None:
        """Draw this from now on."""
        self.pictures.data = data
        for button in self.nodes.values():
            button.update()

    def show_texts(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """What stands under the title of each node: a quiet line, and a number."""
        for name, (quiet, number) in texts.items():
            self.nodes[name].show_text(quiet, number)

    def show_place(self, place: Place | None, *, relativistic: bool) -> None:
        """Show what takes part in this line of a walk; None shows all of it alike."""
        self._place, self._relativistic = place, relativistic
        for name, button in self.nodes.items():
            fixed = place is not None and FIXED[place.player] == name
            button.show_weight(weight_of_node(name, place, relativistic=relativistic), place, fixed=fixed)
        self.caption.setText(caption(place))
        self.update()

    def weights(self) -> dict[str, Weight]:
        """How each node takes part."""
        return {name: button.weight for name, button in self.nodes.items()}

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.pictures.set_theme(theme)
        for button in self.nodes.values():
            button.set_theme(theme)
        self.update()

    @property
    def is_lying(self) -> bool:
        """Whether values flow from left to right, else from top to bottom."""
        return self.width() >= self.height()

    def sizeHint(self) -> QSize:
        """Two rows of six."""
        return QSize(900, 140)

    def minimumSizeHint(self) -> QSize:
        """Small pictures, without words."""
        return QSize(300, 80)

    # -- Qt ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put every node where it belongs."""
        for name, button in self.nodes.items():
            button.setGeometry(self._cell(NODES[name].column, NODES[name].row).toAlignedRect())
        self.caption.setGeometry(self._cell(0, 1).toAlignedRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edges."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        order: dict[Weight, int] = {"outside": 0, "taking part": 1, "current": 2}
        shown = [
            (weight_of_edge(edge, self._place, relativistic=self._relativistic), edge)
            for edge in edges(relativistic=self._relativistic)
        ]
        for weight, edge in sorted(shown, key=lambda pair: order[pair[0]]):
            self._paint_edge(painter, edge, weight)
        painter.end()

    # -- inside --------------------------------------------------------------------------------------------------

    def _cell(self, column: int, row: int) -> QRectF:
        lying = self.is_lying
        across, along = (COLUMNS, ROWS) if lying else (ROWS, COLUMNS)
        left, top = (column, row) if lying else (row, column)
        gap_x, gap_y = (GAP.width(), GAP.height()) if lying else (GAP.height() + 6, GAP.width() - 10)
        width, height = (self.width() - 12 + gap_x) / across, (self.height() - 8 + gap_y) / along
        return QRectF(6 + left * width, 4 + top * height, width - gap_x, height - gap_y)

    def _paint_edge(self, painter: QPainter, edge: Edge, weight: Weight) -> None:
        theme = self._theme
        colour = QColor(getattr(theme, edge.colour))
        if weight == "outside":
            colour = QColor(mixed(getattr(theme, edge.colour), theme.surface, OUTSIDE))
        elif weight == "taking part":
            colour = QColor(mixed(getattr(theme, edge.colour), theme.surface, 0.25))
        pen = QPen(colour, 2.6 if weight == "current" else 1.3)
        if edge.gradient_of is not None:
            pen.setStyle(Qt.PenStyle.DashLine)
            pen.setDashPattern([3.0, 2.2])
        path = self._path(edge)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        _paint_head(painter, path, colour, 8.0 if weight == "current" else 6.0)

    def _path(self, edge: Edge) -> QPainterPath:
        """From side to side; gradients run backwards, a little aside, each player's on another side."""
        start, end = (QRectF(self.nodes[name].geometry()) for name in (edge.start, edge.end))
        lying = self.is_lying
        nodes = NODES[edge.start], NODES[edge.end]
        steps_down = nodes[0].column == nodes[1].column
        aside = 0.0
        if edge.gradient_of is not None:
            aside = ASIDE if edge.gradient_of == "generator" else -ASIDE
        if steps_down is lying:  # across the flow
            a, b = QPointF(start.center().x() + aside, start.bottom()), QPointF(end.center().x() + aside, end.top())
            if not lying:
                a, b = _between(start, end, horizontal=False, aside=aside)
            return _curve(a, b, horizontal=False)
        a, b = _between(start, end, horizontal=lying or steps_down, aside=aside)
        return _curve(a, b, horizontal=lying or steps_down)


class NodeButton(QAbstractButton):
    """A part: its picture, its name, what it is made of, and a number. Pressing it leads to its setting."""

    def __init__(self, node: Node, pictures: FlowPictures, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._node, self._pictures, self._theme = node, pictures, theme
        self._quiet = self._number = ""
        self._place: Place | None = None
        self._fixed = False
        self._font: QFont | None = None
        self._bold = self._small = QFont()
        self.weight: Weight = "taking part"
        self._title = QStaticText(rich(_latex(node.title)))
        self._title.setTextFormat(Qt.TextFormat.RichText)
        whole = QTextOption()
        whole.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._title.setTextOption(whole)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(f"{node.help} Click: {node.leads_to}")
        self.setAccessibleName(readable(_latex(node.title)))

    def show_text(self, quiet: str, number: str) -> None:
        """What stands under the title."""
        if (quiet, number) != (self._quiet, self._number):
            self._quiet, self._number = quiet, number
            self.setAccessibleDescription(f"{quiet} {number}".strip())
            self.update()

    @property
    def number(self) -> str:
        """The number as it is shown."""
        return self._number

    def show_weight(self, weight: Weight, place: Place | None, *, fixed: bool) -> None:
        """How it takes part now; ``fixed``: a network that this update leaves as it is."""
        self.weight, self._place, self._fixed = weight, place, fixed
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    # -- Qt ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as well: Space plays and pauses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Under the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: object) -> None:
        """No longer."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, picture and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        if self.weight == "outside":
            painter.setOpacity(1 - OUTSIDE + 0.1)
        picture, words = self._places()
        self._pictures.paint(self._node.name, painter, picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if words.width() >= TEXT_LEAST or self.height() >= TALL:
            self._paint_words(painter, words)
        painter.end()

    # -- inside --------------------------------------------------------------------------------------------------

    def _paint_frame(self, painter: QPainter) -> None:
        theme = self._theme
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        current = self.weight == "current" and self._place is not None
        colour = getattr(theme, self._place.player) if current and self._place is not None else theme.border
        ground = theme.raised if self.underMouse() or self.isDown() else theme.surface
        painter.setBrush(QColor(mixed(colour, theme.surface, 0.88) if current else ground))
        pen = QPen(QColor(theme.accent if self.hasFocus() else colour), 2.0 if current or self.hasFocus() else 1.0)
        painter.setPen(pen)
        painter.drawRoundedRect(box, 6, 6)

    def _places(self) -> tuple[QRectF, QRectF]:
        """Where the picture is, and where the words."""
        box = QRectF(self.rect()).adjusted(6, 5, -6, -5)
        if self.height() >= TALL:
            line = QFontMetricsF(self.font()).height()
            head = line + 2
            foot = line + 1
            return box.adjusted(0, head, 0, -foot), box
        side = min(box.height(), box.width())
        return QRectF(box.left(), box.top(), side, box.height()), box.adjusted(side + 6, 0, 4, 0)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        if self._font != self.font():  # making fonts at every painting would take as long as the painting
            self._font = QFont(self.font())
            self._bold, self._small = tabular(self._font, weight=QFont.Weight.DemiBold), tabular(self._font, scale=0.88)
            self._title.prepare(painter.transform(), self._bold)
        bold, small = self._bold, self._small
        line = QFontMetricsF(small).height()
        quiet = "fixed" if self._fixed else self._quiet
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        height = self._title.size().height()
        lines = sum(bool(text) for text in (quiet, self._number))
        top = box.top() - 1
        if self.height() < TALL:  # beside the picture the lines stand in the middle
            top = max(top, box.center().y() - (height + lines * (line - 1)) / 2)
        painter.drawStaticText(QPointF(box.left(), top), self._title)
        top += height - 1
        painter.setFont(small)
        if self.height() >= TALL:
            foot = QRectF(box.left(), box.bottom() - line, box.width(), line)
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                foot,
                Qt.AlignmentFlag.AlignLeft,
                QFontMetricsF(small).elidedText(
                    quiet,
                    Qt.TextElideMode.ElideRight,
                    foot.width() - (QFontMetricsF(small).horizontalAdvance(self._number) + 6 if self._number else 0),
                ),
            )
            painter.setPen(QColor(theme.text))
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight, self._number)
            return
        for text, colour in ((quiet, theme.muted), (self._number, theme.text)):
            if not text:
                continue
            painter.setPen(QColor(colour))
            shown = QFontMetricsF(small).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(QRectF(box.left(), top, box.width() + 4, line), Qt.AlignmentFlag.AlignLeft, shown)
            top += line - 1


def _latex(title: str) -> str:
    return title.replace("~", r"\sim ").replace("∇θ_", r"\nabla\theta_").replace("p_data", r"p_{data}")


def _between(start: QRectF, end: QRectF, *, horizontal: bool, aside: float) -> tuple[QPointF, QPointF]:
    """From the side of one rectangle that looks at the other to that other's."""
    if horizontal:
        forwards = end.center().x() > start.center().x()
        return (
            QPointF(start.right() if forwards else start.left(), start.center().y() + aside),
            QPointF(end.left() if forwards else end.right(), end.center().y() + aside),
        )
    forwards = end.center().y() > start.center().y()
    return (
        QPointF(start.center().x() + aside, start.bottom() if forwards else start.top()),
        QPointF(end.center().x() + aside, end.top() if forwards else end.bottom()),
    )


def _curve(a: QPointF, b: QPointF, *, horizontal: bool) -> QPainterPath:
    path = QPainterPath(a)
    bend = QPointF((b.x() - a.x()) / 2, 0) if horizontal else QPointF(0, (b.y() - a.y()) / 2)
    path.cubicTo(a + bend, b - bend, b)
    return path


def _paint_head(painter: QPainter, path: QPainterPath, colour: QColor, size: float) -> None:
    """The head of an arrow at the end of a path."""
    tip, before = path.pointAtPercent(1.0), path.pointAtPercent(0.8)
    angle = math.atan2(tip.y() - before.y(), tip.x() - before.x())
    corners = [tip - QPointF(math.cos(angle + turn), math.sin(angle + turn)) * size for turn in (-0.42, 0.42)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, *corners]))
