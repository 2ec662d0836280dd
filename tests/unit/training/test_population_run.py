"""A population as a whole: measured, looked at, kept, and with members that break."""

from __future__ import annotations

import numpy as np
import pytest
from small_experiment import small

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.population import Axis, PopulationSpec
from ganstudio.training.population_run import PopulationRun
from ganstudio.training.run import NonFiniteError, Run

SEEDS = PopulationSpec(base=small(), seeds=4)


def with_a_breaking_member() -> tuple[Experiment, ...]:
    """Four members, the third of which diverges."""
    base = small(objective="least_squares", optimizers__discriminator="sgd", optimizers__generator="sgd")
    axis = Axis(path="optimizers.discriminator.learning_rate", values=(0.01, 0.02, 10.0, 0.03))
    return PopulationSpec(base=base, rows=axis).members()


@pytest.fixture(scope="module")
def broken() -> PopulationRun:
    """One whose third member has broken on the way to iteration 150."""
    population = PopulationRun(with_a_breaking_member(), keep_history=True)
    population.advance(150)
    return population


def test_a_member_is_measured_as_a_single_run_at_that_iteration() -> None:
    population = PopulationRun(SEEDS.members())
    population.advance(3)
    measured = population.measure()
    single = Run(population.experiments[1])
    single.advance(3)
    assert measured[1] == pytest.approx(single.measure(), abs=2e-3)
    assert population.measured_at == 3
    assert population.histories[1].measure("iteration").tolist() == [3]
    assert population.floor == pytest.approx(single.history.measure("floor")[-1])


def test_what_is_played_while_it_is_measured_does_not_matter() -> None:
    one, other = PopulationRun(SEEDS.members()), PopulationRun(SEEDS.members())
    expected = one.measure().copy()
    measuring = other.measuring()
    other.advance(1)
    for number in measuring:
        if number == 0:
            other.advance(1)
    np.testing.assert_array_equal(other.jsd, expected)
    assert other.measured_at == 0
    one.advance(2)
    assert np.array_equal(one.snapshot(3).arrays["ema"], other.snapshot(3).arrays["ema"])


def test_looking_and_measuring_change_no_member() -> None:
    watched, alone = PopulationRun(SEEDS.members()), PopulationRun(SEEDS.members())
    for _ in range(3):
        watched.points(50)
        watched.measure()
        watched.advance(1)
    alone.advance(3)
    for number in range(4):
        mine, theirs = watched.snapshot(number).arrays, alone.snapshot(number).arrays
        assert all(np.array_equal(mine[name], theirs[name]) for name in theirs)


def test_points_are_of_fixed_latents_of_each_member() -> None:
    population = PopulationRun(SEEDS.members())
    points = population.points(20)
    assert points.shape == (4, 20, 2)
    assert points.dtype == np.float32
    np.testing.assert_array_equal(population.points(20), points)
    assert len({member.tobytes() for member in points}) == 4


def test_points_on_the_line_have_one_coordinate() -> None:
    population = PopulationRun(PopulationSpec(base=small(target="mixture_1d"), seeds=4).members())
    assert population.points(5).shape == (4, 5, 1)


def test_a_member_can_go_on_as_a_single_run() -> None:
    population = PopulationRun(SEEDS.members(), keep_history=True)
    population.advance(5)
    resumed = Run(population.experiments[2], population.snapshot(2))
    resumed.advance(4)
    whole = Run(population.experiments[2])
    whole.advance(9)
    assert resumed.progress.iteration == 9
    mine, theirs = resumed.snapshot().arrays, whole.snapshot().arrays
    for name in theirs:
        np.testing.assert_allclose(mine[name], theirs[name], rtol=1e-3, atol=1e-4)
    assert population.histories[2].column("iteration").tolist() == [1, 2, 3, 4, 5]
    assert population.histories[2].engine == "eager"


def test_bursts_do_not_change_a_population() -> None:
    whole, parts = PopulationRun(SEEDS.members()), PopulationRun(SEEDS.members())
    whole.advance(7)
    for count in (1, 4, 2):
        parts.advance(count)
    assert np.array_equal(whole.snapshot(0).arrays["ema"], parts.snapshot(0).arrays["ema"])


def test_a_member_that_breaks_stands_still_right_before_that(broken: PopulationRun) -> None:
    assert broken.broken.tolist() == [False, False, True, False]
    progress, quantity = broken.faults[2]
    assert 0 < progress.iteration < 150
    assert broken.progress.iteration == 150
    assert all(np.isfinite(array).all() for array in broken.snapshot(2).arrays.values())
    assert broken.snapshot(2).progress == progress
    assert broken.histories[2].column("iteration")[-1] == progress.iteration
    single = Run(broken.experiments[2])
    with pytest.raises(NonFiniteError) as caught:
        single.advance(150)
    assert single.progress.iteration == pytest.approx(progress.iteration, abs=2)
    assert quantity.split("_")[0] == caught.value.quantity.split("_")[0]


def test_the_others_do_not_notice(broken: PopulationRun) -> None:
    healthy = [experiment for number, experiment in enumerate(broken.experiments) if number != 2]
    # In the place of the broken one stands another that is whole.
    population = PopulationRun([*healthy[:2], with_value(healthy[2], "seed", 9), healthy[2]])
    population.advance(150)
    for number in (0, 1, 3):
        mine, theirs = broken.snapshot(number).arrays, population.snapshot(number).arrays
        assert all(np.array_equal(mine[name], theirs[name]) for name in theirs)


def test_a_broken_member_has_no_jsd(broken: PopulationRun) -> None:
    assert np.isnan(broken.measure()).tolist() == [False, False, True, False]


def test_a_population_of_broken_members_plays_no_more() -> None:
    base = small(objective="least_squares", optimizers__discriminator="sgd", optimizers__generator="sgd")
    base = with_value(base, "optimizers.discriminator.learning_rate", 10.0)
    population = PopulationRun(PopulationSpec(base=base, seeds=4).members())
    population.advance(400)
    assert population.broken.all()
    assert population.progress.iteration == max(progress.iteration for progress, _ in population.faults.values())
    population.advance(10)
    assert np.isnan(population.measure()).all()
