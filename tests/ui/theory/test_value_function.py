"""The value function with its numbers, and D trained to optimality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from doubles import Trainers, train
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from theory_frames import frame, optimality, outputs

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.value_function import TARGET, cross_entropies, exact, hindrances
from ganstudio.ui.training_run import RunState

Make = Callable[..., TheoryPanel]


@pytest.fixture
def attached(qtbot: QtBot, make: Make, studio: Studio) -> TheoryPanel:
    panel, stage = make("value_function"), Stage(LIGHT)
    qtbot.addWidget(stage)
    panel.attach(studio, stage)
    panel.show_state(studio.run.state, optimising=False)
    return panel


def test_each_term_of_v_has_the_batch_s_number_under_it(make: Make) -> None:
    panel = make("value_function")
    panel.show_frame(frame(outputs([0.0, 0.0], [0.0])))
    assert [panel.terms.text(name) for name in ("value", "real", "generated")] == ["−1.386", "−0.693", "−0.693"]


def test_cross_entropy_on_labels_one_and_zero_is_minus_v(make: Make) -> None:
    rng = np.random.default_rng(0)
    shown = outputs(list(rng.normal(2, 3, 50)), list(rng.normal(-1, 3, 70)))
    real, generated = cross_entropies(shown)
    assert shown.value is not None
    assert real + generated == pytest.approx(-shown.value, rel=1e-6)
    panel = make("value_function")
    panel.show_frame(frame(shown))
    assert panel.entropy.text().replace("\N{NO-BREAK SPACE}", " ").endswith(f"{real + generated:.3f} = −V")


def test_cross_entropies_stay_finite_where_d_is_certain_and_wrong() -> None:
    shown = replace(outputs([0.0], [0.0]), real=np.array([-500.0], np.float32), generated=np.array([800.0], np.float32))
    assert cross_entropies(shown) == (500.0, 800.0)


def test_the_header_gives_the_bound_that_v_is_for_the_jsd(make: Make) -> None:
    panel = make("value_function")
    panel.show_frame(frame(outputs([20.0], [-20.0])))  # a D that is certain: the bound is ln 2
    assert [readout.text for readout in panel.header.readouts] == ["0.693"]


def test_the_mark_on_the_number_line_goes_from_minus_log_four_to_zero(make: Make) -> None:
    line = make("value_function").line
    assert line.position(-2.0) < line.position(-np.log(4)) < line.position(-0.5) < line.position(0.0)
    assert line.position(-30.0) == line.position(-2.0)


def test_three_numbers_stand_side_by_side_while_v_rises(make: Make) -> None:
    panel = make("value_function")
    assert not panel.plot.isVisible()
    for updates, value in ((0, -1.2), (50, -0.95), (100, -0.85)):
        panel.show_optimality(optimality(updates, value))
    assert panel.plot.isVisible()
    assert panel.numbers.text("V(D, G)") == "−0.850 ± 0.002"
    assert panel.numbers.text(TARGET) == "−0.800 ± 0.010"
    assert panel.numbers.text("gap") == "0.050"
    x, y = panel._curve.getData()
    np.testing.assert_allclose(x, [0, 50, 100])
    np.testing.assert_allclose(y, [-1.2, -0.95, -0.85])
    low, high = panel.view.viewRange()[1]
    assert low <= -np.log(4)
    assert high >= -0.8
    assert {round(level.value, 3) for level in panel.references} == {-0.8, -1.386}


def test_the_end_says_why_and_after_how_many_updates(make: Make) -> None:
    panel = make("value_function")
    panel.show_optimality(optimality(1250, -0.8, finished=True, reason="V gains no more"))
    assert panel.status.text() == "V gains no more (1,250)"
    assert "1,250 updates" in panel.status.toolTip()


def test_the_result_is_put_away_once_g_has_moved_on(make: Make) -> None:
    panel = make("value_function")
    panel.show_optimality(optimality(50, -0.8, finished=True, reason="paused"))
    panel.show_frame(frame(outputs([0.0], [0.0])))
    assert panel.plot.isVisible()
    panel.show_frame(frame(outputs([0.0], [0.0]), generator_updates=1))
    assert not panel.plot.isVisible()
    assert panel.line.isVisible()
    assert len(panel.table()[1]) == 0


def test_an_objective_without_probabilities_says_so_and_asks_for_nothing(make: Make) -> None:
    panel = make("value_function")
    assert panel.wanted_layers() == ("outputs",)
    panel.show_experiment(with_value(Experiment(), "objective", "wasserstein"))
    assert "wasserstein" in panel.empty_text()
    assert panel.wanted_layers() == ()
    assert not panel.button.isVisible()
    panel.show_experiment(Experiment())
    assert panel.empty_text() == ""
    assert panel.button.isVisible()


def test_another_theme_recolours_it(make: Make) -> None:
    panel = make("value_function")
    before = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != before


def test_what_keeps_d_from_its_optimum_is_named_and_can_be_taken_away() -> None:
    experiment = with_value(Experiment(), "objective.label_smoothing", 0.1)
    assert hindrances(experiment) == ("R1", "R2", "label smoothing")
    assert hindrances(exact(experiment)) == ()


def test_the_link_sets_the_penalties_to_zero_as_one_step_to_undo(attached: TheoryPanel, studio: Studio) -> None:
    attached.show_experiment(studio.experiment)
    assert "R1 and R2 keep D from D*" in attached.hindrance.text()
    attached.hindrance.linkActivated.emit("exact")
    assert (studio.experiment.penalties.r1, studio.experiment.penalties.r2) == (0.0, 0.0)
    attached.show_experiment(studio.experiment)
    assert not attached.hindrance.isVisible()
    studio.undo_stack.undo()
    assert studio.experiment == Experiment()


def test_the_button_trains_d_and_then_pauses(
    qtbot: QtBot, attached: TheoryPanel, studio: Studio, trainers: Trainers
) -> None:
    trainer = trainers.last
    qtbot.mouseClick(attached.button, Qt.MouseButton.LeftButton)
    assert len(trainer.sent_of(c.TrainDiscriminator)) == 1
    assert trainer.sent_of(c.Pause) == []
    assert attached.button.text() == "Pause"
    trainer.say(replace(optimality(50, -1.0), generation=trainer.generation))
    studio.run.tick()
    assert attached.numbers.text("V(D, G)").startswith("−1.000")
    qtbot.mouseClick(attached.button, Qt.MouseButton.LeftButton)
    assert len(trainer.sent_of(c.Pause)) == 1
    ended = replace(optimality(60, -0.99, finished=True, reason="paused"), generation=trainer.generation)
    trainer.say(ended, e.Paused(trainer.generation, ended.progress))
    studio.run.tick()
    assert attached.button.text() == "Train D to optimality"
    assert studio.run.state is RunState.PAUSED
    assert not studio.run.is_training


def test_a_running_training_pauses_before_d_is_trained(
    qtbot: QtBot, attached: TheoryPanel, studio: Studio, trainers: Trainers
) -> None:
    trainer = trainers.last
    studio.play()
    train(studio.run, trainer, 10)
    qtbot.mouseClick(attached.button, Qt.MouseButton.LeftButton)
    assert [type(command) for command in trainer.sent[-2:]] == [c.Pause, c.TrainDiscriminator]


def test_play_pauses_while_d_is_trained(attached: TheoryPanel, studio: Studio, trainers: Trainers) -> None:
    trainer = trainers.last
    studio.train_discriminator()
    studio.toggle()
    assert isinstance(trainer.sent[-1], c.Pause)


def test_a_refusal_gives_the_button_back(attached: TheoryPanel, studio: Studio, trainers: Trainers) -> None:
    trainer = trainers.last
    studio.train_discriminator()
    trainer.say(e.Failed(trainer.generation, "no", "", user=True))
    studio.run.tick()
    assert attached.button.text() == "Train D to optimality"
