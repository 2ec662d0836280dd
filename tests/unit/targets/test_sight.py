"""What is seen of a target, against how many clusters there are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ganstudio.experiment import Experiment
from ganstudio.experiment import targets as spec
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.change import with_value
from ganstudio.experiment.painting import BrushStroke, SprayStroke, StraightLine
from ganstudio.experiment.presets import preset, presets
from ganstudio.experiment.recipes import recipe
from ganstudio.experiment.sight import Sight
from ganstudio.targets import build
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.targets.drawn import drawn_shape, drawn_shapes
from ganstudio.targets.sight import SAMPLES, separate_clusters, sight_of


def seen(target: spec.TargetSpec) -> Sight:
    sight = sight_of(Experiment(target=target))
    assert sight is not None
    return sight


def gaussians(
    centres: NDArray[np.floating], sigma: float, weights: Sequence[float] | None = None, seed: int = 0
) -> NDArray[np.floating]:
    """SAMPLES of round gaussians."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(centres), SAMPLES, p=weights)
    return centres[chosen] + rng.normal(size=(SAMPLES, centres.shape[1])) * sigma


def lattice(columns: int, rows: int) -> NDArray[np.floating]:
    return np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2).astype(float)


def dots(count: int, size: float = 0.02) -> spec.Painting:
    """Dots that a person put down here and there, none upon another."""
    rng = np.random.default_rng(count)
    places: list[NDArray[np.floating]] = []
    while len(places) < count:
        place = rng.uniform(-1.3, 1.3, 2)
        if all(np.hypot(*(place - other)) > 10 * size for other in places):
            places.append(place)
    return spec.Painting(
        commands=tuple(BrushStroke(points=((float(x), float(y), 1.0),), size=size, strength=0.8) for x, y in places)
    )


# -- presets, drawn shapes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "clusters"), [("ring8", 8), ("grid25", 25), ("disjoint", 3)])
def test_the_clusters_of_the_presets_are_counted(name: str, clusters: int) -> None:
    assert seen(preset(name).experiment.target).clusters == clusters


@pytest.mark.parametrize(("name", "clusters"), [("blobs", 2), ("dots", 14), ("spiral", 1), ("letter", 1)])
def test_the_clusters_of_drawn_shapes_are_counted(name: str, clusters: int) -> None:
    assert seen(drawn_shape(f"drawn-{name}")).clusters == clusters


@pytest.mark.parametrize(
    "name", ["line", "ring", "moons", "circles", "spirals", "swiss-roll", "checkerboard", "letters"]
)
@pytest.mark.parametrize("seed", range(3))
def test_what_hangs_together_is_not_taken_for_clusters(name: str, seed: int) -> None:
    samples = build(preset(name).experiment.target).sample(SAMPLES, np.random.default_rng(seed))
    assert separate_clusters(samples).clusters <= 3, "two moons, circles or arms, three letters"


def test_the_studio_default_is_what_presets_and_drawn_shapes_come_with() -> None:
    default = recipe("studio-default")
    targets = {name: each.experiment.target for name, each in presets().items()} | dict(drawn_shapes())
    for name, target in targets.items():
        experiment = with_value(Experiment(), "target", target)
        assert default.apply(experiment, sight_of(experiment)) == default.apply(experiment), name


def test_a_face_is_no_more_than_its_parts() -> None:
    assert 3 <= seen(drawn_shape("drawn-face")).clusters <= 5


# -- against truth ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [2, 6, 7, 10, 15])
def test_a_grid_has_as_many_clusters_as_it_has_and_their_spacing(side: int) -> None:
    sigma = 0.05
    sight = seen(spec.GaussianGrid(count=side, spacing=1.0, sigma=sigma))
    # Standardised: the variance of K points at distance 1 is (K² − 1)/12 along each axis.
    spacing = 1 / math.sqrt((side**2 - 1) / 12 + sigma**2)
    assert sight.clusters == side**2
    assert sight.spacing == pytest.approx(spacing, rel=0.03)
    assert sight.width == pytest.approx(sigma * spacing, rel=0.05)


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (50, 1), (3, 30), (12, 10)])
def test_grids_need_not_be_square(columns: int, rows: int) -> None:
    found = separate_clusters(gaussians(lattice(columns, rows), 0.05))
    assert found.clusters == columns * rows
    assert found.spacing == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize("sigma", [0.005, 0.03, 0.1])
def test_clusters_may_be_narrow_or_wide(sigma: float) -> None:
    found = separate_clusters(gaussians(lattice(10, 10), sigma))
    assert found.clusters == pytest.approx(100, abs=1)
    assert found.width == pytest.approx(sigma, rel=0.06)  # stragglers belong to none


