"""The mark of the iteration at which a run stands that was taken back along its timeline."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ganstudio.ui.theme import Theme

VEIL = 0.6
"""How far what lies after the iteration fades into the background."""

OVERHANG = 3
"""Pixels by which the veil is wider than the view: a dot at the very end stands out by so much."""


class StandingMark(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """A thin line, and a veil over all that lies after it. Hidden, as while training, it costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0.0
        self._pen = pg.mkPen(None)
        self._veil = QColor()
        self.hide()

    @property
    def iteration(self) -> float | None:
        """Where it is; None while it is hidden."""
        return self._at if self.isVisible() else None

    def set_iteration(self, iteration: float | None) -> None:
        """Mark this iteration; None marks none."""
        if iteration is not None:
            self._at = iteration
            self.update()
        self.setVisible(iteration is not None)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._pen = pg.mkPen(theme.text, width=1)
        self._veil = QColor(theme.surface)
        self._veil.setAlphaF(VEIL)
        self.update()

    def viewTransformChanged(self) -> None:
        """pyqtgraph's hook: the view's rectangle is this item's."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def boundingRect(self) -> QRectF:
        """All of the view, in its coordinates, and the overhang."""
        view: QRectF | None = self.viewRect()
        return QRectF() if view is None else view.adjusted(0, 0, OVERHANG * (self.pixelWidth() or 0), 0)

    def paint(self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Lay the veil, then draw the line at its beginning."""
        view = self.boundingRect()
        p.fillRect(QRectF(self._at, view.top(), view.right() - self._at, view.height()), self._veil)
        p.setPen(self._pen)
        p.drawLine(QLineF(self._at, view.top(), self._at, view.bottom()))
