"""The engine's button: says what executes the iterations, and pins it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.messages.events import EngineChanged
from ganstudio.messages.snapshot import Progress
from ganstudio.ui.engine_button import EngineButton
from ganstudio.ui.settings import ENGINE, Settings


@pytest.fixture
def button(qtbot: QtBot) -> EngineButton:
    button = EngineButton()
    qtbot.addWidget(button)
    button.show()
    return button


def test_it_says_where_and_how_iterations_are_executed(button: EngineButton) -> None:
    assert button.text() == "cpu · eager"
    button.show_engine(EngineChanged(1, Progress(), "eager", preparing=True))
    assert button.text() == "cpu · preparing …"
    assert "is being made" in button.toolTip()
    button.show_engine(EngineChanged(1, Progress(), "eager", device="cuda", device_reason="large enough for a GPU"))
    assert button.text() == "cuda · eager"
    assert "On cuda: large enough for a GPU." in button.toolTip()
    button.show_engine(EngineChanged(1, Progress(), "compiled"))
    assert button.text() == "cpu · compiled"
    assert "large enough" not in button.toolTip()


def test_its_width_stays_whatever_it_says(button: EngineButton) -> None:
    widths = set()
    for engine, preparing in (("eager", False), ("eager", True), ("compiled", False)):
        button.show_engine(EngineChanged(1, Progress(), engine, preparing))
        widths.add(max(button.minimumWidth(), button.sizeHint().width()))
    assert len(widths) == 1


def test_its_menu_pins_an_engine(qtbot: QtBot, button: EngineButton) -> None:
    menu = button.menu()
    menu.popup(button.mapToGlobal(button.rect().topLeft()))
    action = button.actions_["compiled"]
    with qtbot.waitSignal(button.chosen) as chosen:
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    assert chosen.args == ["compiled"]
    assert action.isChecked()
    assert not button.actions_["auto"].isChecked()


@pytest.mark.parametrize(("stored", "read"), [("compiled", "compiled"), ("nonsense", "auto")])
def test_the_choice_is_remembered_and_nonsense_is_not(stored: str, read: str) -> None:
    settings = Settings()
    settings.set(ENGINE, stored)
    try:
        assert settings.engine == read
    finally:
        settings.set(ENGINE, "auto")
