"""What is told of several runs that differ in their seed alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.protocol import Protocol


@dataclass(frozen=True)
class Mean:
    """A mean over seeds.

    Attributes:
        value: of the seeds that have the number; None where none has.
        error: its standard error, s/√n with s² = Σ(x − x̄)²/(n − 1); None with fewer than two.
        count: seeds that have the number, of ``total``.
    """

    value: float | None
    error: float | None
    count: int
    total: int


def mean_of(values: Iterable[float | None]) -> Mean:
    """The mean and its standard error; None stands for a seed that does not have the number."""
    everything = list(values)
    known = [value for value in everything if value is not None]
    n = len(known)
    if n == 0:
        return Mean(None, None, 0, len(everything))
    mean = math.fsum(known) / n
    if n == 1:
        return Mean(mean, None, 1, len(everything))
    variance = math.fsum((value - mean) ** 2 for value in known) / (n - 1)
    return Mean(mean, math.sqrt(variance / n), n, len(everything))


@dataclass(frozen=True)
class Quantity:
    """A number of each run that tables show: how it is read, and how it is written."""

    name: str
    title: str
    read: Callable[[Outcome], float | None]
    text: Callable[[float], str]


def quantities(protocol: Protocol) -> tuple[Quantity, ...]:
    """The columns of the table of distances, which every target has."""
    times = [
        Quantity(f"seconds_to_{threshold:g}", f"s to {threshold:g}", _seconds_to(threshold), _decimals(1))
        for threshold in protocol.thresholds
    ]
    return (Quantity("jsd", "JSD (nats)", lambda outcome: outcome.jsd, _decimals(4)), *times, *_PACE)


def _seconds_to(threshold: float) -> Callable[[Outcome], float | None]:
    def read(outcome: Outcome) -> float | None:
        point = outcome.reached(threshold)
        return None if point is None else point.processor_seconds

    return read


def _decimals(count: int) -> Callable[[float], str]:
    return lambda value: f"{value:.{count}f}".replace("-", "−")


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _of_modes(name: str) -> Callable[[Outcome], float | None]:
    def read(outcome: Outcome) -> float | None:
        return None if outcome.coverage is None else getattr(outcome.coverage, name)

    return read


OF_MODES = (
    Quantity("modes_captured", "modes", _of_modes("modes_captured"), lambda value: f"{value:.3g}"),
    Quantity("hq_fraction", "HQ", _of_modes("hq_fraction"), _percent),
    Quantity("reverse_kl", "reverse KL", _of_modes("reverse_kl"), _decimals(4)),
    Quantity("sigma_ratio", "σ ratio", _of_modes("sigma_ratio"), _decimals(3)),
    Quantity("least_share", "least share", _of_modes("least_share"), _decimals(2)),
)
"""The columns of the table of modes, for targets that have some."""

_PACE = (
    Quantity("iterations", "iterations", lambda outcome: float(outcome.iterations), lambda value: f"{value:,.0f}"),
    Quantity(
        "iterations_per_second", "it/s", lambda outcome: outcome.iterations_per_second, lambda value: f"{value:,.0f}"
    ),
)
