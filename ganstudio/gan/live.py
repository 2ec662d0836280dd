"""Live settings inside a captured step, where they are inputs and not constants.

A step that is captured once and executed often must not hold the numbers of the day it was captured. So it is captured
for an experiment whose live numbers have been replaced by :class:`LiveNumber`: the step's own lines make a graph in
which they are inputs. Which of them are on (not 0) is decided at the capture, as it decides what there is to compute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ganstudio.experiment import Experiment

RECORDS = ("objective", "penalties", "updates", "optimizers.generator", "optimizers.discriminator")
"""The live numbers of these records are inputs of the step."""
GIVEN = "learning_rate"
"""Except this one: it is scheduled, and given to the step with its draw."""


class LiveNumber:
    """A number that is a tensor to arithmetic, and what it was at the capture to comparisons.

    Behaves like the float whose place it takes in ``weight * penalty``, ``x.clamp(-c, c)`` or ``if c > 0``. It cannot
    be turned into a float: that would make it a constant.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, tensor: Tensor, value: float) -> None:
        self._tensor = tensor  # ()
        self._value = value

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Called by torch for every function that is given such a number."""
        return function(*map(_tensor, args), **{name: _tensor(value) for name, value in (kwargs or {}).items()})

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return self._value == other

    def __lt__(self, other: float) -> bool:
        return self._value < other

    def __le__(self, other: float) -> bool:
        return self._value <= other

    def __gt__(self, other: float) -> bool:
        return self._value > other

    def __ge__(self, other: float) -> bool:
        return self._value >= other

    def __neg__(self) -> Tensor:
        return -self._tensor

    def __add__(self, other: Any) -> Tensor:
        return _plain(self._tensor + _tensor(other))

    def __radd__(self, other: Any) -> Tensor:
        return _plain(other + self._tensor)

    def __sub__(self, other: Any) -> Tensor:
        return _plain(self._tensor - _tensor(other))

    def __rsub__(self, other: Any) -> Tensor:
        return _plain(other - self._tensor)

    def __mul__(self, other: Any) -> Tensor:
        return _plain(self._tensor * _tensor(other))

    def __rmul__(self, other: Any) -> Tensor:
        return _plain(other * self._tensor)

    def __truediv__(self, other: Any) -> Tensor:
        return _plain(self._tensor / _tensor(other))

    def __rtruediv__(self, other: Any) -> Tensor:
        return _plain(other / self._tensor)

    def __pow__(self, other: Any) -> Tensor:
        return _plain(self._tensor ** _tensor(other))

    def __rpow__(self, other: Any) -> Tensor:
        return _plain(other**self._tensor)


@dataclass(frozen=True)
class Numbers:
    """A number of which each member of a population has its own, in the place where a single run has one."""

    values: tuple[float, ...]

    def __float__(self) -> float:
        """The largest: whether a number is on is the same for all, and 0 may be a value of one that is on."""
        return max(self.values)


def live_values(experiment: Experiment) -> dict[str, float]:
    """The live numbers that are inputs of a step of this experiment, by path: those that are on, in a fixed order."""
    values = {}
    for path in RECORDS:
        record = _at(experiment, path)
        for name, info in type(record).model_fields.items():
            extra = info.json_schema_extra
            live = info.annotation is float and isinstance(extra, dict) and extra.get("live")
            if live and name != GIVEN and getattr(record, name) != 0:
                values[f"{path}.{name}"] = float(getattr(record, name))
    return values


def live_numbers(common: Experiment, members: Sequence[Experiment]) -> tuple[Numbers, ...]:
    """Those of each member, in the order of :func:`live_values` of the experiment that they have in common."""
    return tuple(Numbers(tuple(float(_at(member, path)) for member in members)) for path in live_values(common))


def with_live_numbers(experiment: Experiment, tensors: Mapping[str, Tensor]) -> Experiment:
    """The experiment with a live number made of ``tensors[path]``, (), at each path; for capturing alone."""
    for path, tensor in tensors.items():
        experiment = _replaced(experiment, path.split("."), LiveNumber(tensor, float(_at(experiment, path))))
    return experiment


def _at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
    return record


def _replaced(record: Any, names: list[str], value: object) -> Any:
    first, *rest = names
    inner = _replaced(getattr(record, first), rest, value) if rest else value
    return record.model_copy(update={first: inner})


def _tensor(value: Any) -> Any:
    return value._tensor if isinstance(value, LiveNumber) else value


def _plain(value: Any) -> Tensor:
    result: Tensor = value
    return result
