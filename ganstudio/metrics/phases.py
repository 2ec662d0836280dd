"""The phase of training, told from history alone: the four panels of figure 1 of Goodfellow et al. 2014.

The rule reads two numbers:

- the *advantage* of D, mean D(x) − mean D(G(z)), averaged over the last ``WINDOW`` rows. 0: D cannot tell the two
  apart; 1: it always can;
- the JSD as it was last measured.

before training   nothing was updated yet.
D ahead           D learns to tell the two apart: its advantage is at least half of the largest so far.
G following       G has caught up: D's advantage has fallen below half of its largest. (Where D never shows any, as
                  under strong penalties, the JSD speaks: it has fallen below half of its highest.) It is D's turn again
                  when the advantage is back above three quarters of its largest.
equilibrium       D answers ½ to both, within .05, and the JSD is within .03 nats of its noise floor; and both have
                  rested there: for the last tenth of the updates, at least ``CALM_ROWS`` of them, and for the last
                  ``CALM_MEASURES`` measurements. It ends when either has moved away twice as far.

A run that circles comes by its equilibrium twice in each round, and then D's outputs and the JSD are what they are at
rest; but it goes on. The tenth is what tells slow circles: their rounds take a good part of the run so far.

Each row's phase follows from the rows and measures up to it: the past of a strip never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History

Phase = Literal["before training", "D ahead", "G following", "equilibrium"]
PHASES: tuple[Phase, ...] = ("before training", "D ahead", "G following", "equilibrium")

HELP: dict[Phase, str] = {
    "before training": "No update was made yet: D and G are as they were initialised.",
    "D ahead": "D learns to tell real from generated: the difference of its mean outputs on the two is at least half "
    "of the largest so far.",
    "G following": "G follows where D points: the difference of D's mean outputs has fallen below half of the largest "
    "so far.",
    "equilibrium": "D answers ½ to both, within 0.05, and the JSD is within 0.03 nats of its noise floor; and it has "
    "been so for the last tenth of the updates, at least 100 of them, and for the last 3 measurements. A run that only "
    "passes by, circling, is not there.",
}
"""The rule in words, for tooltips."""

STALLED = (
    "D answers the same to both although the JSD is far from its floor: D is too weak, or held back too strongly by "
    "its penalties, to see what still differs."
)

WINDOW = 25
"""Rows over which D's mean outputs are averaged."""
CALM_ROWS, CALM_SHARE, CALM_MEASURES = 100, 0.1, 3
"""How long D's outputs and the JSD have to rest at their places: rows, the share of all so far, and measurements."""
_CAUGHT_UP, _AHEAD_AGAIN = 0.5, 0.75
_VISIBLE = 0.02
"""An advantage that has never been larger than this is noise."""
_NEAR_HALF, _NEAR_FLOOR = 0.05, 0.03
_LEAVING = 2.0
_BLIND = 0.003

Floats = NDArray[np.float64]
_ITERATION, _REAL, _GENERATED = (COLUMNS.index(name) for name in ("iteration", "real_output", "generated_output"))
_MEASURED, _JSD, _FLOOR = (MEASURE_COLUMNS.index(name) for name in ("iteration", "jsd", "floor"))


@dataclass(frozen=True)
class Segment:
    """One phase without a break, from the end of iteration ``start`` to that of ``end``."""

    phase: Phase
    start: int
    end: int


@dataclass(frozen=True)
class Phases:
    """The current phase, and all there were, in order and without gaps. ``remark`` is empty or a sentence."""

    current: Phase
    segments: tuple[Segment, ...]
    remark: str = ""


