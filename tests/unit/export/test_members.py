"""What is written of a population: a row for each member, and a panel for each."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.population import Axis, PopulationSpec
from ganstudio.experiment.presets import preset
from ganstudio.export.members import MemberResult, clouds, write_members
from ganstudio.metrics.coverage import mode_coverage
from ganstudio.targets import build

FLOOR = 0.0021


def results_of(base: Experiment) -> list[MemberResult]:
    """Four members; samples of the target itself; the last is broken."""
    spec = PopulationSpec(base=base, rows=Axis(path="penalties.r1", values=(0.0, 1.0)), seeds=2)
    target = build(base.target)
    found = []
    for number, (experiment, label, values) in enumerate(
        zip(spec.members(), spec.labels(), spec.own_values(), strict=True)
    ):
        points = target.sample(200, np.random.default_rng(number))
        whole = number < 3
        found.append(
            MemberResult(
                label=label,
                values=values,
                experiment=experiment,
                iteration=100,
                jsd=0.01 * number if whole else None,
                coverage=mode_coverage(points, target) if whole else None,
                points=points,
                fault="" if whole else "discriminator loss was not finite",
            )
        )
    return found


def test_every_member_has_a_row_with_what_is_its_own(tmp_path: Path) -> None:
    results = results_of(preset("ring8").experiment)
    write_members(results, FLOOR, tmp_path / "population.csv")
    with (tmp_path / "population.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["member"] for row in rows] == ["0", "1", "2", "3"]
    assert [row["seed"] for row in rows] == ["0", "1", "0", "1"]
    assert [float(row["penalties.r1"]) for row in rows] == [0.0, 0.0, 1.0, 1.0]
    assert [row["jsd"] for row in rows] == ["0.0", "0.01", "0.02", ""]
    assert [row["modes_captured"] for row in rows] == ["8", "8", "8", ""]
    assert {float(row["jsd_floor"]) for row in rows} == {FLOOR}
    assert [row["broken"] for row in rows] == ["", "", "", "discriminator loss was not finite"]


def test_a_table_that_cannot_be_written_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"population\.csv"):
        write_members(results_of(preset("ring8").experiment), FLOOR, tmp_path / "none" / "population.csv")


def test_on_the_line_the_density_of_the_target_is_as_high_for_a_member_that_collapsed() -> None:
    experiment = Experiment(target={"kind": "mixture_1d"})  # type: ignore[arg-type]
    target = build(experiment.target)
    results = results_of(experiment)
    results[1] = replace(results[1], points=np.full((200, 1), 0.5, np.float32))
    low, high = zip(*(panel.get_ylim() for panel in clouds(results, target, (2, 2), FLOOR).axes), strict=True)
    peak = float(np.exp(target.log_density(np.linspace(-9, 9, 4001)[:, None])).max())
    assert set(low) == {0.0} and len(set(high)) == 1
    assert peak < high[0] < 2 * peak


@pytest.mark.parametrize("experiment", [preset("ring8").experiment, Experiment(target={"kind": "mixture_1d"})])  # type: ignore[arg-type]
def test_the_figure_has_a_panel_for_each_member_in_the_order_of_the_grid(experiment: Experiment) -> None:
    results = results_of(experiment)
    figure = clouds(results, build(experiment.target), (2, 2), FLOOR)
    panels = figure.axes
    assert [panel.get_title(loc="left").splitlines()[0] for panel in panels] == [result.label for result in results]
    assert panels[3].get_title(loc="left").splitlines()[1] == "broken"
    places = [panel.get_position() for panel in panels]
    assert places[0].x0 < places[1].x0
    assert math.isclose(places[0].y0, places[1].y0)
    assert places[2].y0 < places[0].y0
    assert "best JSD 0.0000, floor 0.0021" in figure.texts[0].get_text()
