"""D trained to optimality reaches −log 4 + 2 JSD; D* as a picture; toys and walks through the trainer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.targets import Gaussian1D
from ganstudio.messages import commands, events
from ganstudio.messages.codec import decode, encode
from ganstudio.messages.toys import DiracGan, Toy
from ganstudio.metrics.divergences import Gaussian, gaussian_divergences
from ganstudio.training import optimality
from ganstudio.training.look import look
from ganstudio.training.run import Run
from ganstudio.training.trainer import Trainer

ROUND = {"measure.samples": 1000, "measure.every": 10**6, "penalties.r1": 0.0, "penalties.r2": 0.0}


def experiment(**settings: object) -> Experiment:
    built = Experiment()
    for path, value in (ROUND | {path.replace("__", "."): value for path, value in settings.items()}).items():
        built = with_value(built, path, value)
    return built


def gaussian_pair(**settings: object) -> Experiment:
    """p_data = N(0, 1) as it is; G linear in one latent, so that p_g is gaussian: its weight and bias are σ and μ."""
    chosen: dict[str, object] = {
        "target": Gaussian1D(mean=0.0, sigma=1.0),
        "normalisation": "none",
        "latent__dimension": 1,
        "generator__widths": [],
        "discriminator__widths": [64],
        "discriminator__activation": "tanh",
        "training__batch_size": 256,
    }
    return experiment(**(chosen | settings))


def with_generator(run: Run, mean: float, sigma: float) -> None:
    snapshot = run.snapshot()
    parameters = np.array([sigma, mean], np.float32)
    run.restore(replace(snapshot, arrays=snapshot.arrays | {"generator/parameters": parameters, "ema": parameters}))


class Listener:
    def __init__(self) -> None:
        self.events: list[Any] = []

    def __call__(self, event: events.Event) -> None:
        self.events.append(decode(encode(event)))  # as the window gets it

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def started(built: Experiment) -> tuple[Trainer, Listener]:
    listener = Listener()
    trainer = Trainer(listener)
    trainer.handle(commands.Start(built, 1))
    return trainer, listener


def finish(trainer: Trainer, listener: Listener) -> Any:
    while not listener.of(events.Paused):
        trainer.work()
    assert not listener.of(events.Failed)
    return listener.of(events.Optimality)[-1]


def test_d_trained_to_optimality_reaches_the_value_that_theory_gives() -> None:
    trainer, listener = started(gaussian_pair(optimizers__discriminator__learning_rate=0.01))
    with_generator(trainer.run, 1.0, 1.0)
    trainer.handle(commands.TrainDiscriminator(max_updates=500, patience=150))
    last = finish(trainer, listener)
    exact = gaussian_divergences(Gaussian((0.0,), 1.0), Gaussian((1.0,), 1.0)).optimal_value  # −1.163451
    assert last.target_low <= exact <= last.target_high + 1e-3
    assert abs(last.target_value - exact) < 0.005
    assert abs(last.gap) < 0.02
    assert last.finished and last.reason
    told = listener.of(events.Optimality)
    assert told[0].updates == 0 and told[0].gap > 0.15
    for one in told:
        assert one.value <= one.target_high + one.value_error + 1e-9
        assert one.gap == pytest.approx(one.target_value - one.value)


@pytest.mark.parametrize("seed", range(4))
def test_at_the_optimal_discriminator_the_value_is_that_of_theory_within_its_error(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Optimal:
        @staticmethod
        def of(*_: object) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
            return lambda x: 0.5 - x[:, 0]  # log p/q of N(0, 1) and N(1, 1)

    monkeypatch.setattr(optimality, "TrainedDiscriminator", Optimal)
    run = Run(gaussian_pair(seed=seed))
    with_generator(run, 1.0, 1.0)
    told = optimality.DiscriminatorTraining(run, commands.TrainDiscriminator(), 1).latest
    exact = gaussian_divergences(Gaussian((0.0,), 1.0), Gaussian((1.0,), 1.0)).optimal_value
    assert abs(told.value - exact) <= 3 / 1.96 * told.value_error
    assert told.value_error == pytest.approx(
        1.96 * 0.42245 / 200_000**0.5, rel=0.01
    )  # deviation of log(1 − D*) under q
    assert abs(told.gap) < 5e-4  # the JSD is that of the same samples


def test_training_d_to_optimality_is_ordinary_updates_and_leaves_g_alone() -> None:
    built = gaussian_pair(discriminator__widths=[8])
    trainer, listener = started(built)
    trainer.handle(commands.TrainDiscriminator(max_updates=60, patience=1000))
    last = finish(trainer, listener)
    assert (last.updates, last.reason) == (60, "reached 60 updates")
    single = Run(built)
    for _ in range(60):
        single.update("discriminator")
    ours, theirs = trainer.run.snapshot(), single.snapshot()
    assert all(np.array_equal(ours.arrays[name], theirs.arrays[name]) for name in ours.arrays)
    assert ours.progress.discriminator_updates == 60 and ours.progress.iteration == 0


def test_it_stops_when_v_gains_no_more_and_at_the_same_update_every_time() -> None:
    ends = []
    for _ in range(2):
        trainer, listener = started(gaussian_pair(discriminator__widths=[8], training__batch_size=64))
        trainer.handle(commands.TrainDiscriminator(patience=100, least_gain=0.01))
        last = finish(trainer, listener)
        ends.append((last.updates, last.value))
        assert last.reason == "V gains no more"
        assert last.updates >= 100
    assert ends[0] == ends[1]


def test_pausing_ends_it_and_other_wishes_are_refused_meanwhile() -> None:
    trainer, listener = started(gaussian_pair(discriminator__widths=[8]))
    trainer.handle(commands.TrainDiscriminator())
    trainer.work()
    for wish in (commands.Update("generator"), commands.WalkIteration(), commands.TrainDiscriminator()):
        trainer.handle(wish)
        assert listener.events[-1].user and "pause" in listener.events[-1].message
    trainer.handle(commands.Pause())
    assert listener.of(events.Optimality)[-1].reason == "paused"
    assert isinstance(listener.events[-1], events.Paused)
    before = trainer.run.progress
    trainer.work()
    assert trainer.run.progress == before
    trainer.handle(commands.Play(2))
    while trainer.playing:
        trainer.work()
    assert trainer.run.progress.iteration == 2


def test_a_critic_has_no_optimality_of_this_kind() -> None:
    trainer, listener = started(gaussian_pair(objective="wasserstein"))
    trainer.handle(commands.TrainDiscriminator())
    (failed,) = listener.of(events.Failed)
    assert failed.user and "objective" in failed.message


class TestOptimalDiscriminator:
    """The layer ``optimal`` against densities that are known."""

    def test_on_a_line_it_is_the_quotient_of_the_two_gaussians(self) -> None:
        run = Run(gaussian_pair())
        with_generator(run, 1.0, 0.8)
        frame = look(run, commands.RequestFrame(("optimal", "field"), (-4.0, 4.0, -1.0, 1.0), cells=100), 1, 0.0)
        assert frame.optimal is not None and frame.generated_density is not None and frame.target_density is not None
        assert frame.field is not None and frame.optimal.values.shape == frame.field.values.shape == (1, 100)
        x = -4 + 8 * (np.arange(100) + 0.5) / 100
        p, q = stats.norm.pdf(x), stats.norm.pdf(x, 1.0, 0.8)
        np.testing.assert_allclose(frame.target_density.values[0], p, atol=1e-3)
        np.testing.assert_allclose(frame.generated_density.values[0], q, atol=2e-3)
        told = np.isfinite(frame.optimal.values[0])
        assert told.mean() > 0.9  # beyond, fewer than one of thousands of samples comes
        np.testing.assert_allclose(frame.optimal.values[0][told], (p / (p + q))[told], atol=0.01)

    def test_in_the_plane_a_perfect_generator_reads_a_half_and_emptiness_nothing(self) -> None:
        run = Run(experiment(target="gaussian", target__sigma=1.0, normalisation="none", generator__widths=[]))
        snapshot = run.snapshot()
        unit = np.array([1, 0, 0, 1, 0, 0], np.float32)
        run.restore(replace(snapshot, arrays=snapshot.arrays | {"generator/parameters": unit, "ema": 0 * unit}))
        request = commands.RequestFrame(("optimal",), (-30.0, 30.0, -30.0, 30.0), cells=120)
        frame = look(run, request, 1, 0.0)
        assert frame.optimal is not None and frame.generated_density is not None and frame.target_density is not None
        likely = frame.target_density.values > 0.01
        assert np.abs(frame.optimal.values[likely] - 0.5).max() < 0.08
        assert np.isnan(frame.optimal.values[0, 0])
        assert frame.generated_density.values.sum() * 0.25 == pytest.approx(1.0, abs=0.01)
        close = look(run, replace(request, view=(-2.0, 2.0, -2.0, 2.0), cells=40), 1, 0.0)
        assert close.optimal is not None and np.nanmax(np.abs(close.optimal.values - 0.5)) < 0.1

    def test_every_target_can_be_looked_at(self) -> None:
        for target in ("moons", "checkerboard", "text", "spirals", "uniform_1d"):
            run = Run(experiment(target=target))
            frame = look(run, commands.RequestFrame(("optimal",), (-1.5, 1.5, -1.5, 1.5), cells=16), 1, 0.0)
            assert frame.optimal is not None
            values = frame.optimal.values[np.isfinite(frame.optimal.values)]
            assert len(values) and (values >= 0).all() and (values <= 1).all()


def test_outputs_are_raw_and_their_terms_add_up_to_v() -> None:
    run = Run(gaussian_pair())
    run.update("discriminator")
    outputs = look(run, commands.RequestFrame(("outputs",), (-1.0, 1.0, -1.0, 1.0)), 1, 0.0).outputs
    assert outputs is not None and outputs.value is not None and outputs.real_term is not None
    real, generated = (1 / (1 + np.exp(-side.astype(float))) for side in (outputs.real, outputs.generated))
    assert outputs.real_term == pytest.approx(np.log(real).mean(), rel=1e-5)
    assert outputs.value == pytest.approx(np.log(real).mean() + np.log1p(-generated).mean(), rel=1e-5)
    assert outputs.discriminator_loss == pytest.approx(-outputs.value, rel=1e-5)
    np.testing.assert_allclose(outputs.generator_slope, 1 - generated, rtol=1e-4)  # −d/da softplus(−a)
    critic = look(
        Run(gaussian_pair(objective="hinge")), commands.RequestFrame(("outputs",), (-1.0, 1.0, -1.0, 1.0)), 1, 0.0
    ).outputs
    assert critic is not None and critic.value is None
    assert (critic.generator_slope == 1).all()


def test_walking_through_iterations_is_playing_them() -> None:
    built = experiment(generator__widths=[8], discriminator__widths=[8], measure__every=2)
    walked, listener = started(built)
    for _ in range(3):
        walked.handle(commands.WalkIteration())
    played, _ = started(built)
    played.handle(commands.Play(3))
    while played.playing:
        played.work()
    ours, theirs = walked.run.snapshot(), played.run.snapshot()
    assert all(np.array_equal(ours.arrays[name], theirs.arrays[name]) for name in ours.arrays)
    assert np.array_equal(walked.run.history.rows, played.run.history.rows)
    assert np.array_equal(walked.run.history.measures, played.run.history.measures)
    assert [len(event.steps) for event in listener.of(events.Walkthrough)] == [2, 2, 2]
    assert walked.run.engine.name == "eager"


def test_a_toy_is_played_without_a_run_and_comes_back_whole() -> None:
    listener = Listener()
    trainer = Trainer(listener)
    trainer.handle(commands.PlayToy(Toy(DiracGan(r1=1.0)), request=7, starts=((1.0, 1.0), (0.5, -1.0)), iterations=3))
    (played,) = listener.of(events.ToyPlayed)
    assert played.request == 7 and played.toy == Toy(DiracGan(r1=1.0))
    assert played.trajectories.shape == (4, 2, 2) and played.positions.shape == (441, 2)
    np.testing.assert_allclose(played.field_eigenvalues, [[-0.5, 0.0], [-0.5, 0.0]], atol=1e-6)
    f = 1 / (1 + math.e)
    np.testing.assert_allclose(played.trajectories[1, 0], [1 - 0.2 * f, 1 + 0.2 * (f - 1)])
    trainer.handle(commands.PlayToy(Toy(step_size=-1.0), request=8))
    trainer.handle(commands.PlayToy(Toy(), request=9, iterations=10**9))
    assert [event.user for event in listener.of(events.Failed)] == [True, True]
