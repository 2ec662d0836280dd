"""What is packaged: the wheel carries the resources, an editable install finds those of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import ganstudio
from ganstudio import shipped

CHECKOUT = Path(__file__).resolve().parents[2]

EDITABLE = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A checkout with a known resource in it."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, root / name)
    shutil.copytree(CHECKOUT / "ganstudio", root / "ganstudio", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "resources" / "probe").mkdir(parents=True)
    (root / "resources" / "probe" / "hello.txt").write_text("shipped", encoding="utf-8")
    return root


def build(checkout: Path, into: Path, *command: str) -> zipfile.ZipFile:
    subprocess.run([sys.executable, *command, str(into)], cwd=checkout, check=True, capture_output=True, timeout=120)
    (wheel,) = into.glob("*.whl")
    return zipfile.ZipFile(wheel)


def found_from(place: Path) -> Path:
    """Where a fresh process finds the probe when ``ganstudio`` is imported from ``place``."""
    code = "import ganstudio.shipped as s; print(s.directory('probe'))"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return Path(answer.stdout.strip())


def test_an_installed_wheel_finds_the_resources_it_carries(checkout, tmp_path):
    with build(checkout, tmp_path / "dist", "-m", "hatchling", "build", "-t", "wheel", "-d") as wheel:
        names = set(wheel.namelist())
        wheel.extractall(tmp_path / "site")
    assert {"ganstudio/resources/probe/hello.txt", "ganstudio/py.typed", "ganstudio/shipped.py"} <= names
    assert not any(name.startswith(("resources/", "tests/", "scripts/")) for name in names)
    information = tmp_path / "site" / f"ganstudio-{ganstudio.__version__}.dist-info"
    entry_points = (information / "entry_points.txt").read_text(encoding="utf-8")
    assert "[console_scripts]\nganstudio = ganstudio.cli:main\n" in entry_points
    assert "[gui_scripts]\nganstudio-gui = ganstudio.cli:main_gui\n" in entry_points
    assert (information / "licenses" / "LICENSE").is_file()
    assert found_from(tmp_path / "site") == (tmp_path / "site" / "ganstudio" / "resources" / "probe").resolve()


def test_an_editable_install_copies_nothing_and_finds_the_checkout(checkout, tmp_path):
    (tmp_path / "dist").mkdir()
    with build(checkout, tmp_path / "dist", "-c", EDITABLE) as wheel:
        assert not any("resources" in name for name in wheel.namelist())
        path_file = next(name for name in wheel.namelist() if name.endswith(".pth"))
        place = Path(wheel.read(path_file).decode().strip())
    assert found_from(place) == (checkout / "resources" / "probe").resolve()


def test_a_resource_that_does_not_ship_is_told_with_the_places_looked_at():
    with pytest.raises(FileNotFoundError, match=r"'no-such-folder' are missing: looked for .*resources"):
        shipped.directory("no-such-folder")


def test_an_import_by_another_name_starts_nothing():
    # Processes started by multiprocessing's spawn import the main module again as __mp_main__.
    answer = subprocess.run(
        [sys.executable, "-c", "import runpy; runpy.run_module('ganstudio.__main__', run_name='__mp_main__')"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
