"""Several runs at once: who trains, in which order, and what becomes of one that cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from doubles import ScriptedTrainer, Trainers, progress_at
from PySide6.QtWidgets import QApplication

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import PARTS, recipe, recipes
from ganstudio.messages import commands as c
from ganstudio.messages import events as e
from ganstudio.ui.compare.comparison import FIRST_TURN, GROWTH, Comparison, Lane
from ganstudio.ui.compare.contenders import OWN, contenders, first_pair

Make = Callable[..., Comparison]
EXPERIMENT = preset("ring8").experiment


@pytest.fixture
def make(qapp: QApplication, trainers: Trainers) -> Iterator[Make]:
    made: list[Comparison] = []

    def begun(count: int, cores: int) -> Comparison:
        chosen = list(contenders(EXPERIMENT).values())[:count]
        comparison = Comparison(chosen, trainers, cores)
        made.append(comparison)
        comparison.begin()
        comparison.play()
        tick(comparison)
        return comparison

    yield begun
    for comparison in made:
        comparison.close()
        comparison.deleteLater()


def tick(comparison: Comparison) -> None:
    for lane in comparison.lanes:
        lane.run.tick()


def playing(trainers: Trainers) -> list[bool]:
    """Of each trainer, whether it was told to train after it was told anything else."""
    orders = [[one for one in trainer.sent if isinstance(one, c.Play | c.Pause)] for trainer in trainers.made]
    return [bool(sent) and isinstance(sent[-1], c.Play) for sent in orders]


def finish_turn(lane: Lane, trainer: ScriptedTrainer, seconds: float) -> None:
    """It has trained as many iterations as it was told, in so much time, and stands still."""
    ordered = trainer.sent_of(c.Play)[-1].iterations
    assert ordered is not None
    before = lane.run.progress
    at = before.iteration + ordered
    trainer.say(
        e.Playing(trainer.generation),
        e.Paused(trainer.generation, e.Progress(at, at, at, before.seconds + seconds)),
    )
    lane.run.tick()


def test_all_train_on_the_same_target_from_the_same_seed_and_are_measured_alike():
    experiment = with_value(with_value(EXPERIMENT, "seed", 7), "stop.iterations", 100)
    for contender in contenders(experiment).values():
        trained = contender.experiment
        for name in set(Experiment.model_fields) - set(PARTS) - {"stop"}:
            assert getattr(trained, name) == getattr(experiment, name)
        assert trained.stop.iterations is None
    assert list(contenders(experiment)) == [OWN, *recipes()]


def test_the_studio_default_is_compared_as_it_is_for_this_target():
    grid = with_value(preset("grid25").experiment, "target.count", 10)
    found = contenders(grid)["studio-default"]
    assert found.experiment.discriminator.fourier_features == 64
    assert "Seen of this target: 100 clusters" in found.why
    assert contenders(EXPERIMENT)["studio-default"].experiment.discriminator.fourier_features == 16
    assert contenders(grid)["plain-2014"].why == recipe("plain-2014").explain


def test_the_first_pair_are_the_settings_as_they_are_and_a_recipe_that_differs():
    assert first_pair(EXPERIMENT) == (OWN, "plain-2014")
    assert first_pair(recipe("plain-2014").apply(EXPERIMENT)) == (OWN, "unrolled-2016")


@pytest.mark.parametrize("count", [1, 5])
def test_fewer_than_two_or_more_than_four_are_no_comparison(qapp: QApplication, trainers: Trainers, count: int):
    with pytest.raises(ValueError, match="2 to 4"):
        Comparison(list(contenders(EXPERIMENT).values())[:count], trainers)


def test_each_has_a_trainer_of_its_own_that_stays_eager(make: Make, trainers: Trainers):
    comparison = make(3, cores=4)
    assert len(trainers.made) == 3
    for lane, trainer in zip(comparison.lanes, trainers.made, strict=True):
        assert trainer.sent_of(c.Start)[0].experiment == lane.contender.experiment
        assert trainer.sent_of(c.ChooseEngine) == [c.ChooseEngine("eager")]


def test_with_cores_enough_all_train_until_they_are_told_otherwise(make: Make, trainers: Trainers):
    comparison = make(3, cores=3)
    assert [trainer.sent_of(c.Play) for trainer in trainers.made] == [[c.Play(None)]] * 3
    assert not comparison.takes_turns


def test_with_fewer_cores_they_take_turns_in_order(make: Make, trainers: Trainers):
    comparison = make(3, cores=2)
    assert comparison.takes_turns
    assert playing(trainers) == [True, True, False]
    first, second, third = comparison.lanes
    finish_turn(first, trainers.made[0], 1.0)
    assert len(trainers.made[0].sent_of(c.Play)) == 1  # the third has waited longer
    assert trainers.made[2].sent_of(c.Play) == [c.Play(FIRST_TURN)]
    finish_turn(second, trainers.made[1], 1.0)
    assert len(trainers.made[0].sent_of(c.Play)) == 2
    finish_turn(third, trainers.made[2], 1.0)
    assert [len(trainer.sent_of(c.Play)) for trainer in trainers.made] == [2, 2, 1]


def test_turns_become_as_long_as_they_should_be_by_and_by(make: Make, trainers: Trainers):
    lane, trainer = make(2, cores=1).lanes[0], trainers.made[0]
    finish_turn(lane, trainer, 5.0)  # slow at first, as a trainer is that has just begun
    assert lane.turn == 2  # of 5 a second
    other = trainers.made[1]
    other.say(e.Playing(other.generation), e.Paused(other.generation, progress_at(FIRST_TURN)))
    lane.parent().lanes[1].run.tick()
    finish_turn(lane, trainer, 0.002)
    assert lane.turn == 2 * GROWTH  # not the 500 of half a second: one turn is a poor witness


def test_a_pause_stops_whoever_trains_and_nobody_is_next(make: Make, trainers: Trainers):
    comparison = make(3, cores=2)
    comparison.pause()
    assert playing(trainers) == [False, False, False]
    for trainer in trainers.made[:2]:
        trainer.say(e.Paused(trainer.generation, progress_at(10)))
    tick(comparison)
    assert playing(trainers) == [False, False, False]
    comparison.play()
    assert sum(playing(trainers)) == 2


def test_playing_on_before_the_pause_has_come_is_not_lost(make: Make, trainers: Trainers):
    comparison = make(2, cores=2)
    comparison.pause()
    comparison.play()
    for trainer in trainers.made:
        trainer.say(e.Paused(trainer.generation, progress_at(10)))
    tick(comparison)
    assert playing(trainers) == [True, True]


def test_one_that_diverges_is_told_of_and_leaves_its_core_to_the_others(make: Make, trainers: Trainers):
    comparison = make(3, cores=2)
    trainer = trainers.made[0]
    trainer.say(e.NonFinite(trainer.generation, progress_at(1234), "generator_loss"))
    tick(comparison)
    assert "diverged at iteration 1,234" in comparison.lanes[0].verdict
    assert playing(trainers) == [False, True, True]
    assert not comparison.takes_turns
    assert comparison.is_playing


def test_when_nobody_can_train_any_more_it_is_over(make: Make, trainers: Trainers):
    comparison = make(2, cores=2)
    for trainer in trainers.made:
        trainer.say(e.NonFinite(trainer.generation, progress_at(9), "penalty"))
    tick(comparison)
    assert comparison.is_over
    assert not comparison.is_playing


def test_one_whose_settings_the_trainer_refuses_says_why(make: Make, trainers: Trainers):
    comparison = make(2, cores=2)
    trainer = trainers.made[1]
    trainer.say(e.Failed(trainer.generation, "batch size does not fit", "", user=True))
    tick(comparison)
    assert comparison.lanes[1].verdict == "batch size does not fit"
    assert playing(trainers) == [True, False]


def test_a_trainer_that_died_is_started_again_and_trains_on(make: Make, trainers: Trainers):
    comparison = make(2, cores=2)
    trainers.made[0].died.emit("it was ended by SIGKILL")
    assert len(trainers.made) == 3
    tick(comparison)
    assert playing(trainers)[1:] == [True, True]
    comparison.close()
    assert all(trainer.stopped for trainer in trainers.made)


def test_closing_ends_all_trainers_at_the_same_time(qapp: QApplication):
    together = threading.Barrier(4, timeout=20)  # broken unless four wait at once

    class Patient(ScriptedTrainer):
        def stop(self) -> None:
            if not self.stopped:
                together.wait()
            super().stop()

    made: list[Patient] = []

    def trainer() -> Patient:
        made.append(Patient())
        return made[-1]

    comparison = Comparison(list(contenders(EXPERIMENT).values())[:4], trainer, 2)
    comparison.begin()
    comparison.close()
    assert [one.stopped for one in made] == [True] * 4
    comparison.deleteLater()
