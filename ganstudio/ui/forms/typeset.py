r"""Typeset formulas: the LaTeX of the records as outlines of glyphs, to be filled at any size and in any colour.

Matplotlib's mathtext does the typesetting; it is imported when the first formula is set. What the records may use and
mathtext does not know is rewritten (``\tfrac``, ``\le``); words such as JSD stand upright. Knows no Qt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

UNIT = 100.0
"""Outlines are made at this font size, so that coordinates are in hundredths of it."""
FAMILY = "cm"

_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\frac\s*(\w)\s*(\w)", r"\\frac{\1}{\2}"),
        (r"\\tfrac\s*(\w)\s*(\w)", r"\\tfrac{\1}{\2}"),
        (r"\\frac", r"\\dfrac"),
        (r"\\tfrac", r"\\frac"),
        (r"\\le(?![a-z])", r"\\leq"),
        (r"\\ge(?![a-z])", r"\\geq"),
        (r"≠", r"\\neq "),
        (r"(?<![\\A-Za-z{])([A-Z]{2,})(?![a-z])", r"\\mathrm{\1}"),
        (r"_\{([a-z]{2,})\}", r"_{\\mathrm{\1}}"),
        (r"\^\*", r"^{\\!\\ast\\!}"),  # a star is no product here
        (r"(\\(?:leq|geq|approx|sim)) -", r"\1 {-}"),  # nor is this minus between two terms
        (r"(?<=[\w)\]}]) ?(?=\\log)", r"\\,"),
        (r"= (?=\\m(?:ax|in)_)", r"= \\; "),
    )
)
_RELATION = re.compile(r"\s(=|≠|<|>|\\(?:le|ge|approx|sim|rightarrow|leftarrow)(?![a-z]))\s")
_SUM = re.compile(r"\s([+-])\s")


@dataclass(frozen=True, eq=False)
class Outline:
    """A formula in one line: Bézier outlines with y upwards from the baseline, in hundredths of the font size.

    ``codes`` are those of ``matplotlib.path.Path``: 1 moves, 2 draws a line, 3 and 4 curves, 79 closes.
    """

    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]
    width: float
    ascent: float
    descent: float


class CannotTypesetError(ValueError):
    """Mathtext does not understand the source."""


@cache
def outline(equation: str) -> Outline:
    """The outlines of one equation.

    Raises:
        CannotTypesetError: it is no formula that mathtext knows.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font, setter = FontProperties(size=UNIT, math_fontfamily=FAMILY), TextToPath()
    source = f"${rewritten(equation)}$"
    try:
        width, height, descent = setter.get_text_width_height_descent(source, font, ismath=True)
        vertices, codes = setter.get_text_path(font, source, ismath=True)
    except ValueError as error:
        raise CannotTypesetError(str(error)) from error
    return Outline(
        np.asarray(vertices, np.float64).reshape(-1, 2),
        np.asarray(codes, np.uint8),
        float(width),
        float(height - descent),
        float(descent),
    )


def rewritten(equation: str) -> str:
    """The same in the dialect of mathtext."""
    for pattern, replacement in _REWRITTEN:
        equation = pattern.sub(replacement, equation)
    return equation.strip()


def broken(equation: str, widest: float) -> tuple[Outline, ...]:
    """The equation in as few lines as fit into ``widest``; a line ends before a relation, else before a + or −.

    Raises:
        CannotTypesetError: see :func:`outline`.
    """
    whole = outline(equation)
    if whole.width <= widest:
        return (whole,)
    for separator in (_RELATION, _SUM):
        parts = _split(equation, separator)
        if len(parts) > 1:
            lines = _filled(parts, widest)
            return tuple(line for part in lines for line in (broken(part, widest) if part != equation else (whole,)))
    return (whole,)


def _filled(parts: tuple[str, ...], widest: float) -> list[str]:
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]} {part}"
        if outline(longer).width <= widest:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _split(equation: str, separator: re.Pattern[str]) -> tuple[str, ...]:
    """Before each separator that stands in no bracket; a part begins with its separator."""
    starts = [0]
    for found in separator.finditer(equation):
        before = equation[: found.start()]
        if found.start() and all(before.count(one) == before.count(other) for one, other in ("{}", "()", "[]")):
            starts.append(found.start() + 1)
    # {} before a sign makes it one between two terms, with the space that belongs there.
    pieces = [equation[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return tuple(piece if at == 0 else f"{{}} {piece}" for at, piece in enumerate(pieces))
