"""The guards of tests/conftest.py catch what they are there for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"

LEAKS = """
import multiprocessing, os, select, threading
import platformdirs

release = threading.Event()

def test_leaves_a_thread():
    threading.Thread(target=release.wait, name="forgotten", daemon=True).start()

def test_leaves_a_process():
    multiprocessing.get_context("spawn").Process(target=select.select, args=([], [], [], 600), name="orphan").start()

def test_cleans_up():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

def test_has_folders_of_its_own():
    for folder in (platformdirs.user_config_path(), platformdirs.user_data_path(), platformdirs.user_cache_path()):
        assert "user0" in folder.parts
    assert os.environ["OMP_NUM_THREADS"] == "1"
"""


def test_a_test_that_leaves_a_thread_or_a_process_behind_fails(tmp_path):
    conftest = CONFTEST.read_text(encoding="utf-8")
    assert "GRACE_SECONDS = 5.0" in conftest
    (tmp_path / "conftest.py").write_text(
        conftest.replace("GRACE_SECONDS = 5.0", "GRACE_SECONDS = 0.1"), encoding="utf-8"
    )
    (tmp_path / "test_leaks.py").write_text(LEAKS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-rE", "--basetemp", "base", "."],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "ERROR test_leaks.py::test_leaves_a_thread - AssertionError: left running: thread forgotten" in answer.stdout
    assert "ERROR test_leaks.py::test_leaves_a_process - AssertionError: left running: process orphan" in answer.stdout
    assert "4 passed, 2 errors" in answer.stdout, answer.stdout


def test_a_failed_check_is_repeated_above_the_closing_line(tmp_path):
    shutil.copy(CONFTEST, tmp_path / "conftest.py")
    (tmp_path / "test_nothing.py").write_text("def test_passes():\n    assert 1 + 1 == 2\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "GANSTUDIO_FAILED_CHECKS": "mypy --strict"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    *_, title, failed, closing = (line for line in answer.stdout.splitlines() if line)
    assert "failed before pytest" in title
    assert failed == "mypy --strict"
    assert "1 passed" in closing
