"""The window with the trainer's own process: one pass through its life."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from doubles import is_running
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.session.recovery import RecoveryStore
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.theme import ThemeController
from ganstudio.ui.trainer_thread import TrainerThread
from ganstudio.ui.training_run import RunState

PATIENCE = 60_000
"""Milliseconds; loading torch takes most of it on a busy machine."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_it_trains_outlives_the_death_of_its_trainer_and_leaves_no_process(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    processes: list[int] = []

    def make() -> TrainerThread:
        thread = TrainerThread()
        assert thread.process_id is not None
        processes.append(thread.process_id)
        return thread

    themes = ThemeController(qapp, "light")
    window = MainWindow(Settings(), themes, make, RecoveryStore(tmp_path / "recovery"))
    qtbot.addWidget(window, before_close_func=lambda closing: closing.shut_down())
    window.show()
    window.begin()
    run = window.studio.run
    qtbot.waitUntil(lambda: run.state is RunState.PAUSED, timeout=PATIENCE)

    qtbot.keyClick(window.stage.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: run.progress.iteration >= 120 and run.timeline.iterations[-1] >= 100, timeout=PATIENCE)
    assert len(run.history.rows) > 0
    assert run.history.measure("jsd")[0] > 0.1

    os.kill(processes[0], signal.SIGKILL)
    qtbot.waitUntil(lambda: any("SIGKILL" in text for text in window.messages.texts), timeout=PATIENCE)
    resumed_at = run.position
    assert resumed_at is not None
    assert resumed_at.progress.iteration >= 100
    qtbot.waitUntil(lambda: run.progress.iteration > resumed_at.progress.iteration + 20, timeout=PATIENCE)
    iterations = run.history.column("iteration")
    assert (iterations[1:] == iterations[:-1] + 1).all()

    window.studio.run.pause()
    qtbot.waitUntil(lambda: run.state is RunState.PAUSED, timeout=PATIENCE)
    assert len(processes) == 2
    assert is_running(processes[1])
    window.close()
    assert not window.isVisible()
    assert not any(is_running(process) for process in processes)
