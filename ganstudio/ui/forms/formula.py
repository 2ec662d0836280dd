"""Formulas for people: the LaTeX of the records as Unicode text, or as the small HTML that Qt shows.

Only what the records use is understood (Greek, scripts, fractions, roots, accents, functions, arrows); anything else is
shown as it stands, so a formula can be ugly but never lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ", "omega": "ω", "Sigma": "Σ",
    "Delta": "Δ", "nabla": "∇", "partial": "∂", "infty": "∞", "ell": "ℓ", "|": "‖",
}  # fmt: skip
OPERATORS = {
    "leftarrow": " ← ", "rightarrow": " → ", "sim": " ~ ", "le": " ≤ ", "ge": " ≥ ", "mid": " | ", "cdot": " · ",
    "times": " × ", "approx": " ≈ ", "in": " ∈ ", "pm": " ± ", ";": " ", ",": " ", "quad": " ", " ": " ",
}  # fmt: skip
FUNCTIONS = {name: name for name in ("log", "exp", "cos", "sin", "tanh", "min", "max", "det", "lim")} | {"sum": " Σ"}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
UPRIGHT = ("text", "mathrm", "mathbb", "operatorname")
FRACTIONS = ("frac", "tfrac", "dfrac")
VULGAR = {("1", "2"): "½", ("1", "3"): "⅓", ("1", "4"): "¼", ("2", "3"): "⅔", ("3", "4"): "¾"}
SUPERSCRIPTS = dict(
    zip("0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)
SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_]|\s+|\w|.", re.DOTALL)
_CITED = re.compile(r"(.*?)(\s*\([A-Z][^()]* \d{4}\))?", re.DOTALL)


class Typesetter(Protocol):
    """Makes text of the parts of a formula; the parts it is given are text that it made before."""

    def plain(self, text: str) -> str: ...
    def variable(self, text: str) -> str: ...
    def script(self, text: str, *, below: bool) -> str: ...


@dataclass(frozen=True)
class _Unicode:
    """Plain text with Unicode's raised and lowered letters, where it has them."""

    def plain(self, text: str) -> str:
        return text

    def variable(self, text: str) -> str:
        return text

    def script(self, text: str, *, below: bool) -> str:
        letters = SUBSCRIPTS if below else SUPERSCRIPTS
        if all(letter in letters for letter in text):
            return "".join(letters[letter] for letter in text)
        mark = "_" if below else "^"
        return f"{mark}{text}" if len(text.replace("\u0302", "")) == 1 else f"{mark}({text})"


@dataclass(frozen=True)
class _Html:
    """Qt's HTML: italic variables, real subscripts and superscripts."""

    def plain(self, text: str) -> str:
        return html.escape(text, quote=False)

    def variable(self, text: str) -> str:
        return f"<i>{html.escape(text, quote=False)}</i>"

    def script(self, text: str, *, below: bool) -> str:
        return f"<sub>{text}</sub>" if below else f"<sup>{text}</sup>"


def readable(formula: str) -> str:
    """The formula as plain text: ``\\tfrac{\\gamma}{2} E_x`` becomes ``γ/2 Eₓ``."""
    return _typeset(formula, _Unicode())


def rich(formula: str) -> str:
    """The formula as HTML for labels and tooltips; nothing in it is left unescaped."""
    return _typeset(formula, _Html())


def equations(formula: str) -> tuple[str, ...]:
    """The equations of a formula that states several, one after the other, separated by ``,\\;``."""
    return tuple(part.strip() for part in re.split(r",\\;", formula) if part.strip())


def _typeset(formula: str, typesetter: Typesetter) -> str:
    mathematics, citation = _CITED.fullmatch(formula).groups()  # type: ignore[union-attr]  # matches any text
    typeset = _Parser(mathematics, typesetter).all() + typesetter.plain(citation or "")
    return re.sub(r" +", " ", typeset).strip()


class _Parser:
    """Reads one formula from left to right; a group in braces is read by recursion, which its length bounds."""

    def __init__(self, formula: str, typesetter: Typesetter) -> None:
        self._tokens = _TOKEN.findall(formula)
        self._at = 0
        self._set = typesetter

    def all(self) -> str:
        return "".join(self._parts(closing=False))

    def _parts(self, *, closing: bool) -> Iterator[str]:
        while self._at < len(self._tokens):
            if closing and self._tokens[self._at] == "}":
                self._at += 1
                return
            yield self._one()

    def _one(self) -> str:
        sign: str = self._tokens[self._at]
        self._at += 1
        if sign == "{":
            return "".join(self._parts(closing=True))
        if sign in "^_":
            return self._set.script(self._argument(), below=sign == "_")
        if sign.startswith("\\"):
            return self._command(sign[1:])
        if sign == "-":
            return self._set.plain("−")
        if sign.isspace():
            return self._set.plain(" ")
        return self._set.variable(sign) if sign.isalpha() and sign != "E" else self._set.plain(sign)

    def _command(self, name: str) -> str:
        if name in SYMBOLS:
            return self._set.plain(SYMBOLS[name])
        if name in OPERATORS:
            self._skip_space()
            return self._set.plain(OPERATORS[name])
        if name in FUNCTIONS:
            self._skip_space()
            opens = self._at < len(self._tokens) and self._tokens[self._at] in ("(", "_", "^", "[")
            return self._set.plain(FUNCTIONS[name] + ("" if opens else " "))
        if name in ACCENTS:
            return self._argument() + ACCENTS[name] if self._is_plain() else self._accented(ACCENTS[name])
        if name in FRACTIONS:
            return self._fraction()
        if name in UPRIGHT:
            return self._set.plain(self._raw())
        if name == "sqrt":
            inside = self._argument()
            return f"√{inside}" if len(_bare(inside)) == 1 or "\u0302" in inside else f"√({inside})"
        return self._set.plain(name)

    def _is_plain(self) -> bool:
        return isinstance(self._set, _Unicode)

    def _accented(self, accent: str) -> str:
        """The accent must stand right behind its letter, inside of the mark-up."""
        argument = self._argument()
        return re.sub(r"(\w|[^\W\d_])(</i>)?$", lambda found: found[1] + accent + (found[2] or ""), argument)

    def _fraction(self) -> str:
        above, below = self._argument(), self._argument()
        vulgar = VULGAR.get((above, below))
        if vulgar:
            return self._set.plain(vulgar)
        return "/".join(part if re.fullmatch(r"[\w²³]+", _bare(part)) else f"({part})" for part in (above, below))

    def _argument(self) -> str:
        self._skip_space()
        return self._one() if self._at < len(self._tokens) else ""

    def _raw(self) -> str:
        """The letters of a group as they stand."""
        self._skip_space()
        if self._at >= len(self._tokens) or self._tokens[self._at] != "{":
            return self._argument()
        end = self._at + 1
        while end < len(self._tokens) and self._tokens[end] != "}":
            end += 1
        text = "".join(self._tokens[self._at + 1 : end])
        self._at = end + 1
        return text

    def _skip_space(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1


def _bare(text: str) -> str:
    """Without mark-up."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))
