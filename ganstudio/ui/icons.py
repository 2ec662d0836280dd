"""The program's icons: drawn as SVG in one colour, tinted here with the colour of the theme.

Every file in ``resources/icons`` is a 24 × 24 line drawing of 1.75 px strokes in ``currentColor``; only the program's
own mark, ``app``, brings its colours along.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganstudio import shipped
from ganstudio.ui.theme import Theme

SIZES = (16, 20, 24, 32)
"""Logical sizes that icons offer to those who ask for some; they are drawn sharply at any."""

LOGO_SIZES = (*SIZES, 48, 64, 128, 256)
DISABLED_OPACITY = 0.4


@cache
def names() -> frozenset[str]:
    """The names of all icons."""
    return frozenset(path.stem for path in shipped.directory("icons").glob("*.svg"))


@cache
def icon(name: str, theme: Theme, *, on_accent: bool = False) -> QIcon:
    """The icon ``name`` in the colours of ``theme``: text colour, faded when disabled, accent when checked.

    ``on_accent`` is for the buttons whose ground is the accent (``role`` primary).

    Raises:
        KeyError: there is no icon of this name.
    """
    if name not in names():
        raise KeyError(f"there is no icon '{name}'; known: {', '.join(sorted(names()))}")
    colours = {
        (False, QIcon.State.Off): theme.accent_text if on_accent else theme.text,
        (False, QIcon.State.On): theme.accent_text if on_accent else theme.accent,
        (True, QIcon.State.Off): theme.text,
        (True, QIcon.State.On): theme.accent,
    }
    return QIcon(_Engine(name, colours))


class _Engine(QIconEngine):
    """Draws an icon when it is shown: of its sizes and modes a window shows one or two.

    ``colours`` are by whether it is disabled, and its state.
    """

    def __init__(self, name: str, colours: Mapping[tuple[bool, QIcon.State], str]) -> None:
        super().__init__()
        self._name, self._colours = name, colours

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        disabled = mode == QIcon.Mode.Disabled
        side = min(size.width(), size.height())
        opacity = DISABLED_OPACITY if disabled else 1.0
        return pixmap(self._name, self._colours[disabled, state], side, scale, opacity)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        painter.drawPixmap(square, self.scaledPixmap(square.size(), mode, state, painter.device().devicePixelRatio()))

    def availableSizes(self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> list[QSize]:
        return [QSize(size, size) for size in (LOGO_SIZES if self._name == "app" else SIZES)]

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colours)


@cache
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0, opacity: float = 1.0) -> QPixmap:
    """The icon ``name`` in one ``colour`` (``#rrggbb``), ``size`` points wide, at ``ratio`` pixels a point.

    Raises:
        KeyError: there is no icon of this name.
    """
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", QColor(colour).name()).encode()))
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


@cache
def _source(name: str) -> str:
    return (shipped.directory("icons") / f"{name}.svg").read_text(encoding="utf-8")
