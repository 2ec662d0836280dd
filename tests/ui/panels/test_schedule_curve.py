from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.experiment.optimizers import Constant, Cosine, LinearWarmup, Schedule
from ganstudio.experiment.reference import kinds_of
from ganstudio.ui.panels.schedule_curve import ScheduleCurve, shares
from ganstudio.ui.theme import LIGHT


def at(schedule: Schedule, *iterations: float) -> list[float]:
    return shares(schedule, np.array(iterations)).tolist()


def test_a_cosine_is_whole_then_half_way_then_at_its_final_share():
    schedule = Cosine(iterations=1000, constant_share=0.6, final_share=0.1)
    assert at(schedule, 0, 600, 800, 1000, 5000) == pytest.approx([1, 1, 0.55, 0.1, 0.1])


def test_a_warm_up_rises_in_a_line_to_one():
    assert at(LinearWarmup(iterations=100), 0, 49, 99, 1000) == pytest.approx([0.01, 0.5, 1, 1])


def test_every_kind_of_schedule_has_its_curve():
    from ganstudio.experiment.optimizers import Adam

    for kind in kinds_of(Adam, "schedule").values():
        assert at(kind(), 1e9) != []


def test_a_constant_schedule_takes_no_room(qtbot: QtBot):
    curve = ScheduleCurve(LIGHT)
    qtbot.addWidget(curve)
    curve.show_schedule(Constant(), 1e-3)
    assert curve.isHidden()
    curve.show_schedule(Cosine(iterations=2000), 1e-3)
    assert not curve.isHidden()
    assert curve.toolTip() == "learning rate 0.001 at iteration 0, 5e-05 at iteration 2,000"
