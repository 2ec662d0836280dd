"""Targets from files: what is understood, and what is said of files that are not."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment import targets as spec
from ganstudio.experiment.painting import Curve, Fill, GaussianBlob
from ganstudio.targets import build
from ganstudio.targets.files import (
    columns_of,
    read_image,
    read_painting,
    read_points,
    read_sample,
    read_target,
    write_painting,
)
from ganstudio.targets.painting import replay

POINTS = np.array([[1.5, -2.0], [0.25, 3.0], [4.0, 1e-3]], np.float32)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(UserError) as caught:
        read_target(path) if not options else read_points(path, **options)  # type: ignore[arg-type]
    assert caught.value.file == str(path)
    assert "\n" not in caught.value.message
    return caught.value.message


def array_of(target: spec.TargetSpec) -> np.ndarray:
    assert isinstance(target, spec.Points | spec.Points1D)
    return target.points.array()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("comma.csv", "x,y\n1.5,-2\n0.25,3\n4,1e-3\n"),
        ("bare.csv", "1.5,-2\n0.25,3\n4,1e-3"),
        ("spaced.csv", "x, y\n1.5, -2\n0.25, 3\n4, 1e-3\n"),
        ("semicolon.csv", "x;y\n1.5;-2\n0.25;3\n4;1e-3\n"),
        ("decimal_comma.csv", "x;y\n1,5;-2\n0,25;3\n4;1e-3\n"),
        ("tab.tsv", "x\ty\n1.5\t-2\n0.25\t3\n4\t1e-3\n"),
        ("windows.CSV", "\ufeffx,y\r\n1.5,-2\r\n\r\n0.25,3\r\n4,1e-3\r\n"),
        ("savetxt.txt", "# written by somebody\n1.5 -2\n  0.25   3\n4 1e-3\n"),
        ("quoted.csv", '"x","y"\n"1.5","-2"\n"0.25","3"\n"4","1e-3"\n'),
        ("labelled.csv", "name,x,y\nfirst,1.5,-2\nsecond,0.25,3\nthird,4,1e-3\n"),
    ],
)
def test_tables_are_understood_in_the_forms_people_write_them(tmp_path: Path, name: str, text: str) -> None:
    target = read_target(written(tmp_path, name, text))
    assert isinstance(target, spec.Points)
    assert target.name == name
    np.testing.assert_array_equal(array_of(target), POINTS)


def test_a_table_from_an_older_spreadsheet_keeps_its_accents(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", "größe;länge\n1,5;2\n3;4\n".encode("cp1252"))
    assert columns_of(path) == ("größe", "länge")
    np.testing.assert_array_equal(array_of(read_target(path)), [[1.5, 2], [3, 4]])


def test_columns_are_chosen_by_name_or_number(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", "id,label,a,b\n1,u,10,0.5\n2,v,20,0.25\n")
    assert columns_of(path) == ("id", "a", "b")
    for columns in (("a", "b"), (2, 3), ("2", "b")):
        read = read_points(path, columns)
        np.testing.assert_array_equal(array_of(read.spec), [[10, 0.5], [20, 0.25]])
        assert read.spec.columns == ("a", "b")
    single = read_points(path, ["b"])
    assert isinstance(single.spec, spec.Points1D)
    np.testing.assert_array_equal(array_of(single.spec), [[0.5], [0.25]])
    assert read_points(path).spec.columns == ("id", "a")


def test_one_column_of_numbers_is_a_target_on_the_line(tmp_path: Path) -> None:
    for name, text in (
        ("one.txt", "1\n2\n4\n"),
        ("one.csv", "height\n1\n2\n4\n"),
        ("one2.csv", "who,n\na,1\nb,2\nc,4\n"),
    ):
        target = read_target(written(tmp_path, name, text))
        assert isinstance(target, spec.Points1D)
        np.testing.assert_array_equal(array_of(target), [[1], [2], [4]])


@pytest.mark.parametrize(
    "array", [POINTS, POINTS.astype(np.float64), np.asfortranarray(POINTS), (POINTS * 4).astype(np.int16)]
)
def test_npy_and_npz_give_their_points(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "p.npy", array)
    np.savez_compressed(tmp_path / "p.npz", labels=np.arange(9), points=array)
    for name in ("p.npy", "p.npz"):
        np.testing.assert_array_equal(array_of(read_target(tmp_path / name)), array.astype(np.float32))
    assert columns_of(tmp_path / "p.npy") == ("0", "1")


def test_npy_of_one_column_is_a_target_on_the_line_and_wide_ones_need_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "p.npy"
    for array in (np.arange(5.0), np.arange(5.0)[:, None]):
        np.save(path, array)
        assert isinstance(read_target(path), spec.Points1D)
    wide = np.arange(12.0).reshape(4, 3)
    np.save(path, wide)
    assert "choose" in refusal(path)
    np.testing.assert_array_equal(array_of(read_points(path, [2, 0]).spec), wide[:, [2, 0]])


def test_of_too_many_rows_as_many_as_fit_are_kept_evenly_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "many.npy"
    np.save(path, np.arange(500_000, dtype=np.float64))
    read = read_points(path)
    kept = array_of(read.spec)[:, 0]
    assert len(kept) == spec.MAX_FILE_POINTS
    np.testing.assert_array_equal(kept, np.arange(200_000) * 5 // 2)
    assert read.notes == ("kept 200,000 of 500,000 rows, evenly spaced",)
    np.save(path, np.arange(10.0))
    assert read_points(path).notes == ()


def test_a_sample_to_be_judged_is_read_whole_and_in_the_target_s_dimension(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(250_000, 2)) * 1e7
    np.save(tmp_path / "s.npy", points)
    np.testing.assert_array_equal(read_sample(tmp_path / "s.npy", 2), points)
    with pytest.raises(UserError, match="holds 2-D points, but the target is 1-D"):
        read_sample(tmp_path / "s.npy", 1)
    with pytest.raises(UserError, match="line 2, column 0: nan is not a finite number"):
        read_sample(written(tmp_path, "s.txt", "1\nnan\n"), 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no rows"),
        ("\n\n# nothing\n", "no rows"),
        ("x,y\n", "no numbers"),
        ("a,b\nc,d\n", "no column holds numbers"),
        ("x,y\n1,2\n3,oops\n4,5\n", "line 3, column 'y': 'oops' is not a number"),
        ("1,2\n3,\n4,5\n", "line 2, column 1: the cell is empty"),
        ("x,y\n1,2\n3,nan\n", "line 3, column 'y': nan is not a finite number"),
        ("x,y\n1,2\n\n-inf,3\n", "line 4, column 'x': -inf is not a finite number"),
        ("x,y\n1,2\n3,2e6\n", "line 3, column 'y': 2e+06 is beyond ±1,000,000: rescale the data"),
        ("x,y\n1,2\n3\n4,5\n", "line 3 has 1 cell, the first one has 2"),
        ("x,y\n1,2\n3,4,5\n", "line 3 has 3 cells, the first one has 2"),
        ("x,y\n1,2\n", "at least 2 points"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_by_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(written(tmp_path, "t.csv", text))


def test_unknown_columns_are_named_with_those_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", "x,y\n1,2\n3,4\n")
    assert refusal(path, columns=["z"]) == "there is no column 'z'; there are: x, y"
    assert "'7'" in refusal(path, columns=[7])
    assert "'-1'" in refusal(path, columns=[-1])
    assert "one or two" in refusal(path, columns=["x", "y", "x"])
    assert "one or two" in refusal(path, columns=[])


def test_missing_files_folders_and_unknown_kinds_are_told_apart(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "folder" in refusal(tmp_path / "folder.csv")
    assert "'.xlsx' is no kind of target" in refusal(written(tmp_path, "t.xlsx", "1,2"))
    assert "no such file" in refusal(tmp_path / "missing.xlsx")
    assert "'.json' is no kind of points" in refusal(written(tmp_path, "t.json", "{}"), columns=None)


GARBAGE = bytes(np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8))


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt", "npy", "npz", "png", "jpg", "json"])
@pytest.mark.parametrize(
    "content", [GARBAGE, b"", b"\0" * 100, b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"]
)
def test_garbage_of_any_kind_is_refused_in_a_line(tmp_path: Path, suffix: str, content: bytes) -> None:
    assert refusal(written(tmp_path, f"garbage.{suffix}", content))


def npy(shape: str, dtype: str = "<f8", payload: bytes = b"", version: int = 1) -> bytes:
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H", len(header)) + header + payload


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (npy("(134217728, 2)", payload=b"\0" * 64), "too short"),
        (npy("(99999999999999999999, 2)"), "too short"),
        (npy("(-4, 2)", payload=b"\0" * 64), "too short"),
        (npy("(2, 2)", dtype="|O", payload=b"\0" * 64), "Python objects"),
        (npy("(2, 2)", dtype="<U4", payload=b"\0" * 64), "type"),
        (npy("(2, 2)", dtype="<c16", payload=b"\0" * 64), "type complex128"),
        (npy("(2, 2)", payload=b"\0" * 64, version=9), "not known"),
        (npy("(2,", payload=b"\0" * 64), "not a NumPy array"),
        (npy("(" * 900), "not a NumPy array"),
        (npy("(2, 2, 2)", payload=b"\0" * 64), "shape (2, 2, 2)"),
        (npy("()", payload=b"\0" * 8), "shape ()"),
        (npy("(3, 0)"), "shape (3, 0)"),
        (npy("(0, 2)"), "at least 2 points, has 0"),
        (npy("(2, 2)", payload=struct.pack("<4d", 1, 2, float("nan"), 4)), "row 1, column 0"),
    ],
)
def test_npy_files_are_not_believed(tmp_path: Path, content: bytes, message: str) -> None:
    assert message in refusal(written(tmp_path, "lie.npy", content))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("points.npy", content)
    assert message in refusal(written(tmp_path, "lie.npz", packed.getvalue()))


def test_pickled_arrays_are_refused_and_never_run(tmp_path: Path) -> None:
    np.save(tmp_path / "o.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    assert "Python objects" in refusal(tmp_path / "o.npy")


def test_a_zip_without_arrays_or_with_a_lock_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "no array" in refusal(written(tmp_path, "z.npz", packed.getvalue()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("points.npy", npy("(2, 2)", payload=b"\0" * 32))
    locked = bytearray(packed.getvalue())
    locked[6] |= 1  # the flag of encryption, in the entry and in the directory
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(written(tmp_path, "l.npz", bytes(locked)))


def picture(folder: Path, name: str, image: Image.Image) -> Path:
    image.save(folder / name)
    return folder / name


def half_dark(width: int = 40, height: int = 20) -> Image.Image:
    """White, with a black lower left quarter."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("black", (0, height // 2, width // 2, height))
    return image


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_dark_pixels_become_density_upright_and_in_their_aspect(tmp_path: Path, name: str) -> None:
    target = read_target(picture(tmp_path, name, half_dark(400, 200)))
    assert isinstance(target, spec.Painting)
    assert len(target.commands) == 1
    canvas = replay(target)
    rows, columns = np.nonzero(canvas.density > 0.5)
    assert canvas.y_centres()[rows].max() < 0.03
    assert canvas.x_centres()[columns].max() < 0.03
    span_x, span_y = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert span_x / span_y == pytest.approx(2, rel=0.05)
    distribution = build(target)
    masses = distribution.cell_masses(np.array([-2.0, 0.0, 2.0]), np.array([-2.0, 0.0, 2.0]))
    assert masses is not None
    assert masses[0, 0] > 0.98


