"""The command line in processes of its own: what it imports, how it ends, and what it prints where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import QUICK

CHECKOUT = Path(__file__).resolve().parents[3]


def run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def imported_by(command: list[str], folder: Path, before: str = "") -> set[str]:
    """The packages that a command imports."""
    code = (
        f"{before}\nimport sys\nfrom ganstudio.cli import main\ncode = main({command!r})\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\nsys.exit(code)"
    )
    done = run(code, folder)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


QT = {"PySide6", "shiboken6", "pyqtgraph"}


def test_training_never_imports_qt(tmp_path: Path) -> None:
    few = "import ganstudio.cli.train as train; train.EVALUATION_SAMPLES = 100"
    packages = imported_by(["train", *QUICK, "--iterations", "2", "--out", "run"], tmp_path, few)
    assert "torch" in packages
    assert not packages & QT


def test_evaluating_never_imports_qt(tmp_path: Path, session: Path) -> None:
    assert not imported_by(["evaluate", str(session), "--samples", "1000"], tmp_path) & QT


@pytest.mark.parametrize("command", [["presets"], ["settings", "--json"], ["--help"]], ids=lambda parts: parts[0])
def test_lists_are_quick_since_they_import_neither_qt_nor_torch_nor_matplotlib(
    tmp_path: Path, command: list[str]
) -> None:
    assert not imported_by(command, tmp_path) & (QT | {"torch", "matplotlib", "scipy"})


INTERRUPTED = """
import signal, sys
import ganstudio.cli.train
from ganstudio.training.trainer import Trainer
ganstudio.cli.train.EVALUATION_SAMPLES = 100
work, bursts = Trainer.work, []
def interrupted(trainer):
    work(trainer)
    bursts.append(1)
    if len(bursts) == 3:
        signal.raise_signal(signal.SIGINT)
Trainer.work = interrupted
from ganstudio.cli import main
sys.exit(main({command!r}))
"""


def test_ctrl_c_while_training_saves_and_exits_130(tmp_path: Path) -> None:
    command = ["train", *QUICK, "--engine", "eager", "--iterations", "1000000", "--out", "run", "--json"]
    done = run(INTERRUPTED.format(command=command), tmp_path)
    assert done.returncode == 130, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["iterations"] >= 3
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"session.gans", "history.csv", "overview.png"}
    assert "Traceback" not in done.stderr


def test_the_module_is_the_command_and_gives_its_exit_code(tmp_path: Path) -> None:
    for arguments, code in ((["presets"], 0), (["train", "--preset", "nope"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "ganstudio", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == code
        assert bool(done.stdout) is (code == 0)
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_without_greek_gets_a_question_mark_and_json_whole(tmp_path: Path) -> None:
    plain = run("from ganstudio.cli import main; main(['settings'])", tmp_path, PYTHONIOENCODING="ascii")
    assert plain.returncode == 0, plain.stderr
    assert "?" in plain.stdout
    whole = run("from ganstudio.cli import main; main(['settings', '--json'])", tmp_path, PYTHONIOENCODING="ascii")
    assert "σ" in json.dumps(json.loads(whole.stdout), ensure_ascii=False)


@pytest.mark.skipif(os.name != "posix", reason="a pipe whose reader is gone is told otherwise elsewhere")
def test_a_reader_that_has_enough_ends_it_without_complaint(tmp_path: Path) -> None:
    writing = subprocess.Popen(
        [sys.executable, "-m", "ganstudio", "settings"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert writing.stdout is not None and writing.stderr is not None
    writing.stdout.close()
    with writing.stderr:
        assert writing.stderr.read() == ""
    assert writing.wait(60) == 1
