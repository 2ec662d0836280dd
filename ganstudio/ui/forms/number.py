"""Numbers as people write them, and the next number when they press up or down. Knows no Qt."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.experiment.reference import SettingReference

Number = int | float

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_UNFINISHED = re.compile(r"[+-]?\d*\.?\d*(e[+-]?)?", re.IGNORECASE)
_DECADE = (1.0, 2.0, 5.0)
_FIRST_STEP = 1e-3
"""Where a step from 0 lands when no usual range says better."""


def parsed(text: str, *, whole: bool) -> Number:
    """The number that ``text`` means: ``0.001``, ``1e-3``, ``20,000``, ``2_000``; ``whole`` wants an integer.

    Raises:
        ValueError: it means none; the message says what is expected.
    """
    written = text.strip().replace("−", "-").replace("\u2009", "").replace(" ", "")
    if _GROUPED.fullmatch(written):
        written = written.replace(",", "")
    if "," in written:
        raise ValueError(f"write the decimals after a point: {written.replace(',', '.')}")
    try:
        number = float(written)
    except ValueError:
        raise ValueError("a whole number is needed" if whole else "a number is needed, such as 0.001 or 1e-3") from None
    if not math.isfinite(number):
        raise ValueError("a finite number is needed")
    if not whole:
        return number
    if number != int(number):
        raise ValueError("a whole number is needed")
    return int(number)


def is_unfinished(text: str) -> bool:
    """Whether ``text`` is the beginning of a number, as it passes by while someone types (``1e-``, ``-``, nothing)."""
    try:
        float(text)
    except ValueError:
        return _UNFINISHED.fullmatch(text.strip()) is not None
    return False


def written(number: Number | None) -> str:
    """``number`` in its shortest exact-enough form: ``0.001``, ``1e-8``; nothing for None."""
    if number is None:
        return ""
    if isinstance(number, int):
        return str(number)
    text = f"{number:.6g}"
    return re.sub(r"e([+-])0*(\d)", lambda found: f"e{found[1].replace('+', '')}{found[2]}", text)


def grouped(number: Number | None) -> str:
    """As :func:`written`, with commas between thousands: for reading, where nobody types. ``20,000``."""
    text = written(number)
    if number is None or "e" in text or abs(number) < 1000:
        return text
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"


def in_range(number: Number, setting: SettingReference) -> bool:
    """Whether ``setting`` takes ``number``, by its own bounds."""
    return _within(number, setting) == number


def stepped(number: Number, steps: int, setting: SettingReference) -> Number:
    """``number`` after ``steps`` presses of up (negative: down), within the range of ``setting``.

    Factors where the setting asks for them: 1-2-5 for real numbers, doubling for whole ones. Shares that live close
    to 1, as decays do, move through .9, .95, .98, .99. Others move by a twentieth of their range, or a tenth of
    themselves where that is less. A step that would leave the range stops at its end, or is not taken if the end
    itself is excluded.
    """
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        moved = _within(_once(number, direction, setting), setting)
        if moved is None:
            return number
        number = moved
    return number


def _within(number: Number, setting: SettingReference) -> Number | None:
    """``number``, or the end of the range that it is beyond; None where that end is excluded."""
    low, high = setting.low, setting.high
    if low is not None and (number < low or (setting.open_low and number == low)):
        return None if setting.open_low else _of_type(low, setting)
    if high is not None and (number > high or (setting.open_high and number == high)):
        return None if setting.open_high else _of_type(high, setting)
    return number


def _once(number: Number, direction: int, setting: SettingReference) -> Number:
    if setting.type == "int":
        return _doubled(int(number), direction) if setting.log else int(number) + direction
    if setting.log:
        return _next_factor(float(number), direction, setting)
    if setting.low == 0 and setting.high == 1 and setting.open_high:
        return _next_share(float(number), direction)
    return _next_difference(float(number), direction, setting)


def _doubled(number: int, direction: int) -> int:
    """The next power of two beyond ``number`` on that side."""
    if number <= 0:
        return 1 if direction > 0 else number - 1
    power = 1 << (number.bit_length() - 1)
    if direction > 0:
        return 2 * power
    return power if power < number else power // 2


def _next_factor(number: float, direction: int, setting: SettingReference) -> float:
    start = _smallest_usual(setting)
    if number <= 0:
        return start if direction > 0 else 0.0
    exponent = math.floor(math.log10(number) + 1e-9)
    candidates = [factor * 10.0**power for power in range(exponent - 1, exponent + 2) for factor in _DECADE]
    beyond = [c for c in candidates if (c > number * (1 + 1e-9) if direction > 0 else c < number * (1 - 1e-9))]
    found = min(beyond) if direction > 0 else max(beyond)
    if setting.low == 0 and not setting.open_low and found < start / 100:
        return 0.0
    return _tidy(found)


def _next_share(number: float, direction: int) -> float:
    """0, .1, … .9, .95, .98, .99, .995 …: below .9 in tenths, above in factors of what is missing to 1."""
    missing = 1.0 - number
    if missing > 0.1 + 1e-9 or (missing > 0.1 - 1e-9 and direction < 0):
        return _tidy(round(number * 10 + 0.5 * direction + direction * 1e-6) / 10)
    exponent = math.floor(math.log10(missing) + 1e-9)
    candidates = [factor * 10.0**power for power in range(exponent - 1, exponent + 2) for factor in _DECADE]
    if direction > 0:
        return _tidy(1.0 - max(c for c in candidates if c < missing * (1 - 1e-6)))
    return _tidy(1.0 - min(c for c in candidates if c > missing * (1 + 1e-6)))


def _next_difference(number: float, direction: int, setting: SettingReference) -> float:
    sizes = [max(abs(number), 0.5) / 10]
    if setting.low is not None and setting.high is not None:
        sizes.append((setting.high - setting.low) / 20)
    size = min(sizes)
    power = 10.0 ** math.floor(math.log10(size) + 1e-9)
    step = max(factor for factor in _DECADE if factor * power <= size * (1 + 1e-9)) * power
    at = number / step
    landed = math.floor(at + 1 + 1e-6) if direction > 0 else math.ceil(at - 1 - 1e-6)
    return _tidy(landed * step)


def _smallest_usual(setting: SettingReference) -> float:
    numbers = [float(found) for found in re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", setting.usual)]
    return min((number for number in numbers if number > 0), default=_FIRST_STEP)


def _of_type(number: float, setting: SettingReference) -> Number:
    return int(number) if setting.type == "int" else float(number)


def _tidy(number: float) -> float:
    """Without the dust of binary fractions."""
    return float(f"{number:.10g}")