def test_inverting_makes_light_pixels_dense(tmp_path: Path) -> None:
    path = picture(tmp_path, "a.png", half_dark())
    dark, light = replay(read_image(path)).density, replay(read_image(path, invert=True)).density
    picture_cells = (dark + light) > 0.99
    assert dark[picture_cells].mean() == pytest.approx(0.25, abs=0.02)
    assert light[picture_cells].mean() == pytest.approx(0.75, abs=0.02)
    assert not (dark + light)[:10].any(), "around the picture there is nothing either way"


def test_transparent_pixels_are_empty(tmp_path: Path) -> None:
    image = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    density = replay(read_image(picture(tmp_path, "a.png", image), cells=64)).density
    assert density[32, 32] == 1
    assert density.mean() < 0.15


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_mode_are_understood(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.where(np.arange(400).reshape(20, 20) % 20 < 10, 0, 65535).astype(np.uint16))
    else:
        grey = Image.fromarray(np.where(np.arange(400).reshape(20, 20) % 20 < 10, 0, 255).astype(np.uint8))
        image = grey.convert(mode)
    density = replay(read_image(picture(tmp_path, "a.png", image))).density
    assert density[128, 60] == 1
    assert density[128, 200] == 0


@pytest.mark.parametrize("cells", [16, 100, 512])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (3000, 2)])
def test_pictures_of_any_shape_fit(tmp_path: Path, size: tuple[int, int], cells: int) -> None:
    target = read_image(picture(tmp_path, "a.png", Image.new("L", size, 0)), cells=cells)
    assert replay(target).density.shape == (cells, cells)
    assert replay(target).density.max() > 0.99


