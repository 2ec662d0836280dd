"""The house rules that reading cannot keep: imports go downward, the window loads no torch, the commands no Qt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def python(code: str, *arguments: str, cwd: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh process that imports ganstudio from ``cwd``."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(cwd), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_imports_go_downward_only():
    answer = python(LINT_IMPORTS, "--no-logo", "--no-cache")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_import_contract_notices_what_it_forbids(tmp_path):
    shutil.copytree(CHECKOUT / "ganstudio", tmp_path / "ganstudio", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    for room, statement in {
        "targets/upward.py": "from ganstudio import gan",
        "metrics/window.py": "import PySide6.QtCore",
        "gan/heavy.py": "import torch",
        "ui/heavy.py": "def start():\n    from ganstudio.gan import heavy\n    return heavy",
    }.items():
        (tmp_path / "ganstudio" / room).write_text(statement + "\n", encoding="utf-8")
    answer = python(LINT_IMPORTS, "--no-logo", "--no-cache", cwd=tmp_path)
    assert answer.returncode == 1
    for contract in ("Imports go downward only", "Only the window knows Qt", "The window's process loads no torch"):
        assert f"{contract} BROKEN" in answer.stdout
    for chain in ("ganstudio.targets.upward -> ganstudio.gan", "ganstudio.metrics.window -> PySide6"):
        assert chain in answer.stdout


def test_the_window_loads_no_torch():
    answer = python("import ganstudio.ui.main_window, sys; print('torch' in sys.modules, 'PySide6' in sys.modules)")
    assert answer.stdout.split() == ["False", "True"], answer.stderr


def test_the_trainer_loads_no_scipy_before_it_measures():
    answer = python("import ganstudio.training.trainer, sys; print('scipy' in sys.modules, 'torch' in sys.modules)")
    assert answer.stdout.split() == ["False", "True"], answer.stderr


def test_the_window_loads_no_scipy_before_it_looks():
    answer = python("import ganstudio.ui.main_window, sys; print('scipy' in sys.modules, 'PySide6' in sys.modules)")
    assert answer.stdout.split() == ["False", "True"], answer.stderr


def test_a_trainer_can_be_started_before_anything_of_qt_is_loaded():
    answer = python("import ganstudio.ui.launch, sys; print('PySide6' in sys.modules, 'numpy' in sys.modules)")
    assert answer.stdout.split() == ["False", "False"], answer.stderr


def test_the_command_line_never_imports_qt():
    code = (
        "import atexit, runpy, sys\n"
        "qt = ('PySide6', 'shiboken6', 'pyqtgraph')\n"
        "atexit.register(lambda: print('loaded:', [name for name in qt if name in sys.modules], file=sys.stderr))\n"
        "sys.argv = ['ganstudio', 'presets', '--json']\n"
        "runpy.run_module('ganstudio', run_name='__main__', alter_sys=True)\n"
    )
    answer = python(code)
    assert answer.returncode == 0, answer.stderr
    assert "ring8" in json.dumps(json.loads(answer.stdout.strip().splitlines()[-1]))
    assert "loaded: []" in answer.stderr
