"""A run is exact: bursts, pauses, single updates and files do not change its trajectory."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import pytest
import torch
from small_experiment import same
from small_experiment import small as tiny
from torch import Tensor

from ganstudio.errors import UserError
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import with_value
from ganstudio.experiment.painting import Fill
from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import Painting, Points
from ganstudio.gan.bundles import Bundle
from ganstudio.gan.draws import IterationInputs, iteration_inputs
from ganstudio.gan.game import Game
from ganstudio.gan.state import State
from ganstudio.messages.history import COLUMNS
from ganstudio.messages.snapshot import Snapshot
from ganstudio.training.engine import EagerEngine
from ganstudio.training.run import BURST_NUMBERS, CHECKED, NonFiniteError, Run, _fault, _stride, burst_of

small = partial(tiny, generator__widths=[8], discriminator__widths=[8], measure__every=7)


def test_the_trajectory_is_the_same_in_one_burst_and_in_many() -> None:
    whole, parts = Run(small()), Run(small())
    whole.advance(23)
    for count in (1, 4, 2, 9, 7):
        parts.advance(count)
    assert same(whole.snapshot(), parts.snapshot())
    assert np.array_equal(whole.history.rows, parts.history.rows)
    assert np.array_equal(whole.history.measures, parts.history.measures)


def test_another_seed_gives_another_trajectory() -> None:
    first, second = Run(small()), Run(small(seed=1))
    first.advance(3)
    second.advance(3)
    assert not same(first.snapshot(), second.snapshot())


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"generator__normalisation": "batch", "discriminator__spectral_norm": True, "discriminator__dropout": 0.2},
        {"optimizers__generator": "rmsprop", "optimizers__discriminator": "sgd", "latent__prior": "mixture"},
        {"target": "mixture_1d", "training__discriminator_updates": 3},
    ],
    ids=["default", "norms and dropout", "other optimizers", "1-D"],
)
def test_going_on_from_a_snapshot_is_bitwise_the_same(settings: dict[str, object]) -> None:
    straight, begun = Run(small(**settings)), Run(small(**settings))
    straight.advance(20)
    begun.advance(9)
    resumed = Run(small(**settings), begun.snapshot())
    resumed.advance(11)
    assert same(straight.snapshot(), resumed.snapshot())


def test_going_back_and_forth_arrives_at_the_same_place_and_history() -> None:
    run = Run(small())
    run.advance(10)
    early, rows = run.snapshot(), run.history.rows[:]
    run.advance(10)
    late, later_rows = run.snapshot(), run.history.rows[:]
    run.restore(early)
    assert np.array_equal(run.history.rows, rows)
    run.advance(10)
    assert same(run.snapshot(), late)
    assert np.array_equal(run.history.rows, later_rows)


def test_the_updates_of_an_iteration_taken_singly_are_the_iteration() -> None:
    whole, single = Run(small()), Run(small())
    whole.advance(1)
    single.update("discriminator")
    single.update("generator")
    first, second = whole.snapshot(), single.snapshot()
    assert all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)
    assert single.progress.iteration == 0
    assert (single.progress.discriminator_updates, single.progress.generator_updates) == (1, 1)


def test_history_has_a_row_for_each_update_with_nan_where_a_player_did_not_move() -> None:
    run = Run(small())
    run.advance(2)
    run.update("discriminator")
    assert list(run.history.column("iteration")) == [1, 2, 2]
    assert np.isfinite(run.history.column("discriminator_loss")).all()
    assert list(np.isnan(run.history.column("generator_loss"))) == [False, False, True]


def test_measures_come_at_their_iterations_with_value_floor_and_band() -> None:
    run = Run(small())
    run.advance(15)
    measures = run.history.measures
    assert list(measures[:, 0]) == [7, 14]
    assert (measures[:, 3] <= measures[:, 1]).all()
    assert (measures[:, 1] <= measures[:, 4]).all()
    assert (measures[:, 1] <= np.log(2)).all()


def test_a_live_change_takes_effect_and_a_structural_one_is_refused() -> None:
    run = Run(small())
    run.advance(2)
    run.apply(with_value(run.experiment, "optimizers.generator.learning_rate", 0.0))
    before = run.state.generator.parameters.clone()
    run.advance(3)
    assert run.state.generator.parameters.equal(before)
    with pytest.raises(UserError, match=r"generator\.widths"):
        run.apply(with_value(run.experiment, "generator.widths", [9]))
    assert run.experiment.generator.widths == (8,)


def test_another_optimizer_begins_without_the_moments_of_the_old_one() -> None:
    run = Run(small())
    run.advance(3)
    run.apply(with_value(run.experiment, "optimizers.discriminator", "rmsprop"))
    assert not run.state.discriminator.moments.any()
    assert run.state.generator.moments.any()


def test_the_target_changes_under_the_running_gan() -> None:
    run = Run(small())
    run.advance(2)
    run.apply(with_value(run.experiment, "target.radius", 0.5))
    rng = np.random.default_rng(0)
    assert np.linalg.norm(run.target.sample(100, rng), axis=1).mean() == pytest.approx(0.5, abs=0.05)
    run.advance(2)


def test_schedules_begin_again_when_the_target_changes() -> None:
    decay = {"kind": "linear", "iterations": 10, "final_share": 0.0}
    run = Run(small(optimizers__generator__schedule=decay))
    run.advance(10)
    still = run.state.generator.parameters.clone()
    run.advance(1)
    assert run.state.generator.parameters.equal(still)  # the learning rate is 0
    run.apply(with_value(run.experiment, "optimizers.generator.beta1", 0.5))
    run.advance(1)
    assert run.state.generator.parameters.equal(still)  # no other change wakes it
    run.apply(with_value(run.experiment, "target.radius", 0.5))
    assert run.progress.schedules_since == 12
    inputs = iteration_inputs(run.game, run.target, run.normaliser, run.progress)
    assert inputs.generator[0][1] == run.experiment.optimizers.generator.learning_rate
    run.advance(5)
    assert not run.state.generator.parameters.equal(still)
    again = Run(run.experiment, run.snapshot())
    for each in (run, again):
        each.advance(3)
        each.update("generator")
    assert same(run.snapshot(), again.snapshot())


def test_going_back_before_a_change_of_the_target_lets_schedules_begin_there() -> None:
    run = Run(small())
    run.advance(5)
    before = run.snapshot()
    run.advance(5)
    after = run.snapshot()
    run.restore(before)
    assert run.progress == before.progress  # nothing is new
    run.restore(after)
    run.apply(with_value(run.experiment, "target.radius", 0.5))
    run.advance(2)
    later = run.snapshot()
    run.restore(before)
    assert (run.progress.iteration, run.progress.schedules_since) == (5, 5)
    run.restore(later)
    assert run.progress == later.progress


def test_a_number_that_stops_being_finite_stops_the_run_before_it() -> None:
    experiment = small(optimizers__discriminator="sgd", optimizers__discriminator__learning_rate=10.0)
    experiment = with_value(experiment, "objective", "least_squares")
    run = Run(experiment)
    with pytest.raises(NonFiniteError) as caught:
        run.advance(500)
    assert caught.value.quantity in CHECKED
    assert np.isfinite(run.history.column("discriminator_loss")).all()
    assert run.progress.iteration == run.history.column("iteration")[-1]
    assert str(run.progress.iteration + 1) in str(caught.value)
    again = Run(experiment)
    for _ in range(run.progress.iteration):
        again.advance(1)
    assert same(run.snapshot(), again.snapshot())


def test_the_timeline_keeps_snapshots_of_the_whole_run() -> None:
    run = Run(small(measure__every=10**6))
    run.advance(350)
    assert run.timeline.iterations == (0, 100, 200, 300)


def test_snapshots_come_half_as_often_each_time_the_timeline_has_filled_once() -> None:
    assert [_stride(iteration) for iteration in (0, 100, 12_800, 12_801, 25_600, 25_601, 10**6)] == [
        *(100, 100, 100, 200, 200, 400),
        12_800,
    ]


def test_a_run_that_goes_on_keeps_snapshots_where_the_whole_run_would() -> None:
    run = Run(small(measure__every=10**6))
    run.advance(50)
    resumed = Run(small(measure__every=10**6), run.snapshot())
    resumed.advance(200)
    assert resumed.timeline.iterations == (50, 100, 200)


def test_parameters_that_an_optimizer_breaks_by_itself_stop_the_run_before_it() -> None:
    class BreaksAt5:
        """The eager engine, but the optimizer's step of iteration 5 leaves a NaN that no loss shows."""

        name = "broken"

        def advance(self, game: Game, state: State, inputs: Bundle[IterationInputs]) -> tuple[State, Tensor]:
            rows = []
            for number in range(inputs.size):
                state, row = EagerEngine().advance(game, state, inputs.cut(number, number + 1))
                rows.append(row)
                self.done += 1
                if self.done == 5:
                    generator = state.generator
                    broken = generator.parameters.clone()
                    broken[0] = torch.nan
                    state = state._replace(generator=generator._replace(parameters=broken))
            return state, torch.cat(rows)

        def __init__(self) -> None:
            self.done = 0

    run = Run(small(measure__every=5), engine=BreaksAt5())
    with pytest.raises(NonFiniteError, match="iteration 5") as caught:
        run.advance(10)
    assert caught.value.quantity == "generator_parameters"
    assert run.progress.iteration == 4
    assert all(np.isfinite(array).all() for array in run.snapshot().arrays.values())


