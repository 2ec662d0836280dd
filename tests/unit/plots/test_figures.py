"""Numbers as text."""

from __future__ import annotations

import math

import pytest

from ganstudio.ui.plots.figures import NONE, WIDEST, figure, iteration_tick, tick, with_spread


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.38629, "1.386"),
        (-0.693, "−0.693"),
        (12.346, "12.35"),
        (123.46, "123.5"),
        (12345.6, "12,346"),
        (9.9996, "10.00"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (0.0006, "0.001"),
        (3.2e-5, "3e−5"),
        (-2e6, "−2e6"),
        (math.nan, NONE),
        (math.inf, NONE),
    ],
)
def test_numbers_have_about_four_digits(value: float, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize("value", [0.0, -9.99, 9.99, 99.9, -99.9, 999.9, 9999.0, 99_999.0, 1e-7, 1e9])
def test_usual_numbers_are_not_wider_than_the_room_for_them(value: float) -> None:
    assert len(figure(value)) <= len(WIDEST)


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [
        (0.25, 0.25, "0.25"),
        (0.5, 0.5, "0.5"),
        (-1.0, 0.5, "−1.0"),
        (2.5, 2.5, "2.5"),
        (5, 5, "5"),
        (0.05, 0.025, "0.050"),
        (1e-17, 0.1, "0"),
        (2000, 1000, "2,000"),
        (1e-6, 1e-6, "1e−6"),
        (2e6, 1e6, "2e6"),
    ],
)
def test_ticks_have_the_decimals_that_their_distance_needs(value: float, spacing: float, text: str) -> None:
    assert tick(value, spacing) == text


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [(0, 5000, "0"), (500, 250, "500"), (10_000, 5000, "10k"), (12_500, 2500, "12.5k"), (1.5e6, 5e5, "1.5M")],
)
def test_iterations_are_short(value: float, spacing: float, text: str) -> None:
    assert iteration_tick(value, spacing) == text


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (0.0312, 0.00412, "0.031 ± 0.005"),
        (0.0312, 0.004, "0.031 ± 0.004"),
        (-1.3863, 0.0213, "−1.386 ± 0.022"),
        (12.345, 1.2, "12.35 ± 1.20"),
        (-1.38621, 0.00034, "−1.386 ± 0.001"),
        (-0.00001, 0.0002, "0.000 ± 0.001"),
        (0.25, 0.0, "0.250 ± 0.000"),
        (12_345.0, 21.4, "12,345 ± 22"),
        (0.5, math.nan, f"0.500 ± {NONE}"),
    ],
)
def test_a_number_and_its_spread_have_the_same_decimals_and_the_spread_is_not_understated(
    value: float, spread: float, text: str
) -> None:
    assert with_spread(value, spread) == text