def phases(history: History, level: float | None = 0.5) -> Phases:
    """The phases of a run; 100,000 rows take some milliseconds.

    Args:
        history: single updates of G alone, which do not ask D about real samples, are passed over.
        level: D's output at equilibrium as the objective has it (``experiment.equilibrium``): ½, less with label
            smoothing; None where it may be any, as for critics: then only the difference counts.
    """
    rows = history.rows
    told = np.isfinite(rows[:, _REAL]) & np.isfinite(rows[:, _GENERATED])
    iterations, *outputs = (rows[told, column] for column in (_ITERATION, _REAL, _GENERATED))
    if not len(iterations):
        return Phases("before training", ())
    real, generated = (_trailing_mean(output) for output in outputs)
    jsd, floor, highest = _latest_measures(history.measures, iterations)

    advantage = real - generated
    largest = np.maximum.accumulate(advantage)
    seen = largest >= _VISIBLE
    caught_up = np.where(seen, advantage < _CAUGHT_UP * largest, jsd < _CAUGHT_UP * highest)
    ahead = np.where(seen, advantage > _AHEAD_AGAIN * largest, jsd > _AHEAD_AGAIN * highest)
    following = _held(caught_up, ahead)

    stray = np.abs(advantage) / 2
    if level is not None:
        stray = np.maximum(np.abs(real - level), np.abs(generated - level))
    near = (stray <= _NEAR_HALF) & (jsd <= floor + _NEAR_FLOOR)
    calm = _lasting(near) >= np.maximum(CALM_ROWS, CALM_SHARE * np.arange(1, len(iterations) + 1))
    calm &= _lasting_measures(history.measures, iterations) >= CALM_MEASURES
    far = (stray > _LEAVING * _NEAR_HALF) | (jsd > floor + _LEAVING * _NEAR_FLOOR)
    codes = np.where(_held(calm, far), 3, np.where(following, 2, 1))

    current = PHASES[codes[-1]]
    blind = abs(advantage[-1]) < _BLIND and jsd[-1] > floor[-1] + _LEAVING * _NEAR_FLOOR and codes[-1] == 2
    return Phases(current, _segments(codes, iterations), STALLED if blind else "")


def _trailing_mean(values: Floats) -> Floats:
    """The mean of each value and those before it, at most ``WINDOW`` in all."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - WINDOW, 0)
    return np.asarray((total[end] - total[start]) / (end - start))


def _latest_measures(measures: Floats, iterations: Floats) -> tuple[Floats, Floats, Floats]:
    """JSD, floor, and the highest JSD so far, as known at each iteration; a JSD of ∞ before the first measure."""
    if not len(measures):
        return np.full(len(iterations), np.inf), np.zeros(len(iterations)), np.zeros(len(iterations))
    last = np.searchsorted(measures[:, _MEASURED], iterations, side="right") - 1
    known = last >= 0
    jsd = np.where(known, measures[last, _JSD], np.inf)
    highest = np.where(known, np.maximum.accumulate(measures[:, _JSD])[last], 0.0)
    return jsd, measures[np.maximum(last, 0), _FLOOR], highest


def _lasting_measures(measures: Floats, iterations: Floats) -> NDArray[np.int64]:
    """How many measurements in succession had found the JSD near its floor, as known at each iteration."""
    near = _lasting(measures[:, _JSD] <= measures[:, _FLOOR] + _NEAR_FLOOR)
    known = np.searchsorted(measures[:, _MEASURED], iterations, side="right")
    return np.concatenate([np.zeros(1, near.dtype), near])[known]


def _lasting(condition: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For how many entries, up to each, the condition has held without a break."""
    at = np.arange(len(condition))
    return np.asarray(at - np.maximum.accumulate(np.where(condition, -1, at)), dtype=np.int64)


def _held(on: NDArray[np.bool_], off: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True from where ``on`` held last, until ``off`` does; false at first (a Schmitt trigger)."""
    told = on | off
    last = np.maximum.accumulate(np.where(told, np.arange(len(on)), -1))
    return np.asarray(np.where(last >= 0, on[last], False))


def _segments(codes: NDArray[np.int64], iterations: Floats) -> tuple[Segment, ...]:
    ends = np.append(np.flatnonzero(np.diff(codes)), len(codes) - 1)
    segments = []
    start = 0
    for end in ends:
        stop = int(iterations[end])
        segments.append(Segment(PHASES[codes[end]], start, stop))
        start = stop
    return tuple(segments)
