"""What a population is made of: which members, in which grid, under which names, and what none can be made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import differences, with_value
from ganstudio.experiment.population import (
    MOST,
    Axis,
    PopulationSpec,
    shared,
    short_label,
    sweepable,
    value_texts,
)
from ganstudio.experiment.presets import preset
from ganstudio.experiment.reference import fields

RATE = "optimizers.generator.learning_rate"
RATES = Axis(path=RATE, values=(0.001, 0.002, 0.004))
R1 = Axis(path="penalties.r1", values=(0.0, 0.1))


def test_seeds_are_counted_from_that_of_the_experiment() -> None:
    spec = PopulationSpec(base=Experiment(seed=7), seeds=5)
    assert [member.seed for member in spec.members()] == [7, 8, 9, 10, 11]
    assert spec.labels() == ("seed 7", "seed 8", "seed 9", "seed 10", "seed 11")
    assert all(member.model_copy(update={"seed": 7}) == spec.base for member in spec.members())


@pytest.mark.parametrize(
    ("seeds", "shape"), [(4, (2, 2)), (5, (2, 3)), (8, (3, 3)), (32, (6, 6)), (64, (8, 8)), (7, (3, 3))]
)
def test_seeds_alone_are_laid_out_nearly_square(seeds: int, shape: tuple[int, int]) -> None:
    spec = PopulationSpec(base=Experiment(), seeds=seeds)
    assert spec.shape == shape
    assert (spec.shape[0] - 1) * spec.shape[1] < len(spec.members()) <= spec.shape[0] * spec.shape[1]


def test_two_axes_make_a_grid_row_by_row() -> None:
    spec = PopulationSpec(base=Experiment(seed=3), rows=RATES, columns=R1)
    members = spec.members()
    assert spec.shape == (3, 2)
    assert spec.count == len(members) == 6
    assert [member.optimizers.generator.learning_rate for member in members] == [0.001] * 2 + [0.002] * 2 + [0.004] * 2
    assert [member.penalties.r1 for member in members] == [0.0, 0.1] * 3
    assert {member.seed for member in members} == {3}
    assert spec.labels()[3] == "η_G 0.002 · γ₁ 0.1"
    assert spec.own_values()[3] == {RATE: 0.002, "penalties.r1": 0.1}


def test_seeds_stand_where_an_axis_is_missing() -> None:
    down = PopulationSpec(base=Experiment(), rows=RATES, seeds=2)
    assert down.shape == (3, 2)
    assert down.labels()[:3] == ("η_G 0.001 · seed 0", "η_G 0.001 · seed 1", "η_G 0.002 · seed 0")
    across = PopulationSpec(base=Experiment(), columns=RATES, seeds=2)
    assert across.shape == (2, 3)
    assert [member.seed for member in across.members()] == [0, 0, 0, 1, 1, 1]


def test_one_axis_alone_is_a_column_that_says_nothing_of_the_seed() -> None:
    axis = Axis(path=RATE, values=(0.001, 0.002, 0.003, 0.004))
    spec = PopulationSpec(base=Experiment(), rows=axis)
    assert spec.shape == (4, 1)
    assert spec.labels() == ("η_G 0.001", "η_G 0.002", "η_G 0.003", "η_G 0.004")


def test_values_and_seeds_that_differ_late_are_told_apart() -> None:
    close = Axis(path=RATE, values=(0.1234567, 0.1234568, 0.1))
    spec = PopulationSpec(base=Experiment(seed=12_345_678), rows=close, seeds=2)
    assert spec.labels() == tuple(
        f"η_G {rate} · seed {seed}" for rate in ("0.1234567", "0.1234568", "0.1") for seed in (12_345_678, 12_345_679)
    )


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.001, 0.1 + 0.2, 1e-8], ("0.001", "0.3", "1e-08")),
        ([0.1234567, 0.1234568], ("0.1234567", "0.1234568")),
        ([0.1 + 0.2, 0.3], ("0.30000000000000004", "0.29999999999999999")),
        ([0.5, 0.25, 0.5], ("0.5", "0.25", "0.5")),
        ([2_000_000.0, 1_999_999.0], ("2000000", "1999999")),
        ([1_000_000, 0], ("1000000", "0")),
    ],
)
def test_values_have_as_many_digits_as_tell_them_apart(values: list[float], texts: tuple[str, ...]) -> None:
    assert value_texts(values) == texts


def test_names_are_short_and_all_different() -> None:
    experiment = Experiment()
    names = [short_label(experiment, path) for path in sweepable(experiment)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 20
    assert short_label(experiment, "optimizers.discriminator.learning_rate") == "η_D"
    assert short_label(experiment, "optimizers.discriminator.gradient_clip") == "D gradient clip"


@pytest.mark.parametrize("name", ["ring8", "gaussians"])
def test_every_sweepable_setting_is_live_and_makes_a_population(name: str) -> None:
    base = preset(name).experiment
    whole = {reference.path for reference in fields(base) if reference.type == "int"}
    for path in sweepable(base):
        values = (1.0, 2.0) if path in whole else (0.5, 0.25)
        spec = PopulationSpec(base=base, rows=Axis(path=path, values=values), seeds=2)
        first, *_, last = spec.members()
        assert all(change.live or change.path == "seed" for change in differences(first, last))
        assert type(shared(spec.members())) is Experiment


@pytest.mark.parametrize(
    "path",
    [
        "training.batch_size",
        "training.discriminator_updates",
        "training.generator_updates",
        "target.sigma",
        "generator.dropout",
        "measure.samples",
        "stop.iterations",
        "updates.unrolled_steps",
        "penalty_schedule.every",
        "seed",
        "no.such.setting",
        "",
    ],
)
def test_what_decides_how_much_there_is_to_compute_cannot_be_swept(path: str) -> None:
    assert path not in sweepable(Experiment())
    with pytest.raises(UserError, match="what can:") as caught:
        PopulationSpec(base=Experiment(), rows=Axis(path=path, values=(1.0, 2.0)), seeds=2)
    assert caught.value.field == path


def _spec(**fields: object) -> Callable[[], PopulationSpec]:
    return lambda: PopulationSpec(base=Experiment(), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "field", "text"),
    [
        (_spec(seeds=3), "seeds", "4 to 64 members, not 3: give more seeds"),
        (_spec(seeds=MOST + 1), "seeds", "give fewer seeds"),
        (_spec(seeds=0), "seeds", "at least 1"),
        (_spec(rows=RATES), RATE, "not 3: give more values or seeds"),
        (_spec(rows=RATES, columns=RATES), RATE, "swept twice"),
        (_spec(rows=Axis(path=RATE, values=()), seeds=4), RATE, "at least one value"),
        (_spec(rows=Axis(path=RATE, values=(0.1, 0.1)), seeds=4), RATE, "a value twice"),
        (_spec(rows=Axis(path=RATE, values=(0.1, 11.0)), seeds=4), RATE, "less than or equal to 10"),
        (_spec(rows=Axis(path="updates.lookahead", values=(1.5, 2)), seeds=4), "updates.lookahead", "integer"),
        (_spec(rows=Axis(path="penalties.weight_clipping", values=(0, 0.1)), seeds=4), None, "above 0"),
        (lambda: PopulationSpec(base=Experiment(seed=2**31 - 2), seeds=4), "seed", "too high for 4 seeds"),
    ],
)
def test_what_is_no_population_says_which_field_and_what_to_do(
    make: Callable[[], PopulationSpec], field: str | None, text: str
) -> None:
    with pytest.raises(UserError, match=text) as caught:
        make()
    assert field is None or caught.value.field == field


def test_the_experiment_in_common_has_each_number_on_that_is_on_in_any() -> None:
    spec = PopulationSpec(base=Experiment(), rows=RATES, columns=R1)
    assert spec.members()[0].penalties.r1 == 0
    assert shared(spec.members()).penalties.r1 > 0
    assert shared(spec.members()[::-1]).penalties.r1 > 0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("generator.widths", [3]),
        ("training.batch_size", 7),
        ("objective", "hinge"),
        ("optimizers.generator.amsgrad", True),
        ("optimizers.generator.schedule", "warmup"),
        ("target", "moons"),
        ("penalties.weight_clipping", 0.1),
    ],
)
def test_members_that_differ_in_anything_else_are_refused(path: str, value: object) -> None:
    base = Experiment()
    with pytest.raises(UserError) as caught:
        shared([base, with_value(base, path, value)])
    assert caught.value.field == path


def test_seeds_of_a_table_that_is_looked_up_by_the_seeds_own_centres_are_refused() -> None:
    base = with_value(with_value(Experiment(), "generator.table_rows", 20), "latent.prior", "mixture")
    with pytest.raises(UserError, match="seed") as caught:
        shared(PopulationSpec(base=base, seeds=4).members())
    assert caught.value.field == "latent.prior"
    assert shared(PopulationSpec(base=base, rows=RATES, columns=R1).members()).generator.table_rows == 20


def test_more_members_than_there_can_be_are_refused() -> None:
    with pytest.raises(UserError, match="at most 64"):
        shared([Experiment()] * 65)
