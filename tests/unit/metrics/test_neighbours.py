import numpy as np
import pytest
from scipy.spatial.distance import cdist

from ganstudio.metrics.neighbours import neighbour_scores


def by_definition(real, generated, k):
    """All distances, as in the papers' formulas."""
    radius = np.sort(cdist(real, real), axis=1)[:, k]
    generated_radius = np.sort(cdist(generated, generated), axis=1)[:, k]
    between = cdist(real, generated)
    inside = between <= radius[:, None]
    return (
        inside.any(axis=0).mean(),
        (between <= generated_radius).any(axis=1).mean(),
        inside.sum() / (k * len(generated)),
        inside.any(axis=1).mean(),
    )


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize(("shift", "scale"), [(0, 1), (1, 1), (0, 0.2), (0, 3)])
def test_scores_are_those_of_the_definitions(k, shift, scale):
    rng = np.random.default_rng(0)
    real, generated = rng.standard_normal((300, 2)), shift + scale * rng.standard_normal((200, 2))
    found = neighbour_scores(real, generated, k)
    assert (found.precision, found.recall, found.density, found.coverage) == pytest.approx(
        by_definition(real, generated, k), abs=1e-12
    )


@pytest.mark.parametrize(("n", "m"), [(2_000, 2_000), (1_000, 3_000)])
def test_a_perfect_generator_has_density_one_and_the_expected_coverage(n, m):
    rng = np.random.default_rng(0)
    scores = [neighbour_scores(rng.random((n, 2)), rng.random((m, 2))) for _ in range(10)]
    assert np.mean([score.density for score in scores]) == pytest.approx(1, abs=0.02)
    assert np.mean([score.coverage for score in scores]) == pytest.approx(scores[0].perfect_coverage, abs=0.005)
    if n == m:
        assert scores[0].perfect_coverage == pytest.approx(1 - 2**-5, abs=1e-3)


def test_disjoint_supports_score_nothing():
    rng = np.random.default_rng(0)
    scores = neighbour_scores(rng.random((200, 2)), rng.random((200, 2)) + 10)
    assert (scores.precision, scores.recall, scores.density, scores.coverage) == (0, 0, 0, 0)


def test_a_collapsed_generator_is_precise_and_covers_nothing():
    rng = np.random.default_rng(0)
    scores = neighbour_scores(rng.standard_normal((1_000, 2)), 1e-3 * rng.standard_normal((1_000, 2)))
    assert scores.precision == 1
    assert max(scores.recall, scores.coverage) < 0.02


def test_as_few_points_as_neighbours_are_refused():
    with pytest.raises(ValueError, match="more than 5 points"):
        neighbour_scores(np.zeros((5, 2)), np.zeros((50, 2)))
