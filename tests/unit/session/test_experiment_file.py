"""An experiment alone, as JSON."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from ganstudio import shipped
from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.objectives import Hinge
from ganstudio.experiment.presets import presets
from ganstudio.session.experiment_file import read_experiment, write_experiment


@pytest.mark.parametrize("name", presets())
def test_what_is_written_is_read_again(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_experiment(path, presets()[name].experiment)
    assert read_experiment(path) == presets()[name].experiment


@pytest.mark.parametrize("name", presets())
def test_a_preset_s_file_is_an_experiment_file(name: str) -> None:
    assert read_experiment(shipped.directory("presets") / f"{name}.json") == presets()[name].experiment


def test_fields_that_are_not_given_take_their_defaults(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('\ufeff{"objective": {"kind": "hinge"}}', encoding="utf-8")  # as some editors begin a file
    assert read_experiment(path) == Experiment(objective=Hinge())


FAULTS = [
    (b"", None, "no valid JSON"),
    (b"{", None, "no valid JSON"),
    (b"[]", None, "JSON object"),
    (b'{"seed": NaN}', None, "no valid JSON"),
    (b'{"seed": -1}', "seed", "greater than or equal to 0"),
    (b'{"sede": 1}', "sede", "not permitted"),
    (b'{"experiment": {"seed": -1}}', "seed", "greater than or equal to 0"),
    (b'{"experiment": []}', None, "valid dictionary"),
    (b'{"experiment": {}, "seed": 3}', "seed", "belongs inside 'experiment'"),
    (b'{"a":' * 100_000, None, "recursion"),
    (b'{"stop": {"seconds": 1e999}}', "stop.seconds", "finite"),
]


@pytest.mark.parametrize(("text", "field", "message"), FAULTS, ids=[str(text[:24]) for text, *_ in FAULTS])
def test_a_fault_names_the_file_and_the_field(tmp_path: Path, text: bytes, field: str | None, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)
    with pytest.raises(UserError, match=message) as caught:
        read_experiment(path)
    assert (caught.value.file, caught.value.field) == (str(path), field)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_experiment(tmp_path / "nothing.json")
    with pytest.raises(UserError, match="is a folder"):
        read_experiment(tmp_path)


def test_an_older_file_is_kept_when_the_disk_is_full(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "a.json"
    write_experiment(path, Experiment(seed=1))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="disk is full"):
        write_experiment(path, Experiment(seed=2))
    assert read_experiment(path).seed == 1
