"""One run of a benchmark: trained for the protocol's budget, measured on the way and judged at the end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ganstudio.gan.streams import Purpose, stream
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.metrics.evaluate import evaluate
from ganstudio.metrics.jsd import HistogramJsd
from ganstudio.metrics.trained_model import trained_model
from ganstudio.sweep.outcome import Coverage, CurvePoint, Outcome
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.subjects import Case
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.training.engine import EagerEngine
from ganstudio.training.engine_choice import Chosen, engine_for, will_compile
from ganstudio.training.run import BURST, NonFiniteError, Run
from ganstudio.training.structure import key

DISTANCES = ("sliced_w2", "w2", "energy", "mmd2", "precision", "recall")
"""What is kept of :class:`~ganstudio.metrics.distances.SampleDistances`."""

_FAR = 1e30

NOT_COMPILED = "it could not be compiled here"

Tell = Callable[[float, float], None]
"""Called at each measurement with the share of the budget that is spent, and the JSD."""


class _Clock:
    """Training time so far, on the clock and on the processor."""

    def __init__(self) -> None:
        self.seconds = self.processor_seconds = 0.0

    def advance(self, run: Run, count: int) -> None:
        """Play ``count`` iterations; their time counts even where they break off."""
        started, used = time.perf_counter(), time.process_time()
        try:
            run.advance(count)
        finally:
            self.seconds += time.perf_counter() - started
            self.processor_seconds += time.process_time() - used


def play(case: Case, protocol: Protocol, tell: Tell, *, workers: int = 1) -> Outcome:
    """Train and judge one run.

    What it draws for measuring is of its own streams, so the trajectory is that of ``train`` with the same experiment.

    Raises:
        UserError: the experiment cannot be run.
    """
    torch.set_num_threads(1)
    experiment = protocol.applied(case.experiment)
    chosen = engine_of(protocol, case)
    run = Run(experiment, engine=chosen.engine)
    histogram = HistogramJsd(run.target, experiment.measure.cells)
    clock = _Clock()
    curve: list[CurvePoint] = []
    broken = None

    def measure() -> None:
        rng = stream(case.seed, Purpose.MEASURE_LATENT, run.progress.iteration)
        jsd = histogram.estimate(run.generator.sample(protocol.samples, rng)).value
        curve.append(
            CurvePoint(
                iteration=run.progress.iteration,
                seconds=clock.seconds,
                processor_seconds=clock.processor_seconds,
                jsd=jsd,
            )
        )
        tell(min(1.0, _spent(protocol, run, clock) / protocol.budget), jsd)

    measure()
    try:
        for number in range(1, protocol.measurements + 1):
            due = protocol.due(number)
            if _spent(protocol, run, clock) >= due:
                continue  # iterations are fewer than measurements, or so slow that one passes several of them
            while (left := due - _spent(protocol, run, clock)) > 0:
                clock.advance(run, _count(left, protocol, clock, run))
            measure()
    except NonFiniteError as error:
        broken = str(error)
        if curve[-1].iteration != run.progress.iteration:
            measure()
    return _judged(case, protocol, run, chosen, curve, broken, workers, histogram)


def engine_of(protocol: Protocol, case: Case) -> Chosen:
    """The engine for this run. Nothing is compiled beside other runs: :func:`prepare` did, or it stays eager."""
    experiment = protocol.applied(case.experiment)
    if will_compile(experiment, protocol.engine, protocol.iterations):
        return Chosen(EagerEngine(), NOT_COMPILED)
    return engine_for(experiment, protocol.engine, protocol.iterations)


def prepare(cases: Sequence[Case], protocol: Protocol, tell: Callable[[Case], None]) -> None:
    """Compile what these runs need, each kind of networks and rules once; ``tell`` before each, which takes a minute.

    What cannot be compiled is left to run eagerly.
    """
    tried = set()
    for case in cases:
        experiment = protocol.applied(case.experiment)
        name = key(experiment)
        if name not in tried and will_compile(experiment, protocol.engine, protocol.iterations):
            tell(case)
            engine_for(experiment, protocol.engine, protocol.iterations)
        tried.add(name)


def _spent(protocol: Protocol, run: Run, clock: _Clock) -> float:
    return clock.processor_seconds if protocol.iterations is None else float(run.progress.iteration)


def _count(left: float, protocol: Protocol, clock: _Clock, run: Run) -> int:
    """Iterations to play before looking at the clock again, with ``left`` of the budget until the next measurement."""
    if protocol.iterations is not None:
        return min(BURST, int(left))
    pace = run.progress.iteration / clock.processor_seconds if clock.processor_seconds > 0 else 0.0
    return max(1, min(BURST, int(left * pace)))


def _judged(
    case: Case,
    protocol: Protocol,
    run: Run,
    chosen: Chosen,
    curve: list[CurvePoint],
    broken: str | None,
    workers: int,
    histogram: HistogramJsd,
) -> Outcome:
    points = run.generator.sample_seeded(protocol.samples, case.seed)
    estimate = histogram.estimate(points)
    if np.isfinite(points).all():
        model = trained_model(run.generator, run.state)
        judged = evaluate(points, run.target, seed=case.seed, histogram=histogram, model=model)
        distances = {name: getattr(judged.distances, name) for name in DISTANCES}
    else:  # a run that left the plane: far away for whatever counts, and at no distance
        points = np.nan_to_num(points, nan=_FAR, posinf=_FAR, neginf=-_FAR)
        distances = dict.fromkeys(DISTANCES)
    last = curve[-1]
    return Outcome(
        target=case.target,
        recipe=case.recipe,
        seed=case.seed,
        digest=case.digest,
        engine=run.engine.name,
        engine_note=chosen.reason,
        workers=workers,
        iterations=run.progress.iteration,
        seconds=last.seconds,
        processor_seconds=last.processor_seconds,
        broken=broken,
        curve=tuple(curve),
        jsd=estimate.value,
        jsd_floor=estimate.floor,
        jsd_low=estimate.low,
        jsd_high=estimate.high,
        distances=distances,
        coverage=_coverage(points, run.target, protocol),
    )


def _coverage(points: NDArray[np.float32], target: TargetDistribution, protocol: Protocol) -> Coverage | None:
    papers, whole = mode_coverage(points[: protocol.coverage_samples], target), mode_coverage(points, target)
    if papers is None or whole is None:
        return None
    weights = np.full(whole.total, 1 / whole.total) if target.mode_weights is None else target.mode_weights
    due = weights > 0
    return Coverage(
        modes_captured=papers.captured,
        modes_total=papers.total,
        hq_fraction=papers.hq_fraction,
        perfect_hq_fraction=papers.perfect_hq_fraction,
        reverse_kl=_finite(papers.reverse_kl),
        perfect_reverse_kl=papers.perfect_reverse_kl,
        sigma_ratio=papers.sigma_ratio,
        least_share=float((np.array(whole.shares)[due] / weights[due]).min()),
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
