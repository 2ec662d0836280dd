"""Whatever is wrong: exit 2, one line on stderr that names the file and the field, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import CommandLine, Said

from ganstudio.experiment import Experiment
from ganstudio.session import codec
from ganstudio.session.session import Session

WRONG = [
    # usage
    ("bogus", ["bogus"]),
    ("train --bogus", ["--bogus"]),
    ("train --iterations -1", ["--iterations"]),
    ("train --iterations many", ["--iterations", "integer"]),
    ("train --seed 4294967296", ["--seed"]),
    ("train --preset ring8 --session old.gans", ["only one"]),
    ("sample old.gans", ["-o"]),
    ("sample old.gans -n 0 -o new.npy", ["-n"]),
    ("sample -o new.npy", ["FILE.gans"]),
    ("plot old.gans -o new.png --scale 100", ["--scale"]),
    ("evaluate", ["FILE.gans", "--target", "--points"]),
    ("evaluate old.gans --points points.npy", ["either"]),
    ("evaluate --target ring8", ["--points"]),
    # settings
    ("train --preset rings", ["rings", "ring8"]),
    ("train --preset=", ["preset"]),
    ("train --set seed", ["--set", "'seed'"]),
    ("train --set =5", ["--set"]),
    ("train --set sed=5", ["sed", "no such setting"]),
    ("train --set seed=x", ["seed", "integer"]),
    ("train --set seed=-1", ["seed", "greater than or equal to 0"]),
    ("train --set training.batch_size=1", ["training.batch_size", "greater than or equal to 2"]),
    ("train --set penalties.r1=NaN", ["penalties.r1", "finite"]),
    ("train --set penalties.r1=1e999", ["penalties.r1", "finite"]),
    ("train --set objective=clever", ["objective", "clever", "hinge"]),
    ("train --set generator.widths=64,x", ["generator.widths", "integer"]),
    ("train --set target=points", ["target", "file"]),
    ("train --set target=painting", ["target.commands", "empty"]),
    ("train --set device=mps", ["device", "cpu"]),
    # files that are not there
    ("train --session none.gans", ["none.gans"]),
    ("train --experiment none.json", ["none.json"]),
    ("evaluate none.gans", ["none.gans"]),
    ("sample none.gans -o new.npy", ["none.gans"]),
    ("export none.gans --format py -o new", ["none.gans"]),
    ("plot none.gans -o new.png", ["none.gans"]),
    ("evaluate --target ring8 --points none.csv", ["none.csv"]),
    ("evaluate --target none --points points.npy", ["--target", "none", "ring8"]),
    # files that are something else
    ("train --session broken.gans", ["broken.gans"]),
    ("train --session folder", ["folder"]),
    ("train --experiment folder", ["folder"]),
    ("train --experiment points.npy", ["points.npy"]),
    ("train --experiment broken.json", ["broken.json"]),
    ("train --experiment field.json", ["field.json", "optimizers.generator.learning_rate"]),
    ("train --experiment spell.json", ["spell.json", "spell"]),
    ("train --experiment empty.json", ["empty.json", "target.commands"]),
    ("evaluate broken.gans", ["broken.gans"]),
    ("evaluate points.npy", ["points.npy"]),
    ("evaluate --target broken.json --points points.npy", ["broken.json"]),
    ("evaluate --target empty.json --points points.npy", ["empty"]),
    ("evaluate --target folder --points points.npy", ["folder"]),
    ("evaluate --target ring8 --points broken.json", ["broken.json"]),
    ("evaluate --target ring8 --points nan.npy", ["nan.npy"]),
    ("evaluate --target ring8 --points none.npy", ["none.npy"]),
    ("evaluate --target ring8 --points pickled.npy", ["pickled.npy"]),
    ("evaluate --target ring8 --points three.npy", ["three.npy"]),
    ("evaluate --target gaussian-1d --points points.npy", ["points.npy"]),
    # what does not fit the session
    ("evaluate untrained.gans", ["untrained.gans", "train"]),
    ("sample untrained.gans -o new.npy", ["untrained.gans", "train"]),
    ("export untrained.gans --format py -o new", ["untrained.gans", "train"]),
    ("train --session old.gans --seed 3", ["old.gans", "seed"]),
    ("train --session old.gans --set generator.widths=9", ["old.gans", "generator.widths"]),
    ("train --session old.gans --set target=moons", ["old.gans", "target"]),
    # what cannot be written
    ("train --iterations 1 --out points.npy", ["points.npy"]),
    ("train --iterations 1 --out points.npy/run", ["points.npy"]),
    ("sample old.gans -o new.xyz", ["new.xyz"]),
    ("sample old.gans -o nowhere/new.npy", ["new.npy"]),
    ("plot old.gans -o new.gif", ["new.gif", ".png"]),
    ("plot old.gans -o new", ["new"]),
    ("plot old.gans -o folder/", ["folder"]),
    ("plot old.gans -o new.png --panel lossy", ["lossy", "losses"]),
    ("export old.gans --format tflite -o new", ["tflite", "onnx"]),
    ("export old.gans --format py -o new --weights best", ["--weights", "best", "ema"]),
    ("export old.gans --format safetensors -o nowhere/new", ["nowhere"]),
]


@pytest.fixture
def files(tmp_path: Path, session: Path) -> Path:
    """A folder with files of every kind of wrong."""
    session.rename(tmp_path / "old.gans")
    codec.write(Session(Experiment()), tmp_path / "untrained.gans")
    (tmp_path / "broken.gans").write_bytes(b"PK\x03\x04 but no zip")
    (tmp_path / "folder").mkdir()
    for name, tree in {
        "field.json": {"optimizers": {"generator": {"kind": "adam", "learning_rate": -1}}},
        "spell.json": {"spell": 1},
        "empty.json": {"target": {"kind": "painting"}},
    }.items():
        (tmp_path / name).write_text(json.dumps(tree), encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"seed": ', encoding="utf-8")
    np.save(tmp_path / "points.npy", np.zeros((10, 2), np.float32))
    np.save(tmp_path / "three.npy", np.zeros((10, 2, 2), np.float32))
    np.save(tmp_path / "nan.npy", np.full((10, 2), np.nan, np.float32))
    np.save(tmp_path / "pickled.npy", np.array([{"a": 1}], object), allow_pickle=True)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def refused(said: Said, words: list[str]) -> None:
    assert said.code == 2, said
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith("ganstudio: ")
    assert line.isprintable()
    assert len(line) < 600
    for word in words:
        assert word in line, line


@pytest.mark.parametrize(("command", "words"), WRONG, ids=[command for command, _ in WRONG])
def test_wrong_input_is_told_in_one_line_and_changes_nothing(
    ganstudio: CommandLine, files: Path, command: str, words: list[str]
) -> None:
    before = contents(files)
    refused(ganstudio(*command.split()), words)
    assert contents(files) == before


@pytest.mark.parametrize("command", ["train --preset rings --json", "evaluate none.gans --json"])
def test_with_json_a_wrong_input_is_told_on_stderr_as_well(ganstudio: CommandLine, command: str) -> None:
    refused(ganstudio(*command.split()), [])


def test_a_name_with_control_characters_cannot_reach_the_terminal(ganstudio: CommandLine) -> None:
    said = ganstudio("evaluate", "\x1b[2J\nnone.gans")
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert "\x1b" not in said.err
