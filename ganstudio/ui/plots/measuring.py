"""What measuring the JSD costs, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measuring:
    """``share`` of the time goes into measuring; of the measurements that are due every ``spacing``-th is made."""

    share: float = 0.0
    spacing: int = 1


def share_text(measuring: Measuring) -> str:
    """The share as a percentage, ``<1 %`` where it is less; a dash before two measurements."""
    if measuring.share <= 0:
        return "—"
    return "<1 %" if measuring.share < 0.01 else f"{100 * measuring.share:.0f} %"


def rhythm(measuring: Measuring, every: int) -> str:
    """How often the JSD is measured, where ``every`` iterations are asked for."""
    made = every * measuring.spacing
    return f"measured every {made:,}" if measuring.spacing == 1 else f"measured every {made:,}, asked: {every:,}"


def explanation(measuring: Measuring, every: int) -> str:
    """A sentence or two for a tooltip."""
    made = every * measuring.spacing
    cost = f"takes {share_text(measuring)} of the time" if measuring.share > 0 else "costs time"
    if measuring.spacing == 1:
        return (
            f"Measuring the JSD {cost}: once every {made:,} iterations (Run ▸ Measure). If it took more than a tenth, "
            "it would be measured more seldom."
        )
    return (
        f"Measuring the JSD {cost}: once every {made:,} iterations in place of every {every:,} as was asked for, so "
        "that it takes about a tenth of the time at most. Fewer samples or cells (Run ▸ Measure) make it cheaper."
    )
