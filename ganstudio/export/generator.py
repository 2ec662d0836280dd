"""The trained generator as files that work without this program."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganstudio.errors import UserError
from ganstudio.export.bundle import Exported, bundle, is_bundle, weights_file
from ganstudio.export.folder import replace_folder
from ganstudio.export.programs import onnx_file, pt2_file
from ganstudio.export.suffix import known_suffix
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.session.atomic import replace_file
from ganstudio.session.session import Session

WEIGHTS = ("ema", "current")


@dataclass(frozen=True)
class GeneratorFormat:
    """A way to take the generator away.

    Attributes:
        title: for people.
        help: what it is good for, in a sentence.
        suffix: of the file; "" is a folder, or a .zip of it.
        write: writes the file, or replaces what is there, as a whole.
    """

    title: str
    help: str
    suffix: str
    write: Callable[[Exported, Path], None]


def export_generator(session: Session, path: str | Path, *, format: str, weights: str = "ema") -> Path:  # noqa: A002  the word a caller writes
    """Write the generator of ``session``, as a whole or not at all, and return where it is.

    Args:
        path: a file, or for ``py`` a folder or a name that ends in ``.zip``. Without an ending it gets the format's.
        format: a key of ``GENERATOR_FORMATS``.
        weights: ``ema`` for the moving average of G's parameters, ``current`` for the parameters themselves.

    Raises:
        UserError: there is no such format; the session was never trained; another ending; an extra is missing; the
            folder holds other things; or the file cannot be written. An older one is left as it was.
    """
    path = Path(path)
    if format not in GENERATOR_FORMATS:
        raise UserError(f"there is no format '{format}'; known: {', '.join(GENERATOR_FORMATS)}", field="format")
    if weights not in WEIGHTS:
        raise UserError(f"there are no weights '{weights}'; known: {', '.join(WEIGHTS)}", field="weights")
    if session.snapshot is None:
        raise UserError("the session has no generator yet; train it first")
    chosen = GENERATOR_FORMATS[format]
    if chosen.suffix:
        if not path.suffix:
            path = path.with_name(path.name + chosen.suffix)
        known_suffix(path, (chosen.suffix,))
    trained = TrainedGenerator.from_snapshot(
        session.experiment, session.snapshot, "ema" if weights == "ema" else "current"
    )
    chosen.write(Exported(session, trained, weights), path)
    return path


def _write_python(exported: Exported, path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix == ".zip":
        with replace_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in bundle(exported).items():
                archive.writestr(_entry(name), data)
    elif suffix in _FILES:
        raise UserError("the export as Python is a folder or a .zip; choose such a name", file=path)
    else:
        replace_folder(path, bundle(exported), is_ours=is_bundle)


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the time of day, so that equal generators give equal bytes."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _as_file(content: Callable[[Exported], bytes]) -> Callable[[Exported, Path], None]:
    def write(exported: Exported, path: Path) -> None:
        data = content(exported)
        with replace_file(path) as file:
            file.write(data)

    return write


GENERATOR_FORMATS: dict[str, GeneratorFormat] = {
    "py": GeneratorFormat(
        "Python code with weights",
        "a folder or .zip with generator.py, which needs torch only: sample(n, seed) gives points in data coordinates",
        "",
        _write_python,
    ),
    "safetensors": GeneratorFormat(
        "Weights", "named tensors, without any code", ".safetensors", _as_file(weights_file)
    ),
    "pt2": GeneratorFormat(
        "torch.export program",
        "loads with torch.export.load, without the code of the network",
        ".pt2",
        _as_file(pt2_file),
    ),
    "onnx": GeneratorFormat(
        "ONNX", "for ONNX runtimes, with batches of any size; needs the extra 'onnx'", ".onnx", _as_file(onnx_file)
    ),
}
"""All formats by name. A new one is added here and nowhere else."""

_FILES = {".py", ".gans", *(entry.suffix for entry in GENERATOR_FORMATS.values() if entry.suffix)}
"""Endings that no folder should have: who gives one expects a file."""
