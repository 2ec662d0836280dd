"""Experiments of every kind, made only of what the reference table says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import with_value
from ganstudio.experiment.reference import SettingReference, settings
from ganstudio.experiment.targets import Points, Points1D

POINTS = {
    "points": Points(points=ArrayText.of(np.array([[0, 0], [1, 2]], np.float32))),
    "points_1d": Points1D(points=ArrayText.of(np.array([[0], [1]], np.float32))),
}
"""Kinds that come from a file and cannot be chosen by name."""

BETWEEN_FIELDS = ("inner must be below outer", "low must be below high", "the extent is empty", "nesterov needs")
"""Rules that no single range can tell."""


def under(reference: SettingReference, experiment: Experiment | None = None) -> Experiment:
    """An experiment in which this setting exists."""
    experiment = experiment or Experiment()
    for path, kind in reference.when:
        experiment = with_value(experiment, path.removesuffix(".kind"), POINTS.get(kind, kind))
    return experiment


def value_at(experiment: Experiment, path: str) -> Any:
    value: Any = experiment
    for name in path.split("."):
        value = getattr(value, name)
    return value


def ends(reference: SettingReference) -> tuple[Any, Any]:
    """The smallest and the largest number that the table allows; None where there is no bound."""
    low, high = reference.low, reference.high
    if reference.type in ("int", "integers"):
        return (
            None if low is None else int(low) + reference.open_low,
            None if high is None else int(high) - reference.open_high,
        )
    return (
        math.nextafter(low, math.inf) if low is not None and reference.open_low else low,
        math.nextafter(high, -math.inf) if high is not None and reference.open_high else high,
    )


def values(reference: SettingReference) -> st.SearchStrategy[Any]:
    """Whatever the table allows."""
    low, high = ends(reference)
    chosen: st.SearchStrategy[Any]
    match reference.type:
        case "bool":
            chosen = st.booleans()
        case "int":
            chosen = st.integers(low, high)
        case "float":
            chosen = st.floats(low, high)
        case "text":
            chosen = st.text(min_size=reference.min_length or 0, max_size=reference.max_length)
        case "integers":
            chosen = st.lists(st.integers(low, high), max_size=reference.max_length).map(tuple)
        case _:
            chosen = st.sampled_from(reference.choices).map(lambda choice: POINTS.get(choice, choice))
    return st.none() | chosen if reference.optional else chosen


@st.composite
def experiments(draw: st.DrawFn, start: Experiment | None = None, most: int = 8) -> Experiment:
    """An experiment that differs from ``start`` in up to ``most`` settings."""
    experiment = start or Experiment()
    for reference in draw(st.lists(st.sampled_from(settings()), max_size=most)):
        experiment = under(reference, experiment)
        path = reference.path.removesuffix(".kind")
        try:
            experiment = with_value(experiment, path, draw(values(reference)))
        except UserError as error:
            if not any(rule in error.message for rule in BETWEEN_FIELDS):
                raise
    return experiment
