"""A column of controls with someone behind it who takes over what it asks for, as the window does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.ui.panels.control_column import ControlColumn
from ganstudio.ui.style import stylesheet
from ganstudio.ui.theme import LIGHT


class Owner:
    """Holds the experiment, and remembers what was asked for."""

    def __init__(self, column: ControlColumn, experiment: Experiment) -> None:
        self.column = column
        self.experiment = experiment
        self.requests: list[tuple[str, object]] = []
        column.value_requested.connect(self.take)

    def take(self, path: str, value: object) -> None:
        self.requests.append((path, value))
        self.show(with_value(self.experiment, path, value))

    def show(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.column.show_experiment(experiment)

    def control(self, path: str) -> QWidget:
        """The widget that takes the keyboard for the setting at ``path``."""
        for panel in self.column.panels:
            for form in panel.forms:
                if path in form.paths:
                    return form.editor(path).controls[0]
        raise KeyError(path)

    def error(self, path: str) -> str:
        return next(form.error(path) for panel in self.column.panels for form in panel.forms if path in form.paths)


@pytest.fixture
def make_owner(qtbot: QtBot) -> Callable[..., Owner]:
    def make(experiment: Experiment | None = None) -> Owner:
        shown = experiment or Experiment()
        column = ControlColumn(shown, LIGHT)
        qtbot.addWidget(column)
        column.setStyleSheet(stylesheet(LIGHT))
        column.resize(340, 700)
        column.restore(dict.fromkeys(column.state(), True))
        column.show()
        qtbot.waitExposed(column)
        column.activateWindow()
        qtbot.waitUntil(lambda: column.isActiveWindow() and column.networks.generator.drawing.width() > 200)
        return Owner(column, shown)

    return make


@pytest.fixture
def owner(make_owner: Callable[..., Owner]) -> Owner:
    return make_owner()
