"""What a benchmark is, and what it gives."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Result:
    """One measured number. ``aim`` is the bound that it should keep, from below or from above; None where none is."""

    benchmark: str
    name: str
    value: float
    unit: str
    aim: float | None = None
    better: Literal["higher", "lower"] = "higher"
    each: tuple[float, ...] = ()  #: of every round

    @property
    def verdict(self) -> str:
        """Whether the aim is reached, in a word."""
        if self.aim is None:
            return ""
        reached = self.value >= self.aim if self.better == "higher" else self.value <= self.aim
        return "reached" if reached else "missed"


@dataclass(frozen=True)
class Benchmark:
    """One line of help, and what measures."""

    help: str
    measure: Callable[[argparse.Namespace], list[Result]]


def table(results: Sequence[Result]) -> str:
    """All results, one a line, in columns."""
    rows = [("benchmark", "what", "measured", "unit", "aim", "", "rounds")]
    for result in results:
        sign = "≥" if result.better == "higher" else "≤"
        aim = "" if result.aim is None else f"{sign} {_number(result.aim)}"
        rounds = " ".join(_number(value) for value in result.each)
        rows.append((result.benchmark, result.name, _number(result.value), result.unit, aim, result.verdict, rounds))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column == 2 else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