def test_a_blank_picture_says_so(tmp_path: Path) -> None:
    assert "no ink" in refusal(picture(tmp_path, "a.png", Image.new("L", (9, 9), 255)))


def test_a_picture_too_large_to_unpack_is_refused_unread(tmp_path: Path) -> None:
    bomb = bytearray((picture(tmp_path, "a.png", Image.new("1", (8, 8)))).read_bytes())
    for side in (9_000, 100_000):
        bomb[16:24] = struct.pack(">II", side, side)
        bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))
        assert "megapixels" in refusal(written(tmp_path, "bomb.png", bytes(bomb)))


def test_a_picture_cut_short_or_of_another_format_is_refused(tmp_path: Path) -> None:
    whole = picture(tmp_path, "a.png", half_dark(300, 300)).read_bytes()
    assert "not a PNG or JPEG" in refusal(written(tmp_path, "cut.png", whole[: len(whole) // 2]))
    half_dark().save(tmp_path / "really.bmp")
    assert "not a PNG or JPEG" in refusal(written(tmp_path, "b.png", (tmp_path / "really.bmp").read_bytes()))


PAINTINGS = (
    spec.Painting(cells=64, commands=(GaussianBlob(centre=(0.1, 0.2), sigma=0.3), Fill(strength=0.1))),
    spec.Painting1D(commands=(Curve(points=((-1, 0.5), (1, 0.25))),)),
    spec.Painting(),
)


@pytest.mark.parametrize("painting", PAINTINGS)
def test_a_painting_that_is_written_is_read_as_the_same(tmp_path: Path, painting: spec.Painting) -> None:
    path = tmp_path / "painting.json"
    write_painting(path, painting)
    assert read_painting(path) == painting
    assert read_target(path) == painting
    assert [child.name for child in tmp_path.iterdir()] == ["painting.json"]


def test_writing_a_painting_where_it_cannot_be_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_painting(tmp_path / "missing" / "p.json", PAINTINGS[0])
    (tmp_path / "taken.json").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        write_painting(tmp_path / "taken.json", PAINTINGS[0])
    assert [child.name for child in tmp_path.iterdir()] == ["taken.json"]


def test_json_of_a_target_or_of_a_whole_experiment_gives_the_target(tmp_path: Path) -> None:
    moons = spec.Moons(sigma=0.1)
    assert read_target(written(tmp_path, "t.json", moons.model_dump_json())) == moons
    whole = Experiment(target=moons).model_dump_json()
    assert read_target(written(tmp_path, "e.json", whole)) == moons
    with pytest.raises(UserError, match="Moons, not a painting"):
        read_painting(tmp_path / "t.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", ""),
        ("{}", ""),
        ('{"kind": "nothing"}', "kind"),
        ('{"kind": "moons", "sigma": -1}', "greater than 0 (got -1)"),
        ('{"kind": "moons", "sigma": NaN}', ""),
        ('{"kind": "moons", "colour": "red"}', ""),
        ('{"kind": "points", "points": {"dtype": "float32", "shape": [9, 2], "data": "AAAA"}}', "unpacked"),
        (json.dumps({"format_version": 99, "target": {"kind": "moons"}}), "newer"),
    ],
)
def test_broken_json_is_refused_with_the_field(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(written(tmp_path, "broken.json", text))
