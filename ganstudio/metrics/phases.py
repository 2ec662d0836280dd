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

from dataclasses import dataclass, replace
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

PIECE = 2**15
"""Rows that are read at once: each takes some two hundred bytes meanwhile."""
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

    def of(self, iteration: float) -> Phase | None:
        """The phase in which an iteration lies; None after the last that told anything."""
        return next((part.phase for part in self.segments if iteration <= part.end), None)

    def seen_from(self, iteration: int) -> Phases:
        """The same run where it was taken back to the end of ``iteration``: the current phase is the one of then."""
        current = (self.of(iteration) or self.current) if iteration else "before training"
        return Phases(current, self.segments)


class PhaseReader:
    """Tells the phases of a run, again and again as it goes on: only what is new is read, piece by piece.

    100,000 new rows take some milliseconds. Whoever asks about the same run shares one reader.
    """

    def __init__(self) -> None:
        self._level: float | None = None
        self._history: History | None = None
        self._begin()

    def _begin(self) -> None:
        self._times_gone_back = 0
        self._rows = 0  # so many were read,
        self._measures = 0  # and so many of these
        self._count = 0  # rows that told anything,
        self._iteration = -1.0  # and the iteration of the last
        self._outputs: Floats = np.empty((0, 2))  # of the last rows, which the next means are made of as well
        self._largest = -np.inf
        self._calm_for = 0
        self._is_following = False
        self._is_calm = False
        self._is_blind = False
        self._segments: list[Segment] = []

    def read(self, history: History, level: float | None = 0.5) -> Phases:
        """The phases of the run so far; all is read anew where it is another run, or ``level`` is another.

        Args:
            history: single updates of G alone, which do not ask D about real samples, are passed over.
            level: D's output at equilibrium as the objective has it (``experiment.equilibrium``): ½, less with label
                smoothing; None where it may be any, as for critics: then only the difference counts.
        """
        late = history.measures[self._measures :, _MEASURED]
        if (
            history is not self._history
            or level != self._level
            or history.times_gone_back != self._times_gone_back
            or (late <= self._iteration).any()  # it speaks of rows that were read without it
        ):
            self._begin()
            self._history, self._level, self._times_gone_back = history, level, history.times_gone_back
        self._measures = len(history.measures)
        while self._rows < len(history.rows):
            rows = history.rows[self._rows : self._rows + PIECE, [_ITERATION, _REAL, _GENERATED]]
            self._rows += len(rows)
            told = rows[np.isfinite(rows[:, 1:]).all(axis=1)]
            if len(told):
                self._read_piece(told, history.measures)
        current = self._segments[-1].phase if self._segments else "before training"
        return Phases(current, tuple(self._segments), STALLED if self._is_blind else "")

    def _read_piece(self, rows: Floats, measures: Floats) -> None:
        """The rows that follow: iteration, D's mean outputs on real and on generated samples; all finite."""
        iterations = rows[:, 0]
        outputs = np.concatenate([self._outputs, rows[:, 1:]])
        real, generated = (_trailing_mean(output)[len(self._outputs) :] for output in outputs.T)
        jsd, floor, highest = _latest_measures(measures, iterations)

        advantage = real - generated
        largest = np.maximum.accumulate(np.maximum(advantage, self._largest))
        seen = largest >= _VISIBLE
        caught_up = np.where(seen, advantage < _CAUGHT_UP * largest, jsd < _CAUGHT_UP * highest)
        ahead = np.where(seen, advantage > _AHEAD_AGAIN * largest, jsd > _AHEAD_AGAIN * highest)
        following = _held(caught_up, ahead, self._is_following)

        stray = np.abs(advantage) / 2
        if self._level is not None:
            stray = np.maximum(np.abs(real - self._level), np.abs(generated - self._level))
        near = (stray <= _NEAR_HALF) & (jsd <= floor + _NEAR_FLOOR)
        calm_for = _lasting(near, self._calm_for)
        so_far = self._count + np.arange(1, len(rows) + 1)
        calm = calm_for >= np.maximum(CALM_ROWS, CALM_SHARE * so_far)
        calm &= _lasting_measures(measures, iterations) >= CALM_MEASURES
        far = (stray > _LEAVING * _NEAR_HALF) | (jsd > floor + _LEAVING * _NEAR_FLOOR)
        resting = _held(calm, far, self._is_calm)
        codes = np.where(resting, 3, np.where(following, 2, 1))

        self._is_blind = bool(
            abs(advantage[-1]) < _BLIND and jsd[-1] > floor[-1] + _LEAVING * _NEAR_FLOOR and codes[-1] == 2
        )
        self._count, self._iteration = int(so_far[-1]), float(iterations[-1])
        self._outputs, self._largest = outputs[1 - WINDOW :], float(largest[-1])
        self._is_following, self._is_calm = bool(following[-1]), bool(resting[-1])
        self._calm_for = int(calm_for[-1])
        self._lengthen(codes, iterations)

    def _lengthen(self, codes: NDArray[np.int64], iterations: Floats) -> None:
        for end in np.append(np.flatnonzero(np.diff(codes)), len(codes) - 1):
            phase, stop = PHASES[codes[end]], int(iterations[end])
            if self._segments and self._segments[-1].phase == phase:
                self._segments[-1] = replace(self._segments[-1], end=stop)
            else:
                start = self._segments[-1].end if self._segments else 0
                self._segments.append(Segment(phase, start, stop))


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


def _lasting(condition: NDArray[np.bool_], before: int = 0) -> NDArray[np.int64]:
    """For how many entries, up to each, the condition has held without a break; it had for ``before`` earlier ones."""
    at = np.arange(len(condition))
    broken = np.maximum.accumulate(np.where(condition, -1, at))
    return np.asarray(at - np.where(broken < 0, -1 - before, broken), dtype=np.int64)


def _held(on: NDArray[np.bool_], off: NDArray[np.bool_], before: bool) -> NDArray[np.bool_]:
    """True from where ``on`` held last, until ``off`` does; at first as it was ``before`` (a Schmitt trigger)."""
    told = on | off
    last = np.maximum.accumulate(np.where(told, np.arange(len(on)), -1))
    return np.asarray(np.where(last >= 0, on[last], before))
