"""A session with everything in it, and what it takes to compare and to tamper with files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganstudio.experiment import Experiment
from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import BrushStroke, GaussianBlob, Stamp
from ganstudio.experiment.targets import Painting
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, HistoryChunk
from ganstudio.messages.snapshot import Progress, Snapshot
from ganstudio.session import codec
from ganstudio.session.session import Session
from ganstudio.session.view import LayerView, ViewSettings


def _snapshot(iteration: int, seed: int) -> Snapshot:
    random = np.random.default_rng(seed)
    return Snapshot(
        progress=Progress(iteration, 2 * iteration, iteration, 1.25),
        centre=(0.1, -0.2),
        scale=(1.5, 0.75),
        arrays={
            "generator/parameters": random.normal(size=13).astype(np.float32),
            "generator/buffers": np.empty(0, np.float32),
            "generator/moments": random.normal(size=(3, 13)).astype(np.float32),
            "discriminator/parameters": np.array([np.nan, np.inf, -0.0], np.float32),
            "discriminator/step": np.array(7, np.int64),
            "ema": random.normal(size=13).astype(np.float32),
        },
    )


@pytest.fixture(scope="session")
def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (24, 16), "orange").save(target, "PNG")
    return target.getvalue()


@pytest.fixture(scope="session")
def session(png: bytes) -> Session:
    """Small, with every part there is."""
    random = np.random.default_rng(5)
    raster = ArrayText.of(np.arange(12, dtype=np.uint8).reshape(3, 4))
    strokes = (
        BrushStroke(points=((0.1, 0.2, 1.0), (1 / 3, 0.4, 0.5)), size=0.1),
        Stamp(raster=raster),
        GaussianBlob(centre=(0.5, -0.5), sigma=0.2),
    )
    return Session(
        experiment=Experiment(target=Painting(commands=strokes), seed=42),
        snapshot=_snapshot(30, 1),
        history=HistoryChunk(random.normal(size=(50, len(COLUMNS))), random.normal(size=(3, len(MEASURE_COLUMNS)))),
        timeline=(_snapshot(0, 2), _snapshot(10, 3), _snapshot(30, 1)),
        view=ViewSettings(
            layers=(LayerView(name="field", opacity=0.25), LayerView(name="real", visible=False)),
            view_range=(-2.0, 2.0, -1.5, 1.5),
            notes="Zwei Häufchen,\nσ = 0.1 🎨",
        ),
        thumbnail=png,
    )


@pytest.fixture
def saved(session: Session, tmp_path: Path) -> Path:
    path = tmp_path / "saved.gans"
    codec.write(session, path)
    return path


@pytest.fixture(scope="session")
def assert_same() -> Callable[[Session, Session], None]:
    """Fails unless two sessions are equal, NaN to NaN and bit by bit."""

    def compare(one: Session, other: Session) -> None:
        assert one.experiment == other.experiment
        assert one.view == other.view
        assert one.thumbnail == other.thumbnail
        _same_array(one.history.rows, other.history.rows)
        _same_array(one.history.measures, other.history.measures)
        assert (one.snapshot is None) == (other.snapshot is None)
        assert len(one.timeline) == len(other.timeline)
        pairs = list(zip(one.timeline, other.timeline, strict=True))
        if one.snapshot is not None and other.snapshot is not None:
            pairs.append((one.snapshot, other.snapshot))
        for a, b in pairs:
            assert (a.progress, a.centre, a.scale) == (b.progress, b.centre, b.scale)
            assert a.arrays.keys() == b.arrays.keys()
            for name in a.arrays:
                _same_array(a.arrays[name], b.arrays[name])

    return compare


def _same_array(a: np.ndarray, b: np.ndarray) -> None:
    assert a.dtype.newbyteorder("=") == b.dtype
    assert a.shape == b.shape
    assert a.astype(b.dtype).tobytes() == b.tobytes()


@pytest.fixture(scope="session")
def repacked() -> Callable[[Path, dict[str, bytes | None]], Path]:
    """Replaces entries of a zip (None removes one), with checksums that are right."""

    def repack(path: Path, changes: dict[str, bytes | None]) -> Path:
        with zipfile.ZipFile(path) as archive:
            entries: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
        entries.update(changes)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries.items():
                if data is not None:
                    archive.writestr(name, data)
        return path

    return repack
