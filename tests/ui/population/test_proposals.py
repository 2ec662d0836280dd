"""The values that a sweep begins with, and how what a person types is read."""

from __future__ import annotations

import pytest

from ganstudio.experiment.change import with_value
from ganstudio.experiment.population import SWITCHES, Axis, PopulationSpec, sweepable
from ganstudio.experiment.presets import presets
from ganstudio.experiment.reference import fields
from ganstudio.ui.population.proposals import as_text, as_values, heading, long_label, proposed

EXPERIMENT = presets()["ring8"].experiment
SETTINGS = {found.path: found for found in fields(EXPERIMENT)}
RATE = "optimizers.generator.learning_rate"


def test_a_setting_with_a_logarithmic_range_is_proposed_in_factors_around_its_value():
    assert proposed(SETTINGS[RATE], 0.002) == pytest.approx((0.0002, 0.0006, 0.002, 0.006, 0.02))


def test_other_settings_are_proposed_in_the_steps_of_their_forms():
    assert proposed(SETTINGS["optimizers.generator.beta1"], 0.5) == pytest.approx((0.1, 0.3, 0.5, 0.7, 0.9))


def test_of_what_is_off_now_also_its_least_usual_value_is_proposed():
    assert proposed(SETTINGS["penalties.wgan_gp"], 0.0)[0] == 0.0
    assert len(proposed(SETTINGS["penalties.wgan_gp"], 0.0)) > 3


@pytest.mark.parametrize("ending", SWITCHES)
def test_what_cannot_be_off_in_some_members_only_is_proposed_without_nothing(ending: str):
    path = next(path for path in sweepable(EXPERIMENT) if path.endswith(ending))
    assert 0 not in proposed(SETTINGS[path], 0.0)


@pytest.mark.parametrize("name", presets())
def test_every_proposal_makes_a_population_of_every_preset(name: str):
    experiment = presets()[name].experiment
    for setting in fields(experiment):
        if setting.path in sweepable(experiment):
            values = proposed(setting, setting.default)
            assert len(values) >= 2
            assert setting.default in values or setting.path.endswith(SWITCHES)
            axis = Axis(path=setting.path, values=values)
            assert PopulationSpec(base=experiment, rows=axis, seeds=4).count == 4 * len(values)


def test_proposals_read_back_as_they_were_written():
    values = proposed(SETTINGS[RATE], 1e-5)
    assert as_values(as_text(values)) == pytest.approx(values)


@pytest.mark.parametrize("text", ["0.001, 3e-3", "0.001 0.003", " 0.001;0.003, "])
def test_values_may_stand_with_commas_semicolons_or_blanks_between_them(text: str):
    assert as_values(text) == (0.001, 0.003)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "with commas between"), ("1e-3, x", "“x”: a number is needed"), ("inf", "a finite number")],
)
def test_what_is_no_list_of_numbers_is_told(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        as_values(text)


def test_whole_numbers_are_wanted_where_the_setting_is_one():
    assert as_values("1 5", whole=True) == (1, 5)
    with pytest.raises(ValueError, match="a whole number"):
        as_values("1.5", whole=True)


def test_names_tell_the_players_apart_and_give_the_symbol_if_there_is_one():
    assert long_label(SETTINGS[RATE]) == "G · Learning rate"
    assert heading(EXPERIMENT, SETTINGS[RATE]) == "Learning rate of G, η_G"
    assert heading(EXPERIMENT, SETTINGS["optimizers.discriminator.beta1"]) == "β₁ of D"
    assert heading(EXPERIMENT, SETTINGS["penalties.r1"]) == "R1 γ"


def test_the_value_that_the_setting_has_now_is_the_middle_of_what_is_proposed():
    experiment = with_value(EXPERIMENT, RATE, 0.01)
    setting = next(found for found in fields(experiment) if found.path == RATE)
    assert proposed(setting, setting.default)[2] == 0.01
