"""Approximation beside a run: honest points, bounds, an end, and a run that does not notice."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment import targets as spec
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import with_value
from ganstudio.messages import codec, commands, events
from ganstudio.messages.approximation import Approximation
from ganstudio.training import approximating, fixed_pair
from ganstudio.training.approximating import ApproximationJob
from ganstudio.training.run import Run
from ganstudio.training.trainer import Trainer

SMALL = Approximation(widths=(2, 4), depths=(1, 2), iterations=12, batch=16)


@pytest.fixture(autouse=True)
def few_points(monkeypatch):
    """Enough to see that everything is connected."""
    monkeypatch.setattr(approximating, "TRAINING_POINTS", 1024)
    monkeypatch.setattr(approximating, "HELD_OUT_POINTS", 512)
    monkeypatch.setattr(fixed_pair, "DENSITY_SAMPLES", 2048)


def experiment(target: spec.TargetSpec | None = None) -> Experiment:
    made = Experiment()
    for path, value in {"generator.widths": [8], "discriminator.widths": [8], "training.batch_size": 8}.items():
        made = with_value(made, path, value)
    made = with_value(made, "measure.samples", 1000)
    return made if target is None else made.model_copy(update={"target": target})


def finished(approximation: Approximation, run: Run | None = None) -> events.Approximated:
    job = ApproximationJob(commands.Approximate(approximation, 7), run, 3)
    while not job.finished:
        job.advance(0.001)
    return job.latest


def test_the_logit_of_two_gaussians_is_their_closed_form():
    pair = fixed_pair.fixed_pair("gaussians", None, np.random.default_rng(0))
    points = np.random.default_rng(1).normal(size=(100, 2))
    squared = [((points - centre) ** 2).sum(axis=1) for centre in ((-0.7, 0.0), (0.7, 0.0))]
    expected = -squared[0] / (2 * 0.25) + squared[1] / 2 + 2 * math.log(2)
    np.testing.assert_allclose(pair.logit(points), expected, atol=1e-12)


def test_half_of_the_points_come_from_either_side():
    pair = fixed_pair.fixed_pair("gaussians", None, np.random.default_rng(0))
    points = pair.mixture(100_000, np.random.default_rng(1))
    assert points.shape == (100_000, 2)
    # The mean of D* under (p + q)/2 is ½, the share of p.
    assert np.mean(1 / (1 + np.exp(-pair.logit(points)))) == pytest.approx(0.5, abs=0.005)


def test_a_broad_gaussian_has_the_targets_mean_and_one_and_a_half_times_its_spread():
    run = Run(experiment(spec.Gaussian(elongation=1.0, sigma=0.4)))
    pair = fixed_pair.fixed_pair("broad", run, np.random.default_rng(0))
    drawn = pair.q.sample(50_000, np.random.default_rng(1))
    assert drawn.std(axis=0) == pytest.approx([0.6, 0.6], rel=0.02)
    at_centre = drawn.mean(axis=0, keepdims=True)
    assert pair.logit(at_centre)[0] == pytest.approx(2 * math.log(1.5), abs=0.05)


@pytest.mark.parametrize("target", [spec.TwoGaussians(), spec.Mixture1D()], ids=lambda one: one.kind)
def test_against_g_the_mean_of_d_star_is_half_as_well(target):
    run = Run(experiment(target))
    pair = fixed_pair.fixed_pair("run", run, np.random.default_rng(0))
    points = pair.mixture(20_000, np.random.default_rng(1))
    with np.errstate(over="ignore"):
        assert np.mean(1 / (1 + np.exp(-pair.logit(points)))) == pytest.approx(0.5, abs=0.03)


def test_a_target_without_a_density_is_estimated():
    points = np.random.default_rng(0).normal(size=(300, 2)).astype(np.float32)
    run = Run(experiment(spec.Points(points=ArrayText.of(points), sigma=0.0)))
    found = finished(replace(SMALL, pair="broad"), run)
    assert np.isfinite(found.errors).all()


def test_a_painted_target_has_infinite_logits_and_finite_errors():
    run = Run(experiment(spec.Annulus()))
    found = finished(replace(SMALL, pair="broad", loss="logit"), run)
    assert np.isfinite(found.errors).all()
    assert np.nanmin(found.optimal) == 0.0


@pytest.mark.parametrize("pair", ["run", "broad"])
def test_without_a_run_the_pair_needs_one(pair):
    with pytest.raises(UserError, match="draw or choose"):
        ApproximationJob(commands.Approximate(replace(SMALL, pair=pair), 1), None, 0)


def test_the_event_holds_every_network_and_crosses_the_link():
    found = codec.decode(codec.encode(finished(SMALL)))
    assert (found.request, found.generation, found.iteration, found.finished, found.reason) == (7, 3, 12, True, "")
    assert found.fits.shape == (4, 40, 40) and found.optimal.shape == (40, 40)
    assert found.read_at.tolist() == list(range(13))
    assert found.errors.shape == (13, 4, 3)
    assert found.approximation == SMALL
    assert found.parameters == (9, 17, 15, 37)


def test_a_line_has_pictures_of_one_row():
    run = Run(experiment(spec.Mixture1D()))
    found = finished(replace(SMALL, pair="broad"), run)
    assert found.optimal.shape == (1, 128) and found.fits.shape == (4, 1, 128)


def test_where_neither_density_is_worth_a_sample_d_star_is_not_told():
    run = Run(experiment(spec.DisjointClusters()))
    found = finished(replace(SMALL, pair="run"), run)
    assert 0.01 < np.isnan(found.optimal).mean() < 0.99
    assert np.isfinite(found.fits).all()


def test_it_depends_on_its_own_seed_alone():
    first, again, other = (finished(replace(SMALL, seed=seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.errors, again.errors)
    assert not np.array_equal(first.errors, other.errors)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"widths": ()}, "widths"),
        ({"widths": (0,)}, "widths"),
        ({"widths": (257,)}, "widths"),
        ({"widths": tuple(range(1, 18)), "depths": (1, 2)}, "widths"),
        ({"depths": (6,)}, "depths"),
        ({"iterations": 0}, "iterations"),
        ({"batch": 1}, "batch"),
        ({"learning_rate": math.nan}, "learning rate"),
        ({"pair": "none"}, "pair"),
        ({"activation": "none"}, "activation"),
        ({"loss": "none"}, "loss"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_what_cannot_be_fitted_is_refused_by_name(changes: dict[str, Any], field: str):
    with pytest.raises(UserError) as refused:
        ApproximationJob(commands.Approximate(replace(SMALL, **changes), 1), None, 0)
    assert refused.value.field == field


# -- in the trainer --------------------------------------------------------------------------------------------------


class Trained:
    """A trainer and what it says."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.trainer = Trainer(self.said.append)

    def work(self, until: int | None = None) -> None:
        """Until the fit is finished and the run stands at an iteration."""
        while self.trainer._approximating is not None or self.trainer.playing:
            self.trainer.work()

    def fits(self) -> list[events.Approximated]:
        return [event for event in self.said if isinstance(event, events.Approximated)]


