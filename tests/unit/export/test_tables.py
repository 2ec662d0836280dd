"""Samples and histories as files."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from ganstudio.errors import UserError
from ganstudio.export.history import HEADER, write_history
from ganstudio.export.samples import write_samples
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, HistoryChunk
from ganstudio.session.session import Session


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("dimension", "header"), [(1, "x"), (2, "x,y")])
def test_samples_read_back_from_csv_exactly(folder: Path, dtype: type, dimension: int, header: str):
    points = np.random.default_rng(1).normal(size=(500, dimension)).astype(dtype) * dtype(1e-3)
    write_samples(points, folder / "samples.csv")
    assert (folder / "samples.csv").read_text().splitlines()[0] == header
    read = np.loadtxt(folder / "samples.csv", delimiter=",", skiprows=1, dtype=dtype, ndmin=2)
    np.testing.assert_array_equal(read, points)


def test_samples_as_npy_are_the_array_itself(folder: Path):
    points = np.random.default_rng(1).normal(size=(500, 2)).astype(np.float32)
    write_samples(points, folder / "samples.NPY")
    read = np.load(folder / "samples.NPY", allow_pickle=False)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, points)


@pytest.mark.parametrize("name", ["samples.xlsx", "samples"])
def test_samples_with_another_ending_are_refused(folder: Path, name: str):
    with pytest.raises(UserError, match=r"use \.csv or \.npy"):
        write_samples(np.zeros((3, 2), np.float32), folder / name)
    assert list(folder.iterdir()) == []


def test_samples_of_another_shape_are_a_mistake_of_the_caller(folder: Path):
    with pytest.raises(ValueError, match="of shape"):
        write_samples(np.zeros((3, 5), np.float32), folder / "samples.csv")


def test_a_history_has_a_line_for_each_update_and_measures_on_their_iterations(session: Session, folder: Path):
    write_history(session.history, folder / "history.csv")
    with (folder / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*COLUMNS, *MEASURE_COLUMNS[1:]]
    assert [int(row["iteration"]) for row in rows] == list(range(1, 41))
    assert [row["iteration"] for row in rows if row["jsd"]] == ["10", "20", "30", "40"]
    losses = [float(row["generator_loss"]) for row in rows]
    np.testing.assert_array_equal(losses, session.history.rows[:, COLUMNS.index("generator_loss")])
    assert float(rows[-1]["floor"]) == session.history.measures[-1, 2]


def test_a_measure_of_the_initialisation_comes_first_and_stands_alone(folder: Path):
    rows = np.full((3, len(COLUMNS)), 0.5)
    rows[:, 0] = (1, 1, 2)  # a single update of one player shares its iteration
    rows[1, 2] = math.nan
    measures = np.array([[0, 0.6, 0.1, 0.5, 0.7], [1, 0.4, 0.1, 0.3, 0.5], [9, 0.2, 0.1, 0.1, 0.3]])
    write_history(HistoryChunk(rows, measures), folder / "history.csv")
    lines = (folder / "history.csv").read_text().splitlines()
    empty = "," * (len(COLUMNS) - 1)
    assert lines[0] == ",".join(HEADER)
    assert lines[1] == f"0{empty},0.6,0.1,0.5,0.7"
    assert lines[2].endswith(",0.5,,,,")
    assert lines[3].startswith("1,0.5,,0.5")
    assert lines[3].endswith(",0.4,0.1,0.3,0.5")
    assert lines[4].endswith(",,,,")
    assert lines[5] == f"9{empty},0.2,0.1,0.1,0.3"


def test_an_empty_history_is_a_header(folder: Path):
    write_history(HistoryChunk(), folder / "history.csv")
    assert (folder / "history.csv").read_text() == ",".join(HEADER) + "\n"


def test_a_history_that_cannot_be_written_leaves_the_older_one(session: Session, folder: Path):
    path = folder / "history.csv"
    path.write_text("older")
    path.chmod(0o444)
    broken = HistoryChunk(session.history.rows[:, :-1], session.history.measures)
    with pytest.raises(ValueError, match="dimension"):
        write_history(broken, path)
    with pytest.raises(UserError, match=r"use \.csv"):
        write_history(session.history, folder / "history.txt")
    assert path.read_text() == "older"
    assert list(folder.iterdir()) == [path]
