"""The command line as a person uses it, in an empty folder, and a session that was trained there once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

# The modules beside the tests must be importable by name.
sys.path.insert(0, str(Path(__file__).parent))

from command_line import FEW, QUICK, CommandLine

from ganstudio.cli import main, train


@pytest.fixture
def ganstudio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Runs a command in an empty folder; what was trained is judged by few samples, which is quick."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(train, "EVALUATION_SAMPLES", FEW)
    return CommandLine(capsys)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a training wrote."""
    folder = tmp_path_factory.mktemp("trained")
    for name, iterations in (("trained", "30"), ("other", "0")):
        assert (
            main(["train", "--preset", "ring8", *QUICK, "--iterations", iterations, "--out", str(folder / name)]) == 0
        )
    return folder


@pytest.fixture
def session(once: Path, tmp_path: Path) -> Path:
    """A trained session in the folder of the test."""
    return Path(shutil.copy(once / "trained" / "session.gans", tmp_path / "session.gans"))