def test_the_width_of_what_is_one_cluster_is_that_of_all_points() -> None:
    one = separate_clusters(gaussians(np.zeros((1, 2)), 2.0))
    assert (one.clusters, one.spacing, one.width) == (1, math.inf, pytest.approx(2.0, rel=0.02))
    flat = np.column_stack([np.arange(5.0), np.zeros(5)])
    assert separate_clusters(flat).width == pytest.approx(1.0)  # variances of 2 and 0


def test_clusters_that_run_into_each_other_are_not_separate() -> None:
    assert separate_clusters(gaussians(lattice(10, 10), 0.25)).clusters == 1


def test_masses_and_widths_may_differ() -> None:
    two = np.array([[0.0, 0.0], [1.0, 0.0]])
    assert separate_clusters(gaussians(two, 0.1, [0.9, 0.1])).clusters == 2
    weights = np.array([9.0, 1.0] * 20)
    assert separate_clusters(gaussians(lattice(8, 5), 0.03, list(weights / weights.sum()))).clusters == 40
    points = gaussians(lattice(2, 1) * 6, 1.0)
    points[points[:, 0] < 3] *= 0.01
    assert separate_clusters(points).clusters == 2


@pytest.mark.parametrize("count", [30, 60])
def test_drawn_dots_are_as_many_clusters_as_dots(count: int) -> None:
    assert seen(dots(count)).clusters == count


def test_strokes_and_sprayed_clouds_are_not_taken_for_many_clusters() -> None:
    wave = tuple((float(x), float(0.5 * np.sin(3 * x)), 1.0) for x in np.linspace(-1, 1, 40))
    hatched = [StraightLine(start=(-1.2, y), end=(1.2, y), size=0.01) for y in np.linspace(-1.2, 1.2, 12)]
    for commands in (
        (BrushStroke(points=wave, size=0.01),),
        (SprayStroke(points=wave, size=0.1, seed=1),),
        (SprayStroke(points=wave, size=0.4, seed=1),),
        tuple(hatched),
    ):
        assert seen(spec.Painting(commands=commands)).clusters <= 30


@pytest.mark.parametrize("count", [2, 3, 15, 60, 500])
def test_a_few_points_from_a_file_are_a_sample_of_something_and_no_clusters(count: int) -> None:
    points = np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)
    assert seen(spec.Points(points=ArrayText.of(points))).clusters == 1


def test_points_from_a_file_that_fall_into_clusters_do_so() -> None:
    points = gaussians(lattice(7, 7), 0.04).astype(np.float32)
    assert seen(spec.Points(points=ArrayText.of(points))).clusters == 49


# -- promises --------------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(
    shift=st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)),
    scale=st.floats(1e-3, 1e3),
    turn=st.floats(0, 2 * math.pi),
    seed=st.integers(0, 100),
)
def test_shift_scale_turn_and_order_do_not_matter(
    shift: tuple[float, float], scale: float, turn: float, seed: int
) -> None:
    points = gaussians(lattice(7, 6), 0.06)
    here = separate_clusters(points)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    moved = np.random.default_rng(seed).permutation(points @ rotation.T * scale + np.array(shift))
    there = separate_clusters(moved)
    assert there.clusters == here.clusters == 42
    assert there.spacing == pytest.approx(here.spacing * scale, rel=1e-6)
    assert there.width == pytest.approx(here.width * scale, rel=1e-6)


def test_another_seed_sees_the_same_and_another_unit_only_another_spacing() -> None:
    experiment = Experiment(target=spec.GaussianGrid(count=7, spacing=2.0))
    first = sight_of(experiment)
    assert first is not None
    assert sight_of(with_value(experiment, "seed", 5)) == first
    plain = sight_of(with_value(experiment, "normalisation", "none"))
    assert plain is not None
    assert plain.clusters == first.clusters
    assert plain.spacing == pytest.approx(2.0, rel=0.01)


def test_an_empty_painting_shows_nothing() -> None:
    assert sight_of(Experiment(target=spec.Painting())) is None


def test_only_samples_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    target = build(spec.GaussianGrid(count=7, spacing=1.5))

    def refused(self: TargetDistribution, *arguments: object) -> None:
        pytest.fail("the density was asked")

    for name in ("log_density", "cell_masses", "density_raster"):
        monkeypatch.setattr(type(target), name, refused)
    for name in ("modes", "mode_weights", "sigma"):
        monkeypatch.setattr(target, name, None)
    assert seen(spec.GaussianGrid(count=7, spacing=1.5)).clusters == 49
