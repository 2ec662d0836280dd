"""Networks fitted to an optimal discriminator for the window, a little at a time, beside whatever run there is."""

from __future__ import annotations

import math
import time

import numpy as np
import torch
from numpy.typing import NDArray

from ganstudio.errors import UserError
from ganstudio.gan.activations import ACTIVATIONS
from ganstudio.gan.approximation import LOSSES, Fitting, Points, normalised
from ganstudio.gan.streams import Purpose, stream
from ganstudio.messages.approximation import Approximation
from ganstudio.messages.commands import Approximate
from ganstudio.messages.events import Approximated
from ganstudio.training.fixed_pair import FixedPair, fixed_pair
from ganstudio.training.run import Run

TRAINING_POINTS = 32_768
HELD_OUT_POINTS = 8_192
"""Of m = (p + q)/2, drawn once: errors are of points that no network was fitted to."""
READINGS = 25
"""How often errors are read on the way."""
CELLS = {1: 128, 2: 40}
"""Of the pictures, along each axis."""

BOUNDS: dict[str, tuple[int, int]] = {"iterations": (1, 50_000), "batch": (2, 4096), "seed": (0, 2**31)}
WIDEST, DEEPEST, MOST_NETWORKS = 256, 5, 32


class ApproximationJob:
    """One such fit; ``advance`` it until it is ``finished``.

    It draws from streams of its own and writes to nothing of the run.

    Raises:
        UserError: a number is out of range, or the pair needs a run and there is none; the message says which.
    """

    def __init__(self, command: Approximate, run: Run | None, generation: int) -> None:
        self._command, self._generation = command, generation
        approximation = command.approximation
        _check(approximation)
        pair = fixed_pair(approximation.pair, run, _rng(approximation, 0))
        training = pair.mixture(TRAINING_POINTS, _rng(approximation, 1))
        held_out = pair.mixture(HELD_OUT_POINTS, _rng(approximation, 2))
        # One scale for both axes, as for the run.
        self._centre = training.mean(axis=0).astype(np.float32)
        self._scale = max(float(np.sqrt(training.var(axis=0).mean())), 1e-6)
        self._fitting = Fitting(approximation, self._points(pair, training), self._points(pair, held_out))
        self._view = pair.view
        places = _places(pair)
        self._shape = (CELLS[2], CELLS[2]) if pair.dimension == 2 else (1, CELLS[1])
        self._places = normalised(places.astype(np.float32), self._centre, self._scale)
        optimal = np.where(pair.is_told(places), _sigmoid(pair.logit(places)), np.nan)
        self._optimal = optimal.astype(np.float32).reshape(self._shape)
        self._every = math.ceil(approximation.iterations / READINGS)
        self._read_at: list[int] = []
        self._errors: list[NDArray[np.float64]] = []
        self.finished = False
        self.latest = self._read()

    def advance(self, seconds: float) -> bool:
        """Go on for about ``seconds``; whether there is something new to tell in ``latest``."""
        end = time.perf_counter() + seconds
        approximation = self._command.approximation
        while not self.finished:
            self._fitting.advance()
            self.finished = self._fitting.iteration >= approximation.iterations
            if self.finished or self._fitting.iteration % self._every == 0:
                self.latest = self._read()
                return True
            if time.perf_counter() >= end:
                return False
        return False

    def stop(self) -> Approximated:
        """Stop here, with a last reading."""
        self.finished = True
        self.latest = self._read(reason="stopped")
        return self.latest

    def _points(self, pair: FixedPair, points: NDArray[np.float64]) -> Points:
        logits = torch.from_numpy(pair.logit(points).astype(np.float32))
        return Points(normalised(points.astype(np.float32), self._centre, self._scale), logits)

    def _read(self, reason: str = "") -> Approximated:
        if not self._read_at or self._read_at[-1] != self._fitting.iteration:
            self._read_at.append(self._fitting.iteration)
            self._errors.append(self._fitting.errors())
        fits = self._fitting.probabilities(self._places)
        return Approximated(
            generation=self._generation,
            request=self._command.request,
            approximation=self._command.approximation,
            iteration=self._fitting.iteration,
            finished=self.finished,
            reason=reason,
            view=self._view,
            optimal=self._optimal,
            fits=fits.reshape(len(fits), *self._shape),
            parameters=self._fitting.parameter_counts,
            read_at=np.array(self._read_at, np.int64),
            errors=np.stack(self._errors),
        )


def _check(approximation: Approximation) -> None:
    for name, (low, high) in BOUNDS.items():
        if not low <= getattr(approximation, name) <= high:
            raise UserError(f"must be between {low:,} and {high:,}, not {getattr(approximation, name):,}", field=name)
    if not 0 < approximation.learning_rate <= 1:
        raise UserError(f"must be above 0 and at most 1, not {approximation.learning_rate:g}", field="learning rate")
    for name, numbers, most in (("widths", approximation.widths, WIDEST), ("depths", approximation.depths, DEEPEST)):
        if not numbers or not all(1 <= number <= most for number in numbers):
            raise UserError(f"must be one or more numbers between 1 and {most}, not {list(numbers)}", field=name)
    if len(approximation.shapes) > MOST_NETWORKS:
        raise UserError(f"at most {MOST_NETWORKS} networks at a time, not {len(approximation.shapes)}", field="widths")
    for name, known in (("activation", ACTIVATIONS), ("loss", LOSSES)):
        if getattr(approximation, name) not in known:
            raise UserError(f"there is no {getattr(approximation, name)}", field=name)


def _rng(approximation: Approximation, number: int) -> np.random.Generator:
    return stream(approximation.seed, Purpose.APPROXIMATION, number)


def _places(pair: FixedPair) -> NDArray[np.float64]:
    """The centres of the cells of a picture, (cells, dimension), row by row."""
    count = CELLS[pair.dimension]
    share = (np.arange(count) + 0.5) / count
    xs = pair.view[0] + share * (pair.view[1] - pair.view[0])
    if pair.dimension == 1:
        return xs[:, None]
    ys = pair.view[2] + share * (pair.view[3] - pair.view[2])
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-np.logaddexp(0.0, -logits)))