def test_equal_points_have_no_spread_and_are_shown_as_they_are() -> None:
    points = Points(points=ArrayText.of(np.full((5, 2), 0.1, np.float32)))
    run = Run(with_value(small(), "target", points))
    assert run.scale == (1.0, 1.0)
    assert run.centre == pytest.approx((0.1, 0.1), abs=1e-6)
    run.advance(2)


def test_an_empty_painting_cannot_be_run_and_cannot_replace_what_is_run() -> None:
    with pytest.raises(UserError, match=r"target\.commands: the painting is empty"):
        Run(small(target="painting"))
    painted = with_value(small(), "target", Painting(commands=(Fill(),)))
    run = Run(painted)
    with pytest.raises(UserError, match="empty"):
        run.apply(with_value(painted, "target.commands", ()))
    assert run.experiment == painted
    run.advance(1)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_going_back_from_single_updates_arrives_where_it_was(player: Literal["discriminator", "generator"]) -> None:
    run, straight = Run(small()), Run(small())
    run.advance(3)
    early = run.snapshot()
    run.update(player)
    run.restore(early)
    run.advance(4)
    straight.advance(7)
    assert same(run.snapshot(), straight.snapshot())


def test_going_back_forgets_the_single_updates_taken_since_and_keeps_those_before() -> None:
    run = Run(small())
    run.advance(3)
    arrived = run.snapshot()
    run.update("discriminator")
    run.update("generator")
    between, rows = run.snapshot(), run.history.rows[:]
    run.update("discriminator")
    run.advance(2)
    run.restore(between)
    assert np.array_equal(run.history.rows, rows, equal_nan=True)
    run.restore(arrived)
    assert run.history.column("iteration").tolist() == [1, 2, 3]
    run.update("generator")
    run.advance(1)
    assert run.history.column("iteration").tolist() == [1, 2, 3, 3, 4]
    assert run.progress.single_updates == 0  # an iteration has left them behind


