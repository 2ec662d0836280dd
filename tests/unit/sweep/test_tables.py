"""Tables, the CSV and the figure of outcomes made by hand."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from PIL import Image
from sweep_material import QUICK, outcome, point

from ganstudio.experiment.presets import preset
from ganstudio.experiment.targets import GaussianRing
from ganstudio.sweep.figure import figure
from ganstudio.sweep.published import published_rows
from ganstudio.sweep.report import markdown, write_report
from ganstudio.sweep.tables import Row, Table, tables

RING = {"ring8": preset("ring8").experiment.target}


def rows(table: Table) -> dict[str, Row]:
    return {row.name: row for row in table.rows}


def test_means_carry_standard_errors_and_every_seed_is_listed() -> None:
    runs = [outcome(seed, jsd) for seed, jsd in ((2, 0.06), (0, 0.01), (1, 0.02))]
    distances, _ = tables(runs, QUICK, {})
    assert [row.name for row in distances.rows] == ["own", "seed 0", "seed 1", "seed 2", "a perfect generator"]
    found = rows(distances)
    assert found["own"].kind == "mean" and found["own"].cells[0] == "0.0300 ± 0.0153"  # √(.0014/2/3)
    assert math.isclose(math.sqrt(0.0014 / 2 / 3), 0.0153, abs_tol=5e-5)
    assert [found[f"seed {seed}"].cells[0] for seed in range(3)] == ["0.0100", "0.0200", "0.0600"]
    assert found["own"].cells[1:3] == ("1.0 ± 0.0", "2.0 ± 0.0 (2 of 3)"), "the third never came to .05"
    assert found["seed 2"].cells[2] == "–"
    assert found["a perfect generator"].cells[0] == "≤ 0.0004"


def test_modes_have_a_table_with_published_rows_marked_as_such_beside_ours() -> None:
    _, modes = tables([outcome(0, modes=8), outcome(1, modes=6)], QUICK, RING)
    found = rows(modes)
    assert modes.title == "ring8: modes" and found["own"].cells[0] == "7 ± 1"
    published = [row for row in modes.rows if row.kind == "published"]
    assert len(published) == 6 and all("†" in row.name for row in published)
    assert found["PacGAN2 † (PacGAN 2018)"].cells[:3] == ("7.9", "95.6 %", "0.07")
    assert found["a perfect generator"].cells[:3] == ("8", "98.9 %", "0.0014")
    assert any("not run here" in note and "400,000 iterations" in note for note in modes.notes)


def test_published_rows_belong_to_the_very_target_whatever_its_name() -> None:
    assert published_rows(GaussianRing(count=8, radius=1.0, sigma=0.01)) == published_rows(RING["ring8"])
    assert published_rows(GaussianRing(count=8, radius=1.0, sigma=0.02)) == ()
    _, modes = tables([outcome()], QUICK, {"ring8": GaussianRing(sigma=0.02)})
    assert not any(row.kind == "published" for row in modes.rows) and modes.notes == ()


def test_a_target_without_modes_has_one_table_and_what_broke_off_is_said() -> None:
    runs = [
        outcome(0, target="moons", modes=None),
        outcome(1, target="moons", modes=None, broken="generator loss is not finite at iteration 9"),
    ]
    (table,) = tables(runs, QUICK, {})
    assert table.notes == ("own, seed 1: ended early, generator loss is not finite at iteration 9.",)


def test_engines_are_told_where_they_differ() -> None:
    runs = [outcome(recipe="a"), outcome(recipe="b").model_copy(update={"engine": "compiled"})]
    assert tables(runs, QUICK, {})[0].notes == ("Engines: compiled: b; eager: a.",)


def test_markdown_has_a_column_for_each_cell_and_says_how_it_was_measured() -> None:
    text = markdown([outcome(seed, target=name) for name in ("ring8", "line") for seed in (0, 1)], QUICK, RING)
    assert "6 iterations" in text and "1,000 generated samples" in text and "500 samples" in text and "torch" in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {7}, "both tables have a name and five columns"
    assert text.index("## ring8\n") < text.index("## ring8: modes") < text.index("## line\n")


def test_the_csv_has_every_seed_and_reads_back(tmp_path: Path) -> None:
    runs = [outcome(0, 0.01234567890123), outcome(1, 0.06, modes=0), outcome(0, target="moons", modes=None)]
    files = write_report(tmp_path, runs, QUICK, RING)
    assert [path.name for path in files] == ["runs.csv", "table.md", "figure.png", "figure.svg"]
    with (tmp_path / "runs.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [(row["target"], row["seed"]) for row in found] == [("ring8", "0"), ("ring8", "1"), ("moons", "0")]
    assert float(found[0]["jsd"]) == runs[0].jsd
    assert (found[0]["seconds_to_0.05"], found[0]["iterations_to_0.05"]) == ("2.0", "200")
    assert found[1]["seconds_to_0.05"] == "" and found[1]["reverse_kl"] == ""
    assert found[2]["modes_captured"] == "" and found[0]["modes_captured"] == "8"
    assert found[0]["energy"] == "" and float(found[0]["w2"]) == 0.1


def test_the_figure_has_a_panel_of_the_jsd_for_each_target_and_one_of_modes_where_there_are_any(tmp_path: Path) -> None:
    runs = [
        outcome(seed, 0.02 + 0.01 * seed, target=target, recipe=recipe, modes=8 if target == "ring8" else None)
        for target in ("ring8", "moons", "line", "ring", "circles")
        for recipe in ("own", "plain-2014")
        for seed in (0, 1)
    ]
    drawn = figure(runs, QUICK)
    assert [axes.get_title(loc="left") for axes in drawn.axes] == [
        "ring8", "moons", "line", "ring", "circles", "ring8: modes and HQ",
    ]  # fmt: skip
    first = drawn.axes[0]
    assert first.get_yscale() == "log" and first.get_xlim() == (0, 2.0)
    strong = [line for line in first.lines if line.get_linewidth() == 1.5]
    # The median of two seeds at the end: of .02 and .03.
    assert [round(float(line.get_ydata()[-1]), 6) for line in strong] == [0.025, 0.025]
    assert len({line.get_color() for line in strong}) == 2
    assert [text.get_text() for text in drawn.legends[0].get_texts()] == ["own", "plain-2014"]
    write_report(tmp_path, runs, QUICK, RING)
    with Image.open(tmp_path / "figure.png") as image:
        assert image.width > 1000 and image.height > 800


def test_one_run_that_ended_at_once_is_drawn_all_the_same() -> None:
    drawn = figure([outcome(curve=(point(0, 0.0, 0.6),), jsd=0.6, modes=0)], QUICK)
    assert len(drawn.axes) == 2
