"""The windows beside the main one close by the keys that close windows, where nothing else takes them."""

from __future__ import annotations

import pytest
from doubles import Trainers
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QCompleter, QGraphicsView, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.side_window import SideWindow
from ganstudio.ui.side_windows import SIDE_WINDOWS

KEYS = {
    "Escape": (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    "Ctrl+W": (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
}


@pytest.fixture(params=list(SIDE_WINDOWS))
def side(request: pytest.FixtureRequest, qtbot: QtBot, window: MainWindow) -> SideWindow:
    window.actions_[request.param].trigger()
    side = window.side_windows.made[request.param]
    qtbot.waitExposed(side)
    return side


def press(qtbot: QtBot, keys: str, widget: QWidget) -> None:
    key, modifier = KEYS[keys]
    qtbot.keyClick(widget, key, modifier)


@pytest.mark.parametrize("keys", KEYS)
def test_it_closes_from_wherever_the_focus_is(qtbot: QtBot, side: SideWindow, keys: str) -> None:
    places = [
        child
        for child in side.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled() and child.isVisible()
    ]
    assert len(places) > 2
    for place in (side, *places):
        side.show()
        side.activateWindow()
        qtbot.waitUntil(side.isActiveWindow)
        place.setFocus()
        press(qtbot, keys, place)
        assert not side.isVisible(), place


def test_its_trainers_end_with_it_and_not_by_escape(qtbot: QtBot, window: MainWindow, trainers: Trainers) -> None:
    window.actions_["compare"].trigger()
    side = window.side_windows.made["compare"]
    before = len(trainers.made)
    side.begin()
    assert len(trainers.made) == before + 2
    plot = side.findChildren(QGraphicsView)[0]
    qtbot.waitUntil(plot.isVisible)
    press(qtbot, "Escape", plot)
    assert side.isVisible(), "what was trained would be lost"
    press(qtbot, "Ctrl+W", plot)
    assert not side.isVisible()
    assert all(trainer.stopped for trainer in trainers.made[before:])
    assert window.isVisible()


def test_an_open_list_is_closed_first(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["population"].trigger()
    side = window.side_windows.made["population"]
    box = next(box for box in side.findChildren(QComboBox) if box.isVisible())
    box.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    press(qtbot, "Escape", QApplication.activePopupWidget())
    assert QApplication.activePopupWidget() is None
    assert side.isVisible()
    press(qtbot, "Escape", box)
    assert not side.isVisible()


def test_an_open_menu_is_closed_first(qtbot: QtBot, side: SideWindow) -> None:
    menu = QMenu(side)
    menu.addAction("Something")
    menu.popup(side.mapToGlobal(side.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    press(qtbot, "Escape", QApplication.activePopupWidget())
    assert not menu.isVisible()
    assert side.isVisible()


def test_what_a_field_offers_to_complete_is_closed_first(qtbot: QtBot, side: SideWindow) -> None:
    field = QLineEdit(side)
    field.setCompleter(QCompleter(["minimax", "non-saturating"], field))
    field.show()
    field.setFocus()
    qtbot.keyClicks(field, "mini")
    offered = field.completer().popup()
    qtbot.waitUntil(offered.isVisible)
    press(qtbot, "Escape", offered)
    assert not offered.isVisible()
    assert side.isVisible()
    press(qtbot, "Escape", field)
    assert not side.isVisible()
