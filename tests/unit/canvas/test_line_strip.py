"""The rows below 0 on the line."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from ganstudio.ui.canvas.line_strip import MARGIN, strip_of

SETS = [set(names) for names in product(("batch", "-"), ("generated", "-"), ("gradients", "-"), ("latent_grid", "-"))]


@pytest.mark.parametrize("visible", SETS, ids=lambda names: "+".join(sorted(names - {"-"})) or "none")
def test_rows_lie_below_one_another_and_within_the_strip(visible: set[str]) -> None:
    strip = strip_of(visible)
    rows = [0.0]
    rows += [*strip.batch] if "batch" in visible else []
    rows += [strip.rug] if "generated" in visible else []
    rows += [strip.arrows, strip.arrows + 3 * strip.arrow_step] if "gradients" in visible else []
    rows += [strip.heads, strip.feet] if "latent_grid" in visible else []
    assert all(lower < upper for upper, lower in pairwise(rows))
    assert strip.bottom <= rows[-1]


def test_a_row_that_is_not_shown_takes_no_room() -> None:
    names = {"batch", "generated", "gradients", "latent_grid"}
    everything = strip_of(names).bottom
    for missing in sorted(names):
        assert strip_of(names - {missing}).bottom > everything
    assert strip_of({"density", "field"}).bottom == -MARGIN
