"""The saturating and the non-saturating loss, with a batch on both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from theory_frames import frame, outputs

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.ui.theory.loss_curves import LOSSES, logistic
from ganstudio.ui.theory.panel import TheoryPanel

Make = Callable[..., TheoryPanel]


@pytest.mark.parametrize("name", LOSSES)
def test_slopes_are_the_derivatives_of_the_losses(name: str) -> None:
    logits, step = np.linspace(-8, 8, 33), 1e-5
    loss = LOSSES[name]
    numeric = (loss.loss(logits + step) - loss.loss(logits - step)) / (2 * step)
    np.testing.assert_allclose(loss.slope(logits), numeric, atol=1e-8)


def test_losses_are_those_of_the_formulas_and_finite_where_d_is_certain() -> None:
    logits = np.array([-3.0, 0.0, 2.0])
    d = logistic(logits)
    np.testing.assert_allclose(LOSSES["saturating"].loss(logits), np.log(1 - d))
    np.testing.assert_allclose(LOSSES["non_saturating"].loss(logits), -np.log(d))
    far = np.array([-1000.0, 1000.0])
    for loss in LOSSES.values():
        assert np.isfinite(loss.loss(far)).all()
        assert np.isfinite(loss.slope(far)).all()


def test_on_a_short_axis_the_name_stands_without_its_unit_instead_of_being_cut(qtbot: QtBot, make: Make) -> None:
    panel = make("loss_curves", (354, 190))
    panel.show_frame(frame(outputs([0.0], [-1.0, 0.5])))
    axis = panel._y
    assert axis.labelText == "loss of G"
    assert axis.label.toolTip() == "loss of G (nats)"
    panel.resize(354, 420)
    qtbot.waitUntil(lambda: axis.labelText == "loss of G (nats)")
    assert axis.label.toolTip() == ""
    assert axis.label.boundingRect().width() <= axis.size().height()


def test_the_batch_lies_on_both_curves(make: Make) -> None:
    panel = make("loss_curves")
    assert "Press play" in panel.empty_text()
    logits = np.linspace(-3, 1, 9)
    panel.show_frame(frame(outputs([0.0], list(logits))))
    assert panel.empty_text() == ""
    for name, loss in LOSSES.items():
        x, y = panel._dots[name].getData()
        np.testing.assert_allclose(x, logits, atol=1e-6)
        np.testing.assert_allclose(y, loss.loss(logits), atol=1e-6)


def test_the_saturating_gradient_vanishes_when_d_is_sure_and_the_other_does_not(make: Make) -> None:
    panel = make("loss_curves")
    panel.show_frame(frame(outputs([8.0], [-8.0, -9.0])))
    assert panel.mean_gradients()["saturating"] < 0.001
    assert panel.mean_gradients()["non_saturating"] > 0.999
    assert panel.bars.is_vanishing("saturating")
    assert not panel.bars.is_vanishing("non_saturating")
    panel.show_frame(frame(outputs([0.0], [0.0, 0.0])))
    assert (panel.bars.text("saturating"), panel.bars.text("non_saturating")) == ("0.500", "0.500")
    assert not panel.bars.is_vanishing("saturating")


def test_the_axis_is_switched_between_logit_and_probability(make: Make, qtbot: QtBot) -> None:
    panel = make("loss_curves")
    panel.show_frame(frame(outputs([0.0], [-2.0, 2.0])))
    assert "logit" in panel.plot.getAxis("bottom").labelText
    qtbot.mouseClick(panel.buttons["probability"], Qt.MouseButton.LeftButton)
    assert "probability" in panel.plot.getAxis("bottom").labelText
    x, y = panel._dots["non_saturating"].getData()
    np.testing.assert_allclose(x, logistic(np.array([-2.0, 2.0])), atol=1e-6)
    np.testing.assert_allclose(y, -np.log(x), atol=1e-6)
    menu = panel.menu()
    next(action for action in menu.actions() if "logit" in action.text()).trigger()
    assert panel.axis == "logit"
    menu.close()


def test_every_point_of_the_batch_is_within_the_axes(make: Make) -> None:
    panel = make("loss_curves")
    panel.show_frame(frame(outputs([0.0], [-15.0, 6.0])))
    (left, right), (bottom, top) = panel.view.viewRange()
    for dots in panel._dots.values():
        x, y = dots.getData()
        assert left <= x.min()
        assert x.max() <= right
        assert bottom <= y.min()
        assert y.max() <= top


def test_an_objective_without_probabilities_says_so_and_asks_for_nothing(make: Make) -> None:
    panel = make("loss_curves")
    panel.show_frame(frame(outputs([0.0], [0.0])))
    panel.show_experiment(with_value(Experiment(), "objective", "hinge"))
    assert "hinge" in panel.empty_text()
    assert panel.wanted_layers() == ()
    panel.clear()
    assert len(panel.table()[1]) == 0
