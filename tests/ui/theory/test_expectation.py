"""Expectation and sampling: batch means of both terms, as they come from the program's own trainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from live_trainer import LiveTrainer, small
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.colours import DARK, LIGHT
from ganstudio.experiment import Experiment
from ganstudio.messages import commands as c
from ganstudio.ui.canvas.stage import Stage
from ganstudio.ui.studio import Studio
from ganstudio.ui.theory.batch_means import REFERENCE_SHARE
from ganstudio.ui.theory.expectation_panel import SAMPLES, ExpectationPanel

Open = Callable[..., tuple[Studio, ExpectationPanel, LiveTrainer]]


@pytest.fixture
def open_(qtbot: QtBot, make: Callable[..., ExpectationPanel]) -> Iterator[Open]:
    studios: list[Studio] = []

    def opened(experiment: Experiment | None = None) -> tuple[Studio, ExpectationPanel, LiveTrainer]:
        studio = Studio(experiment or small(), LiveTrainer)
        studios.append(studio)
        panel, stage = make("expectation", (330, 600)), Stage(LIGHT)
        qtbot.addWidget(stage)
        panel.attach(studio, stage)
        studio.experiment_changed.connect(lambda _old, new: panel.show_experiment(new))
        studio.target_changed.connect(lambda target, _spec: panel.show_target(target))
        studio.run.begun.connect(panel.clear)
        studio.open()
        for _ in range(2):  # the run begins and is asked; the answer comes
            studio.run.tick()
        trainer = studio.run._trainer
        assert isinstance(trainer, LiveTrainer)
        return studio, panel, trainer

    yield opened
    for studio in studios:
        studio.close()


def test_it_draws_once_for_a_run_that_stands_still(open_: Open) -> None:
    studio, panel, trainer = open_()
    for _ in range(5):
        studio.run.tick()
    assert len(trainer.sent_of(c.SampleOutputs)) == 1
    assert set(panel._means) == {"real", "generated"}
    assert panel.empty_text() == ""


def test_the_expectations_are_those_of_log_d_and_log_one_minus_d(open_: Open) -> None:
    _, panel, _ = open_()
    event = panel._event
    assert event is not None
    count = round(SAMPLES * REFERENCE_SHARE)
    probability = [1 / (1 + np.exp(-side[:count].astype(np.float64))) for side in (event.real, event.generated)]
    assert panel._means["real"].expectation == pytest.approx(np.log(probability[0]).mean(), rel=1e-9)
    assert panel._means["generated"].expectation == pytest.approx(np.log1p(-probability[1]).mean(), rel=1e-9)
    assert [readout.text for readout in panel.header.readouts] == [
        f"−{-panel._means[side].expectation:.3f}" for side in ("real", "generated")
    ]


def test_the_noise_of_a_batch_is_sigma_over_root_m(open_: Open) -> None:
    _, panel, _ = open_()
    found = panel._means["real"]
    assert "A batch of 16: " in panel.noise.text()
    assert f"± {found.sigma / 4:.3f}" in panel.noise.text()
    assert panel._batch_line.value() == pytest.approx(np.log10(16))


def test_draw_again_draws_other_samples_and_leaves_the_run_alone(qtbot: QtBot, open_: Open) -> None:
    studio, panel, trainer = open_()
    before, event = trainer.trainer.run.snapshot(), panel._event
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    studio.run.tick()
    assert panel._event is not None and event is not None
    assert not np.array_equal(panel._event.real, event.real)
    after = trainer.trainer.run.snapshot()
    assert before.progress == after.progress
    assert all(np.array_equal(before.arrays[name], after.arrays[name]) for name in before.arrays)


def test_after_training_it_draws_anew(open_: Open) -> None:
    studio, panel, trainer = open_()
    studio.step_iterations(2)
    for _ in range(3):
        studio.run.tick()
    assert len(trainer.sent_of(c.SampleOutputs)) == 2
    assert panel._event is not None and panel._event.progress.iteration == 2


def test_while_training_it_draws_seldom(open_: Open) -> None:
    studio, panel, trainer = open_()
    panel._is_training = lambda: True
    panel._asked_at += 1e6  # not long ago
    for iteration in range(5):
        studio.run.progressed.emit(studio.run.progress.__class__(iteration + 1, iteration + 1, iteration + 1, 0.0), 1.0)
    assert len(trainer.sent_of(c.SampleOutputs)) == 1


def test_nothing_is_asked_while_it_cannot_be_seen(open_: Open) -> None:
    studio, panel, trainer = open_()
    panel.hide()
    studio.step_iterations(2)
    studio.run.tick()
    assert len(trainer.sent_of(c.SampleOutputs)) == 1


def test_another_objective_has_other_terms(open_: Open) -> None:
    studio, panel, _ = open_()
    assert "log" in panel.formula.text() and panel.formula.text().startswith("V")
    studio.set_value("objective", "wasserstein")
    assert "log" not in panel.formula.text()
    event = panel._event
    assert event is not None
    count = round(SAMPLES * REFERENCE_SHARE)
    assert panel._means["real"].expectation == pytest.approx(-event.real[:count].astype(np.float64).mean(), rel=1e-6)


def test_an_objective_that_compares_the_sides_has_no_two_expectations(open_: Open) -> None:
    _, panel, _ = open_(small(objective="relativistic_average"))
    assert "no sum of two expectations" in panel.empty_text()
    assert panel.table()[1].size == 0


def test_prior_and_push_forward_are_the_same_latents(open_: Open) -> None:
    _, panel, trainer = open_()
    data, run = panel.push_forward.pictures.data, trainer.trainer.run
    assert data.latents is not None and data.generated is not None
    from ganstudio.gan.trained import TrainedGenerator

    mapped = TrainedGenerator.of(run.game, run.state, run.normaliser, "current")(data.latents)
    np.testing.assert_allclose(data.generated, mapped, rtol=1e-5, atol=1e-6)


def test_the_mouse_reads_the_band_at_a_batch_size(open_: Open) -> None:
    _, panel, _ = open_()
    hover = panel._hovered(np.log10(100))
    assert hover is not None
    assert hover.tag == "m = 100"
    assert [readout.text for readout in hover.readouts] == [
        f"{panel._means[side].sigma / 10:.3f}" for side in ("real", "generated")
    ]


def test_another_theme_recolours_it(open_: Open) -> None:
    _, panel, _ = open_()
    before = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != before
