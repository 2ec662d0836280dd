"""A population as a figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganstudio.export.population import PopulationPicture
from ganstudio.export.population_figure import population_figure
from ganstudio.export.writing import write_figure

RNG = np.random.default_rng(0)
SWEEP = PopulationPicture(
    title="Ring of gaussians",
    facts="Non-saturating · 6 members · 500 iterations",
    shape=(2, 3),
    names=tuple(f"member {number}" for number in range(6)),
    row_title="η_G",
    column_title="Learning rate of D, η_D",
    rows=("0.001", "0.002"),
    columns=("0.001", "0.003", "0.01"),
    view=(-1.5, 1.5, -1.5, 1.5),
    are_curves=False,
    real=RNG.normal(size=(40, 2)),
    generated=[RNG.normal(size=(20, 2)) for _ in range(6)],
    jsd=np.array([0.1, 0.2, 0.3, 0.4, np.nan, 0.6]),
    broken=frozenset({4}),
    iterations=np.array([0.0, 250.0, 500.0]),
    floors=np.full(3, 0.002),
    measured=np.where(np.arange(6) == 4, np.nan, 0.4) * np.ones((3, 1)),
)
SEEDS = replace(SWEEP, row_title="", column_title="", rows=(), columns=(), shape=(2, 3))
CURVES = replace(
    SEEDS,
    are_curves=True,
    view=(-1.0, 1.0, 0.0, 1.0),
    real=np.stack([np.linspace(-1, 1, 30), np.full(30, 0.5)], axis=1),
    generated=[np.stack([np.linspace(-1, 1, 30), np.full(30, 0.4)], axis=1)] * 6,
)
NOTHING_YET = replace(
    SEEDS,
    generated=[np.empty((0, 2))] * 6,
    iterations=np.empty(0),
    floors=np.empty(0),
    measured=np.empty((0, 6)),
    jsd=np.full(6, np.nan),
)


def texts(picture: PopulationPicture) -> list[str]:
    figure = population_figure(picture)
    found = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        titles = [axes.get_title(loc=place) for place in ("left", "center")]
        found += [*titles, axes.get_ylabel(), *(text.get_text() for text in axes.texts)]
    return found


def test_a_sweep_has_its_values_at_the_edges_and_each_member_its_jsd():
    found = texts(SWEEP)
    for text in (*SWEEP.rows, *SWEEP.columns, SWEEP.row_title, SWEEP.column_title, "0.100", "0.600", "diverged"):
        assert text in found
    assert "member 0" not in found
    assert "nan" not in found


def test_what_was_not_measured_yet_has_no_number():
    assert not any("nan" in text for text in texts(NOTHING_YET))


def test_members_of_other_seeds_have_their_names_above_them():
    found = texts(SEEDS)
    for name in SEEDS.names:
        assert name in found


def test_the_median_is_of_the_members_that_have_a_number():
    lines = {line.get_label(): line for line in population_figure(SWEEP).axes[-1].get_lines()}
    assert lines["median"].get_ydata() == pytest.approx([0.4, 0.4, 0.4])


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("picture", [SWEEP, CURVES, NOTHING_YET], ids=["sweep", "line", "nothing yet"])
def test_equal_pictures_give_equal_files_without_complaints(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, picture: PopulationPicture, suffix: str
):
    paths = [tmp_path / f"{number}{suffix}" for number in (1, 2)]
    for path in paths:
        write_figure(population_figure(picture), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert caplog.messages == []


def test_samples_in_the_plane_have_one_scale_on_both_axes():
    figure = population_figure(replace(SWEEP, view=(-2.0, 2.0, -0.5, 0.5)))
    figure.draw_without_rendering()
    axes = figure.axes[0]
    box = axes.get_window_extent()
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    assert box.width / (right - left) == pytest.approx(box.height / (top - bottom), rel=1e-3)
