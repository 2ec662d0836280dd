"""Densities and cell masses against formulas and integrals that share no code with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from ganstudio.errors import UserError
from ganstudio.experiment import targets as spec
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import Extent
from ganstudio.targets import build
from ganstudio.targets.annulus import disc_area_below
from ganstudio.targets.mixture import IsotropicMixture

HALVES = np.array([-50.0, 0.0, 50.0])


def test_the_density_of_a_gaussian_is_the_textbook_s() -> None:
    points = np.random.default_rng(0).normal(size=(200, 2))
    truth = stats.multivariate_normal([0, 0], 0.4**2 * np.eye(2)).logpdf(points)
    np.testing.assert_allclose(build(spec.Gaussian()).log_density(points), truth)
    one = build(spec.Gaussian1D(mean=0.5, sigma=0.35))
    np.testing.assert_allclose(one.log_density(points[:, :1]), stats.norm(0.5, 0.35).logpdf(points[:, 0]))
    np.testing.assert_allclose(
        one.cell_masses(np.array([-1, 0.5, 1.2])), np.diff(stats.norm(0.5, 0.35).cdf([-1, 0.5, 1.2]))
    )


def test_the_masses_of_a_stretched_gaussian_are_those_of_the_bivariate_normal() -> None:
    angle, long, short = np.deg2rad(35), 0.6, 0.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    covariance = turn @ np.diag([long**2, short**2]) @ turn.T
    normal = stats.multivariate_normal([0, 0], covariance)
    distribution = build(spec.Gaussian(sigma=short, elongation=6, angle=35))
    x, y = np.linspace(-0.7, 0.9, 5), np.linspace(-0.5, 0.6, 4)
    masses = distribution.cell_masses(x, y)
    for row in range(3):
        for column in range(4):
            truth = normal.cdf([x[column + 1], y[row + 1]], lower_limit=[x[column], y[row]])
            assert masses[row, column] == pytest.approx(truth, abs=1e-6)
    # A quadrant of a correlated normal has 1/4 + asin(ρ) / 2π.
    correlation = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert distribution.cell_masses(HALVES, HALVES)[1, 1] == pytest.approx(
        0.25 + np.arcsin(correlation) / (2 * np.pi), abs=1e-12
    )
    points = np.random.default_rng(0).normal(size=(50, 2))
    np.testing.assert_allclose(distribution.log_density(points), normal.logpdf(points))


def test_a_stretched_gaussian_that_is_nearly_round_has_the_masses_of_the_round_one() -> None:
    edges = np.linspace(-1, 1, 9)
    nearly = build(spec.Gaussian(elongation=1 + 1e-12)).cell_masses(edges, edges)
    np.testing.assert_allclose(nearly, build(spec.Gaussian()).cell_masses(edges, edges), atol=1e-10)


def test_the_density_of_a_noisy_circle_is_the_integral_over_the_circle() -> None:
    sigma = 0.05
    distribution = build(spec.Circles(count=1, radius=1.1, sigma=sigma))
    for distance in (0.0, 0.5, 1.0, 1.1, 1.2, 1.6):
        # ∫ over the circle of a gaussian: a Bessel function.
        exponent = -0.5 * ((distance - 1.1) / sigma) ** 2
        bessel = stats.vonmises.logpdf(0, max(1e-300, 1.1 * distance / sigma**2))  # κ − log 2πI₀(κ)
        truth = exponent - np.log(2 * np.pi * sigma**2) - bessel - np.log(2 * np.pi)
        at = distance * np.array([[np.cos(1.0), np.sin(1.0)]])
        assert distribution.log_density(at)[0] == pytest.approx(truth, rel=1e-4, abs=1e-4)


def test_the_density_of_a_noisy_line_is_a_gaussian_across_and_two_edges_along() -> None:
    distribution = build(spec.Line(length=2.0, angle=0.0, sigma=0.1))
    points = np.array([[0.0, 0.0], [0.3, 0.1], [0.9, -0.05], [1.0, 0.0], [1.2, 0.1]])
    along = (stats.norm.cdf((1 - points[:, 0]) / 0.1) - stats.norm.cdf((-1 - points[:, 0]) / 0.1)) / 2
    truth = along * stats.norm(0, 0.1).pdf(points[:, 1])
    # The row of gaussians ends half a step before the line does, which shows in the tail beyond the end.
    np.testing.assert_allclose(np.exp(distribution.log_density(points)), truth, rtol=2.5e-2)
    np.testing.assert_allclose(np.exp(distribution.log_density(points[:2])), truth[:2], rtol=1e-9)


def test_far_from_a_curve_the_log_density_is_still_finite_and_right() -> None:
    distribution = build(spec.Line(length=2.0, angle=0.0, sigma=0.01))
    # Straight above the middle the line looks infinite: N(y; 0, σ²) / length.
    truth = -0.5 * (3 / 0.01) ** 2 - np.log(np.sqrt(2 * np.pi) * 0.01) - np.log(2)
    assert distribution.log_density(np.array([[0.0, 3.0]]))[0] == pytest.approx(truth, rel=1e-6)


def test_a_large_mixture_sums_the_near_components_only_and_gives_the_same() -> None:
    rng = np.random.default_rng(3)
    centres, weights = rng.normal(size=(3000, 2)), rng.random(3000) + 0.1
    mixture = IsotropicMixture(centres, 0.03, Extent(), weights=weights)
    points = np.concatenate([rng.normal(size=(700, 2)), [[30.0, -40.0]]])
    log_terms = -0.5 * ((points[:, None] - centres) ** 2).sum(axis=2) / 0.03**2 + np.log(weights / weights.sum())
    truth = np.logaddexp.reduce(log_terms, axis=1) - np.log(2 * np.pi * 0.03**2)
    np.testing.assert_allclose(mixture.log_density(points), truth, rtol=1e-10)


def test_the_area_of_a_disc_left_of_and_below_a_corner_is_exact() -> None:
    def area(x: float, y: float) -> float:
        return float(disc_area_below(np.array(x), np.array(y), 1.0))

    assert area(5, 5) == pytest.approx(np.pi)
    assert area(0, 5) == pytest.approx(np.pi / 2)
    assert area(0, 0) == pytest.approx(np.pi / 4)
    assert area(-1, 0.3) == 0
    assert area(0.3, -1) == 0
    for x in (-0.9, -0.2, 0.4, 0.99):
        for y in (-0.8, -0.1, 0.0, 0.6, 1.0):

            def strip(u: float, y: float = y) -> float:
                height = np.sqrt(max(0.0, 1 - u * u))
                return max(0.0, height + min(height, y))

            kink = np.sqrt(1 - y * y)
            truth = integrate.quad(strip, -1, x, points=sorted({-kink, kink}), limit=200)[0]
            assert area(x, y) == pytest.approx(truth, abs=1e-7)


def test_the_masses_of_a_whole_disc_are_areas() -> None:
    distribution = build(spec.Annulus(inner=0.0, outer=1.0))
    np.testing.assert_allclose(distribution.cell_masses(HALVES, HALVES), 0.25)
    # The square inscribed in the circle.
    side = np.array([-1, 1]) / np.sqrt(2)
    assert distribution.cell_masses(side, side)[0, 0] == pytest.approx(2 / np.pi)


def test_bending_a_pinwheel_preserves_area() -> None:
    distribution = build(spec.Pinwheel(twist=2.0))
    flat = np.random.default_rng(0).normal(size=(50, 2))
    step = 1e-6
    columns = [
        (distribution._bent(flat + shift, 0.7) - distribution._bent(flat - shift, 0.7)) / (2 * step)  # type: ignore[attr-defined]
        for shift in (np.array([step, 0]), np.array([0, step]))
    ]
    determinant = columns[0][:, 0] * columns[1][:, 1] - columns[0][:, 1] * columns[1][:, 0]
    np.testing.assert_allclose(determinant, 0.25 * 0.06, rtol=1e-6)  # the stretching to (spread, σ) is all there is


def test_a_checkerboard_has_its_mass_on_every_other_square() -> None:
    distribution = build(spec.Checkerboard(count=4, size=2.4))
    edges = np.linspace(-1.2, 1.2, 5)
    masses = distribution.cell_masses(edges, edges)
    np.testing.assert_allclose(masses[0], [1 / 8, 0, 1 / 8, 0], atol=1e-15)
    np.testing.assert_allclose(masses[1], [0, 1 / 8, 0, 1 / 8], atol=1e-15)
    assert np.exp(distribution.log_density(np.array([[-1.0, -1.0]])))[0] == pytest.approx(2 / 2.4**2)
    assert distribution.log_density(np.array([[-0.4, -1.0], [9.0, 9.0]])).tolist() == [-np.inf, -np.inf]


def test_a_uniform_target_has_its_height() -> None:
    distribution = build(spec.Uniform1D(low=2, high=6))
    np.testing.assert_allclose(
        np.exp(distribution.log_density(np.array([1.9, 2, 4, 6, 6.1]))), [0, 0.25, 0.25, 0.25, 0]
    )
    np.testing.assert_allclose(distribution.cell_masses(np.array([0, 3, 5, 9])), [0.25, 0.5, 0.25])


def test_letters_stand_upright_and_read_from_left_to_right() -> None:
    distribution = build(spec.Text(text="L", size=2.0))
    halves = np.linspace(-3, 3, 3)
    (below_left, below_right), (above_left, above_right) = distribution.cell_masses(halves, halves)
    assert below_left > above_left > 5 * above_right
    assert below_right > above_right


def test_text_without_ink_is_refused() -> None:
    with pytest.raises(UserError, match="no ink") as caught:
        build(spec.Text(text=" \n\t "))
    assert caught.value.field == "target.text"


@pytest.mark.parametrize("words", ["|", "....", "a\nb", "שלום", "W" * 24, "\U0001f600"])
def test_any_text_with_ink_can_be_written(words: str) -> None:
    distribution = build(spec.Text(text=words))
    samples = distribution.sample(1000, np.random.default_rng(0))
    assert np.abs(samples).max() <= distribution.extent.x_max


def test_points_without_noise_are_repeated_exactly() -> None:
    points = np.array([[1, 2], [3, 4], [5, 7]], np.float32)
    distribution = build(spec.Points(points=ArrayText.of(points)))
    samples = distribution.sample(300, np.random.default_rng(0))
    assert {tuple(sample) for sample in samples.tolist()} == {(1, 2), (3, 4), (5, 7)}
    edges = np.array([0.0, 2.5, 10.0])
    np.testing.assert_allclose(distribution.cell_masses(edges, edges), [[1 / 3, 0], [0, 2 / 3]])


@pytest.mark.parametrize(
    "points", [[[5, 5], [5, 5]], [[1e6, -1e6], [-1e6, 1e6]], [[0, 0], [0, 1]], [[0, 0], [1e-9, 1e6]]]
)
def test_the_extent_of_any_points_has_room_around_them(points: list[list[float]]) -> None:
    array = np.array(points, np.float32)
    extent = build(spec.Points(points=ArrayText.of(array))).extent
    assert extent.x_min < array[:, 0].min()
    assert extent.x_max > array[:, 0].max()
    assert extent.y_min < array[:, 1].min()
    assert extent.y_max > array[:, 1].max()


def test_points_of_very_different_spans_keep_an_axis_of_their_own() -> None:
    array = np.random.default_rng(0).uniform(size=(100, 2)).astype(np.float32) * [200, 1]
    extent = build(spec.Points(points=ArrayText.of(array.astype(np.float32)))).extent
    assert extent.height < 2
    assert extent.width > 200


def test_extreme_parameters_still_give_finite_samples_and_densities() -> None:
    for target in (
        spec.GaussianRing(sigma=1e-9, radius=100),
        spec.Spirals(sigma=1e-6, arms=6, turns=5, radius=100),
        spec.Line(sigma=10, length=1e-3),
        spec.Pinwheel(radius=1e-6, spread=100, sigma=10, twist=10),
        spec.Text(sigma=10, size=1e-3),
        spec.Text(sigma=1e-9, size=100),
        spec.Annulus(inner=0.9999999, outer=1.0),
        spec.Gaussian(sigma=10, elongation=20),
    ):
        distribution = build(target)
        samples = distribution.sample(500, np.random.default_rng(0))
        assert np.isfinite(samples).all()
        assert not np.isnan(distribution.log_density(samples)).any()
        x = np.linspace(distribution.extent.x_min, distribution.extent.x_max, 31)
        masses = distribution.cell_masses(x, x)
        assert masses is not None
        assert 0.99 < masses.sum() <= 1 + 1e-6
