"""Divergences between p and q that are put by hand: dragged, typed, painted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganstudio.colours import DARK
from ganstudio.ui.theory.divergences import DivergencesPanel
from ganstudio.ui.theory.line_pair import Bump, LinePair
from ganstudio.ui.theory.painted_pair import PaintedPair


@pytest.fixture
def panel(make, qtbot) -> DivergencesPanel:
    made = make("divergences", (330, 600))
    assert isinstance(made, DivergencesPanel)
    qtbot.waitUntil(lambda: not made.is_growing)
    return made


def mouse(plot, kind: QEvent.Type, x: float, y: float, buttons: Qt.MouseButton) -> None:
    viewport = plot.viewport()
    at = QPointF(plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y))))
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    everywhere = QPointF(viewport.mapToGlobal(at.toPoint()))
    event = QMouseEvent(kind, at, everywhere, button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


def drag(plot, *points: tuple[float, float]) -> None:
    mouse(plot, QEvent.Type.MouseButtonPress, *points[0], Qt.MouseButton.LeftButton)
    for point in points[1:]:
        mouse(plot, QEvent.Type.MouseMove, *point, Qt.MouseButton.LeftButton)
    mouse(plot, QEvent.Type.MouseButtonRelease, *points[-1], Qt.MouseButton.NoButton)


def test_it_reads_the_closed_forms_of_two_gaussians(panel: DivergencesPanel):
    panel.set_pair(LinePair(p=Bump(0.0, 1.0), q=Bump(1.0, 1.0)))
    assert panel.rows.texts("kl") == ("KL(p‖q)", "0.500 nats", "1.000")
    assert panel.rows.texts("reverse_kl") == ("KL(q‖p)", "0.500 nats", "1.000")
    assert panel.rows.texts("jsd") == ("JSD", "0.111 nats", "0.199")
    assert panel.rows.texts("w1") == ("W1", "1.000 units", "1.000")


def test_nothing_is_computed_before_somebody_looks(qtbot):
    from ganstudio.colours import LIGHT
    from ganstudio.ui.theory import THEORY

    panel = THEORY["divergences"].create(LIGHT)
    qtbot.addWidget(panel)
    assert panel.found is None and panel.curves is None


def test_dragging_a_centre_moves_that_side_and_the_numbers_follow(panel: DivergencesPanel):
    stage = panel.line_stage
    peak = 1 / math.sqrt(2 * math.pi)
    drag(stage, (1.0, peak), (2.0, peak), (3.0, peak))
    assert panel.pair.q.centre == pytest.approx(3.0, abs=0.06)
    assert panel.pair.p == Bump(-1.0, 1.0)
    assert panel.found.w1.value == pytest.approx(4.0, abs=0.06)
    drag(stage, (-1.0, peak), (-2.0, peak))
    assert panel.pair.p.centre == pytest.approx(-2.0, abs=0.06)


def test_dragging_the_dot_at_the_side_widens(panel: DivergencesPanel):
    slope = math.exp(-0.5) / math.sqrt(2 * math.pi)
    drag(panel.line_stage, (2.0, slope), (2.5, slope), (3.0, slope))
    assert panel.pair.q.width == pytest.approx(2.0, abs=0.06)
    assert panel.pair.q.centre == 1.0


def test_a_press_beside_every_handle_takes_the_nearer_side(panel: DivergencesPanel):
    drag(panel.line_stage, (4.5, 0.3), (3.5, 0.3))
    assert panel.pair.q.centre == pytest.approx(0.0, abs=0.06)


def test_numbers_can_be_typed(panel: DivergencesPanel):
    panel.tools.number("p", "centre").setValue(-2.5)
    panel.tools.number("q", "width").setValue(0.5)
    assert panel.pair == LinePair(p=Bump(-2.5, 1.0), q=Bump(1.0, 0.5))


@pytest.mark.parametrize("typed", ["-2.5", "−2.5"])
def test_a_negative_centre_is_written_with_a_true_minus_and_typed_with_either(
    panel: DivergencesPanel, qtbot, typed: str
):
    box = panel.tools.number("p", "centre")
    assert box.text() == "μ −1.00"
    box.selectAll()
    box.lineEdit().insert(typed)  # as pasted: not every keyboard has both
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert panel.pair.p.centre == -2.5
    assert box.text() == "μ −2.50"
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert panel.pair.p.centre == pytest.approx(-2.4)


def test_dragging_along_the_curves_moves_q_and_needs_no_new_curves(panel: DivergencesPanel):
    before = panel.curves
    drag(panel.plot, (0.0, 1.0), (2.0, 1.0))
    assert panel.pair.q.centre == pytest.approx(2.0, abs=0.06)
    assert panel.curves is before
    assert panel._here.value() == panel.pair.place


def test_a_width_brings_new_curves(panel: DivergencesPanel, qtbot):
    before = panel.table()[1]
    panel.tools.number("q", "width").setValue(2.0)
    qtbot.waitUntil(lambda: not panel.is_growing)
    names, rows = panel.table()
    assert names[:5] == ("place", "kl", "reverse_kl", "jsd", "w1")
    assert rows.shape[1] == 9 and np.isfinite(rows).all()
    assert not np.array_equal(rows, before)


def test_disjoint_intervals_say_infinity_ln_2_and_no_gradient(panel: DivergencesPanel, qtbot):
    panel.tools.kinds.buttons["uniform"].click()
    panel.tools.number("q", "centre").setValue(3.0)
    qtbot.waitUntil(lambda: not panel.is_growing)
    assert panel.rows.texts("kl") == ("KL(p‖q)", "∞ nats", "none")
    assert panel.rows.texts("jsd") == ("JSD", "0.693 = ln 2 nats", "0.000")
    assert panel.rows.texts("w1") == ("W1", "4.000 units", "1.000")
    assert panel.verdict.text().startswith("Disjoint")
    drawn, infinite = panel._drawn[0].getData()[1], panel._infinite[0].getData()[1]
    assert (np.isfinite(drawn) ^ np.isfinite(infinite)).all()  # a number, or said to be infinite: never both
    assert np.isfinite(infinite).sum() > 100


def test_the_curves_show_gradients_on_request(panel: DivergencesPanel):
    panel.quantities.buttons["gradient"].click()
    np.testing.assert_allclose(panel._drawn[3].getData()[1], panel.curves.gradients[:, 3])
    mouse(panel.plot, QEvent.Type.MouseMove, 5.0, 0.5, Qt.MouseButton.NoButton)
    assert "W1 1.000" in panel.header.text()
    mouse(panel.plot, QEvent.Type.MouseMove, -5.0, 0.5, Qt.MouseButton.NoButton)
    assert "W1 −1.000" in panel.header.text()


def test_a_painting_reads_its_divergences_and_moves(panel: DivergencesPanel, qtbot):
    panel.tools.kinds.buttons["painted"].click()
    assert isinstance(panel.pair, PaintedPair)
    assert panel.rows.texts("w1")[1] == "2.915 units"
    assert panel.rows.texts("kl")[1] == "∞ nats"
    before = panel.pair
    drag(panel.pad, (1.0, 0.5), (0.0, 0.5), (-1.0, 0.0))
    assert panel.pair.place < before.place - 1.5
    assert panel.pair.q.sum() == before.q.sum()
    qtbot.waitUntil(lambda: not panel.is_growing)
    panel.tools.kinds.buttons["gaussian"].click()
    assert panel.pair == LinePair()


def test_painting_and_erasing_go_stroke_by_stroke(panel: DivergencesPanel, qtbot):
    panel.tools.kinds.buttons["painted"].click()
    clear = next(
        b for b in panel.tools.pad_tools.findChildren(type(panel.tools.pad_tools.buttons["p"])) if b.text() == "Clear"
    )
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert "Paint something" in panel.empty_text()
    assert panel.rows.texts("jsd")[1] == "—"
    panel.tools.pad_tools.buttons["p"].click()
    drag(panel.pad, (-2.0, 0.0), (-1.0, 0.0))
    panel.tools.pad_tools.buttons["q"].click()
    drag(panel.pad, (-2.0, 0.0), (2.0, 0.0))
    assert panel.empty_text() == ""
    assert not (panel.pair.p & ~panel.pair.q).any()  # without a gap, however fast the mouse was
    assert panel.rows.texts("kl")[1] != "∞ nats" and panel.rows.texts("reverse_kl")[1] == "∞ nats"
    panel.tools.pad_tools.buttons["erase"].click()
    drag(panel.pad, (-3.0, 0.0), (0.0, 0.0), (3.0, 0.0))
    assert not panel.pair.is_complete


def test_arrows_point_where_each_divergence_pulls_q(panel: DivergencesPanel):
    panel.set_pair(LinePair(p=Bump(-3.0, 1.0), q=Bump(3.0, 1.0)))
    jsd, w1 = (panel.line_stage._arrows[at].getData()[0] for at in (2, 3))
    assert not len(jsd)  # its gradient has vanished
    assert w1[1] == pytest.approx(3.0 - 1.5)


@pytest.mark.parametrize("height", [180, 300, 600])
def test_where_there_is_little_room_the_stage_keeps_it(panel: DivergencesPanel, height: int):
    panel.resize(330, height)
    assert panel.line_stage.height() >= 90
    assert panel.below.isVisible() == (height > 200)
    assert panel.plot.isVisible() == (height > 500)
    panel.set_theme(DARK)


def test_every_row_has_its_own_tooltip(panel: DivergencesPanel, qtbot):
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QToolTip

    at = QPoint(20, 19 * 3 + 8)
    QApplication.sendEvent(panel.rows, QHelpEvent(QEvent.Type.ToolTip, at, panel.rows.mapToGlobal(at)))
    qtbot.waitUntil(lambda: "ln 2" in QToolTip.text())
    QToolTip.hideText()
