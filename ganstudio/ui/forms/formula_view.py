"""A formula as a widget: typeset, sharp at any resolution, in the colours of the palette."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.forms import typeset
from ganstudio.ui.forms.formula import equations, readable, rich
from ganstudio.ui.theme import LIGHT, Theme

SCALE = 1.42
"""Size of the formula's letters relative to those of the text around it: Computer Modern is a small, thin face."""
SMALLER, SMALLEST = 0.88, 0.72
"""What is a little too wide is set smaller rather than broken; what cannot be broken, smaller still."""
MARGIN = 6
LINE_GAP = 0.5
INDENT = 1.6
BETWEEN = 2.2
"""Of the font size: between lines, before lines that go on, and between equations in one line."""


class FormulaView(QWidget):
    """Shows the equations of a formula, side by side where there is room, broken into lines where there is not."""

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        self._theme = theme
        self._source = ""
        self._paths: list[tuple[QPainterPath, QPointF]] = []
        self._scale = 1.0
        self._height = 0.0
        self._text: QTextDocument | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_typeset(self) -> bool:
        """Whether outlines are drawn; else the formula is shown as text, or there is none."""
        return bool(self._paths)

    def show_formula(self, source: str) -> None:
        """Show this formula; an empty one hides the widget."""
        self._source = source
        self.setVisible(bool(source))
        self.setAccessibleName(readable(source))
        self.setToolTip(readable(source))
        self._lay_out(self.width())
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width != self.width():
            self._lay_out(width)
            height = self._height
            self._lay_out(self.width())
        else:
            height = self._height
        return round(height) + 2 * MARGIN

    def sizeHint(self) -> QSize:
        return QSize(240, round(self._height) + 2 * MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self.width())
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(MARGIN, MARGIN)
        if self._text is not None:
            self._text.setDefaultStyleSheet(f"body {{ color: {self._theme.text}; }}")
            self._text.setHtml(f"<body>{'<br>'.join(rich(part) for part in equations(self._source))}</body>")
            self._text.drawContents(painter)
            return
        for path, at in self._paths:
            painter.save()
            painter.translate(at)
            painter.scale(self._scale, self._scale)
            painter.fillPath(path, QColor(self._theme.text))
            painter.restore()

    def _lay_out(self, width: int) -> None:
        """Place the lines for a width in pixels."""
        self._paths, self._text, self._height = [], None, 0.0
        if not self._source or width <= 2 * MARGIN:
            return
        size = self.fontInfo().pixelSize() * SCALE
        room = width - 2 * MARGIN
        widest = room / size * typeset.UNIT
        try:
            broken = [typeset.broken(equation, widest / SMALLER) for equation in equations(self._source)]
        except typeset.CannotTypesetError:
            self._text = QTextDocument()
            self._text.setDefaultFont(self.font())
            self._text.setHtml("<br>".join(rich(part) for part in equations(self._source)))
            self._text.setTextWidth(room)
            self._height = self._text.size().height()
            return
        needed = max(line.width for lines in broken for line in lines)
        size *= min(1.0, max(SMALLEST, widest / needed))
        self._scale = size / typeset.UNIT
        self._place(broken, room, size)

    def _place(self, broken: list[tuple[typeset.Outline, ...]], room: float, size: float) -> None:
        x = y = ascent = descent = 0.0
        row: list[tuple[typeset.Outline, float]] = []

        def end_row() -> None:
            nonlocal x, y, ascent, descent
            if row:
                y += (LINE_GAP * size if y else 0.0) + ascent
                self._paths += [(painted(line), QPointF(at, y)) for line, at in row]
                y += descent
            row.clear()
            x = ascent = descent = 0.0

        for lines in broken:
            for number, line in enumerate(lines):
                width = line.width * self._scale
                if number or (x and x + width > room):
                    end_row()
                at = x + (min(INDENT * size, max(0.0, room - width)) if number else 0.0)
                row.append((line, at))
                x = at + width + BETWEEN * size
                ascent = max(ascent, line.ascent * self._scale)
                descent = max(descent, line.descent * self._scale)
            if len(lines) > 1:
                end_row()
        end_row()
        self._height = y


def painted(line: typeset.Outline) -> QPainterPath:
    """The outlines as a path of Qt, y downwards."""
    path = QPainterPath()
    path.setFillRule(path.fillRule().WindingFill)
    points = [QPointF(x, -y) for x, y in line.vertices]
    at = 0
    while at < len(points):
        code = int(line.codes[at])
        at += _DRAWN[code](path, points, at)
    return path


def _move(path: QPainterPath, points: list[QPointF], at: int) -> int:
    path.moveTo(points[at])
    return 1


def _line(path: QPainterPath, points: list[QPointF], at: int) -> int:
    path.lineTo(points[at])
    return 1


def _conic(path: QPainterPath, points: list[QPointF], at: int) -> int:
    path.quadTo(points[at], points[at + 1])
    return 2


def _cubic(path: QPainterPath, points: list[QPointF], at: int) -> int:
    path.cubicTo(points[at], points[at + 1], points[at + 2])
    return 3


def _close(path: QPainterPath, points: list[QPointF], at: int) -> int:
    path.closeSubpath()
    return 1


_DRAWN = {1: _move, 2: _line, 3: _conic, 4: _cubic, 79: _close}
