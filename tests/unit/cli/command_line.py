"""The command line run in process, and settings with which it trains in moments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ganstudio.cli import main

FEW = 100  #: samples by which what was trained is judged

QUICK = ["--set", "generator.widths=8", "--set", "discriminator.widths=8", "--set", "training.batch_size=16"]
QUICK += ["--set", "measure.samples=1000", "--set", "measure.every=20"]


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that is all of stdout."""
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found


class CommandLine:
    """Runs commands in process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> Said:
        self._capture.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        return Said(code, out, err)
