"""Schedules as plain functions of the iteration; the formulas stand in the records."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ganstudio.experiment.optimizers import Constant, Cosine, LinearDecay, LinearWarmup, Schedule


def _constant(schedule: Constant, iteration: int) -> float:
    return 1.0


def _cosine(schedule: Cosine, iteration: int) -> float:
    start = schedule.constant_share * schedule.iterations
    # s = clip((t − aT) / (T − aT), 0, 1); a < 1, so the length is never 0.
    s = min(1.0, max(0.0, (iteration - start) / (schedule.iterations - start)))
    return schedule.final_share + (1 - schedule.final_share) * 0.5 * (1 + math.cos(math.pi * s))


def _linear(schedule: LinearDecay, iteration: int) -> float:
    return 1 - (1 - schedule.final_share) * min(1.0, iteration / schedule.iterations)


def _warmup(schedule: LinearWarmup, iteration: int) -> float:
    return min(1.0, (iteration + 1) / schedule.iterations)


_FACTORS: dict[type, Callable[[Any, int], float]] = {
    Constant: _constant,
    Cosine: _cosine,
    LinearDecay: _linear,
    LinearWarmup: _warmup,
}


def factor(schedule: Schedule, iteration: int) -> float:
    """What a learning rate or a weight is multiplied with: a number from 0 to 1.

    ``iteration`` is counted from 0 at the beginning of the run, and again from 0 whenever its target changes.
    """
    return _FACTORS[type(schedule)](schedule, iteration)
