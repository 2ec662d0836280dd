"""Toys that are played for long are traced first: that makes them fast, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.gan.toys import TRACED_FROM, ToyDynamics
from ganstudio.messages.toys import BilinearGame, DiracGan, Rule, Toy

STARTS = np.array([[1.0, 1.0], [-0.4, 0.7]])
TOYS = [
    Toy(DiracGan()),
    Toy(DiracGan("non_saturating", r1=0.5), "alternating"),
    Toy(DiracGan("hinge", r2=0.3), "discriminator_first"),
    Toy(DiracGan("least_squares", instance_noise=0.7), "extragradient"),
    Toy(DiracGan("wasserstein", wgan_gp=0.35), "optimistic"),
    Toy(DiracGan("wasserstein", weight_clipping=0.5), consensus=0.4),
    Toy(BilinearGame(), "optimistic", 0.1),
]


@pytest.mark.parametrize("toy", TOYS, ids=lambda toy: f"{type(toy.game).__name__} {toy.rule}")
def test_a_traced_iteration_has_the_same_bits(toy: Toy):
    dynamics = ToyDynamics(toy)
    traced = dynamics.play(STARTS, TRACED_FROM)
    # Short plays are not traced: one iteration after another.
    at = dynamics.play(STARTS, TRACED_FROM - 1)
    np.testing.assert_array_equal(traced[:-1], at)
    assert np.isfinite(traced).all()


@pytest.mark.parametrize("rule", ["simultaneous", "optimistic"])
def test_what_grows_beyond_all_bounds_does_so_traced_or_not(rule: Rule):
    dynamics = ToyDynamics(Toy(BilinearGame(), rule, 1e150))
    np.testing.assert_array_equal(
        dynamics.play(STARTS, TRACED_FROM)[: TRACED_FROM - 1], dynamics.play(STARTS, TRACED_FROM - 2)
    )


def test_another_number_is_another_toy():
    first, second = (ToyDynamics(Toy(DiracGan(), step_size=h)).play(STARTS, TRACED_FROM) for h in (0.1, 0.2))
    assert not np.array_equal(first, second)
