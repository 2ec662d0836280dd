"""Guards that hold for every test: one thread per process, no screen, nobody's real settings, nothing left running."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports NumPy, torch or Qt, which read these once.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

GRACE_SECONDS = 5.0
"""How long what a test started may take to end after it."""

PERSISTENT_THREADS = ("execnet", "loky", "ExecutorManagerThread", "QueueFeederThread", "QueueManagerThread")
"""Threads of test workers and of joblib's process pool, which outlive the call that made them by design."""


@pytest.fixture(scope="session", autouse=True)
def user_folders(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Path]:
    """Settings, caches and autosaves of the tests, and of the processes they start, go to a temporary folder."""
    root = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(variable, str(root / variable.lower()))
        if sys.platform == "win32":
            patch.setenv("APPDATA", str(root / "roaming"))
            patch.setenv("LOCALAPPDATA", str(root / "local"))
        elif sys.platform == "darwin":
            patch.setenv("HOME", str(root))
        if "MPLCONFIGDIR" not in os.environ and hasattr(pytestconfig, "cache"):
            # matplotlib searches the system's fonts for seconds when its cache is empty: keep that between runs.
            patch.setenv("MPLCONFIGDIR", str(pytestconfig.cache.mkdir("matplotlib")))
        yield root


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process of multiprocessing behind."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before and not _persists(thread)]
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    running = [f"thread {thread.name}" for thread in left if thread.is_alive()]
    if "multiprocessing" in sys.modules:
        running += _child_processes(deadline)
    assert not running, f"left running: {', '.join(running)}"


def _persists(thread: threading.Thread) -> bool:
    # A dummy stands for a thread that Python did not start, such as a QThread: tests/ui has a guard of its own.
    return isinstance(thread, threading._DummyThread) or any(word in thread.name for word in PERSISTENT_THREADS)


def _child_processes(deadline: float) -> list[str]:
    import multiprocessing

    left = []
    for child in multiprocessing.active_children():
        child.join(max(0.0, deadline - time.monotonic()))
        if child.is_alive():
            left.append(f"process {child.name}")
            child.kill()  # or the whole run would wait for it at exit
            child.join()
    return left


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat which of the checks before pytest failed, where they cannot be overlooked."""
    failed = os.environ.get("GANSTUDIO_FAILED_CHECKS")
    if failed:
        terminalreporter.section("failed before pytest", red=True)
        terminalreporter.line(failed)
