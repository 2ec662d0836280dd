"""What holds for every kind of target there is: sampling, extent, density and cell masses agree with each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from ganstudio.experiment import Experiment
from ganstudio.experiment import targets as spec
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import BrushStroke, Curve, Extent, GaussianBlob, Rectangle
from ganstudio.experiment.reference import kinds_of
from ganstudio.targets import TargetDistribution, build
from ganstudio.targets.extents import REACH
from ganstudio.targets.letters import _kernels
from ganstudio.targets.registry import BUILDERS

KINDS = kinds_of(Experiment, "target")


def _points(dimension: int, sigma: float) -> dict[str, object]:
    points = np.random.default_rng(5).normal(size=(400, dimension)).astype(np.float32)
    return {"points": ArrayText.of(points), "sigma": sigma}


# What a kind needs beyond its defaults to describe something.
NEEDED: dict[str, dict[str, object]] = {
    "painting": {
        "commands": (
            BrushStroke(points=((-1.0, -1.0, 1.0), (1.0, 0.5, 0.3)), size=0.1),
            GaussianBlob(centre=(0.5, -0.8), sigma=0.2),
        )
    },
    "painting_1d": {
        "commands": (Curve(points=((-2.0, 0.1), (0.0, 0.9), (1.5, 0.2))), Rectangle(corner=(2, 0), opposite=(2.5, 1)))
    },
    "points": _points(2, 0.1),
    "points_1d": _points(1, 0.1),
}

# Corners of the parameter space beside the defaults.
VARIANTS: tuple[spec.TargetSpec, ...] = (
    spec.GaussianRing(count=100, sigma=0.5),
    spec.GaussianGrid(),
    spec.TwoGaussians(elongation=1.0, weight=0.2),
    spec.TwoGaussians(elongation=20.0, sigma=0.05, weight=0.9),
    spec.Gaussian(elongation=1.001),
    spec.Gaussian(elongation=7.0, angle=-60.0, sigma=0.1),
    spec.Line(length=0.1, sigma=0.5),
    spec.Circles(count=6, sigma=0.03),
    spec.Spirals(arms=6, turns=3.0, sigma=0.03),
    spec.Checkerboard(count=3),
    spec.Pinwheel(arms=3, twist=0.0, spread=0.4, sigma=0.2),
    spec.Pinwheel(arms=12, twist=4.0, sigma=0.02),
    spec.Annulus(inner=0.0, outer=0.5),
    spec.Text(text="Ŝ", sigma=0.3),
    spec.Uniform1D(low=3.0, high=3.5),
    spec.Painting(
        extent=Extent(x_min=10, x_max=12, y_min=-1, y_max=0),
        cells=64,
        commands=(GaussianBlob(centre=(11, -1), sigma=0.3),),
    ),
    spec.Points(**_points(2, 0.0)),  # type: ignore[arg-type]
    spec.Points1D(**_points(1, 0.0)),  # type: ignore[arg-type]
)

SPECS = (*(kind(**NEEDED.get(name, {})) for name, kind in KINDS.items()), *VARIANTS)
IDS = [f"{target.kind}-{number}" for number, target in enumerate(SPECS)]  # type: ignore[attr-defined]
EVERY = pytest.mark.parametrize("target", SPECS, ids=IDS)
SHAPES = [target for target in SPECS if target.dimension == 2 and not isinstance(target, spec.Painting)]


def edges(distribution: TargetDistribution, cells: int) -> tuple[np.ndarray, np.ndarray | None]:
    extent = distribution.extent
    x = np.linspace(extent.x_min, extent.x_max, cells + 1)
    return x, None if distribution.dimension == 1 else np.linspace(extent.y_min, extent.y_max, cells + 1)


def counted(samples: np.ndarray, x: np.ndarray, y: np.ndarray | None) -> np.ndarray:
    points = samples.astype(np.float64)
    if y is None:
        return np.histogram(points[:, 0], bins=x)[0]
    return np.histogram2d(points[:, 1], points[:, 0], bins=(y, x))[0]


def test_every_kind_of_target_has_a_builder() -> None:
    assert set(BUILDERS) == set(KINDS.values())


@EVERY
def test_samples_are_float32_rows_of_the_target_s_dimension(target: spec.TargetSpec) -> None:
    distribution = build(target)
    assert distribution.dimension == target.dimension
    for n in (0, 1, 257):
        samples = distribution.sample(n, np.random.default_rng(0))
        assert samples.shape == (n, target.dimension)
        assert samples.dtype == np.float32


@EVERY
def test_the_same_generator_state_gives_the_same_samples(target: spec.TargetSpec) -> None:
    distribution = build(target)
    one, again, other = (distribution.sample(500, np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@EVERY
def test_the_extent_holds_practically_all_samples(target: spec.TargetSpec) -> None:
    distribution = build(target)
    samples = distribution.sample(40_000, np.random.default_rng(1))
    extent = distribution.extent
    inside = (samples[:, 0] >= extent.x_min) & (samples[:, 0] <= extent.x_max)
    if target.dimension == 2:
        inside &= (samples[:, 1] >= extent.y_min) & (samples[:, 1] <= extent.y_max)
    assert inside.mean() >= 0.999


@pytest.mark.parametrize("target", SHAPES, ids=lambda target: target.kind)
def test_shapes_have_a_square_extent(target: spec.TargetSpec) -> None:
    extent = build(target).extent
    assert extent.width == pytest.approx(extent.height)


@EVERY
def test_cell_masses_are_what_a_histogram_of_samples_tends_to(target: spec.TargetSpec) -> None:
    distribution = build(target)
    x, y = edges(distribution, 30)
    masses = distribution.cell_masses(x, y)
    assert masses is not None
    assert masses.shape == ((30,) if y is None else (30, 30))
    assert masses.min() >= 0
    assert 0.999 <= masses.sum() <= 1 + 1e-9
    n = 200_000
    counts = counted(distribution.sample(n, np.random.default_rng(2)), x, y)
    # Pearson's statistic over the cells that expect at least five; the rest as one cell.
    rare = n * masses < 5
    expected = np.append(n * masses[~rare], n * (1 - masses[~rare].sum()))
    observed = np.append(counts[~rare], n - counts[~rare].sum())
    kept = expected > 5
    statistic = ((observed - expected) ** 2 / expected.clip(1e-12))[kept].sum()
    freedom = kept.sum() - 1
    assert statistic < freedom + 4.5 * np.sqrt(2 * freedom) + 10
    assert abs(observed[-1] - expected[-1]) <= 5 * np.sqrt(expected[-1] + 1)


@EVERY
def test_cell_masses_of_fine_cells_add_up_to_those_of_coarse_ones(target: spec.TargetSpec) -> None:
    distribution = build(target)
    x, y = edges(distribution, 48)
    fine = distribution.cell_masses(x, y)
    coarse = distribution.cell_masses(x[::3], None if y is None else y[::3])
    assert fine is not None
    assert coarse is not None
    added = np.add.reduceat(fine, np.arange(0, 48, 3), axis=-1)
    if y is not None:
        added = np.add.reduceat(added, np.arange(0, 48, 3), axis=0)
    # Only the thin, much twisted pinwheel is not exact: it states 1e-4.
    tolerance = 1e-4 if isinstance(target, spec.Pinwheel) and target.sigma < 0.03 else 1e-8
    np.testing.assert_allclose(added, coarse, atol=tolerance)


def quadrature(distribution: TargetDistribution, x: np.ndarray, y: np.ndarray | None, pieces: int) -> np.ndarray:
    """Masses of cells from the density by Gauss-Legendre on ``pieces`` × ``pieces`` subcells each."""
    at, weight = np.polynomial.legendre.leggauss(4)

    def nodes(edge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        fine = np.interp(np.arange((len(edge) - 1) * pieces + 1) / pieces, np.arange(len(edge)), edge)
        half = np.diff(fine)[:, None] / 2
        return (fine[:-1, None] + half * (1 + at)).ravel(), (half * weight).ravel()

    at_x, weight_x = nodes(x)
    if y is None:
        density = np.exp(distribution.log_density(at_x[:, None])) * weight_x
        return density.reshape(len(x) - 1, -1).sum(axis=1)
    at_y, weight_y = nodes(y)
    grid = np.stack(np.meshgrid(at_x, at_y), axis=-1).reshape(-1, 2)
    density = np.exp(distribution.log_density(grid)).reshape(len(at_y), len(at_x))
    density = density * weight_y[:, None] * weight_x
    return density.reshape(len(y) - 1, 4 * pieces, len(x) - 1, 4 * pieces).sum(axis=(1, 3))


@EVERY
def test_the_density_integrates_to_one_and_to_the_cell_masses(target: spec.TargetSpec) -> None:
    distribution = build(target)
    if not distribution.has_density:
        with pytest.raises(ValueError, match="no density"):
            distribution.log_density(np.zeros((1, target.dimension)))
        return
    x, y = edges(distribution, 20)
    region = getattr(distribution, "_region", None)
    if region is not None:
        # A raster jumps at the borders of its cells: integrate over cells that are its own.
        rows, columns = distribution._masses.shape  # type: ignore[attr-defined]
        x = np.linspace(region.x_min, region.x_max, columns + 1)
        y = None if y is None else np.linspace(region.y_min, region.y_max, rows + 1)
        pieces = 1
    elif isinstance(target, spec.Annulus):
        pieces = 64  # a disc's edge
    else:
        pieces = int(np.ceil((x[1] - x[0]) / target.sigma))  # type: ignore[attr-defined]
    thin = isinstance(target, spec.Pinwheel) and target.sigma < 0.03
    if thin and y is not None:  # needs too many nodes for the whole
        x, y, pieces = x[12:16], y[12:16], 60
    integral = quadrature(distribution, x, y, pieces)
    masses = distribution.cell_masses(x, y)
    assert masses is not None
    if not thin:
        assert integral.sum() == pytest.approx(1, abs=1e-3)
    # The disc's edge limits the integral here; the thin pinwheel's masses state 1e-4; all others are exact.
    tolerance = 1e-4 if thin or isinstance(target, spec.Annulus) else 1e-5
    np.testing.assert_allclose(integral, masses, atol=tolerance)


@EVERY
def test_modes_come_with_their_weights_and_scale_or_not_at_all(target: spec.TargetSpec) -> None:
    distribution = build(target)
    if distribution.modes is None:
        assert distribution.sigma is None
        assert distribution.mode_weights is None
        return
    assert distribution.modes.shape[1] == target.dimension
    assert distribution.sigma == target.sigma  # type: ignore[attr-defined]
    assert distribution.mode_weights is not None
    assert distribution.mode_weights.sum() == pytest.approx(1)
    assert len(distribution.mode_weights) == len(distribution.modes)


def test_the_targets_of_the_papers_have_their_modes() -> None:
    ring, grid = build(spec.GaussianRing()), build(spec.GaussianGrid())
    assert ring.modes is not None
    assert grid.modes is not None
    np.testing.assert_allclose(np.hypot(*ring.modes.T), 1)
    assert {tuple(mode) for mode in grid.modes} == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert build(spec.Moons()).modes is None
    assert build(spec.TwoGaussians()).modes is None, "three σ means nothing for a gaussian that is not round"


@EVERY
def test_a_density_raster_has_the_mean_density_of_each_cell(target: spec.TargetSpec) -> None:
    distribution = build(target)
    raster = distribution.density_raster(distribution.extent, 40, 24)
    assert raster is not None
    assert raster.dtype == np.float32
    extent = distribution.extent
    if target.dimension == 1:
        assert raster.shape == (1, 40)
        mass = raster.sum() * extent.width / 40
    else:
        assert raster.shape == (24, 40)
        mass = raster.sum() * extent.width / 40 * extent.height / 24
    assert 0.999 <= mass <= 1.00001


def test_equal_specs_share_one_distribution() -> None:
    one = build(spec.Moons(sigma=0.0625))
    assert build(spec.Moons(sigma=0.0625)) is one
    assert build(spec.Moons(sigma=0.125)) is not one


@EVERY
def test_a_spec_survives_json_and_then_means_the_same(target: spec.TargetSpec) -> None:
    again = type(target).model_validate_json(target.model_dump_json())
    assert again == target
    np.testing.assert_array_equal(
        build(again).sample(50, np.random.default_rng(0)), build(target).sample(50, np.random.default_rng(0))
    )


@pytest.mark.parametrize("deviation", [0.3, 1.0, 7.5])
def test_letters_are_blurred_as_scipy_would(deviation: float) -> None:
    ink = np.pad(np.random.default_rng(0).random((30, 50)), math.ceil(REACH * deviation))
    blurred = _kernels(len(ink), deviation) @ ink @ _kernels(ink.shape[1], deviation)
    np.testing.assert_allclose(
        blurred, gaussian_filter(ink, deviation, mode="constant", truncate=REACH), rtol=0, atol=1e-14
    )
