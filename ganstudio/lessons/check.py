"""A check: what must be true of a run before a step is ticked off. A record that is compared, never code that is run.

Written ``[words: ][change of ]FACT COMPARISON VALUE[ for N iterations]``, for example

    jsd < 0.05
    The two clouds overlap: jsd < 0.05 for 200 iterations
    change of jsd < -0.1
    training.discriminator_updates >= 5
    objective.kind = wasserstein
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.lessons.facts import FACTS

Comparison = Literal["<", "<=", ">", ">=", "=", "!="]
PLAYED = "played"
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_EQUALITY = ("=", "!=")
_LONGEST_HOLD = 1_000_000
_FORM = re.compile(
    r"(?P<change>change of )?(?P<fact>[a-z0-9_.]+) ?(?P<comparison><=|>=|!=|<|>|=) ?(?P<value>\S.*?)"
    r"(?: for (?P<hold>\d{1,7}) iterations)?"
)


@dataclass(frozen=True)
class Check:
    """``fact comparison threshold``, holding for ``hold`` iterations.

    fact: a name in ``FACTS``, ``played``, or the path of a setting.
    relative: compare the change since the step began instead of the value itself.
    hold: 0 ticks at once.
    says: the check in words for people; what was written where the author gave none.
    """

    fact: str
    comparison: Comparison
    threshold: Any
    hold: int = 0
    relative: bool = False
    says: str = ""

    @property
    def needs_samples(self) -> bool:
        """Whether the fact is read off the layer *Generated*."""
        return self.fact in FACTS and FACTS[self.fact].needs_samples

    def holds(self, value: object) -> bool:
        """Whether a value of the fact (for a relative check: its change) satisfies the comparison; None never does."""
        if value is None:
            return False
        if self.comparison not in _EQUALITY and not is_number(value):
            return False
        return bool(COMPARISONS[self.comparison](value, self.threshold))


def is_number(value: object) -> bool:
    """Whether a value can be ordered and subtracted."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def parse_check(text: str) -> Check:
    """The check that is written so.

    Raises:
        UserError: it has not that form, or compares what cannot be compared. Whether a setting of that name exists is
            only known beside an experiment (:func:`ganstudio.lessons.facts.setting_value`).
    """
    words, _, rule = text.rpartition(": ")
    found = _FORM.fullmatch(rule.strip())
    if found is None:
        raise UserError(f"'{text}' is no check; write FACT COMPARISON VALUE, such as: jsd < 0.05 for 200 iterations")
    fact, relative = found["fact"], found["change"] is not None
    comparison = cast("Comparison", found["comparison"])
    threshold, hold = _value(found["value"]), int(found["hold"] or 0)
    if fact != PLAYED and fact not in FACTS and fact.partition(".")[0] not in Experiment.model_fields:
        raise UserError(f"'{fact}' is neither a setting nor a fact; facts: {', '.join(sorted(FACTS))}, {PLAYED}")
    if (relative or comparison not in _EQUALITY) and not is_number(threshold):
        raise UserError(f"'{text}' needs a number after {comparison}")
    choices = FACTS[fact].words if fact in FACTS else ()
    if fact in FACTS and bool(choices) == is_number(threshold):
        raise UserError(f"'{fact}' is {'one of: ' + ', '.join(choices) if choices else 'a number'}")
    if choices and threshold not in choices:
        raise UserError(f"'{fact}' is one of: {', '.join(choices)}")
    if hold > _LONGEST_HOLD:
        raise UserError(f"a check may hold for at most {_LONGEST_HOLD:,} iterations")
    return Check(fact, comparison, threshold, hold, relative, words.strip() or rule.strip())


def _value(text: str) -> Any:
    """JSON where it is JSON (numbers, true, null, lists), else the word itself."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, dict) else value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
