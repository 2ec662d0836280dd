from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.experiment.reference import SettingReference, settings
from ganstudio.ui.forms.number import grouped, is_unfinished, parsed, stepped, written
from ganstudio.ui.panels.run_panel import STARTS

SETTINGS = {setting.path: setting for setting in settings()}
NUMBERS = [setting for setting in settings() if setting.type in ("int", "float")]


def climb(path: str, start: float, presses: int) -> list[float]:
    direction = 1 if presses > 0 else -1
    found = [start]
    for _ in range(abs(presses)):
        found.append(stepped(found[-1], direction, SETTINGS[path]))
    return found[1:]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.001", 0.001),
        ("1e-3", 0.001),
        (" 2 ", 2),
        ("20,000", 20000),
        ("2_000", 2000),
        ("−3", -3),
        ("1,234.5", 1234.5),
    ],
)
def test_a_number_may_be_written_in_many_ways(text: str, number: float):
    assert parsed(text, whole=False) == number


@pytest.mark.parametrize(
    ("text", "whole", "reason"),
    [
        ("abc", False, "a number is needed"),
        ("", True, "a whole number"),
        ("2.5", True, "a whole number"),
        ("0,5", False, r"after a point: 0\.5"),
        ("1e999", False, "finite"),
        ("nan", False, "finite"),
    ],
)
def test_what_is_no_number_is_told_why(text: str, whole: bool, reason: str):
    with pytest.raises(ValueError, match=reason):
        parsed(text, whole=whole)


def test_a_whole_number_may_be_written_scientifically():
    assert parsed("1e4", whole=True) == 10_000
    assert isinstance(parsed("1e4", whole=True), int)


@pytest.mark.parametrize("text", ["", "-", "1e", "1e-", ".", "+"])
def test_the_beginning_of_a_number_is_not_yet_wrong(text: str):
    assert is_unfinished(text)


@pytest.mark.parametrize("text", ["1", "x", "1,", "--"])
def test_a_number_or_a_mistake_is_not_unfinished(text: str):
    assert not is_unfinished(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [(20000, "20,000"), (1234.5, "1,234.5"), (999, "999"), (-1000, "-1,000"), (1e-8, "1e-8"), (2e9, "2e9"), (None, "")],
)
def test_a_number_to_be_read_has_its_thousands_apart(number: float | None, text: str):
    assert grouped(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12))
def test_separators_read_back(number: float):
    assert parsed(grouped(number), whole=isinstance(number, int)) == pytest.approx(number, rel=1e-5, abs=1e-300)


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12) | st.integers(-(10**12), 10**12)
)
def test_what_is_written_reads_back_to_six_figures(number: float):
    assert parsed(written(number), whole=isinstance(number, int)) == pytest.approx(number, rel=1e-5, abs=1e-300)


def test_a_learning_rate_steps_by_one_two_five():
    assert climb("optimizers.generator.learning_rate", 1e-3, 4) == [0.002, 0.005, 0.01, 0.02]
    assert climb("optimizers.generator.learning_rate", 1.5e-3, -3) == [0.001, 0.0005, 0.0002]


def test_a_factor_leaves_zero_at_the_smallest_usual_value_and_comes_back_to_it():
    assert climb("penalties.r1", 0.0, 2) == [0.01, 0.02]
    assert climb("penalties.r1", 0.01, -30)[-1] == 0.0


def test_a_batch_size_doubles_and_halves():
    assert climb("training.batch_size", 150, 2) == [256, 512]
    assert climb("training.batch_size", 150, -2) == [128, 64]


def test_a_decay_moves_towards_one_without_reaching_it():
    assert climb("optimizers.generator.beta2", 0.8, 6) == [0.9, 0.95, 0.98, 0.99, 0.995, 0.998]
    assert climb("optimizers.generator.beta2", 0.99, -4) == [0.98, 0.95, 0.9, 0.8]


def test_a_length_steps_by_tenths_of_itself():
    assert climb("target.radius", 1.0, 2) == [1.1, 1.2]


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.path)
@pytest.mark.parametrize("presses", [1, -1])
def test_steps_never_leave_the_range(setting: SettingReference, presses: int):
    number = STARTS.get(setting.path, setting.default)
    for _ in range(200):
        number = stepped(number, presses, setting)
        assert setting.low is None or (number > setting.low if setting.open_low else number >= setting.low)
        assert setting.high is None or (number < setting.high if setting.open_high else number <= setting.high)
        assert isinstance(number, int) == (setting.type == "int")


def test_a_step_from_beyond_the_range_comes_back_to_its_end():
    assert climb("stop.jsd_below", 5.0, -1) == [0.7]


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.path)
def test_a_step_up_goes_up(setting: SettingReference):
    number = STARTS.get(setting.path, setting.default)
    assert stepped(number, 1, setting) > number or number == setting.high
