from __future__ import annotations

from pytestqt.qtbot import QtBot

from ganstudio.experiment.optimizers import Constant, Cosine
from ganstudio.ui.panels.schedule_curve import ScheduleCurve
from ganstudio.ui.theme import LIGHT


def test_a_constant_schedule_takes_no_room(qtbot: QtBot):
    curve = ScheduleCurve(LIGHT)
    qtbot.addWidget(curve)
    curve.show_schedule(Constant(), 1e-3)
    assert curve.isHidden()
    curve.show_schedule(Cosine(iterations=2000), 1e-3)
    assert not curve.isHidden()
    assert curve.toolTip() == "learning rate 0.001 at iteration 0, 5e-05 at iteration 2,000"
