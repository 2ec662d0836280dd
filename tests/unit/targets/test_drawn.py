"""The drawn shapes that ship: what they are, not only that they can be read."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.experiment.presets import presets
from ganstudio.experiment.targets import Painting
from ganstudio.targets import build
from ganstudio.targets.drawn import drawn_shape, drawn_shapes


def test_there_are_five_and_none_has_a_presets_name() -> None:
    names = list(drawn_shapes())
    assert names == ["drawn-letter", "drawn-face", "drawn-spiral", "drawn-blobs", "drawn-dots"]
    assert not set(names) & set(presets())


@pytest.mark.parametrize("name", list(drawn_shapes()))
def test_each_is_a_painting_whose_ink_lies_within_its_extent(name: str) -> None:
    spec = drawn_shape(name)
    assert isinstance(spec, Painting)
    points = build(spec).sample(5000, np.random.default_rng(0))
    assert np.abs(points).max() < 1.45, "ink is not cut off at the edge of the canvas"
    assert points.std(axis=0).min() > 0.3


def test_the_blobs_have_masses_nine_to_one() -> None:
    target = build(drawn_shape("drawn-blobs"))
    edges = np.linspace(-1.5, 1.5, 257)
    masses = target.cell_masses(edges, edges)
    assert masses is not None
    x = (edges[1:] + edges[:-1]) / 2
    y = x[:, None]
    near_first = np.hypot(x + 0.6, y + 0.3) < np.hypot(x - 0.75, y - 0.6)
    first = np.asarray(masses).reshape(256, 256)[near_first].sum()
    assert first == pytest.approx(0.9, abs=0.002)


def test_an_unknown_one_is_told_with_those_there_are() -> None:
    with pytest.raises(UserError, match="no drawn shape 'drawn-horse'; known: drawn-letter"):
        drawn_shape("drawn-horse")
