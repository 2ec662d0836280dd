"""The folder of a benchmark: one file a finished run, and a manifest of what all of them have in common."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ganstudio import __version__
from ganstudio.errors import UserError
from ganstudio.experiment.change import user_error
from ganstudio.session.atomic import replace_file
from ganstudio.session.json_text import json_bytes, read_json
from ganstudio.sweep.outcome import Outcome
from ganstudio.sweep.protocol import Protocol
from ganstudio.sweep.subjects import Case

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
RUNS = "runs"
MAX_BYTES = 16 * 2**20
"""Of one file; one of a run takes some kilobytes."""

_PACKAGES = ("torch", "numpy", "scipy")
_ADVICE = "choose another --out, or the same as then"


class Folder:
    """Opens, or begins, the benchmark in ``path``.

    Raises:
        UserError: it holds a benchmark of another protocol or of other versions of the program, it holds something
            else, or it cannot be written to.
    """

    def __init__(self, path: Path, protocol: Protocol) -> None:
        self.path, self.protocol = path, protocol
        manifest = path / MANIFEST
        if manifest.exists():
            _check_same(manifest, self._pinned())
        elif path.is_dir() and any(path.iterdir()):
            raise UserError("holds other things than a benchmark; choose a new or an empty folder", file=path)
        try:
            (path / RUNS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"cannot be written to ({error.strerror}); choose another --out", file=path) from error
        if not manifest.exists():
            _write(manifest, {"format_version": FORMAT_VERSION} | self._pinned() | {"machine": machine()})

    def outcomes(self) -> dict[str, Outcome]:
        """All finished runs by their keys, sorted.

        Raises:
            UserError: a file is broken.
        """
        found = (_read(path) for path in sorted((self.path / RUNS).glob("*.json")))
        return {outcome.key: outcome for outcome in found}

    def missing(self, cases: Iterable[Case]) -> tuple[Case, ...]:
        """Those of ``cases`` that are not finished.

        Raises:
            UserError: one is, but its recipe or its target was another then; or a file is broken.
        """
        finished, left = self.outcomes(), []
        for case in cases:
            outcome = finished.get(case.key)
            if outcome is None:
                left.append(case)
            elif outcome.digest != case.digest:
                raise UserError(
                    f"was made when the target '{case.target}' or the recipe '{case.recipe}' was another; "
                    "choose another --out, or remove this file",
                    file=self._file(case.key),
                )
        return tuple(left)

    def keep(self, outcome: Outcome) -> None:
        """Write down a finished run, whole or not at all."""
        _write(self._file(outcome.key), outcome.model_dump(mode="json"))

    def _file(self, key: str) -> Path:
        return self.path / RUNS / f"{key}.json"

    def _pinned(self) -> dict[str, Any]:
        return {"protocol": self.protocol.model_dump(mode="json"), "versions": versions()}


def versions() -> dict[str, str]:
    """Of everything that numbers depend on."""
    return {
        "ganstudio": __version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _PACKAGES},
    }


def machine() -> str:
    """The machine for people: without it, seconds mean nothing."""
    information, name = Path("/proc/cpuinfo"), platform.processor() or platform.machine()
    if information.is_file():
        lines = information.read_text(encoding="utf-8", errors="replace").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def _check_same(manifest: Path, wanted: Mapping[str, Any]) -> None:
    found = read_json(manifest, MAX_BYTES)
    if found.get("format_version") != FORMAT_VERSION:
        raise UserError("was written by another version of this program; choose another --out", file=manifest)
    for part, own in wanted.items():
        there = found.get(part)
        if not isinstance(there, dict):
            raise UserError("is missing; choose another --out", file=manifest, field=part)
        for name, value in own.items():
            if there.get(name) != value:
                raise UserError(
                    f"is {_text(there.get(name))} there and {_text(value)} now; {_ADVICE}",
                    file=manifest,
                    field=f"{part}.{name}",
                )


def _text(value: object) -> str:
    text = "none" if value is None else str(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text[:100])


def _read(path: Path) -> Outcome:
    try:
        return Outcome.model_validate(read_json(path, MAX_BYTES))
    except ValidationError as error:
        raise user_error(error, file=str(path)) from error


def _write(path: Path, tree: dict[str, Any]) -> None:
    with replace_file(path) as file:
        file.write(json_bytes(tree, indent=1))
