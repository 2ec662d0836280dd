"""The rule for many clusters: its formulas, its bounds, and the sentence that says what it chose."""

from __future__ import annotations

import math

import pytest

from ganstudio.experiment import Experiment
from ganstudio.experiment.networks import MixturePrior
from ganstudio.experiment.recipe_rules import (
    COMPONENTS_PER_CLUSTER,
    ITERATIONS_PER_CLUSTER,
    MANY,
    MOST_ITERATIONS,
    PAIRS,
    R1_OVER_SPACING,
    R2_OVER_R1,
    RADIUS,
    RULES,
    SCALES,
    SIGMA_OVER_WIDTH,
    SIGMAS,
    WAVES_PER_SPACING,
    components,
    fall,
    fourier_scale,
    prior_sigma,
    r1,
)
from ganstudio.experiment.recipes import recipe
from ganstudio.experiment.sight import Sight

RULE = RULES["many_clusters"]


def test_a_grid_of_ten_by_ten_gets_three_waves_for_each_unit() -> None:
    # K centres a side at distance 1: variance (K² − 1)/12 along each axis.
    spacing = math.sqrt(12 / (10**2 - 1))
    assert spacing == pytest.approx(0.348, abs=0.001)
    assert fourier_scale(spacing) == 3


@pytest.mark.parametrize("spacing", [0.0, 1e-9, 0.05, 0.2, 0.35, 1.0, 50.0, math.inf])
def test_the_scale_is_finer_the_closer_clusters_are_and_within_its_bounds(spacing: float) -> None:
    found = fourier_scale(spacing)
    assert SCALES[0] <= found <= SCALES[1]
    assert found <= fourier_scale(spacing / 2)


@pytest.mark.parametrize(("clusters", "iterations"), [(25, 30_000), (37, 30_000), (96, 75_000), (100, 75_000)])
def test_the_fall_takes_as_long_as_there_are_clusters(clusters: int, iterations: int) -> None:
    assert fall(clusters) == iterations


@pytest.mark.parametrize(("clusters", "count"), [(37, 256), (100, 256), (103, 512), (225, 1024), (10**6, 1024)])
def test_the_prior_has_some_gaussians_for_each_cluster(clusters: int, count: int) -> None:
    assert components(clusters) == count
    assert RULE.apply(Experiment(), Sight(clusters, 0.3, 0.01)).latent.prior == MixturePrior(
        count=count, radius=RADIUS, sigma=SIGMAS[0]
    )


@pytest.mark.parametrize(
    ("spacing", "width", "sigma"),
    [(0.35, 0.0104, 0.01), (1.0, 0.12, 0.04), (0.5, 0.045, 0.03), (1.0, 0.4, 0.1), (0.0, 0.1, 0.1), (1.0, 0.0, 0.01)],
)
def test_the_gaussians_of_the_prior_are_as_wide_as_clusters_beside_their_spacing(
    spacing: float, width: float, sigma: float
) -> None:
    sight = Sight(100, spacing, width)
    assert prior_sigma(sight) == sigma
    prior = RULE.apply(Experiment(), sight).latent.prior
    assert isinstance(prior, MixturePrior) and prior.sigma == sigma


@pytest.mark.parametrize(("spacing", "gamma"), [(0.347, 0.04), (0.5, 0.083), (0.01, 0.001), (math.inf, 0.1)])
def test_penalties_go_as_the_square_of_the_spacing_within_bounds(spacing: float, gamma: float) -> None:
    assert r1(spacing) == gamma
    chosen = RULE.apply(Experiment(), Sight(100, spacing, 0.01)).penalties
    assert (chosen.r1, chosen.r2) == (gamma, R2_OVER_R1 * gamma)


def test_the_fall_has_an_end() -> None:
    assert fall(400) == fall(10_000) == MOST_ITERATIONS


@pytest.mark.parametrize(("clusters", "is_many"), [(1, False), (25, False), (MANY, False), (MANY + 1, True)])
def test_settings_change_where_clusters_are_many_and_nothing_else_of_the_experiment_does(
    clusters: int, is_many: bool
) -> None:
    plain = Experiment()
    chosen = RULE.apply(plain, Sight(clusters, 0.5, 0.01))
    assert (chosen != plain) is is_many
    assert (chosen.discriminator.fourier_features == PAIRS) is is_many
    about = ("latent", "discriminator", "penalties", "penalty_schedule", "optimizers")
    assert chosen.model_copy(update={part: getattr(plain, part) for part in about}) == plain


def test_the_rule_is_written_down_with_its_numbers() -> None:
    for number in (
        MANY,
        COMPONENTS_PER_CLUSTER,
        PAIRS,
        R1_OVER_SPACING,
        SIGMA_OVER_WIDTH,
        WAVES_PER_SPACING,
        f"{ITERATIONS_PER_CLUSTER:,}",
        f"{MOST_ITERATIONS:,}",
    ):
        assert f" {number} " in " ".join(RULE.statement)
    assert recipe("studio-default").points[-len(RULE.statement) :] == RULE.statement


def test_what_is_chosen_is_told_in_a_sentence() -> None:
    assert RULE.choice(Sight(1, math.inf, 0.01)) == "no separate clusters, so the usual settings"
    assert RULE.choice(Sight(8, 1.1, 0.01)) == "8 separate clusters, so the usual settings"
    assert RULE.choice(Sight(225, 0.2312, 0.01)) == (
        "225 clusters, 0.23 apart, so z from 1024 narrow gaussians, 64 Fourier pairs at scale 4.5, weaker penalties, "
        "and learning rates that fall over 180,000 iterations"
    )
