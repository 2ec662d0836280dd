"""A comparison with trainers' own processes: one pass through its life."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from doubles import is_running
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.experiment.presets import preset
from ganstudio.ui.compare.comparison import Comparison
from ganstudio.ui.compare.contenders import contenders
from ganstudio.ui.trainer_thread import TrainerThread

PATIENCE = 90_000
"""Milliseconds; loading torch takes most of it on a busy machine."""


@pytest.fixture
def comparison(qapp: QApplication, make_thread: Callable[[], TrainerThread]) -> Iterator[Comparison]:
    known = contenders(preset("gaussians").experiment)
    comparison = Comparison([known["own"], known["studio-default"], known["plain-2014"]], make_thread, cores=1)
    yield comparison
    comparison.close()
    comparison.deleteLater()


@pytest.mark.slow
def test_three_take_turns_on_one_core_and_the_same_settings_give_the_same_run(
    qtbot: QtBot, comparison: Comparison, processes: list[int]
) -> None:
    comparison.begin()
    comparison.play()
    qtbot.waitUntil(lambda: all(len(lane.run.history.rows) >= 60 for lane in comparison.lanes), timeout=PATIENCE)
    own, default, plain = (lane.run.history for lane in comparison.lanes)
    # The settings as they are happen to be the studio's: turns of any length leave no trace.
    assert (own.rows[:60] == default.rows[:60]).all()
    assert (own.rows[:60] != plain.rows[:60]).any()
    assert own.measure("jsd")[0] == default.measure("jsd")[0]
    assert len(set(processes)) == 3

    comparison.close()
    assert not any(is_running(process) for process in processes)
