"""A check as it stands, in words: ``JSD 0.083 — below 0.05``. Imports no Qt."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any

from pydantic import BaseModel

from ganstudio.experiment import Experiment
from ganstudio.experiment.reference import kinds_of, settings
from ganstudio.lessons.check import PLAYED, Check, is_number
from ganstudio.lessons.facts import FACTS
from ganstudio.ui.forms.choices import choice
from ganstudio.ui.plots.figures import figure

WANTED = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "wanted:", "!=": "not"}
_SUBSCRIPTED = re.compile(r"\b([A-Za-zθ])_([A-Za-z]+)\b")
PLAYERS = {"generator": "G", "discriminator": "D"}


def standing(check: Check, value: Any, held: int, *, ticked: bool) -> str:
    """What the fact is, and what it should be; for how long it has held where that is asked for."""
    name = f"change of {fact_label(check.fact)}" if check.relative else fact_label(check.fact)
    text = f"{name} {value_text(value, check.fact)}"
    if ticked:
        return text
    wanted = f"{check.threshold:g}".replace("e-0", "e-").replace("-", "−") if is_number(check.threshold) else None
    text += f" — {WANTED[check.comparison]} {wanted or value_text(check.threshold, check.fact)}"
    if check.hold and held:
        return f"{text}, for {min(held, check.hold):,} of {check.hold:,} iterations"
    return f"{text} for {check.hold:,} iterations" if check.hold > 1 else text


def subscripted(text: str) -> str:
    """The text as HTML, ``p_data`` and ``L_D`` as they are written: with a subscript."""
    return _SUBSCRIPTED.sub(r"\1<sub>\2</sub>", escape(text, quote=False))


def fact_label(name: str) -> str:
    """What stands before the value of a fact, or of the setting at a path."""
    if name == PLAYED:
        return "iterations played"
    if name in FACTS:
        return FACTS[name].label
    return setting_label(name)


def setting_label(path: str) -> str:
    """The label of the setting at ``path``; with its player, where both have one."""
    known = _labels()
    label = known.get(path) or known.get(f"{path}.kind") or path.rpartition(".")[2].replace("_", " ")
    parts = path.split(".")
    player = next((PLAYERS[part] for part in parts[:2] if part in PLAYERS), "")
    return f"{player}: {label}" if player else label


def value_text(value: Any, fact: str) -> str:
    """A value for people; dots while it is not known."""
    if value is None:
        return "…"
    if is_number(value):
        whole = float(value).is_integer() and abs(value) < 1e7
        return f"{int(value):,}".replace("-", "−") if whole else figure(float(value))
    if isinstance(value, list):
        return ", ".join(f"{width:,}" for width in value) or "none"
    if fact in FACTS:
        return str(value)
    *outer, last = fact.removesuffix(".kind").split(".")
    record: Any = Experiment()
    for name in outer:
        record = getattr(record, name, None)
    kinds = kinds_of(type(record), last) if isinstance(record, BaseModel) and last in type(record).model_fields else {}
    return kinds[str(value)].title if value in kinds else choice(fact, str(value)).title


@cache
def _labels() -> dict[str, str]:
    return {setting.path: setting.label for setting in settings()}
