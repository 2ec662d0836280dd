"""Rows of tabs under docks keep whole titles, however many there are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.ui.dock_tabs import DockTabs, menu_of

TITLES = ("Controls", "Value function", "G's loss", "D* at a point", "Dirac-GAN", "Latent pad", "Slow walk")


def window_with_docks(qtbot: QtBot, *, before: int = 0) -> tuple[QMainWindow, list[QDockWidget]]:
    """``before``: how many docks there are already when their tabs are taken care of."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QWidget())
    window.resize(1280, 720)
    docks: list[QDockWidget] = []
    for count, title in enumerate(TITLES):
        if count == before:
            DockTabs(window)
        dock = QDockWidget(title, window)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        if docks:
            window.tabifyDockWidget(docks[0], dock)
        docks.append(dock)
    with qtbot.waitExposed(window):
        window.show()
    window.resizeDocks(docks[:1], [320], Qt.Orientation.Horizontal)
    return window, docks


def row(window: QMainWindow) -> QTabBar:
    bars = [bar for bar in window.findChildren(QTabBar) if bar.count() == len(TITLES)]
    assert len(bars) == 1
    return bars[0]


def test_titles_are_whole_and_the_rest_can_be_scrolled_to(qtbot: QtBot) -> None:
    for before in (0, 3):
        window, docks = window_with_docks(qtbot, before=before)
        bar = row(window)
        assert bar.usesScrollButtons()
        assert docks[0].width() < 400  # the titles do not widen their docks
        for index, title in enumerate(TITLES):
            assert bar.tabText(index) == title
            assert bar.tabRect(index).width() >= QFontMetrics(bar.font()).horizontalAdvance(title)
        docks[-1].raise_()
        qtbot.waitUntil(lambda bar=bar: bar.currentIndex() == len(TITLES) - 1)
        last = bar.tabRect(len(TITLES) - 1)
        assert last.left() >= 0 and last.right() <= bar.width()  # the one in front is in sight


def test_a_menu_lists_all_tabs_and_leads_to_each(qtbot: QtBot) -> None:
    window, docks = window_with_docks(qtbot)
    bar = row(window)
    assert bar.contextMenuPolicy() == Qt.ContextMenuPolicy.CustomContextMenu
    menu = menu_of(bar)
    assert [action.text() for action in menu.actions()] == list(TITLES)
    assert [action.isChecked() for action in menu.actions()] == [i == bar.currentIndex() for i in range(len(TITLES))]
    menu.actions()[4].trigger()
    qtbot.waitUntil(lambda: not docks[4].visibleRegion().isEmpty())
    assert bar.currentIndex() == 4
    menu.deleteLater()
