"""D*, the fit that is looked at, where the two differ; and below them every fit, a row for each depth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.messages.approximation import Approximation
from ganstudio.messages.events import Approximated
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme, field_lookup_table

Pixels = NDArray[np.uint8]

GAP = 4
LABEL = 20
"""Pixels at the left of a row of fits, for its depth."""
SMALL = 0.85
LARGE_MOST, SMALL_MOST = 150, 64
"""Pixels of a side, at most."""
LINE_HEIGHT = 0.6
"""Of a picture of a line, as a share of its width."""


class FitPictures(QWidget):
    """Three large pictures and a grid of small ones; a click on a small one looks at that network."""

    chosen = Signal(int)  # the number of a network

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._approximation = Approximation()
        self._event: Approximated | None = None
        self._selected = 0
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("D*, and what each network makes of it")
        self.setMouseTracking(True)

    def show_fits(self, approximation: Approximation, event: Approximated | None, selected: int) -> None:
        """Show these; before there are any, empty frames of them."""
        before = self.sizeHint()
        self._approximation, self._event, self._selected = approximation, event, selected
        self._draw()
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self._draw()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as three pictures in a row and the grid below them."""
        return QSize(300, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 60)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The pictures are squares, or flatter on a line."""
        large, small = self._sides(width)
        rows = len(self._approximation.depths)
        ratio = self._ratio
        return int(2 * self._line + large * ratio + rows * (small * ratio + GAP) + GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height that is wanted goes by the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def place(self, number: int) -> QRectF:
        """Where the small picture of a network is."""
        large, small = self._sides(self.width())
        row, column = divmod(number, len(self._approximation.widths))
        top = 2 * self._line + large * self._ratio + GAP
        return QRectF(
            LABEL + column * (small + GAP), top + row * (small * self._ratio + GAP), small, small * self._ratio
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is not None:
            self.chosen.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Each picture has a tooltip of its own."""
        if isinstance(event, QHelpEvent):
            number = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), GENERAL if number is None else self.describe(number), self)
            return True
        return super().event(event)

    def describe(self, number: int) -> str:
        """What a network is and how far it is off, as text."""
        depth, width = self._approximation.shapes[number]
        text = f"{depth} hidden layer{'s' if depth > 1 else ''} of {width}"
        if self._event is None or number >= len(self._event.parameters):
            return text
        l2, most, lost = (figure(float(value)) for value in self._event.errors[-1, number])
        return (
            f"{text}, {self._event.parameters[number]:,} parameters: √E(D − D*)² {l2}, max {most}, V lost {lost} nats"
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme, shown = self._theme, self._event
        font = tabular(self.font(), scale=SMALL)
        painter.setFont(font)
        large, _ = self._sides(self.width())
        depth, width = self._approximation.shapes[self._selected]
        captions = ("D*", f"D: {depth} × {width}", "|D − D*|")
        for at, caption in enumerate(captions):
            frame = QRectF(at * (large + GAP), self._line, large, large * self._ratio)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(frame.left(), 0, large, self._line), Qt.AlignmentFlag.AlignVCenter, caption)
            self._paint_picture(painter, frame, at)
        painter.setPen(QColor(theme.muted))
        for column, width in enumerate(self._approximation.widths):
            cell = self.place(column)
            box = QRectF(cell.left(), cell.top() - self._line, cell.width(), self._line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(width))
        painter.drawText(
            QRectF(0, self.place(0).top() - self._line, LABEL, self._line), Qt.AlignmentFlag.AlignVCenter, "↓→"
        )
        for row, depth in enumerate(self._approximation.depths):
            cell = self.place(row * len(self._approximation.widths))
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                QRectF(0, cell.top(), LABEL - 4, cell.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter,
                str(depth),
            )
        for number in range(len(self._approximation.shapes)):
            self._paint_picture(painter, self.place(number), 3 + number)
        if shown is not None:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.place(self._selected).adjusted(-1, -1, 1, 1))
        painter.end()

    # inside

    @property
    def _line(self) -> float:
        return QFontMetricsF(tabular(self.font(), scale=SMALL)).height() + 1

    @property
    def _is_line(self) -> bool:
        return self._event is not None and self._event.optimal.shape[0] == 1

    @property
    def _ratio(self) -> float:
        return LINE_HEIGHT if self._is_line else 1.0

    def _sides(self, width: int) -> tuple[float, float]:
        """The sides of a large and of a small picture."""
        columns = len(self._approximation.widths)
        small = (width - LABEL - (columns - 1) * GAP) / columns
        return min((width - 2 * GAP) / 3, LARGE_MOST), max(8.0, min(small, SMALL_MOST))

    def _at(self, point: QPointF) -> int | None:
        count = len(self._approximation.shapes)
        return next((number for number in range(count) if self.place(number).contains(point)), None)

    def _rasters(self) -> list[NDArray[np.float32]]:
        """What each picture shows, in order: D*, the fit that is looked at, their distance, every fit."""
        shown = self._event
        if shown is None:
            return []
        fit = shown.fits[self._selected]
        return [shown.optimal, fit, np.abs(fit - shown.optimal), *shown.fits]

    def _draw(self) -> None:
        self._images = []
        if self._event is None or self._is_line:
            return
        of_d, of_error = (
            _packed(field_lookup_table(self._theme)),
            _packed(_shades(self._theme.surface, self._theme.jsd)),
        )
        nothing = _packed(_shades(self._theme.surface, self._theme.surface))[0]
        for number, raster in enumerate(self._rasters()):
            table = of_error if number == 2 else of_d
            shades = np.nan_to_num(np.clip(raster, 0, 1) * 255 + 0.5).astype(np.uint8)
            pixels = np.where(np.isnan(raster), nothing, table[shades])[::-1].copy()
            height, width = pixels.shape
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            self._images.append(image.copy())

    def _paint_picture(self, painter: QPainter, frame: QRectF, number: int) -> None:
        if number < len(self._images):
            painter.drawImage(frame, self._images[number])
        elif self._is_line:
            self._paint_line(painter, frame, number)
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)

    def _paint_line(self, painter: QPainter, frame: QRectF, number: int) -> None:
        theme, rasters = self._theme, self._rasters()
        colour = theme.jsd if number == 2 else theme.value if number == 0 else theme.discriminator
        curves = [(rasters[number], colour, 1.5)]
        if number not in (0, 2):
            curves.insert(0, (rasters[0], mixed(theme.value, theme.surface, 0.6), 1.0))
        for raster, ink, thick in curves:
            values = raster[0]
            xs = frame.left() + (np.arange(len(values)) + 0.5) / len(values) * frame.width()
            ys = frame.bottom() - np.clip(values, 0, 1) * frame.height()
            painter.setPen(QPen(QColor(ink), thick))
            # A line for each stretch that is known.
            for part in np.split(np.arange(len(ys)), np.flatnonzero(np.diff(np.isnan(ys))) + 1):
                if not np.isnan(ys[part[0]]):
                    points = zip(xs[part].tolist(), ys[part].tolist(), strict=True)
                    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


GENERAL = (
    "Top: D*, the network that is looked at, and how far it is off. Below: every network, its depth growing downwards "
    "and its width to the right; click one to look at it"
)


def _shades(low: str, high: str) -> Pixels:
    """(256, 4) RGBA from one colour to another."""
    ends = [QColor(low), QColor(high)]
    channels = [
        np.interp(np.linspace(0, 1, 256), (0, 1), [getattr(end, name)() for end in ends])
        for name in ("red", "green", "blue")
    ]
    return np.stack([*channels, np.full(256, 255.0)], axis=1).round().astype(np.uint8)


def _packed(table: Pixels) -> NDArray[np.uint32]:
    """A table of RGBA as Qt's 32-bit pixels."""
    wide = table.astype(np.uint32)
    return np.asarray((255 << 24) | (wide[:, 0] << 16) | (wide[:, 1] << 8) | wide[:, 2], np.uint32)