def test_single_updates_before_a_snapshot_are_part_of_what_goes_on() -> None:
    run = Run(small(training__discriminator_updates=3))
    run.advance(2)
    run.update("discriminator")
    resumed = Run(run.experiment, run.snapshot())
    assert resumed.progress.discriminator_updates == 7
    run.advance(3)
    resumed.advance(3)
    assert same(run.snapshot(), resumed.snapshot())


@pytest.mark.parametrize(
    "settings",
    [
        {"discriminator__normalisation": "batch", "penalties__wgan_gp": 1.0},
        {"training__batch_size": 2, "generator__normalisation": "batch", "discriminator__normalisation": "batch"},
        {"training__batch_size": 16384, "generator__widths": [], "discriminator__widths": []},
        {"target": "uniform_1d", "latent__dimension": 1, "training__generator_updates": 3},
        {"discriminator__activation": "maxout", "discriminator__spectral_norm": True, "discriminator__dropout": 0.9},
    ],
    ids=["batch norm and WGAN-GP", "smallest batch", "largest batch, linear", "1-D, j = 3", "maxout"],
)
def test_unusual_games_can_be_played_and_gone_on_with(settings: dict[str, object]) -> None:
    straight, begun = Run(small(**settings)), Run(small(**settings))
    straight.advance(4)
    begun.advance(2)
    resumed = Run(begun.experiment, begun.snapshot())
    resumed.advance(2)
    assert same(straight.snapshot(), resumed.snapshot())


