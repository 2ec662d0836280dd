"""Numbers as text that keeps its width while they change."""

from __future__ import annotations

import math

WIDEST = "−0.000"
"""As wide as any number that :func:`figure` gives between −10 and 10⁵, in tabular figures."""

NONE = "—"


def figure(value: float) -> str:
    """About four significant digits with a true minus sign; a dash where there is no number.

    ``1.386``, ``12.35``, ``123.5``, ``12,346``, ``−0.693``, ``3e−5``.
    """
    if not math.isfinite(value):
        return NONE
    size = abs(value)
    if size != 0 and (size < 0.0005 or size >= 99_999.5):
        return _short(f"{value:.0e}")
    decimals = 3 if size < 9.9995 else 2 if size < 99.995 else 1 if size < 999.95 else 0
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if size >= 0.5 * 10.0**-decimals else text.lstrip("-")


def with_spread(value: float, spread: float) -> str:
    """A number and its ±, both with the decimals of :func:`figure`; the spread is rounded up, as it must not be less.

    ``0.031 ± 0.005``, ``−1.386 ± 0.001``.
    """
    if not (math.isfinite(value) and math.isfinite(spread)):
        return f"{figure(value)} ± {figure(spread)}"
    decimals = len(figure(max(abs(value), 1.0)).partition(".")[2])
    number = f"{value:,.{decimals}f}"
    number = number.replace("-", "−") if abs(value) >= 0.5 * 10.0**-decimals else number.lstrip("-")
    least = math.ceil(spread * 10**decimals - 1e-6) / 10**decimals
    return f"{number} ± {least:,.{decimals}f}"


def tick(value: float, spacing: float) -> str:
    """A number on an axis, with as many decimals as the distance between two of them needs."""
    if abs(value) < spacing * 1e-6:
        return "0"
    if abs(value) >= 1e6 or spacing < 1e-5:
        return _short(f"{value:.3g}")
    decimals = max(0, -math.floor(math.log10(spacing) + 1e-9))
    if round(spacing * 10**decimals) != spacing * 10**decimals and decimals < 5:  # 0.25 needs two
        decimals += not math.isclose(round(spacing, decimals), spacing, rel_tol=1e-6)
    return f"{value:,.{decimals}f}".replace("-", "−")


def _short(text: str) -> str:
    """A number with an exponent, as Python writes it, without what says nothing."""
    return text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-").replace("-", "−")


def iteration_tick(value: float, spacing: float) -> str:
    """An iteration on an axis: ``0``, ``500``, ``2k``, ``12.5k``, ``1.5M``."""
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if spacing >= unit or (value >= unit and spacing >= unit / 100):
            return "0" if value == 0 else f"{value / unit:g}{letter}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"
