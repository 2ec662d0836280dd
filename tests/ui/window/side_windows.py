"""Fixtures of the windows beside the main one: a studio whose trainer is scripted, and trainers in own processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from doubles import Trainers
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.presets import preset
from ganstudio.ui.studio import Studio
from ganstudio.ui.trainer_thread import TrainerThread


@pytest.fixture
def studio(qapp: QApplication) -> Iterator[Studio]:
    studio = Studio(preset("ring8").experiment, Trainers())
    studio.open()
    studio.run.tick()
    yield studio
    studio.close()
    studio.deleteLater()


@pytest.fixture
def processes() -> list[int]:
    """Those of all trainers that ``make_thread`` made."""
    return []


@pytest.fixture
def make_thread(processes: list[int]) -> Callable[[], TrainerThread]:
    def make() -> TrainerThread:
        thread = TrainerThread()
        assert thread.process_id is not None
        processes.append(thread.process_id)
        return thread

    return make
