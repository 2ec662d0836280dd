"""Which values of a setting a sweep begins with, and what a person makes of them. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ganstudio.experiment import Experiment
from ganstudio.experiment.population import PLAYERS, SWITCHES, short_label
from ganstudio.experiment.reference import SettingReference
from ganstudio.ui.forms.number import Number, in_range, parsed, stepped, written
from ganstudio.ui.forms.tooltip import label_text

FACTORS: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Of a setting that is stepped in factors, around its value."""
FACTORS_FROM_NOTHING: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0)
"""Of the least usual value, of one that is 0 now."""
STEPS = (-4, -2, 0, 2, 4)
"""Of any other, in the steps of its form."""
LONGEST_SYMBOL = 4
"""Letters of ``η_G``, and one more."""
BETWEEN = re.compile(r"[\s,;]+")


def long_label(setting: SettingReference) -> str:
    """A setting's name for a list of all that can be swept: ``G · Learning rate``, ``R1 γ``."""
    player = next((f"{name} · " for place, name in PLAYERS.items() if setting.path.startswith(place)), "")
    return player + label_text(setting)


def heading(experiment: Experiment, setting: SettingReference) -> str:
    """The same over a grid, with the symbol that stands for it, if it has one."""
    label, short = label_text(setting), short_label(experiment, setting.path)
    player = next((name for place, name in PLAYERS.items() if setting.path.startswith(place)), "")
    if not player:
        return label
    is_symbol = len(short) <= LONGEST_SYMBOL and not short.startswith(label)
    return f"{label} of {player}, {short}" if is_symbol else f"{label} of {player}"


def proposed(setting: SettingReference, value: Number) -> tuple[Number, ...]:
    """Values around ``value``, itself among them, in rising order; of what is off at 0, also how much to begin with."""
    candidates = _factors(setting, value) if setting.log else (_moved(setting, value, steps) for steps in STEPS)
    return tuple(sorted({number for number in candidates if in_range(number, setting)}))


def as_text(values: tuple[Number, ...]) -> str:
    """The values as a person would write them."""
    return ", ".join(written(value) for value in values)


def as_values(text: str, *, whole: bool = False) -> tuple[Number, ...]:
    """The numbers in ``text``, with commas or blanks between them.

    Raises:
        ValueError: one of them is no number, or there is none; the message says which, and what is expected.
    """
    parts = [part for part in BETWEEN.split(text.strip()) if part]
    if not parts:
        raise ValueError("write the values with commas between them, such as 0.0003, 0.001, 0.003")
    found = []
    for part in parts:
        try:
            found.append(parsed(part, whole=whole))
        except ValueError as error:
            raise ValueError(f"“{part}”: {error}") from None
    return tuple(found)


def _factors(setting: SettingReference, value: Number) -> Iterator[Number]:
    middle, factors = value, FACTORS
    if value == 0:
        middle, factors = stepped(value, 1, setting), FACTORS_FROM_NOTHING
        if not setting.path.endswith(SWITCHES):
            yield value
    for factor in factors:
        number = float(f"{middle * factor:.6g}")
        yield round(number) if setting.type == "int" else number


def _moved(setting: SettingReference, value: Number, steps: int) -> Number:
    return stepped(value, steps, setting) if steps else value
