"""The model of the window: live and structural changes, undo, painting, nothing to train on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from doubles import Trainers, train
from pytestqt.qtbot import QtBot

from ganstudio.experiment import Experiment
from ganstudio.experiment.painting import BrushStroke, Curve, GaussianBlob
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import recipe
from ganstudio.experiment.targets import GaussianRing, Painting, Painting1D
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.ui import studio as studio_module
from ganstudio.ui.studio import Studio
from ganstudio.ui.training_run import RunState

BLOB = GaussianBlob(centre=(0.0, 0.0), sigma=0.3)
CURVE = Curve(points=((-1.0, 0.2), (0.0, 0.8), (1.0, 0.2)))
STROKE = BrushStroke(points=((-0.5, 0.0, 1.0), (0.5, 0.0, 1.0)), size=0.1)


@pytest.fixture
def trainers() -> Trainers:
    return Trainers()


@pytest.fixture
def studio(qapp: object, trainers: Trainers) -> Iterator[Studio]:
    studio = Studio(preset("gaussians").experiment, trainers)
    studio.open()
    studio.run.tick()
    yield studio
    studio.close()
    studio.deleteLater()


def test_a_live_change_is_applied_to_the_running_gan(studio: Studio, trainers: Trainers) -> None:
    train(studio.run, trainers.last, 100)
    studio.set_value("optimizers.generator.learning_rate", 0.01)
    applied = trainers.last.sent_of(c.Apply)
    assert [command.experiment.optimizers.generator.learning_rate for command in applied] == [0.01]
    assert len(trainers.last.sent_of(c.Start)) == 1
    assert studio.run.progress.iteration == 100


def test_a_structural_change_initialises_again_and_says_why(qtbot: QtBot, studio: Studio, trainers: Trainers) -> None:
    train(studio.run, trainers.last, 100)
    with qtbot.waitSignal(studio.reinitialised) as told:
        studio.set_value("generator.widths", (32,))
    assert told.args == ["generator ▸ widths", True]
    starts = trainers.last.sent_of(c.Start)
    assert len(starts) == 2
    assert starts[1].snapshot is None
    assert starts[1].generation > starts[0].generation
    assert len(studio.run.history.rows) == 0


def test_a_structural_change_while_playing_plays_on(studio: Studio, trainers: Trainers) -> None:
    studio.play()
    train(studio.run, trainers.last, 100)
    studio.set_value("generator.widths", (32,))
    assert isinstance(trainers.last.sent[-2], c.Start)
    assert trainers.last.sent[-1] == c.Play()


def test_undoing_a_structural_change_brings_the_training_back(studio: Studio, trainers: Trainers) -> None:
    before = studio.experiment
    train(studio.run, trainers.last, 100)
    studio.set_value("generator.widths", (32,))
    studio.run.tick()
    trainers.last.iteration = 0
    train(studio.run, trainers.last, 40)
    studio.undo_stack.undo()
    assert studio.experiment == before
    start = trainers.last.sent_of(c.Start)[-1]
    assert start.snapshot is not None
    assert start.snapshot.progress.iteration == 100
    assert len(studio.run.history.rows) == 100
    studio.undo_stack.redo()
    start = trainers.last.sent_of(c.Start)[-1]
    assert start.experiment.generator.widths == (32,)
    assert start.snapshot is not None
    assert start.snapshot.progress.iteration == 40


def test_a_refused_value_changes_nothing_and_says_why(qtbot: QtBot, studio: Studio) -> None:
    before = studio.experiment
    with qtbot.waitSignal(studio.value_refused) as refused:
        studio.set_value("optimizers.generator.learning_rate", -1)
    assert refused.args[0] == "optimizers.generator.learning_rate"
    assert "greater than or equal to 0" in refused.args[1]
    assert studio.experiment is before
    assert studio.undo_stack.count() == 0


def test_dragging_a_slider_is_one_step_to_undo(studio: Studio) -> None:
    before = studio.experiment
    for rate in (0.0011, 0.0012, 0.0013):
        studio.set_value("optimizers.generator.learning_rate", rate)
    assert studio.undo_stack.count() == 1
    studio.undo_stack.undo()
    assert studio.experiment == before
    studio.undo_stack.redo()
    assert studio.experiment.optimizers.generator.learning_rate == 0.0013


def test_changes_of_different_settings_are_undone_one_by_one(studio: Studio) -> None:
    studio.set_value("optimizers.generator.learning_rate", 0.0011)
    studio.set_value("optimizers.discriminator.learning_rate", 0.0011)
    assert studio.undo_stack.count() == 2


def test_setting_the_same_value_again_is_no_step(studio: Studio, trainers: Trainers) -> None:
    sent = len(trainers.last.sent)
    studio.set_value("seed", studio.experiment.seed)
    assert studio.undo_stack.count() == 0
    assert len(trainers.last.sent) == sent


def test_a_preset_can_be_undone_with_the_training(studio: Studio, trainers: Trainers) -> None:
    train(studio.run, trainers.last, 100)
    studio.load_preset("ring")
    assert studio.experiment == preset("ring").experiment
    assert trainers.last.sent_of(c.Start)[-1].snapshot is None
    studio.undo_stack.undo()
    assert studio.experiment == preset("gaussians").experiment
    snapshot = trainers.last.sent_of(c.Start)[-1].snapshot
    assert snapshot is not None
    assert snapshot.progress.iteration == 100


def test_restart_begins_from_the_same_initialisation_and_can_be_undone(studio: Studio, trainers: Trainers) -> None:
    train(studio.run, trainers.last, 100)
    studio.restart()
    start = trainers.last.sent_of(c.Start)[-1]
    assert start.snapshot is None
    assert start.experiment == preset("gaussians").experiment
    studio.undo_stack.undo()
    snapshot = trainers.last.sent_of(c.Start)[-1].snapshot
    assert snapshot is not None
    assert snapshot.progress.iteration == 100


def test_a_new_seed_is_the_next_one(studio: Studio, trainers: Trainers) -> None:
    studio.new_seed()
    assert studio.experiment.seed == 1
    assert trainers.last.sent_of(c.Start)[-1].experiment.seed == 1


def test_only_the_latest_runs_are_kept_for_undo(studio: Studio, trainers: Trainers) -> None:
    for _ in range(studio_module.KEPT_RUNS + 3):
        studio.run.tick()
        trainers.last.iteration = 0
        train(studio.run, trainers.last, 10)
        studio.new_seed()
    stack = studio.undo_stack
    keeping = [stack.command(at).keeps_run for at in range(stack.count())]  # type: ignore[attr-defined]
    assert keeping == [False] * 3 + [True] * studio_module.KEPT_RUNS


# -- painting --------------------------------------------------------------------------------------------------------


def test_an_empty_painting_is_not_sent_and_play_says_what_to_do(
    qtbot: QtBot, studio: Studio, trainers: Trainers
) -> None:
    sent = len(trainers.last.sent_of(c.Start))
    with qtbot.waitSignal(studio.target_changed) as shown:
        studio.set_target(Painting())
    assert shown.args == [None, Painting()]
    with qtbot.waitSignal(studio.message) as told:
        studio.play()
    assert told.args == ["info", "There is nothing to train on yet: the painting is empty: draw something first."]
    assert len(trainers.last.sent_of(c.Start)) == sent
    assert c.Play() not in trainers.last.sent


def test_painting_over_a_target_of_the_same_dimension_is_live(studio: Studio, trainers: Trainers) -> None:
    train(studio.run, trainers.last, 50)
    for strokes in ((BLOB,), (BLOB, STROKE)):
        studio.paint(Painting(commands=strokes))
        assert trainers.last.sent_of(c.Apply)[-1].experiment.target == Painting(commands=strokes)
    assert len(trainers.last.sent_of(c.Start)) == 1
    assert studio.run.progress.iteration == 50


def test_the_first_stroke_in_another_dimension_starts_and_the_next_is_live(studio: Studio, trainers: Trainers) -> None:
    studio.set_target(Painting1D())
    first = Painting1D(commands=(CURVE,))
    studio.paint(first)
    assert trainers.last.sent_of(c.Start)[-1].experiment.target == first
    studio.run.tick()
    trainers.last.iteration = 0
    train(studio.run, trainers.last, 50)
    second = Painting1D(commands=(CURVE, CURVE))
    studio.paint(second)
    assert trainers.last.sent_of(c.Apply)[-1].experiment.target == second
    assert studio.run.progress.iteration == 50


def test_a_target_of_another_dimension_is_trained_by_the_same_recipe_and_own_settings_stay(studio: Studio) -> None:
    plane = studio.experiment
    studio.set_target(Painting1D())
    assert studio.experiment == recipe("studio-default").apply(studio.experiment)
    assert studio.experiment.latent.dimension == 1
    studio.undo_stack.undo()
    assert studio.experiment == plane
    studio.set_value("training.batch_size", 77)
    studio.set_target(Painting1D())
    assert studio.experiment.training.batch_size == 77
    assert studio.experiment.latent == plane.latent


def test_strokes_and_settings_are_undone_in_the_order_in_which_they_were_made(studio: Studio) -> None:
    studio.set_target(Painting())
    studio.paint(Painting(commands=(BLOB,)))
    studio.set_value("optimizers.generator.learning_rate", 0.01)
    studio.paint(Painting(commands=(BLOB, STROKE)))
    seen = []
    while studio.undo_stack.canUndo():
        studio.undo_stack.undo()
        target = studio.experiment.target
        strokes = len(target.commands) if isinstance(target, Painting) else None
        seen.append((strokes, studio.experiment.optimizers.generator.learning_rate == 0.01))
    assert seen == [(1, True), (1, False), (0, False), (None, False)]


def test_going_to_an_empty_canvas_and_back_brings_the_training_back(studio: Studio, trainers: Trainers) -> None:
    train(studio.run, trainers.last, 100)
    studio.set_target(Painting1D())
    assert studio.run.progress.iteration == 0
    assert len(studio.run.history.rows) == 0
    studio.undo_stack.undo()
    snapshot = trainers.last.sent_of(c.Start)[-1].snapshot
    assert snapshot is not None
    assert snapshot.progress.iteration == 100


def test_clearing_the_painting_pauses_and_keeps_the_networks_for_the_next_stroke(
    studio: Studio, trainers: Trainers
) -> None:
    studio.set_target(Painting(commands=(BLOB,)))
    studio.run.tick()
    trainers.last.iteration = 0
    studio.play()
    train(studio.run, trainers.last, 100)
    starts = len(trainers.last.sent_of(c.Start))
    studio.paint(Painting())
    assert trainers.last.sent[-1] == c.Pause()
    studio.paint(Painting(commands=(STROKE,)))
    assert len(trainers.last.sent_of(c.Start)) == starts
    assert trainers.last.sent_of(c.Apply)[-1].experiment.target == Painting(commands=(STROKE,))


def test_a_stroke_being_drawn_reaches_the_gan_and_giving_it_up_takes_it_back(
    studio: Studio, trainers: Trainers
) -> None:
    painting = Painting(commands=(BLOB,))
    studio.set_target(painting)
    studio.run.tick()
    studio.preview_painting(Painting(commands=(BLOB, STROKE)))
    assert trainers.last.sent_of(c.Apply)[-1].experiment.target == Painting(commands=(BLOB, STROKE))
    assert studio.experiment.target == painting
    studio.end_preview()
    assert trainers.last.sent_of(c.Apply)[-1].experiment.target == painting
    assert studio.undo_stack.count() == 1


# -- messages --------------------------------------------------------------------------------------------------------


def test_what_the_trainer_refuses_is_told_in_its_words(qtbot: QtBot, studio: Studio, trainers: Trainers) -> None:
    with qtbot.waitSignal(studio.message) as told:
        trainers.last.say(e.Failed(trainers.last.generation, "there is no CUDA here", "", user=True))
        studio.run.tick()
    assert told.args == ["error", "there is no CUDA here"]


def test_pressing_play_twice_pauses(studio: Studio, trainers: Trainers) -> None:
    studio.toggle()
    assert studio.run.wants_to_play
    train(studio.run, trainers.last, 10)
    assert studio.run.state is RunState.PLAYING
    studio.toggle()
    assert not studio.run.wants_to_play
    assert trainers.last.sent[-1] == c.Pause()


def test_the_target_of_a_setting_is_built_anew(qtbot: QtBot, studio: Studio) -> None:
    studio.change(Experiment(), "experiment")
    with qtbot.waitSignal(studio.target_changed) as shown:
        studio.set_value("target.count", 5)
    target, spec = shown.args
    assert spec == GaussianRing(count=5, sigma=0.05)
    assert len(target.modes) == 5


def test_a_recipe_is_one_step_to_undo_and_leaves_the_target_alone(studio: Studio, trainers: Trainers) -> None:
    before = studio.experiment
    train(studio.run, trainers.last, 100)
    studio.load_recipe("wgan-gp-2017")
    assert recipe("wgan-gp-2017").changes(studio.experiment) == ()
    assert studio.experiment.target is before.target
    assert studio.undo_stack.count() == 1
    assert studio.undo_stack.undoText() == "recipe “WGAN-GP (2017)”"
    studio.undo_stack.undo()
    assert studio.experiment == before
    start = trainers.last.sent_of(c.Start)[-1]
    assert start.snapshot is not None
    assert start.snapshot.progress.iteration == 100


def test_two_recipes_in_a_row_are_two_steps_and_the_same_again_is_none(studio: Studio) -> None:
    studio.load_recipe("plain-2014")
    studio.load_recipe("unrolled-2016")  # differs in a live setting alone
    studio.load_recipe("unrolled-2016")
    assert studio.undo_stack.count() == 2
    studio.undo_stack.undo()
    assert recipe("plain-2014").changes(studio.experiment) == ()
