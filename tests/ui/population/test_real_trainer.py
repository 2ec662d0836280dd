"""A population with a trainer's own process: one pass through its life."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from doubles import is_running
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.experiment.population import Axis, PopulationSpec
from ganstudio.experiment.presets import preset
from ganstudio.messages.population import PopulationFrame
from ganstudio.ui.population.population_run import PopulationRun
from ganstudio.ui.trainer_thread import TrainerThread

PATIENCE = 90_000
"""Milliseconds; loading torch takes most of it on a busy machine."""
POINTS = 50


@pytest.fixture
def run(qapp: QApplication, make_thread: Callable[[], TrainerThread]) -> Iterator[PopulationRun]:
    rows = Axis(path="optimizers.generator.learning_rate", values=(0.001, 0.002))
    spec = PopulationSpec(base=preset("gaussians").experiment, rows=rows, seeds=2)
    run = PopulationRun(spec, make_thread, POINTS)
    yield run
    run.close()
    run.deleteLater()


@pytest.mark.slow
def test_members_are_trained_looked_at_and_measured_and_no_process_is_left(
    qtbot: QtBot, run: PopulationRun, processes: list[int]
) -> None:
    frames: list[PopulationFrame] = []
    run.frame_arrived.connect(frames.append)
    run.begin()
    qtbot.waitUntil(lambda: run.progress.iteration >= 20 and len(run.measures) >= 1, timeout=PATIENCE)
    run.pause()
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].progress == run.progress, timeout=PATIENCE)
    points = frames[-1].points
    assert points.shape == (4, POINTS, 2)
    assert np.isfinite(points).all()
    assert all(not np.array_equal(points[0], points[member]) for member in (1, 2, 3))
    assert np.isfinite(run.measures.last).all()
    assert run.broken_by == {}

    run.close()
    assert not any(is_running(process) for process in processes)
