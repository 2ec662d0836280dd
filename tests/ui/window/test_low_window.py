"""A window of 1280×640 pixels, which a screen of 1280×720 leaves: every panel of the theory has its place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.ui.canvas.layer_chips import LayerChip
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.theory import THEORY
from ganstudio.ui.theory.divergences import DivergencesPanel

WIDTH, HEIGHT = 1280, 640


@pytest.fixture
def low(window: MainWindow) -> MainWindow:
    window.resize(WIDTH, HEIGHT)
    return window


def open_panel(qtbot: QtBot, window: MainWindow, *names: str) -> QWidget:
    """The panel of the last name, seen."""
    for name in names:
        window.theory.docks[name].show()
    dock = window.theory.docks[names[-1]]
    dock.raise_()
    qtbot.waitUntil(lambda: dock.on_screen)
    QCoreApplication.sendPostedEvents()  # the window takes over what its parts need at least
    return dock.panel


def cut_off(panel: QWidget) -> list[str]:
    """Parts of a panel that reach beyond what they stand in, or have less room than they need."""
    found = []
    for part in panel.findChildren(QWidget):
        above = part.parentWidget()
        # What scrolls inside may be larger than what one sees of it.
        if not part.isVisible() or isinstance(above.parentWidget(), QScrollArea) or above.layout() is None:
            continue
        if above.layout().indexOf(part) < 0 and not above.rect().contains(part.geometry()):
            continue
        needed = part.heightForWidth(part.width()) if isinstance(part, QLabel) and part.wordWrap() else 0
        outside = part.geometry().bottom() > above.rect().bottom()
        if outside or part.height() < max(needed, part.minimumHeight()):
            found.append(f"{type(part).__name__} {part.geometry().getRect()} in {above.rect().getRect()}: {needed}")
    return found


def overlapping(panel: QWidget) -> list[str]:
    """Parts of one layout of which one covers the other."""
    found = []
    for holder in (panel, *panel.findChildren(QWidget)):
        layout = holder.layout()
        if layout is None or not holder.isVisible():
            continue
        parts = [child for child in holder.children() if isinstance(child, QWidget) and child.isVisible()]
        laid = [part for part in parts if layout.indexOf(part) >= 0]
        for at, one in enumerate(laid):
            found += [
                f"{type(one).__name__} and {type(other).__name__}"
                for other in laid[at + 1 :]
                if one.geometry().intersects(other.geometry())
            ]
    return found


@pytest.mark.parametrize("beside", [(), ("flow",)], ids=["alone", "above the data flow"])
@pytest.mark.parametrize("name", list(THEORY))
def test_every_panel_of_the_theory_fits(qtbot: QtBot, low: MainWindow, name: str, beside: tuple[str, ...]) -> None:
    panel = open_panel(qtbot, low, *beside, name)
    qtbot.waitUntil(lambda: cut_off(panel) == [])  # laying out takes a turn or two
    qtbot.waitUntil(lambda: overlapping(panel) == [])
    assert (low.width(), low.height()) == (WIDTH, HEIGHT)
    assert low.minimumSizeHint().height() <= HEIGHT


def test_what_is_higher_than_its_place_can_be_scrolled_to_its_end(qtbot: QtBot, low: MainWindow) -> None:
    panel = open_panel(qtbot, low, "flow", "approximation")
    area = low.theory.docks["approximation"].widget()
    assert isinstance(area, QScrollArea)
    assert panel.height() > area.viewport().height()
    bar = area.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert panel.visibleRegion().boundingRect().bottom() == panel.rect().bottom()
    assert panel.width() == area.viewport().width()


def test_all_four_divergences_can_be_read(qtbot: QtBot, low: MainWindow) -> None:
    for height in (HEIGHT, 720):
        panel = open_panel(qtbot, low, "flow", "divergences")
        low.resize(WIDTH, height)
        assert isinstance(panel, DivergencesPanel)
        rows = panel.rows
        qtbot.waitUntil(lambda rows=rows: rows.visibleRegion().boundingRect().height() == rows.sizeHint().height())


def test_a_panel_that_was_low_takes_its_room_back(qtbot: QtBot, low: MainWindow) -> None:
    panel = open_panel(qtbot, low, "flow", "divergences")
    assert isinstance(panel, DivergencesPanel)
    assert not panel.plot.isVisible()
    low.theory.docks["flow"].close()
    qtbot.waitUntil(panel.plot.isVisible)
    low.theory.docks["flow"].show()
    qtbot.waitUntil(lambda: not panel.plot.isVisible())
    area = low.theory.docks["divergences"].widget()
    assert isinstance(area, QScrollArea)
    qtbot.waitUntil(lambda: panel.size() == area.viewport().size())  # nothing is left to scroll


def test_the_tools_and_all_layers_of_the_stage_stay_whole_above_the_data_flow(qtbot: QtBot, low: MainWindow) -> None:
    open_panel(qtbot, low, "flow")
    strip, chips = low.stage.strip, low.stage.chips
    buttons = [strip.button(action) for group in low.stage.controls.groups for action in group if action.isVisible()]
    assert low.height() == HEIGHT
    assert len(buttons) > 10
    assert all(button.height() >= 24 and strip.rect().contains(button.geometry()) for button in buttons)
    assert overlapping(strip) == []
    shown = [chip for chip in chips.findChildren(LayerChip) if chip.isVisible()]
    assert len({chip.y() for chip in shown}) == 2, "they need two lines here"
    assert all(chips.rect().contains(chip.geometry()) for chip in shown)


def test_the_tools_are_square_where_there_is_room(qtbot: QtBot, window: MainWindow) -> None:
    strip = window.stage.strip
    buttons = [strip.button(action) for action in window.stage.controls.groups[0]]
    assert {button.size().toTuple() for button in buttons} == {(28, 28)}
