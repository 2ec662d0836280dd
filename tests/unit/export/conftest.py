"""Trained sessions, and a Python in which ganstudio does not exist."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.session.session import Session
from ganstudio.training.run import Run

WITHOUT_GANSTUDIO = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("ganstudio", "safetensors"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
for name in ("ganstudio", "safetensors"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        continue
    raise SystemExit(f"{name} can be imported")
"""


Train = Callable[..., Session]


@pytest.fixture(scope="session")
def train() -> Train:
    """Gives a session after some iterations; changes are settings by path, with ``__`` for the dot."""

    def trained(iterations: int = 3, **changes: Any) -> Session:
        experiment = Experiment()
        for path, value in ({"training__batch_size": 32, "seed": 7} | changes).items():
            experiment = with_value(experiment, path.replace("__", "."), value)
        run = Run(experiment)
        run.advance(iterations)
        return Session(experiment, run.snapshot(), run.history.since(0, 0))

    return trained


@pytest.fixture(scope="session")
def session(train: Train) -> Session:
    """A 2-D session with history and measures."""
    return train(40, measure__every=10, measure__samples=2000)


@pytest.fixture(scope="session")
def session_1d(train: Train) -> Session:
    return train(20, target="mixture_1d", measure__every=10, measure__samples=2000)


@pytest.fixture(scope="session")
def run_without_ganstudio(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Run code in a fresh, isolated process without ganstudio; returns what it printed last, as JSON."""

    def run(code: str, *arguments: str) -> Any:
        answer = subprocess.run(
            [sys.executable, "-I", "-c", WITHOUT_GANSTUDIO + code, *arguments],
            cwd=tmp_path_factory.mktemp("elsewhere"),
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout.strip().splitlines()[-1])

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder beside which nothing else lies."""
    path = tmp_path / "exports"
    path.mkdir()
    return path
