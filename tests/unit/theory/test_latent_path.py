"""Two latents and the way between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ganstudio.experiment.networks import Latent, MixturePrior
from ganstudio.gan.priors import mixture_centres
from ganstudio.ui.theory.latent_path import STEPS, LatentPath, first_path

SHARES = np.linspace(0.0, 1.0, 11)


def path(start: list[float], end: list[float], **settings: object) -> LatentPath:
    made = LatentPath(np.array(start), np.array(end), tuple(range(min(2, len(start)))))
    return replace(made, **settings)


@pytest.mark.parametrize("way", ["straight", "great circle"])
def test_the_way_begins_at_z_and_ends_at_z_prime(way: str) -> None:
    between = path([1.0, 2.0, -0.5], [-1.0, 0.5, 2.0], way=way)
    ends = between.at(np.array([0.0, 1.0]))
    np.testing.assert_allclose(ends[0], between.start, atol=1e-12)
    np.testing.assert_allclose(ends[1], between.end, atol=1e-12)


def test_the_straight_way_is_even() -> None:
    steps = np.diff(path([1.0, 2.0], [-1.0, 0.5]).at(SHARES), axis=0)
    np.testing.assert_allclose(steps, np.tile([-0.2, -0.15], (10, 1)))


def test_the_great_circle_turns_evenly_and_keeps_its_length() -> None:
    circle = path([0.6, 0.8, 0.0], [0.0, -1.0, 0.0], way="great circle").at(SHARES)
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), 1.0)
    angles = np.arccos((circle[1:] * circle[:-1]).sum(axis=1))
    np.testing.assert_allclose(angles, angles[0], rtol=1e-6)
    assert angles.sum() == pytest.approx(np.arccos(-0.8))


@pytest.mark.parametrize(
    ("start", "end"), [([1.0, 0.0], [-2.0, 0.0]), ([1.0, 0.0], [2.0, 0.0]), ([0.0, 0.0], [1.0, 1.0]), ([1.5], [-0.5])]
)
def test_where_there_is_no_great_circle_the_way_is_straight(start: list[float], end: list[float]) -> None:
    between = path(start, end)
    np.testing.assert_allclose(replace(between, way="great circle").at(SHARES), between.at(SHARES))


def test_latents_are_z_z_prime_the_point_between_and_the_way() -> None:
    between = path([1.0, 2.0], [3.0, 4.0], share=0.25)
    latents = between.latents()
    assert latents.shape == (3 + STEPS, 2) and latents.dtype == np.float32
    np.testing.assert_allclose(latents[:3], [[1, 2], [3, 4], [1.5, 2.5]])
    np.testing.assert_allclose(latents[[3, -1]], [[1, 2], [3, 4]])


def test_moving_a_handle_changes_only_the_coordinates_that_are_shown() -> None:
    between = path([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], axes=(3, 1))
    moved = between.moved("end", np.array([0.5, -0.5]))
    np.testing.assert_allclose(moved.end, [5.0, -0.5, 7.0, 0.5])
    np.testing.assert_allclose(moved.start, between.start)
    np.testing.assert_allclose(moved.shown(moved.end[None]), [[0.5, -0.5]])


def test_both_ends_lie_in_the_plane_that_is_shown() -> None:
    latent, rng = Latent(dimension=6), np.random.default_rng(0)
    first = first_path(latent, 0, rng)
    for between in (first, first.along((2, 5)), first.drawn_anew(latent, 0, rng)):
        others = [axis for axis in range(6) if axis not in between.axes]
        np.testing.assert_array_equal(between.start[others], between.end[others])


def test_drawing_anew_keeps_what_is_shown_and_draws_the_rest_from_the_prior() -> None:
    latent = Latent(dimension=4, prior=MixturePrior(count=3, sigma=1e-6))
    rng = np.random.default_rng(1)
    before = first_path(latent, 7, rng)
    drawn = [before.drawn_anew(latent, 7, rng).start for _ in range(20)]
    centres = mixture_centres(MixturePrior(count=3, sigma=1e-6), 4, 7)
    for start in drawn:
        np.testing.assert_array_equal(start[:2], before.start[:2])
        assert np.abs(centres[:, 2:] - start[2:]).sum(axis=1).min() < 1e-4
    assert len({tuple(start.round(3)) for start in drawn}) == 3
