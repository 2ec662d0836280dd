"""Taking the generator away: which files there are, what is refused, and that nothing is lost when it fails."""

from __future__ import annotations

import json
import math
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file

from ganstudio.errors import UserError
from ganstudio.experiment.change import validated
from ganstudio.export import folder as folder_module
from ganstudio.export import programs, standalone
from ganstudio.export.generator import GENERATOR_FORMATS, export_generator
from ganstudio.export.plain import plain_generator
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.session.experiment_file import read_experiment
from ganstudio.session.session import Session

FILES = {"generator.py", "generator.safetensors", "experiment.json", "README.md"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_python_export_is_a_folder_of_four_files(session: Session, folder: Path):
    assert export_generator(session, folder / "gen", format="py") == folder / "gen"
    assert contents(folder / "gen").keys() == FILES
    assert [path.name for path in folder.iterdir()] == ["gen"]


def test_python_export_with_a_name_that_ends_in_zip_is_a_zip_of_the_same_files(session: Session, folder: Path):
    export_generator(session, folder / "gen", format="py")
    export_generator(session, folder / "gen.zip", format="py")
    with zipfile.ZipFile(folder / "gen.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents(folder / "gen")


def test_the_experiment_in_an_export_is_that_of_the_session(session: Session, folder: Path):
    export_generator(session, folder / "gen", format="py")
    assert read_experiment(folder / "gen" / "experiment.json") == session.experiment
    assert validated(json.loads((folder / "gen" / "experiment.json").read_text())) == session.experiment


def test_the_read_me_says_how_to_use_it_and_where_it_comes_from(session: Session, folder: Path):
    export_generator(session, folder / "gen", format="py")
    text = (folder / "gen" / "README.md").read_text(encoding="utf-8")
    assert "python generator.py 1000 samples.csv --seed 3" in text
    assert "moving average (EMA) of its parameters after 40 iterations" in text
    assert f"{session.history.measures[-1, 1]:.4f} nats" in text


@pytest.mark.parametrize("form", GENERATOR_FORMATS)
def test_the_same_generator_gives_the_same_bytes(session: Session, folder: Path, form: str):
    suffix = ".zip" if form == "py" else GENERATOR_FORMATS[form].suffix
    one, other = (export_generator(session, folder / f"{name}{suffix}", format=form) for name in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_averaged_weights_are_exported_unless_the_current_ones_are_asked_for(session: Session, folder: Path):
    assert session.snapshot is not None
    z = torch.randn(50, 2, generator=torch.Generator().manual_seed(1))
    for weights, asked in (("ema", {}), ("ema", {"weights": "ema"}), ("current", {"weights": "current"})):
        path = export_generator(session, folder / "gen.safetensors", format="safetensors", **asked)
        exported = standalone.load.__wrapped__(path)
        own = TrainedGenerator.from_snapshot(session.experiment, session.snapshot, weights)
        with torch.no_grad():
            np.testing.assert_allclose(exported(z).numpy(), own(z.numpy()), rtol=1e-5, atol=1e-5)
    assert not np.array_equal(session.snapshot.arrays["ema"], session.snapshot.arrays["generator/parameters"])


def test_weights_have_the_names_of_the_module_and_say_what_they_are(train: Callable[..., Session], folder: Path):
    session = train(generator__spectral_norm=True, generator__normalisation="batch", latent__prior="mixture")
    path = export_generator(session, folder / "gen.safetensors", format="safetensors")
    tensors = load_file(path)
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())
    assert "layers.0.weight" in tensors
    assert "norms.1.running_var" in tensors
    assert tensors["prior_centres"].shape == (8, 2)
    np.testing.assert_array_equal(tensors["centre"], np.float32(session.snapshot.centre))
    # Spectral norm is folded in: the largest singular value is 1, up to what the power iteration leaves.
    for name in ("layers.0.weight", "layers.1.weight", "output.weight"):
        assert np.linalg.norm(tensors[name], 2) == pytest.approx(1, abs=0.05)
    with safe_open(path, "numpy") as file:
        told = json.loads(file.metadata()["gan_studio"])
    assert told["weights"] == "ema"
    assert told["iteration"] == 3
    assert told["generator"]["widths"] == [64, 64]


def test_the_small_reader_reads_what_the_package_reads(session: Session, folder: Path):
    path = export_generator(session, folder / "gen.safetensors", format="safetensors")
    tensors, _ = standalone.read_safetensors(path)
    packaged = load_file(path)
    assert tensors.keys() == packaged.keys()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(tensor.numpy(), packaged[name])


def _with_header(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def damage(data: bytes) -> bytes:
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        change(header)
        text = json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data[8 + length :]

    return damage


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda data: b"",
    "cut off": lambda data: data[:-1],
    "a header beyond the end": lambda data: struct.pack("<Q", len(data)) + data[8:],
    "a header of exabytes": lambda data: struct.pack("<Q", 2**63) + data[8:],
    "no JSON": lambda data: data[:8] + b"\0" + data[9:],
    "a negative offset": _with_header(lambda header: header["centre"].update(data_offsets=[-8, 0])),
    "another shape": _with_header(lambda header: header["centre"].update(shape=[1 << 40])),
    "another type": _with_header(lambda header: header["centre"].update(dtype="F16")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_small_reader_refuses_a_damaged_file(session: Session, folder: Path, damage: str):
    path = export_generator(session, folder / "gen.safetensors", format="safetensors")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(ValueError):  # noqa: PT011  of the reader or of JSON, whichever sees it first
        standalone.read_safetensors(path)


def test_the_command_line_of_an_export_writes_exactly_what_sample_gives(
    session: Session, session_1d: Session, folder: Path
):
    for name, chosen, header in (("two", session, "x,y"), ("one", session_1d, "x")):
        export_generator(chosen, folder / name, format="py")
        command = [sys.executable, "-I", "generator.py", "300", "samples.csv", "--seed", "3"]
        answer = subprocess.run(command, cwd=folder / name, capture_output=True, text=True, check=True, timeout=120)
        assert "300 samples in samples.csv" in answer.stderr
        lines = (folder / name / "samples.csv").read_text().splitlines()
        assert lines[0] == header
        written = np.array([line.split(",") for line in lines[1:]], dtype=np.float32)
        module = standalone.load.__wrapped__(folder / name / "generator.safetensors")
        with torch.no_grad():
            expected = module(module.sample_latent(300, torch.Generator().manual_seed(3))).numpy()
        np.testing.assert_allclose(written, expected, rtol=2e-7, atol=1e-7)
        again = subprocess.run(
            [*command[:-1], "4"], cwd=folder / name, capture_output=True, text=True, check=True, timeout=120
        )
        assert again.returncode == 0
        assert (folder / name / "samples.csv").read_text().splitlines() != lines


@pytest.mark.parametrize("arguments", [["0", "samples.csv"], ["many", "samples.csv"], ["3", "gone/samples.csv"]])
def test_the_command_line_of_an_export_refuses_nonsense_in_one_line(
    session: Session, folder: Path, arguments: list[str]
):
    export_generator(session, folder / "gen", format="py")
    answer = subprocess.run(
        [sys.executable, "-I", "generator.py", *arguments],
        cwd=folder / "gen",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert contents(folder / "gen").keys() == FILES


def test_the_module_of_the_program_maps_latents_as_the_program_does(session: Session):
    assert session.snapshot is not None
    own = TrainedGenerator.from_snapshot(session.experiment, session.snapshot)
    z = np.random.default_rng(0).standard_normal((100, 2)).astype(np.float32)
    module = plain_generator(own)
    assert not module.training
    with torch.no_grad():
        np.testing.assert_allclose(module(torch.from_numpy(z)).numpy(), own(z), rtol=1e-5, atol=1e-6)


def test_the_truncated_normal_has_the_moments_of_theory():
    spec = {
        "latent": 3, "prior": {"kind": "truncated_normal", "bound": 1.0}, "widths": [],
        "fourier_features": 0, "fourier_input": True, "activation": "relu", "normalisation": "none", "residual": False,
        "dimension": 2,
    }  # fmt: skip
    z = standalone.Generator(spec).sample_latent(100_000, torch.Generator().manual_seed(0))
    # Var = 1 − 2bφ(b)/(2Φ(b) − 1); for b = 1 it is .29112.
    density = math.exp(-0.5) / math.sqrt(2 * math.pi)
    variance = 1 - 2 * density / math.erf(1 / math.sqrt(2))
    assert z.var().item() == pytest.approx(variance, abs=3e-3)
    assert z.mean().item() == pytest.approx(0, abs=5e-3)


def test_a_name_without_an_ending_gets_that_of_the_format(session: Session, folder: Path):
    assert export_generator(session, folder / "gen", format="safetensors") == folder / "gen.safetensors"


@pytest.mark.parametrize(
    ("form", "name", "said"),
    [
        ("pickle", "gen", "no format 'pickle'; known: py, safetensors, pt2, onnx"),
        ("safetensors", "gen.pt2", "use .safetensors"),
        ("py", "generator.py", "a folder or a .zip"),
        ("py", "gone/gen", "no folder"),
        ("py", "gone/gen.zip", "no folder"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(session: Session, folder: Path, form: str, name: str, said: str):
    with pytest.raises(UserError, match=said):
        export_generator(session, folder / name, format=form)
    assert list(folder.iterdir()) == []


def test_unknown_weights_are_refused(session: Session, folder: Path):
    with pytest.raises(UserError, match="known: ema, current"):
        export_generator(session, folder / "gen", format="py", weights="best")


def test_a_session_that_was_never_trained_has_no_generator_to_export(session: Session, folder: Path):
    with pytest.raises(UserError, match="train it first"):
        export_generator(Session(session.experiment), folder / "gen", format="py")


def test_onnx_without_its_extra_says_how_to_get_it(session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(programs, "find_spec", lambda name: None if name == "onnxscript" else object())
    with pytest.raises(UserError, match=r"pip install 'ganstudio\[onnx\]'"):
        export_generator(session, folder / "gen.onnx", format="onnx")
    assert list(folder.iterdir()) == []


def test_a_folder_that_holds_other_things_is_refused_and_left_alone(session: Session, folder: Path):
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match=r"holds other things \(thesis\.tex\)"):
        export_generator(session, folder, format="py")
    assert contents(folder) == {"thesis.tex": b"years of work"}


def test_a_folder_with_weights_of_another_program_is_refused(session: Session, folder: Path):
    (folder / "generator.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    with pytest.raises(UserError, match="holds other things"):
        export_generator(session, folder, format="py")


def test_an_earlier_export_is_replaced_and_what_lies_beside_it_stays(
    session: Session, session_1d: Session, folder: Path
):
    export_generator(session_1d, folder, format="py")
    (folder / "samples.csv").write_text("x\n")
    export_generator(session, folder, format="py")
    assert contents(folder).keys() == FILES | {"samples.csv"}
    assert standalone.load.__wrapped__(folder / "generator.safetensors").output.out_features == 2
    assert [path.name for path in folder.parent.iterdir()] == ["exports"]


def test_an_empty_folder_is_taken(session: Session, folder: Path):
    export_generator(session, folder, format="py")
    assert contents(folder).keys() == FILES


def test_a_failure_halfway_leaves_the_earlier_export_as_it_was(
    session: Session, session_1d: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    export_generator(session_1d, folder, format="py")
    before = contents(folder)
    rename, count = Path.rename, 0

    def failing(path: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == 6:  # the third of the new files; the older one was set aside already
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(folder_module.Path, "rename", failing)
    with pytest.raises(UserError, match="No space left on device; nothing was overwritten"):
        export_generator(session, folder, format="py")
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["exports"]


def test_a_file_where_the_folder_should_be_is_refused(session: Session, folder: Path):
    (folder / "gen").write_text("mine")
    with pytest.raises(UserError, match="this is a file"):
        export_generator(session, folder / "gen", format="py")
    assert (folder / "gen").read_text() == "mine"
