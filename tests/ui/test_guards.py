"""The guards of tests/ui/conftest.py catch what they are there for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

LEAKS = """
import pytest
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QLabel

kept = []

@pytest.fixture(scope="session", autouse=True)
def tidied(qapp):
    yield
    for thing in kept:
        if isinstance(thing, QThread):
            thing.quit()
            thing.wait()

def test_leaves_a_window(qtbot):
    label = QLabel("forgotten")
    kept.append(label)
    label.show()

def test_leaves_a_thread(qtbot):
    thread = QThread()
    kept.append(thread)
    thread.start()

def test_cleans_up(qtbot):
    label = QLabel("given to qtbot")
    qtbot.addWidget(label)
    label.show()
    thread = QThread()
    thread.start()
    thread.quit()
    assert thread.wait()

@pytest.mark.parametrize("run", [1, 2])
def test_starts_from_empty_settings(tmp_path, run):
    settings = QSettings("ganstudio", "guards")
    assert settings.value("answer") is None
    assert QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ganstudio", "x").value("answer") is None
    settings.setValue("answer", 42)
    settings.sync()
    assert settings.fileName().startswith(str(tmp_path))
"""


def test_a_test_that_leaves_a_window_or_a_running_thread_behind_fails(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "conftest.py").write_text((TESTS / "ui" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (inner / "test_leaks.py").write_text(LEAKS, encoding="utf-8")
    (inner / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-rE",
            "--basetemp",
            str(tmp_path / "base"),
        ],
        cwd=inner,
        env={**os.environ, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "test_leaves_a_window - AssertionError: left behind: window QLabel" in answer.stdout, answer.stdout
    assert "test_leaves_a_thread - AssertionError: left behind: running QThread" in answer.stdout, answer.stdout
    assert "5 passed, 2 errors" in answer.stdout, answer.stdout
