"""What can be chosen of a toy: each choice changes what it says, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.gan.toys import ToyDynamics
from ganstudio.messages.toys import BilinearGame, DiracGan, Toy
from ganstudio.ui.theory.toy_choices import (
    BILINEAR,
    CONSENSUS,
    GAMES,
    NONE,
    PENALTIES,
    PRESETS,
    allowed,
    game_of,
    penalty_of,
    preset_of,
    with_game,
    with_penalty,
    with_preset,
)


@pytest.mark.parametrize("game", [game.value for game in GAMES])
def test_a_game_is_what_was_chosen(game):
    assert game_of(with_game(Toy(), game)) == game


@pytest.mark.parametrize("penalty", PENALTIES, ids=lambda penalty: penalty.value)
def test_a_penalty_takes_the_place_of_the_one_before(penalty):
    toy = with_penalty(with_penalty(Toy(DiracGan("hinge")), "r2", 3.0), penalty.value, penalty.usual)
    assert penalty_of(toy) == (penalty, penalty.usual)
    assert toy == with_penalty(Toy(DiracGan("hinge")), penalty.value, penalty.usual)


def test_a_weight_of_nothing_is_no_penalty():
    assert penalty_of(with_penalty(Toy(), "r1", 0.0)) == (NONE, 0.0)


def test_the_bilinear_game_has_consensus_alone():
    toy = Toy(BilinearGame())
    assert {penalty.value for penalty in PENALTIES if allowed(toy, penalty)} == {NONE.value, CONSENSUS}
    with pytest.raises(ValueError, match="bilinear"):
        with_penalty(toy, "r1", 1.0)
    assert with_game(Toy(DiracGan(r1=1.0)), BILINEAR).game == BilinearGame()


def test_every_preset_is_recognised_whatever_the_rule_where_it_names_none():
    for at, preset in enumerate(PRESETS):
        assert preset_of(with_preset(Toy(rule="alternating"), preset)) == at
    assert preset_of(Toy(DiracGan("hinge"))) is None


@pytest.mark.parametrize(
    ("title", "simultaneous", "alternating"),
    [("GAN", 3.0969, 1.4210), ("GAN + R1", 9.529e-22, 7.481e-17), ("WGAN-GP", 1.8018, 1.2211)],
)
def test_the_presets_are_the_rows_of_the_published_table(title, simultaneous, alternating):
    preset = next(preset for preset in PRESETS if preset.title == title)
    for rule, norm in (("simultaneous", simultaneous), ("alternating", alternating)):
        path = ToyDynamics(with_preset(Toy(rule=rule), preset)).play(np.array([[1.0, 1.0]]), 500)
        assert np.linalg.norm(path[-1]) == pytest.approx(norm, rel=1e-3)
