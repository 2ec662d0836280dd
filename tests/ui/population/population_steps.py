"""What a person does in the window of populations, and what its trainer was told."""

from __future__ import annotations

from population_doubles import PopulationTrainer
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from ganstudio.messages.population import StartPopulation
from ganstudio.ui.population.board import Board
from ganstudio.ui.population.population_window import PopulationWindow

MARGIN = 12
"""Pixels between the window's edge and what is in it."""


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tick(window: PopulationWindow) -> None:
    assert window.run is not None
    window.run.tick()


def begin(qtbot: QtBot, window: PopulationWindow) -> Board:
    click(qtbot, window.play)
    tick(window)
    board = window.board
    assert board is not None
    qtbot.waitUntil(lambda: board.isVisible() and board.geometry().right() == window.width() - MARGIN - 1)
    return board


def choose(box: QComboBox, data: object) -> None:
    """As a person does by the list."""
    at = box.findData(data)
    assert at >= 0
    box.setCurrentIndex(at)
    box.activated.emit(at)


def write(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def middle_of(board: Board, member: int) -> QPoint:
    return board.grid.plan.at(member).frame.center()


def trained(trainer: PopulationTrainer) -> StartPopulation:
    return trainer.sent_of(StartPopulation)[0]


def seeds_of(trainer: PopulationTrainer) -> list[int]:
    return [member.seed for member in trained(trainer).members]