def test_what_is_drawn_at_once_is_bounded_with_dropout_and_what_g_foresees_as_well() -> None:
    run = Run(small(training__batch_size=512, updates__unrolled_steps=20, discriminator__dropout=0.2))
    inputs = iteration_inputs(run.game, run.target, run.normaliser, run.progress)

    def numbers(tree: object) -> int:
        return tree.numel() if isinstance(tree, Tensor) else sum(map(numbers, tree)) if isinstance(tree, tuple) else 0

    for members in (1, 32):
        burst, drawn = burst_of(run.game, members), members * numbers(inputs)
        assert burst == 1 or (burst > 1 and burst * drawn < 1.5 * BURST_NUMBERS)


def test_a_state_of_other_networks_is_refused_by_name() -> None:
    snapshot = Run(small()).snapshot()
    with pytest.raises(UserError, match="generator/parameters"):
        Run(small(generator__widths=[9]), snapshot)
    short = {name: array for name, array in snapshot.arrays.items() if name != "ema"}
    with pytest.raises(UserError, match="ema"):
        Run(small(), Snapshot(snapshot.progress, snapshot.centre, snapshot.scale, short))


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match=r"device.*no mps.*cpu"):
        Run(small(device="mps"))


def test_where_d_sees_x_beside_its_waves_a_generator_stays_with_the_data() -> None:
    """On this seed it is carried off within 50 iterations where D sees coarse waves alone; the ring has radius 1."""
    experiment = preset("ring8").experiment
    held = {"discriminator.fourier_scale": 0.5, "penalties.r1": 0.1, "penalties.r2": 0.1, "seed": 1}
    for path, value in held.items():
        experiment = with_value(experiment, path, value)
    z = np.random.default_rng(0).standard_normal((500, experiment.latent.dimension)).astype(np.float32)
    far = {}
    for beside in (True, False):
        run = Run(with_value(experiment, "discriminator.fourier_input", beside))
        run.advance(60)
        far[beside] = float(np.median(np.hypot(*run.generator(z).T)))
    assert far[True] < 1.3 < 3.0 < far[False]


def test_parameters_too_large_to_be_summed_are_finite_all_the_same() -> None:
    run = Run(tiny())
    rows = np.zeros((1, len(COLUMNS)))
    huge = run.state.generator._replace(parameters=torch.full_like(run.state.generator.parameters, 3e38))
    assert _fault(rows, run.state._replace(generator=huge), []) is None
    huge.parameters[1] = -torch.inf
    assert _fault(rows, run.state._replace(generator=huge), []) == (0, "generator_parameters")
