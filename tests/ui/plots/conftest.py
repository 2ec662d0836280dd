"""Panels on the screen, and the mouse over them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.colours import LIGHT
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.panel import PlotPanel

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def make(qtbot: QtBot) -> Callable[..., PlotPanel]:
    """Make a plot by name and show it, ``size`` pixels large."""

    def made(name: str, size: tuple[int, int] = (340, 200)) -> PlotPanel:
        panel = PLOTS[name].create(LIGHT)
        qtbot.addWidget(panel)
        panel.resize(*size)
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    return made


@pytest.fixture
def hover() -> Callable[[PlotPanel, float], None]:
    """Move the mouse over the curves of a panel, to an x of its axis."""

    def moved(panel: PlotPanel, x: float) -> None:
        viewport = panel.plot.viewport()
        top, bottom = panel.view.viewRange()[1]
        at = QPointF(panel.plot.mapFromScene(panel.view.mapViewToScene(QPointF(x, (top + bottom) / 2))))
        _send(viewport, at)

    def _send(viewport: object, at: QPointF) -> None:
        everywhere = QPointF(viewport.mapToGlobal(QPoint(int(at.x()), int(at.y()))))  # type: ignore[attr-defined]
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, everywhere, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)  # type: ignore[call-overload]

    return moved
