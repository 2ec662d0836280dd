"""Targets from files of every kind, and paintings as files of their own."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ganstudio.errors import UserError
from ganstudio.experiment.change import user_error
from ganstudio.experiment.targets import Painting, Painting1D, Target, TargetSpec
from ganstudio.targets.images import IMAGE_SUFFIXES, read_image
from ganstudio.targets.point_files import POINT_SUFFIXES, ReadPoints, columns_of, existing, read_points, read_sample

__all__ = [
    "SUFFIXES",
    "ReadPoints",
    "columns_of",
    "read_image",
    "read_painting",
    "read_points",
    "read_sample",
    "read_target",
    "write_painting",
]

FORMAT_VERSION = 1
MAX_JSON_BYTES = 256 * 1024 * 1024


def read_target(path: str | Path) -> TargetSpec:
    """The target in a file, by its suffix: points, a picture, or JSON (a painting, a target, an experiment).

    Raises:
        UserError: the file is missing, of an unknown kind, or broken.
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        existing(path)
        raise UserError(f"'{path.suffix or path.name}' is no kind of target: give {', '.join(SUFFIXES)}", file=path)
    return reader(path)


def read_painting(path: str | Path) -> Painting | Painting1D:
    """The painting that :func:`write_painting` wrote.

    Raises:
        UserError: the file is missing, broken, or holds another kind of target.
    """
    target = _read_json(Path(path))
    if not isinstance(target, (Painting, Painting1D)):
        raise UserError(f"holds a target of kind {target.title or type(target).__name__}, not a painting", file=path)
    return target


def write_painting(path: str | Path, spec: Painting | Painting1D) -> None:
    """Write a painting as JSON, whole or not at all.

    Raises:
        UserError: the file cannot be written; what was there before is untouched.
    """
    path = Path(path)
    text = json.dumps({"format_version": FORMAT_VERSION, "target": spec.model_dump(mode="json")})
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name[:100], suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UserError(f"cannot be written ({error.strerror or error})", file=path) from error


def _read_json(path: Path) -> TargetSpec:
    path = existing(path)
    if path.stat().st_size > MAX_JSON_BYTES:
        raise UserError(f"larger than {MAX_JSON_BYTES // 2**20} MiB", file=path)
    try:
        tree: Any = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UserError(f"not JSON that can be read ({str(error)[:120]})", file=path) from error
    if isinstance(tree, dict) and "kind" not in tree and "target" in tree:
        version = tree.get("format_version", FORMAT_VERSION)
        if not isinstance(version, int) or version > FORMAT_VERSION:
            raise UserError("was written by a newer GAN Studio: update to open it", file=path, field="format_version")
        tree = tree["target"]
    try:
        return _TARGET.validate_python(tree)
    except ValidationError as error:
        raise user_error(error, file=str(path)) from error
    except RecursionError as error:
        raise UserError("nested too deeply", file=path) from error


_TARGET: TypeAdapter[TargetSpec] = TypeAdapter(Target)
_READERS: dict[str, Callable[[Path], TargetSpec]] = {
    **dict.fromkeys(POINT_SUFFIXES, lambda path: read_points(path).spec),
    **dict.fromkeys(IMAGE_SUFFIXES, read_image),
    ".json": _read_json,
}
SUFFIXES = tuple(_READERS)
