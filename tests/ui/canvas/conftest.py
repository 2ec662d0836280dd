"""A stage on the screen, made-up frames, and a hand that drags the mouse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from ganstudio.experiment.targets import TargetSpec
from ganstudio.messages.events import Field, Frame
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.theme import LIGHT


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    stage = Stage(LIGHT)
    qtbot.addWidget(stage)
    stage.resize(800, 700)
    with qtbot.waitActive(stage):  # keys go to the active window
        stage.show()
        stage.activateWindow()
    return stage


@pytest.fixture
def show() -> Callable[[Stage, TargetSpec], None]:
    return lambda stage, spec: stage.show_target(build(spec), spec)


@pytest.fixture
def plane_frame() -> Callable[..., Frame]:
    return _plane_frame


@pytest.fixture
def line_frame() -> Callable[..., Frame]:
    return _line_frame


def _plane_frame(view: tuple[float, float, float, float] = (-1.0, 1.0, -1.0, 1.0), seed: int = 0) -> Frame:
    rng = np.random.default_rng(seed)
    return Frame(
        1,
        Progress(seed),
        100.0,
        generated=rng.normal(size=(200, 2)).astype(np.float32),
        field=Field(rng.random((16, 16)).astype(np.float32), view),
        gradients=rng.normal(size=(30, 4)).astype(np.float32),
        latent_grid=rng.normal(size=(6, 9, 2)).astype(np.float32),
    )


def _line_frame(view: tuple[float, float, float, float] = (-3.0, 3.0, 0.0, 1.0)) -> Frame:
    rng = np.random.default_rng(0)
    return Frame(
        1,
        Progress(1),
        100.0,
        generated=rng.normal(size=(300, 1)).astype(np.float32),
        field=Field(np.linspace(0, 1, 64, dtype=np.float32)[None], view),
        gradients=rng.normal(size=(30, 2)).astype(np.float32),
        latent_map=np.column_stack([np.linspace(-2, 2, 41), np.linspace(-2, 2, 41) ** 3 / 8]).astype(np.float32),
        generated_line=Field(_gaussian(np.linspace(*view[:2], 64))[None], view),
    )


def _gaussian(x: np.ndarray) -> np.ndarray:
    return (np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)).astype(np.float32)


class Hand:
    """Drags over the plot; positions in data coordinates."""

    def __init__(self, stage: Stage, qtbot: QtBot) -> None:
        self.stage, self.qtbot = stage, qtbot
        self.viewport = stage.view.viewport()

    def pixel(self, x: float, y: float) -> QPoint:
        return self.stage.view.viewport_position(x, y).toPoint()

    def data(self, x: float, y: float) -> tuple[float, float]:
        """What the pixel nearest to a point stands for."""
        at = self.stage.view.data_position(QPointF(self.pixel(x, y)))
        return at.x(), at.y()

    def press(self, x: float, y: float, **options) -> None:
        self.qtbot.mousePress(
            self.viewport, options.pop("button", Qt.MouseButton.LeftButton), pos=self.pixel(x, y), **options
        )

    def move(self, x: float, y: float) -> None:
        self.qtbot.mouseMove(self.viewport, self.pixel(x, y))

    def release(self, x: float, y: float, button=Qt.MouseButton.LeftButton) -> None:
        self.qtbot.mouseRelease(self.viewport, button, pos=self.pixel(x, y))

    def drag(self, *points: tuple[float, float]) -> None:
        self.press(*points[0])
        for point in points[1:]:
            self.move(*point)
        self.release(*points[-1])

    def click(self, x: float, y: float) -> None:
        self.press(x, y)
        self.release(x, y)


@pytest.fixture
def hand(stage: Stage, qtbot: QtBot) -> Hand:
    return Hand(stage, qtbot)


@pytest.fixture
def painted(stage: Stage) -> Callable[[], tuple]:
    """The commands of the painting so far."""
    return lambda: () if stage.document.spec is None else stage.document.spec.commands
