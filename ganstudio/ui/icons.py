"""The program's icons: drawn as SVG in one colour, tinted here with the colour of the theme.

Every file in ``resources/icons`` is a 24 × 24 line drawing of 1.75 px strokes in ``currentColor``; only the program's
own mark, ``app``, brings its colours along.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganstudio import shipped
from ganstudio.ui.theme import Theme

SIZES = (16, 20, 24, 32)
"""Logical sizes at which icons are drawn sharply; each at one and at two pixels a point."""

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
    drawn = QIcon()
    sizes = LOGO_SIZES if name == "app" else SIZES
    colours = {
        (QIcon.Mode.Normal, QIcon.State.Off): theme.accent_text if on_accent else theme.text,
        (QIcon.Mode.Normal, QIcon.State.On): theme.accent_text if on_accent else theme.accent,
        (QIcon.Mode.Disabled, QIcon.State.Off): theme.text,
        (QIcon.Mode.Disabled, QIcon.State.On): theme.accent,
    }
    for (mode, state), colour in colours.items():
        opacity = DISABLED_OPACITY if mode == QIcon.Mode.Disabled else 1.0
        for size in sizes:
            for ratio in (1, 2):
                drawn.addPixmap(pixmap(name, colour, size, ratio, opacity), mode, state)
    return drawn


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
    if name not in names():
        raise KeyError(f"there is no icon '{name}'; known: {', '.join(sorted(names()))}")
    return (shipped.directory("icons") / f"{name}.svg").read_text(encoding="utf-8")