def test_the_trainer_fits_without_any_run_and_tells_how_far_it_is():
    desk = Trained()
    desk.trainer.handle(commands.Approximate(SMALL, 1))
    desk.work()
    assert [event.iteration for event in desk.fits()] == list(range(13))
    assert [event.finished for event in desk.fits()] == [False] * 12 + [True]


def test_it_can_be_stopped_and_replaced():
    desk = Trained()
    desk.trainer.handle(commands.StopApproximating())
    assert desk.fits() == []
    desk.trainer.handle(commands.Approximate(replace(SMALL, iterations=50_000), 1))
    desk.trainer.work()
    desk.trainer.handle(commands.StopApproximating())
    last = desk.fits()[-1]
    assert (last.finished, last.reason) == (True, "stopped") and last.iteration < 50_000
    assert last.read_at[-1] == last.iteration
    desk.trainer.handle(commands.Approximate(replace(SMALL, iterations=50_000), 2))
    desk.trainer.handle(commands.Approximate(SMALL, 3))
    desk.work()
    assert desk.fits()[-1].request == 3


def test_a_refused_one_is_told_and_nothing_goes_on():
    desk = Trained()
    desk.trainer.handle(commands.Approximate(replace(SMALL, widths=()), 1))
    assert [type(event) for event in desk.said] == [events.Failed]
    assert desk.said[0].user and "widths" in desk.said[0].message
    assert desk.trainer._approximating is None


def test_the_run_does_not_notice():
    alone, beside = Trained(), Trained()
    for desk in (alone, beside):
        desk.trainer.handle(commands.Start(experiment(), 1))
        if desk is beside:
            desk.trainer.handle(commands.Approximate(replace(SMALL, pair="run"), 1))
        desk.trainer.handle(commands.Play(40))
        desk.work()
    first, second = (desk.trainer.run for desk in (alone, beside))
    assert len(beside.fits()) > 10
    assert first.progress.iteration == second.progress.iteration == 40
    assert first.state.generator.parameters.equal(second.state.generator.parameters)
    assert first.state.discriminator.parameters.equal(second.state.discriminator.parameters)
    np.testing.assert_array_equal(first.history.rows, second.history.rows)
