"""One run: trained as anywhere else, measured on the way, judged at the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sweep_material import QUICK, case, small

from ganstudio.experiment.change import with_value
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.sweep import measured_run
from ganstudio.sweep.measured_run import NOT_COMPILED, engine_of, play, prepare
from ganstudio.sweep.protocol import Protocol
from ganstudio.training.run import Run


def ignore(spent: float, jsd: float) -> None:
    pass


def test_it_trains_as_train_does_and_is_judged_on_the_samples_of_its_generator() -> None:
    found = play(case(seed=4), QUICK, ignore)
    run = Run(small().model_copy(update={"seed": 4}))
    run.advance(6)
    points = run.generator.sample_seeded(1000, 4)
    estimate = HistogramJsd(run.target, 30).estimate(points)
    assert (found.jsd, found.jsd_floor, found.jsd_low, found.jsd_high) == (
        estimate.value, estimate.floor, estimate.low, estimate.high,
    )  # fmt: skip
    coverage = mode_coverage(points[:500], run.target)
    assert coverage is not None and found.coverage is not None
    assert found.coverage.modes_captured == coverage.captured
    assert found.coverage.hq_fraction == coverage.hq_fraction
    assert found.coverage.modes_total == 8
    assert (found.target, found.recipe, found.seed, found.digest) == ("ring8", "own", 4, case(4).digest)
    assert found.broken is None and found.engine == "eager" and found.iterations == 6


def test_the_curve_runs_from_before_training_to_the_end_and_is_told_as_it_is_made() -> None:
    told: list[tuple[float, float]] = []
    found = play(case(), QUICK, lambda spent, jsd: told.append((spent, jsd)))
    assert [point.iteration for point in found.curve] == [0, 2, 4, 6]
    assert told == [(point.iteration / 6, point.jsd) for point in found.curve]
    times = [point.processor_seconds for point in found.curve]
    assert times[0] == 0 and times == sorted(times) and times[-1] == found.processor_seconds > 0


def test_a_budget_of_seconds_ends_with_the_iteration_that_spends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processor's time stands still but in ``advance``, where an iteration takes a fortieth of a second."""
    now = [0.0]
    monkeypatch.setattr(measured_run.time, "process_time", lambda: now[0])
    advance = Run.advance

    def slow_advance(run: Run, count: int) -> None:
        advance(run, count)
        now[0] += 0.025 * count

    monkeypatch.setattr(Run, "advance", slow_advance)
    found = play(case(), Protocol(seconds=1.0, engine="eager", samples=1000, measurements=4), ignore)
    assert [point.iteration for point in found.curve] == [0, 10, 20, 30, 40]
    assert found.processor_seconds == pytest.approx(1.0)


def test_measuring_is_not_training_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still but in ``advance``, where each iteration takes a second on the processor, and two in all."""
    now = {"clock": 0.0, "processor": 0.0}
    monkeypatch.setattr(measured_run.time, "perf_counter", lambda: now["clock"])
    monkeypatch.setattr(measured_run.time, "process_time", lambda: now["processor"])
    advance, estimate = Run.advance, HistogramJsd.estimate

    def slow_advance(run: Run, count: int) -> None:
        advance(run, count)
        now["clock"] += 2.0 * count
        now["processor"] += count

    def slow_estimate(histogram: HistogramJsd, points: np.ndarray) -> object:
        now["clock"] += 100.0
        now["processor"] += 100.0
        return estimate(histogram, points)

    monkeypatch.setattr(Run, "advance", slow_advance)
    monkeypatch.setattr(HistogramJsd, "estimate", slow_estimate)
    found = play(case(), QUICK, ignore)
    assert (found.seconds, found.processor_seconds) == (12.0, 6.0)
    assert [point.processor_seconds for point in found.curve] == [0, 2, 4, 6]
    assert found.iterations_per_second == 1.0


def test_a_run_whose_numbers_stop_being_finite_is_an_outcome_that_says_so() -> None:
    wild = with_value(small(), "optimizers.discriminator", "sgd")
    wild = with_value(wild, "optimizers.discriminator.learning_rate", 10.0)
    wild = with_value(wild, "penalties.r1", 1000.0)
    long = QUICK.model_copy(update={"iterations": 400})
    found = play(replace(case(), experiment=wild), long, ignore)
    assert found.broken is not None and "is not finite at iteration" in found.broken
    assert found.iterations < 400 and found.curve[-1].iteration == found.iterations
    assert 0 <= found.jsd_low <= found.jsd_high <= np.log(2) + 1e-12


def test_a_target_without_modes_has_no_coverage_and_a_line_is_judged_as_well() -> None:
    assert play(case(target="moons"), QUICK, ignore).coverage is None
    on_the_line = play(case(target="mixture-1d"), QUICK, ignore)
    assert on_the_line.coverage is not None and on_the_line.coverage.modes_total == 3


def test_samples_that_left_the_plane_are_far_from_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = np.full((1000, 2), np.inf, np.float32)
    monkeypatch.setattr("ganstudio.gan.trained.TrainedGenerator.sample_seeded", lambda self, count, seed: gone)
    found = play(case(), QUICK, ignore)
    assert found.jsd == pytest.approx(np.log(2))
    assert found.coverage is not None and found.coverage.hq_fraction == 0 and found.coverage.reverse_kl is None
    assert set(found.distances.values()) == {None}


def test_nothing_is_compiled_beside_other_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = QUICK.model_copy(update={"engine": "compiled"})
    monkeypatch.setattr(measured_run, "will_compile", lambda *arguments: True)
    chosen = engine_of(compiled, case())
    assert chosen.engine.name == "eager" and chosen.reason == NOT_COMPILED


def test_each_kind_of_networks_is_compiled_once_before_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(measured_run, "will_compile", lambda *arguments: True)
    monkeypatch.setattr(measured_run, "engine_for", lambda experiment, *rest: asked.append(experiment.target.kind))
    seeds = [case(0), case(1), case(0, "line"), case(0, "mixture-1d"), case(1, "mixture-1d")]
    told: list[str] = []
    prepare(seeds, QUICK, lambda one: told.append(one.key))
    assert asked == ["gaussian_ring", "mixture_1d"], "targets and seeds are outside of what is compiled"
    assert told == ["ring8--own--seed-0", "mixture-1d--own--seed-0"]
